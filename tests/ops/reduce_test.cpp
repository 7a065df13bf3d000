#include "lazulite/ops/reduce.h"

#include <numeric>

#include "lazulite/ops/arrays.h"
#include "steps.h"

namespace lazulite::ops::testing {
namespace {

class ReduceStep : public Steps {
protected:
    std::shared_ptr<BlockSource> source_ = source("tczyx", {4, 2, 5, 6, 7});
    LazyArray raw_ = LazyArray::fromSource(source_);
    const Block& in_ = source_->values();
};

TEST_F(ReduceStep, AProjectionTakesTheLargestAlongAnyAxis) {
    for (const std::string name : {"t", "c", "z", "y", "x"}) {
        const std::size_t axis = *findAxis(raw_.axes(), name);
        const LazyArray projected = project(raw_, name, Projection::Max);
        EXPECT_EQ(projected.axes()[axis].size, 1);
        EXPECT_EQ(projected.dtype(), DType::UInt16);
        const Block result = values(projected);
        forEachPosition(Region::whole(projected.shape()), [&](const Position& at) {
            double largest = 0;
            Position from = at;
            for (from[axis] = 0; from[axis] < raw_.shape()[axis]; ++from[axis]) {
                largest = std::max(largest, in_.valueAt(from));
            }
            ASSERT_EQ(result.valueAt(at), largest) << name;
        });
    }
}

TEST_F(ReduceStep, ARangeProjectsThatPartAndReadsNoOther) {
    const LazyArray projected = project(raw_, "z", Projection::Mean, Interval{1, 4});
    EXPECT_EQ(projected.dtype(), DType::Float32);
    const graph::Outcome outcome = run(projected, part(projected, {{"t", {2, 3}}, {"c", {1, 2}}}));
    EXPECT_EQ(outcome.costs.reads.pagesRead, 3);
    EXPECT_NEAR(outcome.block->valueAt({2, 1, 0, 3, 4}),
                (in_.valueAt({2, 1, 1, 3, 4}) + in_.valueAt({2, 1, 2, 3, 4}) + in_.valueAt({2, 1, 3, 3, 4})) / 3, 1e-3);
}

TEST_F(ReduceStep, ACropAfterAProjectionNarrowsWhatIsRead) {
    const LazyArray cropped = crop(project(raw_, "z", Projection::Sum), "y", 2, 4);
    values(cropped, part(cropped, {{"t", {0, 1}}, {"c", {0, 1}}}));
    for (const Region& read : source_->reads) EXPECT_EQ(read[3], (Interval{2, 4}));
}

TEST_F(ReduceStep, AProjectionOverTimeReadsThePlaneOfEveryTimepointAndIsKept) {
    const LazyArray projected = project(raw_, "t", Projection::Median);
    const Region plane = part(projected, {{"c", {1, 2}}, {"z", {2, 3}}});
    EXPECT_EQ(run(projected, plane).costs.reads.pagesRead, 4);
    const graph::Outcome again = run(projected, part(projected, {{"c", {1, 2}}, {"z", {2, 3}}, {"y", {0, 2}}}));
    EXPECT_EQ(again.costs.reads.pagesRead, 0);
    EXPECT_EQ(again.costs.blocksComputed, 0);
}

TEST_F(ReduceStep, TypesArePromotedAsStated) {
    const auto typed = [&](DType type) { return LazyArray::fromSource(source("zyx", {3, 4, 5}, type)); };
    for (const DType type : lazulite::testing::kAllTypes) {
        for (const Projection kind : {Projection::Max, Projection::Min, Projection::Median}) {
            EXPECT_EQ(project(typed(type), "z", kind).dtype(), type);
        }
        const bool wide = bytesPer(type) > 2 && type != DType::Float32;
        const DType promoted = wide ? DType::Float64 : DType::Float32;
        for (const Projection kind : {Projection::Mean, Projection::Sum, Projection::Std}) {
            EXPECT_EQ(project(typed(type), "z", kind).dtype(), promoted);
        }
        EXPECT_EQ(bin(typed(type), {1, 2, 2}).dtype(), type);
        EXPECT_EQ(bin(typed(type), {1, 2, 2}, Binning::Max).dtype(), type);
        EXPECT_EQ(bin(typed(type), {1, 2, 2}, Binning::Sum).dtype(), promoted);
        EXPECT_EQ(gaussian(typed(type), {1, 1, 1}).dtype(), type);
        EXPECT_EQ(median(typed(type), {1, 1, 1}).dtype(), type);
    }
}

TEST_F(ReduceStep, BinningWidensTheVoxelsAndDropsWhatIsLeftOver) {
    const LazyArray binned = bin(raw_, {2, 3, 2});
    EXPECT_EQ(binned.shape(), (Shape{4, 2, 2, 2, 3}));
    EXPECT_DOUBLE_EQ(binned.axes()[2].spacing, 0.8);
    EXPECT_DOUBLE_EQ(binned.axes()[3].spacing, 0.3);
    EXPECT_DOUBLE_EQ(binned.axes()[4].spacing, 0.2);
    const Block mean = values(binned);
    const Block sum = values(bin(raw_, {2, 3, 2}, Binning::Sum));
    const Block largest = values(bin(raw_, {2, 3, 2}, Binning::Max));
    forEachPosition(Region::whole(binned.shape()), [&](const Position& at) {
        double total = 0;
        double most = 0;
        forEachPosition(Region({{at[0], at[0] + 1},
                                {at[1], at[1] + 1},
                                {2 * at[2], 2 * at[2] + 2},
                                {3 * at[3], 3 * at[3] + 3},
                                {2 * at[4], 2 * at[4] + 2}}),
                        [&](const Position& from) {
                            total += in_.valueAt(from);
                            most = std::max(most, in_.valueAt(from));
                        });
        ASSERT_EQ(sum.valueAt(at), total);
        ASSERT_NEAR(mean.valueAt(at), total / 12, 0.5);
        ASSERT_EQ(largest.valueAt(at), most);
    });
}

TEST_F(ReduceStep, LabelsThatNoLongerFitAreLost) {
    Axes axes = raw_.axes();
    axes[1].labels = {"488 nm", "560 nm"};
    axes[2].labels = {"a", "b", "c", "d", "e"};
    const LazyArray labelled = raw_.withAxes(axes);
    EXPECT_EQ(bin(labelled, {2, 1, 1}).axes()[1].labels, axes[1].labels);
    EXPECT_TRUE(bin(labelled, {2, 1, 1}).axes()[2].labels.empty());
    EXPECT_TRUE(project(labelled, "c", Projection::Max).axes()[1].labels.empty());
    EXPECT_EQ(gaussian(labelled, {1, 0, 0}).axes(), axes);
}

TEST_F(ReduceStep, AGaussianIsItsThreePassesAndReadsOnlyThePlanesThatItReaches) {
    const auto floats = source("zyx", {12, 6, 9}, DType::Float64);
    const LazyArray raw = LazyArray::fromSource(floats);
    const std::array<double, 3> sigma{0.5, 1.2, 0.8};
    const LazyArray smooth = gaussian(raw, sigma);
    const auto weight = [&](std::size_t axis, std::int64_t away) {
        const auto radius = static_cast<std::int64_t>(4 * sigma[axis] + 0.5);
        const auto bell = [&](std::int64_t k) {
            return std::exp(-0.5 * static_cast<double>(k * k) / (sigma[axis] * sigma[axis]));
        };
        double total = 0;
        for (std::int64_t k = -radius; k <= radius; ++k) total += bell(k);
        return std::abs(away) <= radius ? bell(away) / total : 0.0;
    };
    const Block result = values(smooth);
    const auto at = [&](std::int64_t z, std::int64_t y, std::int64_t x) {
        return floats->values().valueAt(
            {std::clamp<std::int64_t>(z, 0, 11), std::clamp<std::int64_t>(y, 0, 5), std::clamp<std::int64_t>(x, 0, 8)});
    };
    for (const Position& place : {Position{0, 0, 0}, Position{5, 3, 4}, Position{11, 5, 8}, Position{7, 0, 5}}) {
        double sum = 0;
        for (std::int64_t k = -5; k <= 5; ++k) {
            for (std::int64_t j = -5; j <= 5; ++j) {
                for (std::int64_t i = -5; i <= 5; ++i) {
                    sum += weight(0, k) * weight(1, j) * weight(2, i) * at(place[0] + k, place[1] + j, place[2] + i);
                }
            }
        }
        EXPECT_NEAR(result.valueAt(place), sum, 1e-10);
    }
    executor_.clearCache();
    EXPECT_EQ(run(smooth, part(smooth, {{"z", {6, 7}}})).costs.reads.pagesRead, 5);
}

TEST_F(ReduceStep, AGaussianOfPhysicalWidthKnowsTheVoxels) {
    const Block voxels = values(gaussian(raw_, {0.5, 2, 2}));
    expectEqual(values(gaussian(raw_, {0.2, 0.2, 0.2}, true)), voxels, Region::whole(raw_.shape()));
    expectEqual(values(gaussian(raw_, {0, 0, 0})), in_, Region::whole(raw_.shape()));
}

TEST_F(ReduceStep, AGaussianWiderThanTheDataIsNearlyTheirMeanAndTakesNoLonger) {
    const auto floats = source("zyx", {12, 6, 9}, DType::Float64);
    const LazyArray raw = LazyArray::fromSource(floats);
    const Block whole = values(gaussian(raw, {0, 0, 100000}));
    // Half of so wide a bell lies beyond either edge.
    EXPECT_NEAR(whole.valueAt({3, 2, 4}),
                (floats->values().valueAt({3, 2, 0}) + floats->values().valueAt({3, 2, 8})) / 2,
                1e-2 * std::abs(whole.valueAt({3, 2, 4})));
    EXPECT_THROW(gaussian(raw, {0, 0, 1e9}), Failure);
}

TEST_F(ReduceStep, AMedianRemovesASpeckAndReadsItsNeighbours) {
    const auto speck = source("zyx", {5, 5, 5}, DType::UInt8, [](const Position& at) {
        return at == Position{2, 2, 2} ? 255.0 : 10.0;
    });
    const LazyArray clean = median(LazyArray::fromSource(speck), {1, 1, 1});
    forEachPosition(Region::whole({5, 5, 5}),
                    [block = values(clean)](const Position& at) { ASSERT_EQ(block.valueAt(at), 10); });
    executor_.clearCache();
    EXPECT_EQ(run(clean, part(clean, {{"z", {2, 3}}})).costs.reads.pagesRead, 3);
}

TEST_F(ReduceStep, MistakesNameTheStepAndWhatToDo) {
    expectFailure([&] { project(raw_, "q", Projection::Max); }, {"\"q\"", "t, c, z, y, x"});
    expectFailure([&] { project(raw_, "z", Projection::Max, Interval{3, 9}); }, {"project", "3:9", "5 elements"});
    expectFailure([&] { bin(raw_, {9, 1, 1}); }, {"bin", "axis z", "5 elements"});
    expectFailure([&] { bin(raw_, {1, 0, 1}); }, {"bin", "1 or more"});
    expectFailure([&] { gaussian(raw_, {-1, 0, 0}); }, {"gaussian", "0 or more"});
    expectFailure(
        [&] {
            gaussian(raw_.withAxes(namedAxes("tczyx", raw_.shape())), {1, 1, 1}, true);
        },
        {"gaussian", "--voxel"});
    expectFailure([&] { median(raw_, {0, -1, 0}); }, {"median", "0 or more"});
}

} // namespace
} // namespace lazulite::ops::testing
