#include "lazulite/core/region.h"

#include <fmt/format.h>

#include <algorithm>

namespace lazulite {

Region Region::whole(const Shape& shape) {
    std::vector<Interval> intervals;
    intervals.reserve(shape.size());
    for (const std::int64_t size : shape) intervals.push_back({0, size});
    return Region(std::move(intervals));
}

Shape Region::shape() const {
    Shape shape;
    shape.reserve(intervals_.size());
    for (const Interval& interval : intervals_) shape.push_back(std::max<std::int64_t>(0, interval.size()));
    return shape;
}

std::int64_t Region::elementCount() const {
    return lazulite::elementCount(shape());
}

bool Region::empty() const {
    return std::any_of(intervals_.begin(), intervals_.end(), [](const Interval& i) { return i.empty(); });
}

bool Region::contains(const Region& other) const {
    for (std::size_t i = 0; i < rank(); ++i) {
        if (!intervals_[i].contains(other[i])) return false;
    }
    return true;
}

Region Region::intersect(const Region& other) const {
    Region both = *this;
    for (std::size_t i = 0; i < rank(); ++i) {
        both[i].begin = std::max(intervals_[i].begin, other[i].begin);
        both[i].end = std::max(both[i].begin, std::min(intervals_[i].end, other[i].end));
    }
    return both;
}

Region Region::relativeTo(const Region& origin) const {
    Region moved = *this;
    for (std::size_t i = 0; i < rank(); ++i) {
        moved[i].begin -= origin[i].begin;
        moved[i].end -= origin[i].begin;
    }
    return moved;
}

std::string Region::toString() const {
    std::string text = "[";
    for (std::size_t i = 0; i < rank(); ++i) {
        text += fmt::format("{}{}:{}", i == 0 ? "" : ", ", intervals_[i].begin, intervals_[i].end);
    }
    return text + "]";
}

std::size_t Region::hash() const {
    constexpr std::uint64_t kMultiplier = 0x9E3779B97F4A7C15ULL;
    std::uint64_t value = rank();
    for (const Interval& interval : intervals_) {
        for (const std::int64_t part : {interval.begin, interval.end}) {
            value = (value ^ static_cast<std::uint64_t>(part)) * kMultiplier;
            value ^= value >> 29U;
        }
    }
    return value;
}

void forEachGridBlock(const Region& region, const Shape& blockShape, const Shape& arrayShape,
                      const std::function<void(const Region&)>& visit) {
    if (region.empty()) return;
    const std::size_t rank = region.rank();
    Region block = gridBlockAt(region, blockShape, arrayShape);
    const Region first = block;
    while (true) {
        visit(block);
        std::size_t axis = rank;
        while (axis > 0) {
            --axis;
            if (block[axis].end < region[axis].end) {
                block[axis].begin = block[axis].end;
                block[axis].end = std::min(block[axis].begin + blockShape[axis], arrayShape[axis]);
                break;
            }
            block[axis] = first[axis];
            if (axis == 0) return;
        }
        if (rank == 0) return;
    }
}

Region gridBlockAt(const Region& region, const Shape& blockShape, const Shape& arrayShape) {
    Region block = region;
    for (std::size_t i = 0; i < region.rank(); ++i) {
        block[i].begin = region[i].begin / blockShape[i] * blockShape[i];
        block[i].end = std::min(block[i].begin + blockShape[i], arrayShape[i]);
    }
    return block;
}

} // namespace lazulite
