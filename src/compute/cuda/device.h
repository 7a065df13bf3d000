#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

#include "lazulite/compute/kernel.h"
#include "lazulite/core/error.h"
#include "passes.h"

/// What is asked of a graphics card, and no more: behind it stands a real one (cuda_device.cpp) or, in tests, one of
/// ordinary memory, so that everything above is proved without a card.
namespace lazulite::compute::cuda {

/// Work that a card does in the order in which it is asked for. Calls return at once; what goes wrong is told by
/// reach() and finish().
class Stream {
public:
    virtual ~Stream() = default;

    /// Copies from and to pinned memory.
    virtual void upload(std::byte* device, const std::byte* pinned, std::uint64_t bytes) = 0;
    virtual void download(std::byte* pinned, const std::byte* device, std::uint64_t bytes) = 0;
    virtual void run(const Kernel& kernel, Arrays inputs, const DeviceArray& output) = 0;
    virtual void run(const Pass& pass) = 0;
    /// Writes what each of the summingBlocks() has found.
    virtual void sum(const SummingPass& pass, Sums* found) = 0;

    /// Transforms a volume in place, from real to complex numbers and back, not scaled; it lies as Grid says. `work` is
    /// memory of transformBytes().
    virtual void transform(std::byte* volume, const Size3& grid, std::byte* work) = 0;
    virtual void transformBack(std::byte* volume, const Size3& grid, std::byte* work) = 0;
    virtual Result<std::uint64_t> transformBytes(const Size3& grid) = 0;

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
    /// About what Stream::transformBytes() will say, at no cost.
    virtual std::uint64_t estimatedTransformBytes(const Size3& grid) const = 0;
    /// Whether it failed for good: nothing that is asked of it works any more.
    virtual bool lost() const = 0;
};

} // namespace lazulite::compute::cuda
