#pragma once

#include "lazulite/core/axis.h"
#include "lazulite/view/view_state.h"

namespace lazulite::view {

/// From canvas to plane: a canvas point (x, y), with pixel (i, j) covering [i, i+1) x [j, j+1), lies at
/// row = rowOrigin + y * rowStep, column = columnOrigin + x * columnStep, where data pixel k covers [k-0.5, k+0.5).
struct PlaneTransform {
    double rowOrigin = 0;
    double rowStep = 1;
    double columnOrigin = 0;
    double columnStep = 1;
};

/// The transform of a state's 2D camera for a canvas of `width` x `height` device pixels; a fitted camera is fitted to
/// it.
PlaneTransform planeTransform(const ViewState& state, const Axes& axes, int width, int height);

} // namespace lazulite::view
