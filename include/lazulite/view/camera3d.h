#pragma once

#include <array>

#include "lazulite/view/view_state.h"

namespace lazulite::view {

/// A point of the canvas in device pixels, y downwards.
struct CanvasPoint {
    double x = 0;
    double y = 0;
};

/// The length from the canvas's bottom to its top at the focal point, in the unit of `extent` (the volume's lengths
/// along x, y, z): at zoom 1 a ball around the volume just fits, however it is turned.
double viewHeight(const Camera3D& camera, const std::array<double, 3>& extent, int width, int height);

/// Turns the volume as if a ball that fills the canvas were dragged from one point to the other (Bell's arcball: a ball
/// that goes over into a hyperbola, so that it can be dragged everywhere).
Camera3D rotated(const Camera3D& camera, CanvasPoint from, CanvasPoint to, int width, int height);

/// Moves the volume with the mouse in the plane of the canvas.
Camera3D panned(const Camera3D& camera, const std::array<double, 3>& extent, CanvasPoint from, CanvasPoint to,
                int width, int height);

/// `factor` > 1 comes nearer; the zoom stays between 0.01 and 1000.
Camera3D zoomed(const Camera3D& camera, double factor);

/// The direction to the right on the canvas.
std::array<double, 3> rightOf(const Camera3D& camera);

} // namespace lazulite::view
