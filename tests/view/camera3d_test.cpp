#include "lazulite/view/camera3d.h"

#include <gtest/gtest.h>

#include <cmath>

namespace lazulite::view {
namespace {

using Vector = std::array<double, 3>;

void expectNear(const Vector& a, const Vector& b) {
    for (std::size_t k = 0; k < 3; ++k) EXPECT_NEAR(a[k], b[k], 1e-9) << k;
}

double length(const Vector& a) {
    return std::sqrt(a[0] * a[0] + a[1] * a[1] + a[2] * a[2]);
}

TEST(Camera3D, StartsAsTheSliceLies) {
    const Camera3D camera;
    expectNear(rightOf(camera), {1, 0, 0}); // columns to the right, rows downwards
    expectNear(camera.up, {0, -1, 0});
}

TEST(Camera3D, DraggingToTheRightBringsTheLeftSideForward) {
    const Camera3D camera = rotated({}, {200, 200}, {260, 200}, 400, 400);
    // The eye, in front of plane 0 at first, now sees more of what was on the left.
    EXPECT_LT(camera.direction[0], -0.1);
    EXPECT_NEAR(camera.direction[1], 0, 1e-9);
    EXPECT_LT(camera.direction[2], 0);
}

TEST(Camera3D, DraggingDownBringsTheTopForward) {
    const Camera3D camera = rotated({}, {200, 200}, {200, 260}, 400, 400);
    EXPECT_LT(camera.direction[1], -0.1); // row 0 lies at the smallest y
}

TEST(Camera3D, ADragAndItsReverseCancelOut) {
    const Camera3D there = rotated({}, {150, 170}, {290, 90}, 400, 300);
    const Camera3D back = rotated(there, {290, 90}, {150, 170}, 400, 300);
    expectNear(back.direction, Camera3D{}.direction);
    expectNear(back.up, Camera3D{}.up);
}

TEST(Camera3D, StaysOrthonormalOverManyDrags) {
    Camera3D camera;
    for (int i = 0; i < 500; ++i) camera = rotated(camera, {10.0 + i % 7, 300}, {390, 20.0 + i % 11}, 400, 300);
    EXPECT_NEAR(length(camera.direction), 1, 1e-9);
    EXPECT_NEAR(length(camera.up), 1, 1e-9);
    EXPECT_NEAR(length(rightOf(camera)), 1, 1e-9);
}

TEST(Camera3D, ADragOutsideTheBallStillTurns) {
    const Camera3D camera = rotated({}, {399, 0}, {399, 299}, 400, 300);
    EXPECT_NEAR(length(camera.direction), 1, 1e-9);
    EXPECT_NE(camera, Camera3D{});
}

TEST(Camera3D, PanningMovesTheVolumeWithTheMouse) {
    const Vector extent{30, 40, 0}; // a ball of 50 across fills the canvas's height
    const Camera3D camera = panned({}, extent, {100, 100}, {140, 120}, 400, 200);
    expectNear(camera.focus, {-10, -5, 0}); // 0.25 a pixel; the eye goes the other way
}

TEST(Camera3D, FitsTheVolumeInNarrowCanvases) {
    const Vector extent{30, 40, 0};
    EXPECT_DOUBLE_EQ(viewHeight({}, extent, 400, 200), 50);
    EXPECT_DOUBLE_EQ(viewHeight({}, extent, 200, 400), 100);
    EXPECT_DOUBLE_EQ(viewHeight(zoomed({}, 2), extent, 400, 200), 25);
}

TEST(Camera3D, ZoomHasEnds) {
    Camera3D camera;
    for (int i = 0; i < 100; ++i) camera = zoomed(camera, 2);
    EXPECT_EQ(camera.zoom, 1000);
    EXPECT_EQ(zoomed(camera, std::nan("")).zoom, 1000);
}

} // namespace
} // namespace lazulite::view
