#include "device_copy.h"

#include <algorithm>
#include <numeric>
#include <utility>

namespace lazulite::compute::cuda {

namespace {

/// The axes, the one with the largest stride first.
std::vector<std::size_t> slowestFirst(const Strides& strides) {
    std::vector<std::size_t> order(strides.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::stable_sort(order.begin(), order.end(), [&](auto a, auto b) { return strides[a] > strides[b]; });
    return order;
}

/// Which element of an array lies `offset` bytes behind its first one; nothing where there is none.
std::optional<Shape> positionAt(std::int64_t offset, const Shape& shape, const Strides& strides) {
    Shape position(shape.size(), 0);
    if (offset < 0) return std::nullopt;
    for (const std::size_t axis : slowestFirst(strides)) {
        if (shape[axis] == 1) continue;
        if (strides[axis] <= 0) return std::nullopt;
        position[axis] = offset / strides[axis];
        offset %= strides[axis];
        if (position[axis] >= shape[axis]) return std::nullopt;
    }
    if (offset != 0) return std::nullopt;
    return position;
}

} // namespace

Strides packedStrides(const Shape& shape, const Strides& strides, std::size_t elementBytes) {
    Strides packed(shape.size(), 0);
    auto step = static_cast<std::int64_t>(elementBytes);
    for (std::size_t axis = shape.size(); axis-- > 0;) {
        if (strides[axis] == 0) continue;
        packed[axis] = step;
        step *= shape[axis];
    }
    return packed;
}

Block withoutRepeats(const Block& block) {
    Region region = block.region();
    for (std::size_t axis = 0; axis < region.rank(); ++axis) {
        if (block.strides()[axis] == 0) region[axis].end = region[axis].begin + 1;
    }
    return block.relabelled(std::move(region), block.strides());
}

DeviceCopy::DeviceCopy(std::shared_ptr<DeviceMemory> memory, const Block& block, Buffer buffer)
    : memory_(std::move(memory)),
      address_(block.address()),
      dtype_(block.dtype()),
      shape_(withoutRepeats(block).shape()),
      strides_(block.strides()),
      buffer_(std::move(buffer)) {}

DeviceCopy::DeviceCopy(std::shared_ptr<DeviceMemory> memory, std::shared_ptr<Lanes> lanes,
                       const Destination& destination, Buffer buffer)
    : memory_(std::move(memory)),
      lanes_(std::move(lanes)),
      address_(destination.data),
      dtype_(destination.dtype),
      shape_(destination.region.shape()),
      strides_(destination.strides),
      buffer_(std::move(buffer)),
      ahead_(destination),
      filled_(destination.mirror->buffer()) {
    ahead_->mirror.reset(); // which owns this copy
}

std::optional<DeviceCopy::Found> DeviceCopy::find(const Block& block, const DeviceMemory& card) const {
    if (memory_.get() != &card || dtype_ != block.dtype()) return std::nullopt;
    const auto first = positionAt(block.address() - address_, shape_, strides_);
    if (!first) return std::nullopt;
    const Strides packed = packedStrides(shape_, strides_, bytesPer(dtype_));
    Found found{.array = {.dtype = dtype_}, .buffer = {}};
    std::int64_t offset = 0;
    for (std::size_t axis = 0; axis < packed.size(); ++axis) offset += (*first)[axis] * packed[axis];
    for (std::size_t axis = 0; axis < block.region().rank(); ++axis) {
        const Interval& interval = block.region()[axis];
        found.array.begin.at(axis) = interval.begin;
        found.array.size.at(axis) = interval.size();
        const std::int64_t stride = block.strides()[axis];
        if (stride == 0 || interval.size() == 1) continue;
        std::size_t same = 0;
        while (same < strides_.size() && (strides_[same] != stride || shape_[same] == 1)) ++same;
        if (same == strides_.size() || (*first)[same] + interval.size() > shape_[same]) return std::nullopt;
        found.array.strides.at(axis) = packed[same];
    }
    const std::lock_guard lock(mutex_);
    if (!buffer_) return std::nullopt;
    found.buffer = buffer_;
    found.array.data = buffer_->data() + offset;
    return found;
}

Result<void> DeviceCopy::fetch() {
    const std::lock_guard lock(mutex_);
    return fetchLocked();
}

Result<void> DeviceCopy::fetchLocked() {
    if (!ahead_) return {};
    const auto owner = filled_.lock();
    if (!owner) return {};
    if (!buffer_) {
        return Error{Error::Kind::Device, "the values were on a graphics card that failed; try again", {}, {}};
    }
    const auto guest = memory_->reserve(0, {}); // others wait for this rather than give up
    auto lane = lanes_->take({});
    if (!lane) return lane.error();
    const DeviceArray array{.data = buffer_->data(), .dtype = dtype_};
    if (auto done = (*lane)->download(array, *ahead_); !done) return done;
    ahead_.reset();
    return {};
}

bool DeviceCopy::gone() const {
    const std::lock_guard lock(mutex_);
    return !buffer_ && !ahead_;
}

bool DeviceCopy::idle() const {
    const std::unique_lock lock(mutex_, std::try_to_lock); // its user may be waiting for the memory's lock
    return lock.owns_lock() && buffer_.use_count() == 1;
}

void DeviceCopy::letGo() {
    const std::lock_guard lock(mutex_);
    // What cannot be fetched is lost with the card; whoever looks at it later is told.
    static_cast<void>(fetchLocked());
    buffer_.reset();
}

} // namespace lazulite::compute::cuda
