#pragma once

#include <optional>
#include <string>
#include <vector>

#include "lazulite/core/axis.h"
#include "lazulite/core/block.h"

namespace lazulite::ops {

/// Lays an array of fewer axes over another one: axes are matched by name, and what has no such axis, or one position
/// of it, is repeated along it. So an image (y, x) lies over every plane and a number over a whole volume.
class Broadcast {
public:
    /// Throws Failure, which calls the input `what`, where sizes do not match.
    Broadcast(const Axes& array, const Axes& input, const std::string& what);

    /// The region of the input that lies over a region of the array.
    Region needed(const Region& region) const;
    /// A block of needed(region), seen along the array's axes.
    Block spread(const Block& block, const Region& region) const;

    bool operator==(const Broadcast&) const = default;

private:
    std::vector<std::optional<std::size_t>> along_; ///< for each axis of the input the array's; nothing: one position
};

} // namespace lazulite::ops
