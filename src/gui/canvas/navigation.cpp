#include "canvas/navigation.h"

#include <algorithm>
#include <cmath>

#include "lazulite/view/viewer.h"

namespace lazulite::gui::navigation {

namespace {

constexpr double kMostZoom = 400.0;
constexpr double kLeastZoom = 1e-4;

void unfit(view::ViewState& state, const Axes& axes, QSize canvas) {
    if (!state.camera2d.fitted) return;
    state.camera2d = view::fitCamera(state, axes, canvas.width(), canvas.height());
    state.camera2d.fitted = false;
}

} // namespace

void zoomAt(view::ViewState& state, const Axes& axes, QSize canvas, QPointF point, double factor) {
    unfit(state, axes, canvas);
    const view::PlanePoint held =
        view::canvasToPlane(state, axes, canvas.width(), canvas.height(), point.x(), point.y());
    state.camera2d.zoom = std::clamp(state.camera2d.zoom * factor, kLeastZoom, kMostZoom);
    const auto pixels = view::pixelsPerStep(state, axes);
    state.camera2d.row = held.row - (point.y() - canvas.height() / 2.0) / pixels[0];
    state.camera2d.column = held.column - (point.x() - canvas.width() / 2.0) / pixels[1];
}

void zoomOneToOne(view::ViewState& state, const Axes& axes, QSize canvas) {
    unfit(state, axes, canvas);
    state.camera2d.zoom = 1;
    // The canvas's first edge falls on an edge between data pixels, which lie at halves.
    const auto snapped = [](double centre, double extent) {
        return std::round(centre - extent / 2 + 0.5) - 0.5 + extent / 2;
    };
    state.camera2d.row = snapped(state.camera2d.row, canvas.height());
    state.camera2d.column = snapped(state.camera2d.column, canvas.width());
}

void pan(view::ViewState& state, const Axes& axes, QSize canvas, QPointF from, QPointF to) {
    unfit(state, axes, canvas);
    const auto pixels = view::pixelsPerStep(state, axes);
    state.camera2d.row -= (to.y() - from.y()) / pixels[0];
    state.camera2d.column -= (to.x() - from.x()) / pixels[1];
}

double wheelFactor(int angleDelta) {
    constexpr double kNotch = 120.0;
    return std::pow(1.2, angleDelta / kNotch);
}

} // namespace lazulite::gui::navigation
