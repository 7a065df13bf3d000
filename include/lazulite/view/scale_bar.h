#pragma once

#include <optional>
#include <string>

#include "lazulite/core/axis.h"

namespace lazulite::view {

/// A line of a round length (1, 2 or 5 times a power of ten) and what it is called.
struct ScaleBar {
    double pixels = 0;
    std::string text; ///< "20 µm", UTF-8; "50 px" where the axis has no unit
};

/// The longest round length that takes up to a quarter of the canvas, along the column axis: `pixelsPerStep` canvas
/// pixels for each of its positions. Nothing where no length makes sense.
std::optional<ScaleBar> scaleBar(double pixelsPerStep, const Axis& axis, int canvasWidth);

} // namespace lazulite::view
