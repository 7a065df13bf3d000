#include "lazulite/view/canvas.h"

#include <gtest/gtest.h>

#include "lazulite/view/scale_bar.h"
#include "lazulite/view/viewer.h"
#include "planes.h"

namespace lazulite::view {
namespace {

Axes plane(std::int64_t rows, std::int64_t columns, double rowSpacing = 1, double columnSpacing = 1,
           const std::string& unit = "um") {
    return {{"y", rows, rowSpacing, unit, {}}, {"x", columns, columnSpacing, unit, {}}};
}

TEST(Canvas, FitsThePlaneWithItsMiddleInTheMiddle) {
    const Axes axes = plane(50, 100);
    const ViewState state = ViewState::startFor(axes);
    const Camera2D camera = fitCamera(state, axes, 400, 400);
    EXPECT_DOUBLE_EQ(camera.zoom, 4);
    EXPECT_DOUBLE_EQ(camera.row, 24.5);
    EXPECT_DOUBLE_EQ(camera.column, 49.5);
    // The corner of the plane touches the canvas's left border; above it a quarter stays free.
    const PlanePoint corner = planeToCanvas(state, axes, 400, 400, {-0.5, -0.5});
    EXPECT_DOUBLE_EQ(corner.column, 0);
    EXPECT_DOUBLE_EQ(corner.row, 100);
}

TEST(Canvas, KeepsTheVoxelAspectWhereSpacingsDiffer) {
    const Axes axes = plane(10, 100, 0.5, 0.1);
    ViewState state = ViewState::startFor(axes);
    state.camera2d = {4.5, 49.5, 2, false};
    EXPECT_DOUBLE_EQ(pixelsPerStep(state, axes)[0], 10);
    EXPECT_DOUBLE_EQ(pixelsPerStep(state, axes)[1], 2);
}

TEST(Canvas, ComparesSpacingsInDifferentUnitsOfLength) {
    const Axes axes{{"y", 10, 500, "nm", {}}, {"x", 100, 1, "um", {}}};
    ViewState state = ViewState::startFor(axes);
    state.camera2d = {0, 0, 3, false};
    EXPECT_DOUBLE_EQ(pixelsPerStep(state, axes)[0], 3);
    EXPECT_DOUBLE_EQ(pixelsPerStep(state, axes)[1], 6);
}

TEST(Canvas, DrawsSquaresWhereSpacingsCannotBeCompared) {
    const Axes axes{{"t", 10, 2, "s", {}}, {"x", 100, 0.1, "um", {}}};
    const ViewState state = ViewState::startFor(axes);
    EXPECT_EQ(pixelsPerStep(state, axes)[0], pixelsPerStep(state, axes)[1]);
}

TEST(Canvas, GoesToThePlaneAndBack) {
    const Axes axes = plane(30, 40, 0.4, 0.1);
    ViewState state = ViewState::startFor(axes);
    state.camera2d = {12.25, 7.5, 3.7, false};
    const PlanePoint point = canvasToPlane(state, axes, 301, 200, 17.5, 180.25);
    const PlanePoint back = planeToCanvas(state, axes, 301, 200, point);
    EXPECT_NEAR(back.column, 17.5, 1e-9);
    EXPECT_NEAR(back.row, 180.25, 1e-9);
}

TEST(Canvas, TellsTheValuesUnderTheCursorOfEveryChannelThatIsThere) {
    Picture picture;
    picture.planeSize = {3, 4};
    picture.slices.resize(2);
    picture.slices[0].block = testing::countingPlane(3, 4);
    const auto values = valuesAt(picture, {1.4, 2.6});
    EXPECT_EQ(values[0], 103.0);
    EXPECT_EQ(values[1], std::nullopt);
    EXPECT_EQ(valuesAt(picture, {2.6, 0})[0], std::nullopt);
    EXPECT_EQ(valuesAt(picture, {0, -0.6})[0], std::nullopt);
}

TEST(ScaleBar, IsTheLongestRoundLengthInAQuarterOfTheCanvas) {
    const Axis axis{"x", 100, 0.1, "um", {}};
    const auto bar = scaleBar(2, axis, 800); // 20 px a um, at most 200 px
    ASSERT_TRUE(bar);
    EXPECT_EQ(bar->text, "10 \u00b5m");
    EXPECT_NEAR(bar->pixels, 200, 1e-6);
}

TEST(ScaleBar, ChangesTheUnitWithTheZoom) {
    const Axis axis{"x", 100, 0.1, "um", {}};
    EXPECT_EQ(scaleBar(200, axis, 800)->text, "100 nm");
    EXPECT_EQ(scaleBar(0.02, axis, 800)->text, "1 mm");
}

TEST(ScaleBar, CountsPixelsWhereNoUnitIsKnown) {
    EXPECT_EQ(scaleBar(1, {"x", 100, 1, "", {}}, 800)->text, "200 px");
    EXPECT_FALSE(scaleBar(0, {"x", 100, 1, "", {}}, 800));
}

} // namespace
} // namespace lazulite::view
