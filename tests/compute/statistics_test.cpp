#include "lazulite/compute/statistics.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "support/blocks.h"

namespace lazulite::compute {
namespace {

using testing::blockOf;
using testing::forEachPosition;
using testing::randomBlock;

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

std::vector<double> finiteValues(const Block& block) {
    std::vector<double> values;
    forEachPosition(block.region(), [&](const std::vector<std::int64_t>& at) {
        if (std::isfinite(block.valueAt(at))) values.push_back(block.valueAt(at));
    });
    std::sort(values.begin(), values.end());
    return values;
}

double meanOf(const std::vector<double>& values) {
    return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

double expectedPercentile(const std::vector<double>& sorted, double percent) {
    const double rank = percent / 100 * static_cast<double>(sorted.size() - 1);
    const auto below = static_cast<std::size_t>(rank);
    if (below + 1 >= sorted.size()) return sorted.back();
    return sorted[below] + (sorted[below + 1] - sorted[below]) * (rank - static_cast<double>(below));
}

class Statistics : public ::testing::TestWithParam<DType> {
protected:
    Block block_ = randomBlock(GetParam(), Region({{2, 5}, {10, 37}, {4, 45}}), 7, true);
    std::vector<double> sorted_ = finiteValues(block_);
};

TEST_P(Statistics, MomentsAreThoseOfTheFiniteElements) {
    const auto moments = momentsOf(block_, {});
    ASSERT_TRUE(moments.ok());
    EXPECT_EQ(moments->count, static_cast<std::int64_t>(sorted_.size()));
    EXPECT_EQ(moments->min, sorted_.front());
    EXPECT_EQ(moments->max, sorted_.back());
    const double scale = std::max(std::abs(sorted_.front()), std::abs(sorted_.back()));
    EXPECT_NEAR(moments->mean, meanOf(sorted_), 1e-12 * scale);
}

TEST_P(Statistics, TheMeanAboveAThresholdLeavesOutTheThreshold) {
    const double threshold = expectedPercentile(sorted_, 60);
    std::vector<double> above;
    std::copy_if(sorted_.begin(), sorted_.end(), std::back_inserter(above), [&](double v) { return v > threshold; });
    EXPECT_NEAR(*meanAbove(block_, threshold, {}), meanOf(above), 1e-12 * sorted_.back());
    EXPECT_EQ(*meanAbove(block_, sorted_.back(), {}), sorted_.back());
}

TEST_P(Statistics, PercentilesAreExact) {
    for (const double percent : {0.0, 0.5, 17.3, 50.0, 99.8, 100.0}) {
        const double expected = expectedPercentile(sorted_, percent);
        // Between two neighbours in rank a number is interpolated, in double.
        EXPECT_NEAR(*percentileOf(block_, percent, {}), expected, 1e-15 * std::abs(expected)) << percent;
    }
}

TEST_P(Statistics, AViewWithGapsIsCountedWhereItLies) {
    const Block part = block_.view(Region({{3, 4}, {12, 31}, {9, 10}}));
    const std::vector<double> sorted = finiteValues(part);
    EXPECT_EQ(momentsOf(part, {})->max, sorted.back());
    EXPECT_EQ(*percentileOf(part, 50, {}), expectedPercentile(sorted, 50));
    const Block turned = part.relabelled(Region({{0, 1}, {0, 1}, {0, 19}}), {0, 0, part.strides()[1]});
    EXPECT_EQ(*percentileOf(turned, 50, {}), expectedPercentile(sorted, 50));
}

INSTANTIATE_TEST_SUITE_P(Types, Statistics, ::testing::ValuesIn(testing::kAllTypes),
                         [](const auto& param) { return std::string(toString(param.param)); });

TEST(StatisticsOfFloats, ThereIsNoneWhereNothingIsFinite) {
    const Block block = blockOf(DType::Float32, Region({{0, 1}, {0, 2}, {0, 3}}), [](const auto&) { return kNaN; });
    EXPECT_TRUE(std::isnan(momentsOf(block, {})->mean));
    EXPECT_EQ(momentsOf(block, {})->count, 0);
    EXPECT_TRUE(std::isnan(*percentileOf(block, 50, {})));
}

TEST(StatisticsOfFloats, NegativeNumbersComeBeforePositiveOnes) {
    const Block block = blockOf(DType::Float64, Region({{0, 1}, {0, 1}, {0, 5}}),
                                [](const auto& at) { return static_cast<double>(at[2] - 2) * 1e-300; });
    EXPECT_EQ(*percentileOf(block, 0, {}), -2e-300);
    EXPECT_EQ(*percentileOf(block, 50, {}), 0);
    EXPECT_EQ(*percentileOf(block, 100, {}), 2e-300);
}

TEST(StatisticsOfFloats, AStopIsHeeded) {
    std::stop_source stop;
    stop.request_stop();
    const Block block = randomBlock(DType::Float32, Region({{0, 2}, {0, 3}, {0, 4}}), 1);
    const Context context{.stop = stop.get_token()};
    EXPECT_EQ(momentsOf(block, context).error().kind, Error::Kind::Cancelled);
    EXPECT_EQ(percentileOf(block, 50, context).error().kind, Error::Kind::Cancelled);
}

} // namespace
} // namespace lazulite::compute
