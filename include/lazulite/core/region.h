#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "lazulite/core/axis.h"

namespace lazulite {

/// A half-open range of positions along one axis.
struct Interval {
    std::int64_t begin = 0;
    std::int64_t end = 0;

    std::int64_t size() const { return end - begin; }
    bool empty() const { return end <= begin; }
    bool contains(const Interval& other) const { return begin <= other.begin && other.end <= end; }
    auto operator<=>(const Interval&) const = default;
};

/// A half-open box over an array's axes, in the array's own index space.
class Region {
public:
    Region() = default;
    explicit Region(std::vector<Interval> intervals) : intervals_(std::move(intervals)) {}

    /// The whole of an array: [0, size) along every axis.
    static Region whole(const Shape& shape);

    std::size_t rank() const { return intervals_.size(); }
    const Interval& operator[](std::size_t axis) const { return intervals_[axis]; }
    Interval& operator[](std::size_t axis) { return intervals_[axis]; }
    auto begin() const { return intervals_.begin(); }
    auto end() const { return intervals_.end(); }

    Shape shape() const;
    std::int64_t elementCount() const;
    bool empty() const;
    bool contains(const Region& other) const;

    /// The part that both cover; empty() where they do not meet.
    Region intersect(const Region& other) const;

    /// The same box moved by `-origin`'s beginnings: this region as seen from inside `origin`.
    Region relativeTo(const Region& origin) const;

    /// "[0:1, 3:4, 0:256]"
    std::string toString() const;
    std::size_t hash() const;

    bool operator==(const Region&) const = default;

private:
    std::vector<Interval> intervals_;
};

/// The boxes of a regular grid of `blockShape`, clipped to `arrayShape`, that meet `region`, in row-major order.
void forEachGridBlock(const Region& region, const Shape& blockShape, const Shape& arrayShape,
                      const std::function<void(const Region&)>& visit);

/// The box of the grid of `blockShape` that holds the first element of `region`, clipped to `arrayShape`.
Region gridBlockAt(const Region& region, const Shape& blockShape, const Shape& arrayShape);

} // namespace lazulite

template <>
struct std::hash<lazulite::Region> {
    std::size_t operator()(const lazulite::Region& region) const noexcept { return region.hash(); }
};
