#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>

#include "lazulite/compute/kernel.h"
#include "lazulite/core/error.h"

/// What is asked of a graphics card, and no more: behind it stands a real one (cuda_device.cpp) or, in tests, one of
/// ordinary memory, so that everything above is proved without a card.
namespace lazulite::compute::cuda {

/// An array (z, y, x) on a card.
struct DeviceArray {
    std::byte* data = nullptr; ///< the element at `begin`
    DType dtype = DType::UInt8;
    std::array<Index, 3> begin{}; ///< absolute indices
    std::array<Index, 3> size{};
    std::array<Index, 3> strides{}; ///< bytes
};

/// Work that a card does in the order in which it is asked for. Calls return at once; what goes wrong is told by
/// reach() and finish().
class Stream {
public:
    virtual ~Stream() = default;

    /// Copies from and to pinned memory.
    virtual void upload(std::byte* device, const std::byte* pinned, std::uint64_t bytes) = 0;
    virtual void download(std::byte* pinned, const std::byte* device, std::uint64_t bytes) = 0;
    virtual void run(const Kernel& kernel, std::span<const DeviceArray> inputs, const DeviceArray& output) = 0;

    /// Sets one of kMarks marks behind all work so far.
    virtual void mark(std::size_t number) = 0;
    /// Waits until the work before a mark is done; at once where it was never set.
    virtual Result<void> reach(std::size_t number) = 0;
    /// Waits until all work is done.
    virtual Result<void> finish() = 0;
    /// How long the last kernel took by itself, once all work is done.
    virtual double kernelMilliseconds() = 0;

    static constexpr std::size_t kMarks = 2;
};

/// A card. Thread-safe.
class Device {
public:
    virtual ~Device() = default;

    virtual std::string name() const = 0;
    virtual std::uint64_t freeBytes() const = 0;
    /// Memory on the card; null where there is none left.
    virtual std::byte* allocate(std::uint64_t bytes) = 0;
    virtual void release(std::byte* data) = 0;
    /// What is copied at once: much larger than what a copy costs to begin, much smaller than a volume.
    virtual std::uint64_t pieceBytes() const = 0;
    /// Memory of the computer that the card reads and writes by itself; null where there is none left.
    virtual std::shared_ptr<std::byte> pinned(std::uint64_t bytes) = 0;
    virtual Result<std::unique_ptr<Stream>> makeStream() = 0;
    /// Whether it failed for good: nothing that is asked of it works any more.
    virtual bool lost() const = 0;
};

} // namespace lazulite::compute::cuda
