#pragma once

#include <cstddef>
#include <vector>

#include "lazulite/core/axis.h"
#include "lazulite/core/block.h"
#include "lazulite/core/region.h"
#include "options.h"

namespace lazulite::cli {

/// What a slice command takes out of an array: a box, and which axes of it are written, in which order. The other axes
/// of the box are one element wide.
struct Cut {
    Region region;
    std::vector<std::size_t> kept;

    /// The axes of what is written.
    Axes axesOf(const Axes& axes) const;
    /// The values, with the kept axes alone and origin 0, sharing the buffer.
    Block applyTo(const Block& block) const;
};

/// Throws Failure: unknown axes, indices out of range, options that contradict each other.
Cut cutFor(const Axes& axes, const SliceOptions& options);

} // namespace lazulite::cli
