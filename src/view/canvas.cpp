#include <algorithm>
#include <cmath>

#include "lazulite/core/units.h"
#include "lazulite/view/canvas.h"
#include "lazulite/view/viewer.h"

namespace lazulite::view {

namespace {

/// The spacing of a displayed axis in a length that both share, or nothing where they cannot be compared.
std::optional<std::array<double, 2>> comparableSpacings(const Axis& row, const Axis& column) {
    if (!(row.spacing > 0) || !(column.spacing > 0)) return std::nullopt;
    if (row.unit == column.unit) return std::array{row.spacing, column.spacing};
    const auto rowScale = micrometresPer(row.unit);
    const auto columnScale = micrometresPer(column.unit);
    if (!rowScale || !columnScale) return std::nullopt;
    return std::array{row.spacing * *rowScale, column.spacing * *columnScale};
}

/// Row and column pixels for one position at zoom 1.
std::array<double, 2> aspect(const ViewState& state, const Axes& axes) {
    const auto spacings = comparableSpacings(axes[state.rowAxis()], axes[state.columnAxis()]);
    if (!spacings) return {1, 1};
    const double finer = std::min((*spacings)[0], (*spacings)[1]);
    return {(*spacings)[0] / finer, (*spacings)[1] / finer};
}

} // namespace

std::array<double, 2> pixelsPerStep(const ViewState& state, const Axes& axes) {
    const std::array<double, 2> ratio = aspect(state, axes);
    return {ratio[0] * state.camera2d.zoom, ratio[1] * state.camera2d.zoom};
}

Camera2D fitCamera(const ViewState& state, const Axes& axes, int width, int height) {
    const std::array<double, 2> ratio = aspect(state, axes);
    const auto rows = static_cast<double>(std::max<std::int64_t>(1, axes[state.rowAxis()].size));
    const auto columns = static_cast<double>(std::max<std::int64_t>(1, axes[state.columnAxis()].size));
    Camera2D camera;
    camera.row = (rows - 1) / 2;
    camera.column = (columns - 1) / 2;
    camera.zoom = std::min(std::max(1, height) / (rows * ratio[0]), std::max(1, width) / (columns * ratio[1]));
    camera.fitted = true;
    return camera;
}

PlaneTransform planeTransform(const ViewState& state, const Axes& axes, int width, int height) {
    ViewState seen = state;
    if (seen.camera2d.fitted) seen.camera2d = fitCamera(state, axes, width, height);
    const std::array<double, 2> pixels = pixelsPerStep(seen, axes);
    PlaneTransform transform;
    transform.rowStep = 1 / pixels[0];
    transform.columnStep = 1 / pixels[1];
    transform.rowOrigin = seen.camera2d.row - transform.rowStep * height / 2;
    transform.columnOrigin = seen.camera2d.column - transform.columnStep * width / 2;
    return transform;
}

PlanePoint canvasToPlane(const ViewState& state, const Axes& axes, int width, int height, double x, double y) {
    const PlaneTransform transform = planeTransform(state, axes, width, height);
    return {transform.rowOrigin + y * transform.rowStep, transform.columnOrigin + x * transform.columnStep};
}

PlanePoint planeToCanvas(const ViewState& state, const Axes& axes, int width, int height, PlanePoint point) {
    const PlaneTransform transform = planeTransform(state, axes, width, height);
    return {(point.row - transform.rowOrigin) / transform.rowStep,
            (point.column - transform.columnOrigin) / transform.columnStep};
}

std::vector<std::optional<double>> valuesAt(const Picture& picture, PlanePoint point) {
    std::vector<std::optional<double>> values(picture.slices.size());
    const double row = std::floor(point.row + 0.5);
    const double column = std::floor(point.column + 0.5);
    const bool inside = row >= 0 && column >= 0 && row < static_cast<double>(picture.planeSize[0]) &&
                        column < static_cast<double>(picture.planeSize[1]);
    if (!inside) return values;
    for (std::size_t i = 0; i < values.size(); ++i) {
        const Block& block = picture.slices[i].block;
        if (!block) continue;
        const Shape shape = block.shape();
        const auto stored = [&](double index, std::size_t axis) {
            return std::min(static_cast<std::int64_t>((index + 0.5) / picture.step[axis]), shape[axis] - 1);
        };
        std::vector<std::int64_t> at{stored(row, 0), stored(column, 1)};
        at.resize(block.region().rank(), 0);
        values[i] = block.valueAt(at);
    }
    return values;
}

} // namespace lazulite::view
