#include "cut.h"

#include <gtest/gtest.h>

#include <memory>
#include <vector>

#include "lazulite/core/error.h"

namespace lazulite::cli {
namespace {

const Axes kAxes{{"t", 5, 2, "s", {}},
                 {"c", 2, 1, "", {"red", "blue"}},
                 {"z", 4, 0.5, "um", {}},
                 {"y", 6, 0.1, "um", {}},
                 {"x", 8, 0.1, "um", {}}};

SliceOptions::Extent constexpr kVolume = SliceOptions::Extent::Volume;
SliceOptions::Extent constexpr kAll = SliceOptions::Extent::All;

TEST(Cut, AxesThatAreLeftOutAreAtTheirMiddle) {
    const Cut cut = cutFor(kAxes, {.at = {{"c", "0"}}});
    EXPECT_EQ(cut.region, Region({{2, 3}, {0, 1}, {2, 3}, {0, 6}, {0, 8}}));
    EXPECT_EQ(cut.kept, (std::vector<std::size_t>{3, 4}));
}

TEST(Cut, APlaneMayBeAnyTwoAxesInAnyOrder) {
    const Cut cut =
        cutFor(kAxes, {.at = {{"t", "-1"}, {"c", "blue"}, {"y", "3"}}, .region = {{"x", "2:-1"}}, .plane = "xz"});
    EXPECT_EQ(cut.region, Region({{4, 5}, {1, 2}, {0, 4}, {3, 4}, {2, 7}}));
    EXPECT_EQ(cut.kept, (std::vector<std::size_t>{4, 2}));
    const Axes axes = cut.axesOf(kAxes);
    EXPECT_EQ(axes[0].name, "x");
    EXPECT_EQ(axes[0].size, 5);
    EXPECT_EQ(axes[1].spacing, 0.5);
}

TEST(Cut, VolumeAndAllKeepTheArraysOrder) {
    EXPECT_EQ(cutFor(kAxes, {.extent = kVolume}).kept, (std::vector<std::size_t>{2, 3, 4}));
    const Cut all = cutFor(kAxes, {.region = {{"t", "1:3"}, {"c", "1:"}}, .extent = kAll});
    EXPECT_EQ(all.region, Region({{1, 3}, {1, 2}, {0, 4}, {0, 6}, {0, 8}}));
    EXPECT_EQ(all.axesOf(kAxes)[1].labels, std::vector<std::string>{"blue"});
}

TEST(Cut, ColourSamplesStayWithTheirPixel) {
    Axes axes = kAxes;
    axes.push_back({"s", 3, 1, "", {}});
    EXPECT_EQ(cutFor(axes, {}).kept, (std::vector<std::size_t>{3, 4, 5}));
    EXPECT_EQ(cutFor(axes, {.at = {{"s", "1"}}}).kept, (std::vector<std::size_t>{3, 4}));
}

TEST(Cut, OptionsThatContradictEachOtherAreRefused) {
    EXPECT_THROW(cutFor(kAxes, {.at = {{"y", "3"}}}), Failure);
    EXPECT_THROW(cutFor(kAxes, {.region = {{"z", "1:2"}}}), Failure);
    EXPECT_THROW(cutFor(kAxes, {.at = {{"t", "1"}}, .extent = kAll}), Failure);
    EXPECT_THROW(cutFor({{"y", 6, 1, "", {}}, {"x", 8, 1, "", {}}}, {.extent = kVolume}), Failure);
}

TEST(Cut, WhatIsWrittenHasTheValuesOfTheBlockInTheOrderAskedFor) {
    auto values = std::make_shared<std::vector<std::uint16_t>>(4 * 6 * 8);
    for (std::size_t i = 0; i < values->size(); ++i) (*values)[i] = static_cast<std::uint16_t>(i);
    const std::shared_ptr<const std::byte> data(values, reinterpret_cast<const std::byte*>(values->data()));
    const Cut cut = cutFor(kAxes, {.at = {{"y", "3"}}, .plane = "xz"});
    const Region region({{2, 3}, {1, 2}, {0, 4}, {0, 6}, {0, 8}});
    const Block block = Block(data, DType::UInt16, region).view(cut.region);
    const Block written = cut.applyTo(block);
    EXPECT_EQ(written.region(), Region({{0, 8}, {0, 4}}));
    EXPECT_EQ(written.valueAt({5, 2}), 2 * 48 + 3 * 8 + 5);
}

} // namespace
} // namespace lazulite::cli
