#pragma once

#include <fmt/format.h>

#include <cstddef>
#include <string>
#include <vector>

#include "lazulite/core/error.h"
#include "lazulite/graph/operation.h"

namespace lazulite::ops {

/// The index of an axis that must be there. Throws Failure that lists those that are.
inline std::size_t axisIndex(const graph::LazyArray& array, const std::string& name) {
    if (const auto index = findAxis(array.axes(), name)) return *index;
    std::string known;
    for (const Axis& axis : array.axes()) known += (known.empty() ? "" : ", ") + axis.name;
    throw Failure(fmt::format("there is no axis \"{}\"; the axes are {}", name, known));
}

/// Output axis i runs along input axis i.
inline std::vector<int> sameAxes(std::size_t rank) {
    std::vector<int> axes(rank);
    for (std::size_t i = 0; i < rank; ++i) axes[i] = static_cast<int>(i);
    return axes;
}

/// A shape without the entry at `axis`.
template <typename T>
std::vector<T> without(std::vector<T> values, std::size_t axis) {
    values.erase(values.begin() + static_cast<std::ptrdiff_t>(axis));
    return values;
}

inline Region without(const Region& region, std::size_t axis) {
    return Region(without(std::vector<Interval>(region.begin(), region.end()), axis));
}

/// A region with an interval put in before `axis`.
inline Region withInterval(const Region& region, std::size_t axis, Interval interval) {
    std::vector<Interval> intervals(region.begin(), region.end());
    intervals.insert(intervals.begin() + static_cast<std::ptrdiff_t>(axis), interval);
    return Region(std::move(intervals));
}

} // namespace lazulite::ops
