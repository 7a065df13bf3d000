#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "lazulite/core/block.h"
#include "lazulite/view/canvas.h"
#include "lazulite/view/colour_scale.h"

namespace lazulite::view {

/// One channel of a picture: a plane of values and how they are coloured.
struct Layer {
    /// (row, column), any strides; or (row, column, sample) with at least three samples, shown as red, green and blue
    /// through the scale's limits and gamma (its colormap and a fourth sample, alpha, are not used).
    Block plane;
    ColourScale scale;
};

/// Adds the layers up, saturating, at the canvas's own resolution: `rgba` holds width x height x 4 bytes, top row
/// first, and is opaque; beyond the planes it is black. Its cost depends on the canvas, not on the planes.
///
/// A canvas pixel shows what lies under its centre: the data pixel that covers it (Nearest, exact where a data pixel is
/// a whole number of canvas pixels), or the value interpolated between the four around it (Linear). NaN is black.
void compose(std::span<const Layer> layers, const PlaneTransform& transform, Interpolation interpolation, int width,
             int height, std::uint8_t* rgba);

} // namespace lazulite::view
