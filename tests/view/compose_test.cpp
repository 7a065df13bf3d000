#include "lazulite/view/compose.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "planes.h"

namespace lazulite::view {
namespace {

using testing::blockOf;
using testing::countingPlane;

ChannelSettings settings(const std::string& colormap, double low, double high) {
    ChannelSettings channel;
    channel.colormap = colormap;
    channel.limits = {low, high};
    return channel;
}

/// The picture of layers whose plane starts at the canvas's corner, `zoom` canvas pixels a data pixel.
std::vector<std::uint32_t> picture(const std::vector<Layer>& layers, int width, int height, double zoom = 1,
                                   Interpolation interpolation = Interpolation::Nearest) {
    std::vector<std::uint32_t> pixels(static_cast<std::size_t>(width * height), 0x12345678U);
    compose(layers, {-0.5, 1 / zoom, -0.5, 1 / zoom}, interpolation, width, height,
            reinterpret_cast<std::uint8_t*>(pixels.data()));
    return pixels;
}

TEST(Compose, ShowsEachPixelAtOneToOneInExactlyItsColour) {
    const ChannelSettings gray = settings("viridis", 0, 1000);
    const ColourScale scale(gray);
    const auto pixels = picture({{countingPlane(7, 11), scale}}, 11, 7);
    for (int r = 0; r < 7; ++r) {
        for (int c = 0; c < 11; ++c) {
            EXPECT_EQ(pixels[static_cast<std::size_t>(r * 11 + c)], scale.rgba(static_cast<float>(100 * r + c)));
        }
    }
}

TEST(Compose, DrawsADataPixelAsASquareAtWholeZooms) {
    const ColourScale scale(settings("gray", 0, 400));
    for (const int zoom : {2, 3, 5}) {
        const auto pixels = picture({{countingPlane(4, 6), scale}}, 6 * zoom, 4 * zoom, zoom);
        for (int y = 0; y < 4 * zoom; ++y) {
            for (int x = 0; x < 6 * zoom; ++x) {
                const auto value = static_cast<float>(100 * (y / zoom) + x / zoom);
                ASSERT_EQ(pixels[static_cast<std::size_t>(y * 6 * zoom + x)], scale.rgba(value))
                    << zoom << " " << x << " " << y;
            }
        }
    }
}

TEST(Compose, IsBlackBeyondThePlane) {
    const ColourScale scale(settings("gray_r", 0, 1000)); // its zero is white
    const auto pixels = picture({{countingPlane(2, 2), scale}}, 3, 3);
    EXPECT_EQ(pixels[0], 0xFFFFFFFFU);
    EXPECT_EQ(pixels[2], 0xFF000000U);
    EXPECT_EQ(pixels[8], 0xFF000000U);
}

TEST(Compose, IsBlackWithoutLayers) {
    for (const std::uint32_t pixel : picture({}, 4, 3)) EXPECT_EQ(pixel, 0xFF000000U);
}

TEST(Compose, AddsChannelsAndStaysAtFullBrightness) {
    const Block plane = blockOf<std::uint16_t>(DType::UInt16, {1, 2}, {100, 50});
    const auto pixels = picture({{plane, ColourScale(settings("magenta", 0, 100))},
                                 {plane, ColourScale(settings("green", 0, 100))},
                                 {plane, ColourScale(settings("red", 0, 100))}},
                                2, 1);
    EXPECT_EQ(pixels[0], 0xFFFFFFFFU);
    EXPECT_EQ(pixels[1], 0xFF8080FFU); // red twice 128 stays at 255
}

TEST(Compose, WeighsAChannelByItsOpacity) {
    ChannelSettings half = settings("gray", 0, 100);
    half.opacity = 0.5;
    const auto pixels = picture({{blockOf<std::uint8_t>(DType::UInt8, {1, 1}, {100}), ColourScale(half)}}, 1, 1);
    EXPECT_EQ(pixels[0], 0xFF808080U);
}

TEST(Compose, BendsBrightnessByGamma) {
    ChannelSettings bent = settings("gray", 0, 100);
    bent.gamma = 2;
    const auto pixels = picture({{blockOf<std::uint8_t>(DType::UInt8, {1, 1}, {50}), ColourScale(bent)}}, 1, 1);
    EXPECT_NEAR(static_cast<double>(pixels[0] & 0xFFU), 255 * 0.25, 1);
}

TEST(Compose, SeesTheSameInAStridedBlock) {
    const Block plane = countingPlane(5, 8);
    const Strides swapped{plane.strides()[1], plane.strides()[0]};
    const Block transposed = plane.relabelled(Region::whole({8, 5}), swapped);
    const ColourScale scale(settings("gray", 0, 500));
    const auto upright = picture({{plane, scale}}, 8, 5);
    const auto lying = picture({{transposed, scale}}, 5, 8);
    for (std::size_t r = 0; r < 5; ++r) {
        for (std::size_t c = 0; c < 8; ++c) EXPECT_EQ(upright[r * 8 + c], lying[c * 5 + r]);
    }
}

TEST(Compose, ShowsEveryElementTypeAlike) {
    const ColourScale scale(settings("gray", -50, 100));
    const auto of = [&](const Block& block) { return picture({{block, scale}}, 2, 1); };
    const auto expected = of(blockOf<float>(DType::Float32, {1, 2}, {-20, 80}));
    EXPECT_EQ(expected[1], scale.rgba(80));
    EXPECT_EQ(of(blockOf<std::int8_t>(DType::Int8, {1, 2}, {-20, 80})), expected);
    EXPECT_EQ(of(blockOf<std::int16_t>(DType::Int16, {1, 2}, {-20, 80})), expected);
    EXPECT_EQ(of(blockOf<std::int32_t>(DType::Int32, {1, 2}, {-20, 80})), expected);
    EXPECT_EQ(of(blockOf<std::int64_t>(DType::Int64, {1, 2}, {-20, 80})), expected);
    EXPECT_EQ(of(blockOf<double>(DType::Float64, {1, 2}, {-20, 80})), expected);
}

TEST(Compose, ShowsNotANumberBlackAndInfinityBright) {
    const auto inf = std::numeric_limits<float>::infinity();
    const Block plane = blockOf<float>(DType::Float32, {1, 3}, {std::nanf(""), inf, -inf});
    const auto pixels = picture({{plane, ColourScale(settings("gray", 0, 1))}}, 3, 1);
    EXPECT_EQ(pixels, (std::vector<std::uint32_t>{0xFF000000U, 0xFFFFFFFFU, 0xFF000000U}));
}

TEST(Compose, InterpolatesValuesAndNotColours) {
    // Half-way between 0 and 100 lies 50, whose colour is not the mean of the ends' colours.
    const ColourScale scale(settings("hsv", 0, 100));
    const Block plane = blockOf<std::uint16_t>(DType::UInt16, {1, 2}, {0, 100});
    std::vector<std::uint32_t> pixel(1);
    compose(std::vector<Layer>{{plane, scale}}, {-0.5, 1, 0, 1}, Interpolation::Linear, 1, 1,
            reinterpret_cast<std::uint8_t*>(pixel.data()));
    EXPECT_EQ(pixel[0], scale.rgba(50));
}

TEST(Compose, LinearIsExactAtOneToOne) {
    const ColourScale scale(settings("gray", 0, 700));
    const std::vector<Layer> layers{{countingPlane(6, 9), scale}};
    EXPECT_EQ(picture(layers, 9, 6, 1, Interpolation::Linear), picture(layers, 9, 6));
}

TEST(Compose, ShowsColourSamplesAsTheyAre) {
    const Block photo = blockOf<std::uint8_t>(DType::UInt8, {1, 2, 3}, {255, 0, 10, 1, 2, 3});
    const auto pixels = picture({{photo, ColourScale(settings("gray", 0, 255))}}, 2, 1);
    EXPECT_EQ(pixels, (std::vector<std::uint32_t>{0xFF0A00FFU, 0xFF030201U}));
}

TEST(Compose, TakesColourSamplesOfPlanarFilesAndLeavesAlphaAside) {
    // (sample, row, column) in memory, as planar files have it, seen as (row, column, sample).
    const Block planar = blockOf<std::uint8_t>(DType::UInt8, {4, 1, 2}, {9, 19, 8, 18, 7, 17, 0, 0});
    const Block photo = planar.relabelled(Region::whole({1, 2, 4}), {2, 1, 2});
    const auto pixels = picture({{photo, ColourScale(settings("gray", 0, 255))}}, 2, 1);
    EXPECT_EQ(pixels, (std::vector<std::uint32_t>{0xFF070809U, 0xFF111213U}));
}

TEST(Compose, ShowsAThresholdWhereTheLimitsCoincide) {
    const auto pixels = picture({{countingPlane(1, 3), ColourScale(settings("gray", 1, 1))}}, 3, 1);
    EXPECT_EQ(pixels, (std::vector<std::uint32_t>{0xFF000000U, 0xFF000000U, 0xFFFFFFFFU}));
}

} // namespace
} // namespace lazulite::view
