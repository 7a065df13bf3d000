#pragma once

#include <cstdint>
#include <vector>

#include "lazulite/view/canvas.h"
#include "slice_request.h"

namespace lazulite::view {

/// The copy of the target's plane that a canvas of this size should be made of: the smallest whose pixels are not
/// larger than the canvas's, and of those that are finer only one that fits the memory for one picture. An empty array:
/// the plane itself. `reduced` are copies with fewer rows and columns, the largest first; `shown` is what the last
/// picture was made of: as long as it shows this plane and is fine enough, it stays.
graph::LazyArray chooseCopy(const PlaneTarget& target, const std::vector<graph::LazyArray>& reduced,
                            const ViewState& state, int width, int height, std::uint64_t memory,
                            const PlaneTarget* shown);

/// The same canvas over a copy whose pixels are `step` times as large as the plane's (rows, columns). The edges of both
/// lie on one another.
PlaneTransform overCopy(const PlaneTransform& transform, std::array<double, 2> step);

} // namespace lazulite::view
