#include <numbers>

#include "lazulite/ops/arrays.h"
#include "lazulite/ops/geometry.h"
#include "steps.h"

namespace lazulite::ops::testing {
namespace {

constexpr double kAngle = 31.5;
const double kSine = std::sin(kAngle * std::numbers::pi / 180);
const double kStep = std::cos(kAngle * std::numbers::pi / 180) * 0.4 / 0.1; ///< columns a plane

class DeskewStep : public Steps {
protected:
    std::shared_ptr<BlockSource> source_ = source("tzyx", {2, 11, 5, 40});
    LazyArray raw_ = LazyArray::fromSource(source_);
    LazyArray deskewed_ = deskew(raw_, {});
};

TEST_F(DeskewStep, TheResultHasTheWidthAndThePlaneSpacingOfTheFormula) {
    EXPECT_EQ(deskewed_.shape(), (Shape{2, 11, 5, 40 + static_cast<std::int64_t>(11 * kStep)}));
    EXPECT_EQ(deskewed_.dtype(), DType::UInt16);
    EXPECT_DOUBLE_EQ(deskewed_.axes()[1].spacing, 0.4 * kSine);
    EXPECT_EQ(deskewed_.axes()[3].spacing, 0.1);
    EXPECT_EQ(deskew(raw_, {.width = 33}).shape()[3], 33);
    EXPECT_EQ(deskew(raw_, {.angle = -kAngle}).shape(), deskewed_.shape());
    EXPECT_EQ(deskew(raw_, {.stageStep = 0.8, .pixel = 0.2}).shape(), deskewed_.shape());
}

TEST_F(DeskewStep, ASliceReadsOneRawPage) {
    for (const DeskewOptions& options :
         {DeskewOptions{}, DeskewOptions{.angle = -32.45}, DeskewOptions{.width = 20, .shift = 3.5}}) {
        const LazyArray array = deskew(raw_, options);
        executor_.clearCache();
        const graph::Outcome outcome = run(array, part(array, {{"t", {1, 2}}, {"z", {4, 5}}}));
        ASSERT_TRUE(outcome.block.ok());
        EXPECT_EQ(outcome.costs.reads.pagesRead, 1);
        EXPECT_EQ(source_->reads.back()[1], (Interval{4, 5}));
    }
}

TEST_F(DeskewStep, UprightSlicesReadOnlyTheRowsAndPlanesThatTheyShow) {
    values(deskewed_, part(deskewed_, {{"t", {0, 1}}, {"y", {2, 3}}}));
    for (const Region& read : source_->reads) EXPECT_EQ(read[2], (Interval{2, 3}));
    source_->reads.clear();
    executor_.clearCache();
    // Column 3 lies in the first planes alone (a plane is moved to the right of the one before).
    values(deskewed_, part(deskewed_, {{"t", {0, 1}}, {"x", {3, 4}}}));
    for (const Region& read : source_->reads) {
        EXPECT_LE(read[1].end, 2);
        EXPECT_LE(read[3].size(), 6);
    }
    EXPECT_FALSE(source_->reads.empty());
}

TEST_F(DeskewStep, WhereNoPlaneReachesNothingIsReadAndThePadStands) {
    const LazyArray array = deskew(raw_, {.pad = 17});
    const Region corner = part(array, {{"z", {0, 2}}, {"x", {array.shape()[3] - 20, array.shape()[3]}}});
    const graph::Outcome outcome = run(array, corner);
    ASSERT_TRUE(outcome.block.ok());
    EXPECT_EQ(outcome.costs.reads.pagesRead, 0);
    forEachPosition(corner, [&](const Position& at) { ASSERT_EQ(outcome.block->valueAt(at), 17); });
}

TEST_F(DeskewStep, ThePadIsTheMedianOfTheVolumesLastPlaneWhereNoneIsGiven) {
    const LazyArray array = deskew(raw_, {.pad = std::nullopt});
    for (std::int64_t t = 0; t < 2; ++t) {
        std::vector<double> plane;
        forEachPosition(part(raw_, {{"t", {t, t + 1}}, {"z", {10, 11}}}),
                        [&](const Position& at) { plane.push_back(source_->values().valueAt(at)); });
        std::sort(plane.begin(), plane.end());
        const double median = 0.5 * (plane[99] + plane[100]);
        const graph::Outcome first = run(array, part(array, {{"t", {t, t + 1}}, {"z", {0, 1}}}));
        EXPECT_NEAR(first.block->valueAt({t, 0, 0, array.shape()[3] - 1}), median, 0.5);
        EXPECT_EQ(first.costs.reads.pagesRead, 2);
        EXPECT_EQ(run(array, part(array, {{"t", {t, t + 1}}, {"z", {1, 2}}})).costs.reads.pagesRead, 1);
    }
}

TEST_F(DeskewStep, ASkewAlongYIsThatAlongXOfTheTransposedStack) {
    const LazyArray turned =
        transpose(deskew(transpose(raw_, {"t", "z", "x", "y"}), {.axis = "y"}), {"t", "z", "x", "y"});
    const auto transposed = source("tzyx", {2, 11, 40, 5}, DType::UInt16, [&](const Position& at) {
        return source_->values().valueAt({at[0], at[1], at[3], at[2]});
    });
    const LazyArray alongY = deskew(LazyArray::fromSource(transposed), {.axis = "y"});
    EXPECT_EQ(alongY.shape(), (Shape{2, 11, deskewed_.shape()[3], 5}));
    const Block upright = values(alongY);
    const Block expected = values(deskewed_);
    forEachPosition(Region::whole(deskewed_.shape()), [&](const Position& at) {
        ASSERT_EQ(upright.valueAt({at[0], at[1], at[3], at[2]}), expected.valueAt(at));
    });
    // The axes' names decide, not their order.
    EXPECT_EQ(turned.shape()[2], 40);
}

TEST_F(DeskewStep, RotationKeepsTheReferencesSizesAndMakesVoxelsIsotropic) {
    const double spacing = 0.4 * kSine;
    const auto height = static_cast<std::int64_t>(11 * spacing / 0.1);
    const auto width = static_cast<std::int64_t>(static_cast<double>(deskewed_.shape()[3]) *
                                                     std::cos(kAngle * std::numbers::pi / 180) +
                                                 11 * kSine * spacing / 0.1);
    const LazyArray twice = rotate(deskewed_, kAngle);
    const LazyArray once = deskewRotate(raw_, {});
    for (const LazyArray& array : {twice, once}) {
        EXPECT_EQ(array.shape(), (Shape{2, height, 5, width}));
        for (std::size_t axis = 1; axis < 4; ++axis) EXPECT_DOUBLE_EQ(array.axes()[axis].spacing, 0.1);
    }
}

TEST_F(DeskewStep, OneInterpolationIsCloseToTwoWhereTheDataAreSmooth) {
    // A bump in real space, wide against the voxels.
    for (const double sign : {1.0, -1.0}) {
        const std::int64_t planes = 40;
        const auto bump = source("zyx", {planes, 3, 200}, DType::Float32, [&](const Position& at) {
            const double across = static_cast<double>(at[2]) - 100 + sign * kStep * (static_cast<double>(at[0]) - 20);
            const double depth = (static_cast<double>(at[0]) - 20) * 4 * kSine;
            return 1000 * std::exp(-(across * across + depth * depth) / (2 * 8.0 * 8.0));
        });
        const LazyArray raw = LazyArray::fromSource(bump);
        const DeskewOptions options{.angle = sign * kAngle};
        const LazyArray once = deskewRotate(raw, options);
        const LazyArray twice = rotate(deskew(raw, options), options.angle);
        ASSERT_EQ(once.shape(), twice.shape());
        const Block a = values(once);
        const Block b = values(twice);
        double largest = 0;
        forEachPosition(Region::whole(once.shape()), [&](const Position& at) {
            ASSERT_NEAR(a.valueAt(at), b.valueAt(at), 4) << at[0] << " " << at[2];
            largest = std::max(largest, a.valueAt(at));
        });
        EXPECT_GT(largest, 980);
    }
}

TEST_F(DeskewStep, ATurnedUprightSliceReadsOneRowOfEachPlane) {
    for (const LazyArray& array : {deskewRotate(raw_, {}), rotate(deskewed_, kAngle)}) {
        source_->reads.clear();
        executor_.clearCache();
        values(array, part(array, {{"t", {0, 1}}, {"y", {3, 4}}}));
        EXPECT_FALSE(source_->reads.empty());
        for (const Region& read : source_->reads) EXPECT_EQ(read[2], (Interval{3, 4}));
    }
}

TEST_F(DeskewStep, ATurnedCornerReadsOnlyThePlanesBehindIt) {
    const LazyArray array = deskewRotate(raw_, {});
    const Shape shape = array.shape();
    values(
        array,
        part(array, {{"t", {0, 1}}, {"z", {shape[1] / 2, shape[1] / 2 + 1}}, {"x", {shape[3] / 2, shape[3] / 2 + 2}}}));
    std::int64_t planes = 0;
    for (const Region& read : source_->reads) planes += read[1].size();
    EXPECT_LE(planes, 3);
}

TEST_F(DeskewStep, MistakesNameTheStepAndWhatToDo) {
    const LazyArray flat = LazyArray::fromSource(source("tyx", {2, 5, 6}));
    expectFailure([&] { deskew(flat, {}); }, {"deskew needs stacks", "--rename-axis"});
    expectFailure([&] { rotate(select(raw_, "z", 0), kAngle); }, {"rotate needs stacks"});
    const LazyArray unknown = raw_.withAxes(namedAxes("tzyx", raw_.shape()));
    expectFailure([&] { deskew(unknown, {}); }, {"deskew", "along z", "--voxel"});
    expectFailure([&] { deskewRotate(unknown, {.stageStep = 0.4}); }, {"deskew-rotate", "along x", "--voxel"});
    EXPECT_EQ(deskew(unknown, {.stageStep = 0.4, .pixel = 0.1}).shape(), deskewed_.shape());
    expectFailure([&] { deskew(raw_, {.angle = 0}); }, {"deskew", "angle"});
    expectFailure([&] { deskew(raw_, {.stageStep = -1}); }, {"deskew", "above 0"});
    expectFailure([&] { deskew(raw_, {.width = -3}); }, {"deskew", "width"});
    expectFailure([&] { deskew(raw_, {.axis = "t"}); }, {"deskew", "x or y"});
    expectFailure([&] { rotate(raw_, 90); }, {"rotate", "between -90 and 90"});
}

} // namespace
} // namespace lazulite::ops::testing
