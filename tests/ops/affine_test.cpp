#include "lazulite/ops/arrays.h"
#include "lazulite/ops/geometry.h"
#include "steps.h"

namespace lazulite::ops::testing {
namespace {

class AffineStep : public Steps {
protected:
    /// Where the only bright voxel of a volume of cubic voxels (0.1 um) lies.
    static Position brightest(const Block& block) {
        Position best;
        double most = -1;
        forEachPosition(block.region(), [&](const Position& at) {
            if (block.valueAt(at) > most) {
                most = block.valueAt(at);
                best = at;
            }
        });
        EXPECT_EQ(most, 1000);
        return best;
    }
    static LazyArray oneBrightVoxel(const Position& where) {
        const auto bright =
            source("zyx", {9, 9, 9}, DType::UInt16, [&](const Position& at) { return at == where ? 1000.0 : 0.0; });
        Axes axes = bright->axes();
        axes[0].spacing = 0.1;
        return LazyArray::fromSource(bright).withAxes(axes);
    }
    Position moved(const std::array<double, 3>& translation, const std::array<double, 3>& degrees,
                   const std::array<double, 3>& scale, const Position& from) {
        const LazyArray array = oneBrightVoxel(from);
        return brightest(values(affine(array, affineFrom(array, translation, degrees, scale))));
    }

