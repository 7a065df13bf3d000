#include "lazulite/view/statistics.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <numeric>

#include "planes.h"

namespace lazulite::view {
namespace {

using testing::blockOf;

TEST(Statistics, PercentilesLeaveOutTheTails) {
    std::vector<std::uint16_t> values(10000);
    std::iota(values.begin(), values.end(), std::uint16_t{0});
    const auto found = statisticsOf(blockOf(DType::UInt16, {100, 100}, values));
    ASSERT_TRUE(found);
    EXPECT_EQ(found->percentiles[0], 50);
    EXPECT_EQ(found->percentiles[1], 9980);
}

TEST(Statistics, FloatsGiveTheSamePercentiles) {
    std::vector<float> values(10000);
    std::iota(values.begin(), values.end(), -5000.0F);
    const auto found = statisticsOf(blockOf(DType::Float32, {100, 100}, values));
    ASSERT_TRUE(found);
    EXPECT_EQ(found->percentiles[0], -4950);
    EXPECT_EQ(found->percentiles[1], 4980);
}

TEST(Statistics, NotANumberAndInfinityDoNotCount) {
    const auto inf = std::numeric_limits<float>::infinity();
    const auto found = statisticsOf(blockOf<float>(DType::Float32, {1, 5}, {std::nanf(""), inf, -inf, 3, 7}));
    ASSERT_TRUE(found);
    EXPECT_EQ(found->percentiles[0], 3);
    EXPECT_EQ(found->percentiles[1], 7);
    EXPECT_EQ(std::accumulate(found->histogram.counts.begin(), found->histogram.counts.end(), 0U), 2U);
    EXPECT_FALSE(statisticsOf(blockOf<float>(DType::Float32, {1, 2}, {std::nanf(""), inf})));
}

TEST(Statistics, AFlatPlaneHasLimitsThatDiffer) {
    const auto whole = statisticsOf(blockOf<std::uint16_t>(DType::UInt16, {1, 3}, {400, 400, 400}));
    EXPECT_EQ(whole->percentiles, (std::array<double, 2>{400, 401}));
    const auto real = statisticsOf(blockOf<float>(DType::Float32, {1, 2}, {0, 0}));
    EXPECT_LT(real->percentiles[0], real->percentiles[1]);
}

TEST(Statistics, WhatIsPaddedWithDoesNotCountForTheLimits) {
    std::vector<std::uint16_t> values(10000, 0);
    for (std::size_t i = 0; i < 6000; ++i) values[i] = static_cast<std::uint16_t>(100 + i / 10);
    const auto whole = statisticsOf(blockOf(DType::UInt16, {100, 100}, values));
    EXPECT_EQ(whole->percentiles, (std::array<double, 2>{103, 698}));
    EXPECT_EQ(whole->histogram.counts.front(), 4000U);
    const auto real =
        statisticsOf(blockOf(DType::Float32, {100, 100}, std::vector<float>(values.begin(), values.end())));
    EXPECT_EQ(real->percentiles, whole->percentiles);
}

TEST(Statistics, ZerosOfAMaskAndOfAFewSpotsCount) {
    std::vector<std::uint8_t> mask(1000, 0);
    std::fill(mask.begin(), mask.begin() + 500, std::uint8_t{1});
    EXPECT_EQ(statisticsOf(blockOf(DType::UInt8, {10, 100}, mask))->percentiles, (std::array<double, 2>{0, 1}));
    std::vector<std::uint8_t> spots(1000, 0);
    for (std::size_t i = 0; i < 50; ++i) spots[i] = static_cast<std::uint8_t>(100 + i);
    EXPECT_EQ(statisticsOf(blockOf(DType::UInt8, {10, 100}, spots))->percentiles, (std::array<double, 2>{0, 148}));
}

TEST(Statistics, HistogramCountsWhereTheValuesLie) {
    const auto found = statisticsOf(blockOf<std::int16_t>(DType::Int16, {1, 4}, {-100, -100, 0, 155}));
    ASSERT_TRUE(found);
    const Histogram& histogram = found->histogram;
    ASSERT_EQ(histogram.counts.size(), 256U);
    EXPECT_EQ(histogram.low, -100);
    EXPECT_EQ(histogram.high, 156);
    EXPECT_EQ(histogram.counts[0], 2U);
    EXPECT_EQ(histogram.counts[100], 1U);
    EXPECT_EQ(histogram.counts[255], 1U);
}

TEST(Statistics, LooksAtNoMoreThanItMay) {
    const std::vector<std::uint8_t> values(300 * 500, 1);
    const auto found = statisticsOf(blockOf(DType::UInt8, {300, 500}, values), 1000);
    const auto seen = std::accumulate(found->histogram.counts.begin(), found->histogram.counts.end(), 0U);
    EXPECT_LE(seen, 1000U);
    EXPECT_GT(seen, 500U);
}

TEST(Statistics, OfNothingAreNone) {
    EXPECT_FALSE(statisticsOf(Block{}));
}

} // namespace
} // namespace lazulite::view
