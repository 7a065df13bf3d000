#include "lazulite/ops/arrays.h"

#include <gtest/gtest.h>

#include <random>

#include "lazulite/core/error.h"
#include "lazulite/graph/executor.h"
#include "support/memory_source.h"

namespace lazulite::ops {
namespace {

using graph::Executor;
using graph::Outcome;
using testing::forEachPosition;
using testing::MemorySource;
using testing::namedAxes;

using Position = std::vector<std::int64_t>;

class Arrays : public ::testing::Test {
protected:
    static std::shared_ptr<MemorySource> stackSource(const std::string& name = "memory") {
        return std::make_shared<MemorySource>(namedAxes("tzyx", {4, 3, 5, 6}), DType::UInt16, name);
    }

    /// Checks every element of a region against where it must come from.
    void expectValues(const LazyArray& array, const Region& region,
                      const std::function<Position(const Position&)>& origin) {
        const Outcome outcome = executor_.run({.array = array, .region = region});
        ASSERT_TRUE(outcome.block.ok()) << outcome.block.error().text();
        forEachPosition(region, [&](const Position& at) {
            ASSERT_EQ(outcome.block->valueAt(at), MemorySource::expected(origin(at))) << region.toString();
        });
    }

    Executor executor_{{.memoryLimit = 64U << 20U, .threads = 2}};
};

TEST_F(Arrays, AStackOfChannelsReadsOnePageOfOneFile) {
    std::vector<LazyArray> timepoints;
    std::vector<std::shared_ptr<MemorySource>> sources;
    for (int c = 0; c < 2; ++c) {
        sources.push_back(std::make_shared<MemorySource>(namedAxes("tzyx", {600, 64, 256, 280}), DType::UInt16,
                                                         "channel" + std::to_string(c)));
        timepoints.push_back(LazyArray::fromSource(sources.back()));
    }
    const LazyArray all = stack(timepoints, {"c", 0, 1, "", {"488 nm", "560 nm"}});
    ASSERT_EQ(all.shape(), (Shape{2, 600, 64, 256, 280}));
    const Outcome outcome =
        executor_.run({.array = all, .region = Region({{0, 1}, {0, 1}, {7, 8}, {0, 256}, {0, 280}})});
    ASSERT_TRUE(outcome.block.ok());
    EXPECT_EQ(outcome.costs.reads.filesOpened, 1);
    EXPECT_EQ(outcome.costs.reads.pagesRead, 1);
    EXPECT_EQ(outcome.costs.reads.bytesRead, 256 * 280 * 2);
    EXPECT_EQ(sources[1]->readCount(), 0U);
    EXPECT_EQ(outcome.block->valueAt({0, 0, 7, 100, 200}), MemorySource::expected({0, 7, 100, 200}));
}

TEST_F(Arrays, CropAndSelectCountFromTheEndAsNumPyDoes) {
    const LazyArray raw = LazyArray::fromSource(stackSource());
    const LazyArray part = select(crop(raw, "x", 1, -2), "t", -1);
    EXPECT_EQ(part.shape(), (Shape{3, 5, 3}));
    expectValues(part, Region::whole(part.shape()), [](const Position& p) {
        return Position{3, p[0], p[1], p[2] + 1};
    });
    EXPECT_THROW(crop(raw, "x", 4, 2), Failure);
    EXPECT_THROW(select(raw, "t", 4), Failure);
    EXPECT_THROW(crop(raw, "q", 0, 1), Failure);
}

TEST_F(Arrays, CropKeepsTheLabelsOfWhatItKeeps) {
    Axes axes = namedAxes("czyx", {3, 2, 2, 2});
    axes[0].labels = {"a", "b", "c"};
    const LazyArray raw = LazyArray::fromSource(std::make_shared<MemorySource>(axes, DType::UInt8));
    EXPECT_EQ(crop(raw, "c", 1, 3).axes()[0].labels, (std::vector<std::string>{"b", "c"}));
}

TEST_F(Arrays, TransposeReordersWithoutCopying) {
    const LazyArray raw = LazyArray::fromSource(stackSource());
    const LazyArray turned = transpose(raw, {"x", "t", "y", "z"});
    EXPECT_EQ(turned.shape(), (Shape{6, 4, 5, 3}));
    expectValues(turned, Region({{1, 5}, {2, 3}, {0, 5}, {1, 2}}), [](const Position& p) {
        return Position{p[1], p[3], p[2], p[0]};
    });
    EXPECT_THROW(transpose(raw, {"x", "t", "y"}), Failure);
    EXPECT_THROW(transpose(raw, {"x", "x", "y", "z"}), Failure);
}

TEST_F(Arrays, ConcatenateFindsTheRightOneAndRefusesTheUnlike) {
    const auto longer = std::make_shared<MemorySource>(namedAxes("tzyx", {2, 3, 5, 6}), DType::UInt16, "two");
    const LazyArray all = concatenate({LazyArray::fromSource(stackSource()), LazyArray::fromSource(longer)}, "t");
    EXPECT_EQ(all.shape(), (Shape{6, 3, 5, 6}));
    expectValues(all, Region({{2, 6}, {1, 2}, {1, 4}, {2, 6}}), [](const Position& p) {
        return Position{p[0] < 4 ? p[0] : p[0] - 4, p[1], p[2], p[3]};
    });
    const auto other = std::make_shared<MemorySource>(namedAxes("tzyx", {2, 3, 5, 7}), DType::UInt16);
    EXPECT_THROW(concatenate({all, LazyArray::fromSource(other)}, "t"), Failure);
    const auto floats = std::make_shared<MemorySource>(namedAxes("tzyx", {2, 3, 5, 6}), DType::Float32);
    EXPECT_THROW(concatenate({all, LazyArray::fromSource(floats)}, "t"), Failure);
}

TEST_F(Arrays, SplitAndMergeAreInverse) {
    const LazyArray raw =
        LazyArray::fromSource(std::make_shared<MemorySource>(namedAxes("qzyx", {12, 2, 3, 4}), DType::UInt16));
    const LazyArray split = splitAxis(raw, "q", {"t", 0, 2.5, "s", {}}, {"c", 3, 1, "", {}});
    EXPECT_EQ(split.shape(), (Shape{4, 3, 2, 3, 4}));
    expectValues(split, Region({{1, 4}, {1, 3}, {0, 2}, {0, 3}, {1, 4}}), [](const Position& p) {
        return Position{p[0] * 3 + p[1], p[2], p[3], p[4]};
    });
    const LazyArray merged = mergeAxes(split, "t", "c", "q");
    EXPECT_EQ(merged.shape(), raw.shape());
    expectValues(merged, Region({{2, 11}, {0, 2}, {1, 3}, {0, 4}}), [](const Position& p) { return p; });
    EXPECT_THROW(splitAxis(raw, "q", {"t", 0, 1, "", {}}, {"c", 5, 1, "", {}}), Failure);
}

TEST_F(Arrays, AnyRegionOfAnyChainEqualsTheWholeThatIsThenCut) {
    std::mt19937 random(7);
    const auto below = [&](std::int64_t n) { return std::uniform_int_distribution<std::int64_t>(0, n - 1)(random); };
    for (int round = 0; round < 60; ++round) {
        const auto source = stackSource("round" + std::to_string(round));
        LazyArray array =
            stack({LazyArray::fromSource(source), LazyArray::fromSource(stackSource("other"))}, {"c", 0, 1, "", {}});
        for (int step = 0; step < 4; ++step) {
            const Axis axis = array.axes()[static_cast<std::size_t>(below(static_cast<std::int64_t>(array.rank())))];
            switch (below(4)) {
                case 0: {
                    const std::int64_t begin = below(axis.size);
                    array = crop(array, axis.name, begin, begin + 1 + below(axis.size - begin));
                    break;
                }
                case 1: {
                    std::vector<std::string> order;
                    for (const Axis& each : array.axes()) order.push_back(each.name);
                    std::shuffle(order.begin(), order.end(), random);
                    array = transpose(array, order);
                    break;
                }
                case 2:
                    if (array.rank() > 3) array = select(array, axis.name, below(axis.size));
                    break;
                default:
                    if (axis.size % 2 == 0) {
                        array = splitAxis(array, axis.name, {axis.name + "o", 0, 1, "", {}},
                                          {axis.name + "i", 2, 1, "", {}});
                    }
            }
        }
        const Region whole = Region::whole(array.shape());
        const Outcome eager = executor_.run({.array = array, .region = whole, .keep = false});
        ASSERT_TRUE(eager.block.ok()) << eager.block.error().text();
        for (int part = 0; part < 4; ++part) {
            Region region = whole;
            for (std::size_t i = 0; i < region.rank(); ++i) {
                region[i].begin = below(whole[i].end);
                region[i].end = region[i].begin + 1 + below(whole[i].end - region[i].begin);
            }
            const Outcome lazy = executor_.run({.array = array, .region = region});
            ASSERT_TRUE(lazy.block.ok());
            forEachPosition(region, [&](const Position& at) {
                ASSERT_EQ(lazy.block->valueAt(at), eager.block->valueAt(at)) << region.toString();
            });
        }
    }
}

} // namespace
} // namespace lazulite::ops