    std::shared_ptr<BlockSource> source_ = source("tzyx", {3, 6, 7, 8});
    LazyArray raw_ = LazyArray::fromSource(source_);
};

TEST_F(AffineStep, IdentityIsExactForEveryTypeAndReadsOnePageASlice) {
    for (const DType type : lazulite::testing::kAllTypes) {
        const auto any = source("zyx", {4, 5, 6}, type);
        const LazyArray raw = LazyArray::fromSource(any);
        const LazyArray same = affine(raw, {});
        EXPECT_EQ(same.axes(), raw.axes());
        const Block result = values(same);
        ASSERT_TRUE(result.contiguous());
        EXPECT_EQ(std::memcmp(result.data(), any->values().data(), result.bytes()), 0) << toString(type);
        executor_.clearCache();
        EXPECT_EQ(run(same, part(same, {{"z", {2, 3}}})).costs.reads.pagesRead, 1);
    }
}

TEST_F(AffineStep, AShiftInMicrometresMovesByVoxels) {
    AffineOptions options;
    options.matrix[0][3] = 0.4;  // one plane
    options.matrix[2][3] = -0.3; // three columns, though 0.3 / 0.1 is not quite 3
    options.outside = 5;
    const LazyArray shifted = affine(raw_, options);
    const Block result = values(shifted);
    forEachPosition(Region::whole(shifted.shape()), [&](const Position& at) {
        const bool inside = at[1] + 1 < 6 && at[3] >= 3;
        const double expected = inside ? source_->values().valueAt({at[0], at[1] + 1, at[2], at[3] - 3}) : 5;
        ASSERT_EQ(result.valueAt(at), expected);
    });
}

TEST_F(AffineStep, ContentTurnsScalesAndMovesAsStated) {
    constexpr std::array<double, 3> kNone{0, 0, 0};
    constexpr std::array<double, 3> kSame{1, 1, 1};
    EXPECT_EQ(moved({0.2, -0.1, 0.3}, kNone, kSame, {4, 4, 4}), (Position{6, 3, 7}));
    EXPECT_EQ(moved(kNone, {90, 0, 0}, kSame, {4, 4, 7}), (Position{4, 7, 4}));  // x towards y
    EXPECT_EQ(moved(kNone, {0, 90, 0}, kSame, {7, 4, 4}), (Position{4, 4, 7}));  // z towards x
    EXPECT_EQ(moved(kNone, {0, 0, 90}, kSame, {4, 7, 4}), (Position{7, 4, 4}));  // y towards z
    EXPECT_EQ(moved(kNone, {90, 90, 0}, kSame, {7, 4, 4}), (Position{4, 7, 4})); // about y, then about z
    EXPECT_EQ(moved(kNone, kNone, {2, 2, 2}, {5, 4, 2}), (Position{6, 4, 0}));
    EXPECT_EQ(moved({0, 0, 0.1}, {90, 0, 0}, kSame, {4, 4, 7}), (Position{4, 7, 5})); // turned, then moved
}

TEST_F(AffineStep, EveryTimepointHasItsOwnShiftAndASliceReadsThePlaneThatMovedThere) {
    const LazyArray drifted = shiftByTime(raw_, {{0, 0, 0}, {0.8, 0.1, 0}, {-0.4, 0, -0.2}});
    const std::vector<Position> shifts{{0, 0, 0}, {2, 1, 0}, {-1, 0, -2}};
    const Block result = values(drifted);
    forEachPosition(Region::whole(drifted.shape()), [&](const Position& at) {
        const Position& shift = shifts[static_cast<std::size_t>(at[0])];
        const Position from{at[0], at[1] - shift[0], at[2] - shift[1], at[3] - shift[2]};
        const bool inside = from[1] >= 0 && from[1] < 6 && from[2] >= 0 && from[2] < 7 && from[3] >= 0 && from[3] < 8;
        ASSERT_EQ(result.valueAt(at), inside ? source_->values().valueAt(from) : 0);
    });
    executor_.clearCache();
    source_->reads.clear();
    const graph::Outcome slice = run(drifted, part(drifted, {{"t", {1, 2}}, {"z", {3, 4}}}));
    EXPECT_EQ(slice.costs.reads.pagesRead, 1);
    EXPECT_EQ(source_->reads.back()[1], (Interval{1, 2}));
}

TEST_F(AffineStep, HalfAVoxelIsBlendedOrTakenFromTheNearest) {
    std::vector<std::array<double, 3>> shifts(3, {0, 0, 0.06});
    const Block linear = values(shiftByTime(raw_, shifts));
    const Block nearest = values(shiftByTime(raw_, shifts, Interpolation::Nearest));
    const Block& in = source_->values();
    forEachPosition(part(raw_, {{"x", {1, 8}}}), [&](const Position& at) {
        const Position left{at[0], at[1], at[2], at[3] - 1};
        ASSERT_NEAR(linear.valueAt(at), 0.6 * in.valueAt(left) + 0.4 * in.valueAt(at), 0.51);
        ASSERT_EQ(nearest.valueAt(at), in.valueAt(left));
    });
}

TEST_F(AffineStep, APlaneNeedsNoDepth) {
    const LazyArray flat = select(raw_, "z", 2);
    EXPECT_EQ(affine(flat, affineFrom(flat, {0, 0.1, 0}, {30, 0, 0}, {1, 1, 1})).shape(), flat.shape());
    expectFailure(
        [&] {
            affine(flat, affineFrom(flat, {0, 0, 0}, {0, 30, 0}, {1, 1, 1}));
        },
        {"affine", "leaves the plane"});
}

TEST_F(AffineStep, MistakesNameTheStepAndWhatToDo) {
    AffineOptions options;
    options.matrix[1][1] = std::nan("");
    expectFailure([&] { affine(raw_, options); }, {"affine", "finite"});
    expectFailure([&] { affine(raw_.withAxes(namedAxes("tzyx", raw_.shape())), {}); }, {"affine", "--voxel"});
    expectFailure([&] { affineFrom(raw_, {0, 0, 0}, {0, 0, 0}, {1, 0, 1}); }, {"affine", "scale"});
    expectFailure([&] { shiftByTime(raw_, {{0, 0, 0}}); }, {"drift", "1 shift", "3 timepoints"});
    expectFailure([&] { shiftByTime(select(raw_, "t", 0), {{0, 0, 0}}); }, {"no axis \"t\""});
}

} // namespace
} // namespace lazulite::ops::testing
