#include "lazulite/ops/statistic.h"

#include <gtest/gtest.h>

#include "lazulite/compute/statistics.h"
#include "lazulite/core/error.h"
#include "lazulite/graph/executor.h"
#include "lazulite/ops/arrays.h"
#include "lazulite/ops/deconvolve.h"
#include "lazulite/ops/geometry.h"
#include "lazulite/ops/intensity.h"
#include "raw_values.h"
#include "spatial.h"
#include "support/blocks.h"

namespace lazulite::ops {
namespace {

using testing::BlockSource;
using testing::namedAxes;
using testing::randomBlock;

class StatisticOfVolumes : public ::testing::Test {
protected:
    Region volume(std::int64_t t) const { return Region({{t, t + 1}, {0, 4}, {0, 5}, {0, 7}}); }
    Block block(std::int64_t t) const {
        const Block part = source_->values().view(volume(t));
        return part.relabelled(Region::whole({4, 5, 7}), {part.strides()[1], part.strides()[2], part.strides()[3]});
    }
    graph::Outcome run(const LazyArray& array, const Region& region) {
        return executor_.run({.array = array, .region = region});
    }
    double numberOf(const LazyArray& array, std::int64_t t) {
        return run(array, Region({{t, t + 1}, {0, 1}, {0, 1}, {0, 1}})).block->valueAt({t, 0, 0, 0});
    }

