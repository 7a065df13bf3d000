#include "lazulite/view/view_state.h"

#include <gtest/gtest.h>

namespace lazulite::view {
namespace {

Axes recording() {
    return {{"t", 10, 2.0, "s", {}},
            {"c", 2, 1, "", {"488 nm", "560 nm"}},
            {"z", 6, 0.5, "um", {}},
            {"y", 20, 0.1, "um", {}},
            {"x", 30, 0.1, "um", {}}};
}

std::string displayed(const ViewState& state, const Axes& axes) {
    return axes[state.rowAxis()].name + axes[state.columnAxis()].name;
}

TEST(ViewState, StartsInTheMiddleOfEveryAxisWithTheXyPlaneShown) {
    const Axes axes = recording();
    const ViewState state = ViewState::startFor(axes);
    EXPECT_EQ(state.position, (std::vector<std::int64_t>{5, 0, 3, 10, 15}));
    EXPECT_EQ(displayed(state, axes), "yx");
    EXPECT_EQ(axes[state.depthAxis()].name, "z");
    EXPECT_TRUE(hasDepth(state, axes));
    EXPECT_EQ(sliderAxes(state, axes), (std::vector<std::size_t>{0, 2}));
}

TEST(ViewState, NamesChannelsByTheirLabelsAndColoursTwoMagentaAndGreen) {
    const ViewState state = ViewState::startFor(recording());
    ASSERT_EQ(state.channels.size(), 2U);
    EXPECT_EQ(state.channels[0].name, "488 nm");
    EXPECT_EQ(state.channels[0].colormap, "magenta");
    EXPECT_EQ(state.channels[1].colormap, "green");
}

TEST(ViewState, ShowsASingleChannelGrayAndManyInTheUsualCycle) {
    EXPECT_EQ(ViewState::startFor({{"y", 4, 1, "", {}}, {"x", 4, 1, "", {}}}).channels.at(0).colormap, "gray");
    const ViewState seven = ViewState::startFor({{"c", 7, 1, "", {}}, {"y", 4, 1, "", {}}, {"x", 4, 1, "", {}}});
    std::vector<std::string> colours;
    for (const ChannelSettings& channel : seven.channels) colours.push_back(channel.colormap);
    EXPECT_EQ(colours, (std::vector<std::string>{"cyan", "magenta", "yellow", "blue", "green", "red", "cyan"}));
}

TEST(ViewState, NeverSlidesAlongOrDisplaysColourSamples) {
    const Axes axes{{"t", 5, 1, "", {}}, {"y", 8, 1, "", {}}, {"x", 9, 1, "", {}}, {"s", 3, 1, "", {}}};
    ViewState state = ViewState::startFor(axes);
    EXPECT_EQ(displayed(state, axes), "yx");
    EXPECT_EQ(sliderAxes(state, axes), (std::vector<std::size_t>{0}));
    for (int i = 0; i < 4; ++i) {
        roll(state, axes);
        EXPECT_FALSE(state.isDisplayed(3));
    }
}

TEST(ViewState, TreatsAnAxisOfTwoSamplesAsAnOrdinaryOne) {
    EXPECT_EQ(sampleAxis({{"y", 8, 1, "", {}}, {"x", 9, 1, "", {}}, {"s", 2, 1, "", {}}}), std::nullopt);
}

TEST(ViewState, RollsThroughThePlanesWithoutTheChannels) {
    const Axes axes = recording();
    ViewState state = ViewState::startFor(axes);
    std::vector<std::string> planes;
    for (int i = 0; i < 3; ++i) {
        roll(state, axes);
        planes.push_back(displayed(state, axes));
        EXPECT_FALSE(state.isDisplayed(1));
    }
    EXPECT_EQ(planes, (std::vector<std::string>{"zy", "xz", "yx"}));
}

TEST(ViewState, TransposeSwapsTheDisplayedAxes) {
    const Axes axes = recording();
    ViewState state = ViewState::startFor(axes);
    transposeDisplayed(state);
    EXPECT_EQ(displayed(state, axes), "xy");
}

TEST(ViewState, SurvivesArraysWithoutAPlane) {
    EXPECT_TRUE(ViewState::startFor({}).position.empty());
    ViewState line = ViewState::startFor({{"x", 4, 1, "", {}}});
    roll(line, {{"x", 4, 1, "", {}}});
    transposeDisplayed(line);
    EXPECT_EQ(line.order, (std::vector<std::size_t>{0}));
}

} // namespace
} // namespace lazulite::view
