#include "lane.h"

#include <oneapi/tbb/parallel_for.h>
#include <oneapi/tbb/task_arena.h>

#include <algorithm>
#include <cstring>
#include <utility>

namespace lazulite::compute::cuda {

std::vector<Region> densePieces(const Region& region, std::size_t elementBytes, std::uint64_t most) {
    const Shape shape = region.shape();
    Shape piece(shape.size(), 1);
    auto bytes = static_cast<std::uint64_t>(elementBytes);
    for (std::size_t axis = shape.size(); axis-- > 0;) {
        const auto affordable = static_cast<std::int64_t>(std::max<std::uint64_t>(1, most / bytes));
        piece[axis] = std::min(shape[axis], affordable);
        bytes *= static_cast<std::uint64_t>(piece[axis]);
        if (piece[axis] < shape[axis]) break;
    }
    std::vector<Region> pieces;
    const Region origin = Region::whole(shape);
    forEachGridBlock(origin, piece, shape, [&](Region box) {
        for (std::size_t axis = 0; axis < shape.size(); ++axis) {
            box[axis] = {box[axis].begin + region[axis].begin, box[axis].end + region[axis].begin};
        }
        pieces.push_back(std::move(box));
    });
    return pieces;
}

namespace {

/// Copies on all cores. The thread does nothing else meanwhile: what it might pick up could wait for what it holds.
void copyOnAllCores(const Block& from, const Destination& to) {
    constexpr std::uint64_t kBytesAtOnce = 256U << 10U;
    const std::vector<Region> parts = densePieces(to.region, bytesPer(to.dtype), kBytesAtOnce);
    oneapi::tbb::this_task_arena::isolate([&] {
        oneapi::tbb::parallel_for(std::size_t{0}, parts.size(), [&](std::size_t i) { from.copyTo(to.at(parts[i])); });
    });
}

} // namespace

Result<std::unique_ptr<Lane>> Lane::make(Device& device) {
    auto stream = device.makeStream();
    if (!stream) return stream.error();
    std::array<std::shared_ptr<std::byte>, Stream::kMarks> staging;
    for (auto& piece : staging) {
        piece = device.pinned(device.pieceBytes());
        if (!piece) {
            return Error{
                Error::Kind::TooLarge, "there is no pinned memory left for copies to " + device.name(), {}, {}};
        }
    }
    return std::unique_ptr<Lane>(
        std::make_unique<Lane>(Lane(std::move(*stream), std::move(staging), device.pieceBytes())));
}

Result<void> Lane::upload(const Block& from, const DeviceArray& to, const std::stop_token& stop) {
    std::byte* next = to.data;
    std::size_t turn = 0;
    for (const Region& piece : densePieces(from.region(), bytesPer(to.dtype), pieceBytes_)) {
        if (stop.stop_requested()) return Error::cancelled();
        if (auto reached = stream_->reach(turn); !reached) return reached;
        std::byte* staged = staging_[turn].get();
        const Destination place{staged, to.dtype, piece, rowMajorStrides(piece.shape(), bytesPer(to.dtype))};
        copyOnAllCores(from, place);
        stream_->upload(next, staged, place.bytes());
        stream_->mark(turn);
        next += place.bytes();
        turn = (turn + 1) % Stream::kMarks;
    }
    return {};
}

Result<void> Lane::download(const DeviceArray& from, const Destination& to) {
    const std::vector<Region> pieces = densePieces(to.region, bytesPer(to.dtype), pieceBytes_);
    const std::byte* next = from.data;
    const auto fetch = [&](std::size_t i) {
        const std::size_t turn = i % Stream::kMarks;
        const std::uint64_t bytes = static_cast<std::uint64_t>(pieces[i].elementCount()) * bytesPer(to.dtype);
        stream_->download(staging_[turn].get(), next, bytes);
        stream_->mark(turn);
        next += bytes;
    };
    if (!pieces.empty()) fetch(0);
    for (std::size_t i = 0; i < pieces.size(); ++i) {
        if (i + 1 < pieces.size()) fetch(i + 1);
        if (auto reached = stream_->reach(i % Stream::kMarks); !reached) return reached;
        copyOnAllCores(Block(staging_[i % Stream::kMarks], to.dtype, pieces[i]), to.at(pieces[i]));
    }
    return {};
}

Result<std::unique_ptr<Lane>> Lanes::takeFree(const std::stop_token& stop) {
    std::unique_lock lock(mutex_);
    if (!returned_.wait(lock, stop, [&] { return !free_.empty() || made_ < most_; })) return Error::cancelled();
    if (free_.empty()) {
        auto made = Lane::make(*device_);
        if (made) ++made_;
        return made;
    }
    std::unique_ptr<Lane> lane = std::move(free_.back());
    free_.pop_back();
    return lane;
}

Result<Lanes::Taken> Lanes::take(const std::stop_token& stop) {
    ++load_;
    auto lane = takeFree(stop);
    if (!lane) {
        --load_;
        return lane.error();
    }
    return Taken(lane->release(), [this](Lane* used) {
        {
            const std::lock_guard lock(mutex_);
            free_.emplace_back(used);
        }
        --load_;
        returned_.notify_one();
    });
}

} // namespace lazulite::compute::cuda