    Axes axes_ = namedAxes("tzyx", {3, 4, 5, 7});
    std::shared_ptr<BlockSource> source_ =
        std::make_shared<BlockSource>(axes_, randomBlock(DType::Int16, Region::whole({3, 4, 5, 7}), 3));
    LazyArray raw_ = LazyArray::fromSource(source_);
    graph::Executor executor_{{.memoryLimit = 4U << 20U, .threads = 2}};
};

TEST_F(StatisticOfVolumes, EachVolumeHasItsOwnNumber) {
    const LazyArray mean = statistic(raw_, Statistic::Mean);
    EXPECT_EQ(mean.shape(), (Shape{3, 1, 1, 1}));
    EXPECT_EQ(mean.dtype(), DType::Float64);
    for (std::int64_t t = 0; t < 3; ++t) {
        const auto moments = compute::momentsOf(block(t), {});
        EXPECT_EQ(numberOf(mean, t), moments->mean);
        EXPECT_EQ(numberOf(statistic(raw_, Statistic::Min), t), moments->min);
        EXPECT_EQ(numberOf(statistic(raw_, Statistic::Max), t), moments->max);
        EXPECT_EQ(numberOf(statistic(raw_, Statistic::MeanAboveMean), t),
                  *compute::meanAbove(block(t), moments->mean, {}));
        EXPECT_EQ(numberOf(statistic(raw_, Statistic::Percentile, 30), t), *compute::percentileOf(block(t), 30, {}));
    }
}

TEST_F(StatisticOfVolumes, ItIsFoundOnceAndKept) {
    const LazyArray mean = statistic(raw_, Statistic::Mean);
    const Region one({{1, 2}, {0, 1}, {0, 1}, {0, 1}});
    EXPECT_EQ(run(mean, one).costs.reads.pagesRead, 4);
    EXPECT_EQ(run(mean, one).costs.blocksComputed, 0);
}

TEST_F(StatisticOfVolumes, TheMedianOfTheLastPlaneReadsThatPlaneAlone) {
    const LazyArray median = statistic(raw_, Statistic::LastPlaneMedian);
    EXPECT_EQ(numberOf(median, 2), *compute::percentileOf(block(2).view(Region({{3, 4}, {0, 5}, {0, 7}})), 50, {}));
    ASSERT_EQ(source_->reads.size(), 1U);
    EXPECT_EQ(source_->reads.front(), Region({{2, 3}, {3, 4}, {0, 5}, {0, 7}}));
}

TEST_F(StatisticOfVolumes, APlaneIsAVolumeWhereThereIsNoZ) {
    const auto plane = std::make_shared<BlockSource>(namedAxes("yx", {5, 7}),
                                                     randomBlock(DType::UInt8, Region::whole({5, 7}), 3), "plane");
    const LazyArray largest = statistic(LazyArray::fromSource(plane), Statistic::Max);
    EXPECT_EQ(largest.shape(), (Shape{1, 1}));
    EXPECT_EQ(run(largest, Region::whole({1, 1})).block->valueAt({0, 0}), 255);
}

TEST_F(StatisticOfVolumes, WhatIsMeasuredBeforeGeometryIsFreeOfWhatGeometryPadsWith) {
    Axes axes = axes_;
    for (std::size_t i = 1; i < axes.size(); ++i) {
        axes[i].spacing = 0.1;
        axes[i].unit = "um";
    }
    const LazyArray raw = raw_.withAxes(axes);
    const std::vector<LazyArray> moved{
        deskew(raw, {.angle = 31.5, .stageStep = 0.4, .pixel = 0.1}),
        rotate(deskew(raw, {.angle = 31.5, .stageStep = 0.4, .pixel = 0.1}), 31.5),
        affine(raw, affineFrom(raw, {0.2, 0, 0}, {}, {1, 1, 1})),
        shiftByTime(raw, {{0, 0, 0}, {1, 0, 0}, {2, 0, 0}}),
        correctDrift(raw, DriftReference::First),
        crop(correctDrift(raw, DriftReference::Neighbour), "x", 2, 5),
    };
    for (const LazyArray& array : moved) EXPECT_EQ(beforeGeometry(array).fingerprint(), raw.fingerprint());
    const LazyArray brighter = rescale(raw, {.gain = 2});
    EXPECT_EQ(beforeGeometry(brighter).fingerprint(), brighter.fingerprint());
}

TEST_F(StatisticOfVolumes, APercentileBeyondTheRangeIsRefused) {
    EXPECT_THROW(statistic(raw_, Statistic::Percentile, 101), Failure);
    EXPECT_THROW(statistic(raw_, Statistic::Percentile, -1), Failure);
}

/// Adds numbers of the volume and the position along t.
class AddNumbers final : public SpatialOperation {
public:
    explicit AddNumbers(const LazyArray& array) : SpatialOperation(array, "add-numbers", false) {
        setOutputType(DType::Float64);
        setNumbers(2);
    }
    std::string name() const override { return "add-numbers"; }
    std::string parameters() const override { return ""; }

protected:
    void describeVolume(Description&) const override {}
    Region requiredVolume(const Region& out) const override { return out; }
    Result<void> computeVolume(const Block& in, const Destination& out, const compute::Context&,
                               const Place& place) const override {
        testing::fillFrom(out, [&](const auto& at) {
            return in.valueAt(at) + place.numbers[0] + place.numbers[1] * static_cast<double>(place.outer[0]);
        });
        return {};
    }
};

TEST_F(StatisticOfVolumes, AStepTakesNumbersOfItsVolumesAsFurtherInputs) {
    const LazyArray min = statistic(raw_, Statistic::Min);
    const LazyArray mean = statistic(raw_, Statistic::Mean);
    const LazyArray sum = LazyArray::fromOperation(std::make_shared<AddNumbers>(raw_), {raw_, min, mean});
    const graph::Outcome outcome = run(sum, Region::whole(sum.shape()));
    ASSERT_TRUE(outcome.block.ok());
    testing::forEachPosition(Region::whole(sum.shape()), [&](const std::vector<std::int64_t>& at) {
        const auto moments = compute::momentsOf(block(at[0]), {});
        ASSERT_EQ(outcome.block->valueAt(at),
                  source_->values().valueAt(at) + moments->min + moments->mean * static_cast<double>(at[0]));
    });
    EXPECT_THROW(LazyArray::fromOperation(std::make_shared<AddNumbers>(raw_), {raw_, min}), Failure);
    EXPECT_THROW(LazyArray::fromOperation(std::make_shared<AddNumbers>(raw_), {raw_, min, raw_}), Failure);
}

TEST_F(StatisticOfVolumes, APlaneOfAStepWithNumbersReadsAPlaneOnceTheNumbersAreKnown) {
    const LazyArray min = statistic(raw_, Statistic::Min);
    const LazyArray sum = LazyArray::fromOperation(std::make_shared<AddNumbers>(raw_), {raw_, min, min});
    graph::Request request{.array = min, .region = Region({{1, 2}, {0, 1}, {0, 1}, {0, 1}})};
    request.keep = true;
    executor_.run(request);
    source_->reads.clear();
    request = {.array = sum, .region = Region({{1, 2}, {2, 3}, {0, 5}, {0, 7}})};
    EXPECT_LE(executor_.run(request).costs.reads.pagesRead, 1);
}

} // namespace
} // namespace lazulite::ops
