#pragma once

#include <array>
#include <atomic>
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <stop_token>
#include <vector>

#include "device.h"
#include "lazulite/core/block.h"

namespace lazulite::compute::cuda {

/// Boxes of whole planes, else of whole rows, else of parts of rows, of at most so many bytes (but one element): each
/// is one run of the densely packed region, and they follow each other.
std::vector<Region> densePieces(const Region& region, std::size_t elementBytes, std::uint64_t most);

/// A stream with two pieces of pinned memory: while the card copies one, the processors fill or empty the other. Lanes
/// run side by side, so one volume's copies go on under another one's kernels. For one user at a time.
class Lane {
public:
    static Result<std::unique_ptr<Lane>> make(Device& device);

    Stream& stream() { return *stream_; }

    /// Copies a block of rank 3 into a densely packed array of its shape. Its values must be settled.
    Result<void> upload(const Block& from, const DeviceArray& to, const std::stop_token& stop);
    /// Copies a densely packed array to where it belongs; waits until it is there.
    Result<void> download(const DeviceArray& from, const Destination& to);

private:
    Lane(std::unique_ptr<Stream> stream, std::array<std::shared_ptr<std::byte>, Stream::kMarks> staging,
         std::uint64_t pieceBytes)
        : stream_(std::move(stream)), staging_(std::move(staging)), pieceBytes_(pieceBytes) {}

    std::unique_ptr<Stream> stream_;
    std::array<std::shared_ptr<std::byte>, Stream::kMarks> staging_;
    std::uint64_t pieceBytes_;
};

/// Hands out a few lanes, made when first needed.
class Lanes {
public:
    Lanes(std::shared_ptr<Device> device, std::size_t most) : device_(std::move(device)), most_(most) {}

    using Taken = std::unique_ptr<Lane, std::function<void(Lane*)>>;
    /// Waits until one is free. Errors: Cancelled, and what making one meets.
    Result<Taken> take(const std::stop_token& stop);
    /// How many are taken or waited for.
    int load() const { return load_.load(std::memory_order_relaxed); }

private:
    Result<std::unique_ptr<Lane>> takeFree(const std::stop_token& stop);

    std::shared_ptr<Device> device_;
    std::size_t most_;
    std::mutex mutex_;
    std::condition_variable_any returned_;
    std::vector<std::unique_ptr<Lane>> free_;
    std::size_t made_ = 0;
    std::atomic<int> load_ = 0;
};

} // namespace lazulite::compute::cuda
