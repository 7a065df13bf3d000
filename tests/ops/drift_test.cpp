#include <gtest/gtest.h>

#include <cmath>
#include <random>

#include "lazulite/core/error.h"
#include "lazulite/graph/executor.h"
#include "lazulite/graph/operation.h"
#include "lazulite/ops/arrays.h"
#include "lazulite/ops/deconvolve.h"
#include "support/blocks.h"

namespace lazulite::ops {
namespace {

constexpr std::int64_t kTimepoints = 5;
/// Where the specimen stands at each timepoint, in voxels.
constexpr std::array<std::array<std::int64_t, 3>, kTimepoints> kDrift{
    {{0, 0, 0}, {1, 2, -1}, {1, 3, -4}, {2, 5, -4}, {3, 4, -6}}};

/// Cells that drift; the second channel sees others of them.
double lightAt(std::int64_t channel, std::int64_t z, std::int64_t y, std::int64_t x) {
    std::mt19937 random(static_cast<unsigned>(7 + channel));
    double light = 100;
    for (int i = 0; i < 25; ++i) {
        const double away = std::pow(static_cast<double>(z - 3 - static_cast<std::int64_t>(random() % 8)), 2) +
                            std::pow(static_cast<double>(y - 8 - static_cast<std::int64_t>(random() % 24)), 2) +
                            std::pow(static_cast<double>(x - 8 - static_cast<std::int64_t>(random() % 28)), 2);
        light += (200 + static_cast<double>(random() % 400)) * std::exp(-away / 4);
    }
    return light;
}

class Drift : public ::testing::Test {
protected:
    static std::shared_ptr<testing::BlockSource> recording() {
        const Shape shape{kTimepoints, 2, 14, 40, 44};
        static const auto source = std::make_shared<testing::BlockSource>(
            testing::namedAxes("tczyx", shape),
            testing::blockOf(DType::UInt16, Region::whole(shape), [](const std::vector<std::int64_t>& at) {
                const auto& by = kDrift.at(static_cast<std::size_t>(at[0]));
                return lightAt(at[1], at[2] - by[0], at[3] - by[1], at[4] - by[2]);
            }));
        source->reads.clear();
        return source;
    }

    /// Voxels well inside show what `reference` shows there.
    void expectStill(const LazyArray& still, std::int64_t reference) {
        const auto& home = kDrift.at(static_cast<std::size_t>(reference));
        const graph::Outcome outcome = executor_.run({.array = still, .region = Region::whole(still.shape())});
        ASSERT_TRUE(outcome.block.ok()) << outcome.block.error().text();
        testing::forEachPosition(Region({{0, kTimepoints}, {0, 2}, {5, 9}, {10, 30}, {12, 32}}), [&](const auto& at) {
            const double expected = std::round(lightAt(at[1], at[2] - home[0], at[3] - home[1], at[4] - home[2]));
            ASSERT_NEAR(outcome.block->valueAt(at), expected, 1) << at[0] << ' ' << at[1];
        });
    }

    std::shared_ptr<testing::BlockSource> source_ = recording();
    LazyArray raw_ = LazyArray::fromSource(source_);
    graph::Executor executor_{{.memoryLimit = 256U << 20U, .threads = 2}};
};

TEST_F(Drift, IsTakenOutAgainstTheTimepointBefore) {
    const LazyArray still = correctDrift(raw_, DriftReference::Neighbour);
    EXPECT_EQ(still.axes(), raw_.axes());
    EXPECT_EQ(still.dtype(), DType::UInt16);
    expectStill(still, 0);
}

TEST_F(Drift, IsTakenOutAgainstAnyTimepoint) {
    expectStill(correctDrift(raw_, DriftReference::First, 0), 0);
    expectStill(correctDrift(raw_, DriftReference::First, 3), 3);
    expectStill(correctDrift(raw_, DriftReference::Neighbour, 2), 2);
}

TEST_F(Drift, IsEstimatedFromTheVolumesThatItTakesAndOnceForAllChannels) {
    const LazyArray still = correctDrift(raw_, DriftReference::First);
    const auto plane = [](std::int64_t t, std::int64_t c, std::int64_t z) {
        return Region({{t, t + 1}, {c, c + 1}, {z, z + 1}, {0, 40}, {0, 44}});
    };
    const graph::Outcome first = executor_.run({.array = still, .region = plane(3, 1, 5)});
    ASSERT_TRUE(first.block.ok());
    EXPECT_EQ(first.costs.reads.pagesRead, 3 * 14) << "channel 0 of timepoints 0 and 3, and what is shown";
    EXPECT_EQ(first.costs.blocksComputed, 2) << "how far it lies, and the volume moved back";
    const graph::Outcome other = executor_.run({.array = still, .region = plane(3, 0, 5)});
    EXPECT_EQ(other.costs.blocksComputed, 1);
    const graph::Outcome next = executor_.run({.array = still, .region = plane(3, 0, 6)});
    EXPECT_EQ(next.costs.blocksComputed, 0);
    EXPECT_EQ(next.costs.reads.pagesRead, 0);
}

TEST_F(Drift, ShowsTheDriftingOneMeanwhile) {
    EXPECT_EQ(graph::previewOf(correctDrift(raw_, DriftReference::Neighbour)).fingerprint(), raw_.fingerprint());
}

TEST_F(Drift, IsKnownForAxesInAnotherOrder) {
    const LazyArray turned = transpose(select(raw_, "c", 0), {"y", "t", "x", "z"});
    const LazyArray still = correctDrift(turned, DriftReference::First);
    const graph::Outcome outcome = executor_.run({.array = still, .region = Region::whole(still.shape())});
    ASSERT_TRUE(outcome.block.ok()) << outcome.block.error().text();
    for (std::int64_t t = 0; t < kTimepoints; ++t) {
        EXPECT_NEAR(outcome.block->valueAt({20, t, 20, 7}), std::round(lightAt(0, 7, 20, 20)), 1) << t;
    }
}

TEST_F(Drift, OfPlanesIsTakenOutToo) {
    const LazyArray planes = select(select(raw_, "z", 6), "c", 0);
    const LazyArray still = correctDrift(planes, DriftReference::First);
    const graph::Outcome outcome = executor_.run({.array = still, .region = Region::whole(still.shape())});
    ASSERT_TRUE(outcome.block.ok()) << outcome.block.error().text();
    // Timepoint 1 stands a plane deeper, so that another plane of the specimen is seen, but it lies where it lay.
    EXPECT_NEAR(outcome.block->valueAt({1, 20, 20}), std::round(lightAt(0, 5, 20, 20)), 1);
}

TEST_F(Drift, RefusesWhatCannotDrift) {
    EXPECT_THROW(correctDrift(select(raw_, "t", 0), DriftReference::First), Failure);
    EXPECT_THROW(correctDrift(raw_, DriftReference::First, kTimepoints), Failure);
    EXPECT_THROW(correctDrift(raw_, DriftReference::First, -1), Failure);
}

} // namespace
} // namespace lazulite::ops
