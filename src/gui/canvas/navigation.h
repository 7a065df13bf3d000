#pragma once

#include <QPointF>
#include <QSize>

#include "lazulite/core/axis.h"
#include "lazulite/view/view_state.h"

/// How the mouse moves the 2D camera. Points and sizes are in device pixels.
namespace lazulite::gui::navigation {

/// Multiplies the zoom; the plane's point under `point` stays there.
void zoomAt(view::ViewState& state, const Axes& axes, QSize canvas, QPointF point, double factor);
/// Sets the zoom to one device pixel for a data pixel (of the finer axis), pixel edges on pixel edges.
void zoomOneToOne(view::ViewState& state, const Axes& axes, QSize canvas);
void pan(view::ViewState& state, const Axes& axes, QSize canvas, QPointF from, QPointF to);

/// The factor of a wheel turn in eighths of a degree.
double wheelFactor(int angleDelta);

} // namespace lazulite::gui::navigation
