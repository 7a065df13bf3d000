#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "lazulite/graph/executor.h"
#include "lazulite/view/view_state.h"

namespace lazulite::view {

/// A plane of an array: where it lies and which axes span it. Channels share it.
struct PlaneTarget {
    graph::LazyArray array;
    graph::LazyArray preview; ///< see graph::previewOf(); empty where there is none
    std::vector<std::int64_t> position;
    std::vector<std::size_t> order;
    std::vector<bool> visible; ///< by channel
    graph::LazyArray reduced;  ///< a copy with fewer rows and columns that is read in its place; empty: none

    std::size_t rowAxis() const { return order[order.size() - 2]; }
    std::size_t columnAxis() const { return order.back(); }
    const graph::LazyArray& stored() const { return reduced ? reduced : array; }
    /// Rows and columns of the plane for one of what is read.
    std::array<double, 2> step() const;

    /// The same plane of the preview.
    PlaneTarget ofPreview() const;
    /// Whether both show the same place, of whatever arrays of equal axes.
    bool samePlace(const PlaneTarget& other) const;

    /// Whether both show the same values (of whatever channels).
    bool samePlane(const PlaneTarget& other) const;

    /// The box of one channel's plane.
    Region region(std::size_t channel) const;
    /// The request for it; the block in the answer goes through asPlane().
    graph::Request request(std::size_t channel, graph::Priority priority) const;
    /// A block of region() as (row, column) or (row, column, sample), from index 0 on.
    Block asPlane(const Block& block) const;
    /// The key of a channel's plane in the list of problems: the position with zeros for displayed and sample axes.
    std::vector<std::int64_t> problemPosition(std::size_t channel) const;
};

} // namespace lazulite::view
