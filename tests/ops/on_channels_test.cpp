#include <gtest/gtest.h>

#include "lazulite/core/error.h"
#include "lazulite/graph/executor.h"
#include "lazulite/ops/arrays.h"
#include "lazulite/ops/channels.h"
#include "lazulite/ops/intensity.h"
#include "support/blocks.h"

namespace lazulite::ops {
namespace {

using testing::BlockSource;
using testing::namedAxes;
using testing::randomBlock;

TEST(CommonType, HoldsTheValuesOfBoth) {
    EXPECT_EQ(commonType(DType::UInt8, DType::UInt16), DType::UInt16);
    EXPECT_EQ(commonType(DType::UInt8, DType::Int8), DType::Int16);
    EXPECT_EQ(commonType(DType::Int16, DType::UInt8), DType::Int16);
    EXPECT_EQ(commonType(DType::UInt16, DType::Int8), DType::Int32);
    EXPECT_EQ(commonType(DType::UInt64, DType::Int8), DType::Float64);
    EXPECT_EQ(commonType(DType::UInt16, DType::Float32), DType::Float32);
    EXPECT_EQ(commonType(DType::Int8, DType::Float16), DType::Float16);
    EXPECT_EQ(commonType(DType::UInt16, DType::Float16), DType::Float32);
    EXPECT_EQ(commonType(DType::Float32, DType::Int32), DType::Float64);
    EXPECT_EQ(commonType(DType::Float16, DType::Float64), DType::Float64);
    for (const DType a : testing::kAllTypes) {
        EXPECT_EQ(commonType(a, a), a);
        for (const DType b : testing::kAllTypes) EXPECT_EQ(commonType(a, b), commonType(b, a));
    }
}

class OnChannels : public ::testing::Test {
protected:
    static Axes labelledAxes() {
        Axes axes = namedAxes("ctzyx", {4, 2, 3, 5, 7});
        axes[0].labels = {"a", "b", "c", "d"};
        return axes;
    }
    graph::Outcome run(const LazyArray& array, const Region& region) {
        return executor_.run({.array = array, .region = region});
    }
    static LazyArray timesTen(const LazyArray& channel, std::int64_t) {
        return rescale(channel, {.gain = 10, .dtype = DType::Float32});
    }

    Axes axes_ = labelledAxes();
    std::shared_ptr<BlockSource> source_ =
        std::make_shared<BlockSource>(axes_, randomBlock(DType::UInt16, Region::whole({4, 2, 3, 5, 7}), 3));
    LazyArray raw_ = LazyArray::fromSource(source_);
    graph::Executor executor_{{.memoryLimit = 4U << 20U, .threads = 2}};
};

TEST_F(OnChannels, TheChosenOnesAreChangedAndTheOthersKept) {
    const LazyArray array = onChannels(raw_, {1, 3}, timesTen);
    EXPECT_TRUE(array.axes() == axes_);
    EXPECT_EQ(array.dtype(), DType::Float32);
    EXPECT_TRUE(source_->reads.empty());
    const Region whole = Region::whole(array.shape());
    const graph::Outcome outcome = run(array, whole);
    ASSERT_TRUE(outcome.block.ok()) << outcome.block.error().text();
    testing::forEachPosition(whole, [&](const std::vector<std::int64_t>& at) {
        ASSERT_EQ(outcome.block->valueAt(at), source_->values().valueAt(at) * (at[0] % 2 == 1 ? 10 : 1));
    });
}

TEST_F(OnChannels, EachChannelIsToldWhichOneItIs) {
    std::vector<std::int64_t> seen;
    onChannels(raw_, {3, 0}, [&](const LazyArray& channel, std::int64_t index) {
        EXPECT_EQ(channel.shape(), (Shape{1, 2, 3, 5, 7}));
        seen.push_back(index);
        return channel;
    });
    EXPECT_EQ(seen, (std::vector<std::int64_t>{0, 3}));
}

TEST_F(OnChannels, APlaneReadsAPlane) {
    const LazyArray array = onChannels(raw_, {1}, timesTen);
    for (std::int64_t c = 0; c < 2; ++c) {
        EXPECT_EQ(run(array, Region({{c, c + 1}, {1, 2}, {2, 3}, {0, 5}, {0, 7}})).costs.reads.pagesRead, 1);
    }
}

TEST_F(OnChannels, TypesStayWhereTheStepKeepsThem) {
    EXPECT_EQ(onChannels(raw_, {1}, [](const LazyArray& c, std::int64_t) { return rescale(c, {.gain = 2}); }).dtype(),
              DType::UInt16);
    EXPECT_EQ(onChannels(raw_, {}, timesTen).fingerprint(), raw_.fingerprint());
}

TEST_F(OnChannels, AStepThatChangesTheGridNeedsAllChannels) {
    const auto half = [](const LazyArray& c, std::int64_t) { return crop(c, "x", 0, 3); };
    EXPECT_THROW(onChannels(raw_, {1}, half), Failure);
    EXPECT_EQ(onChannels(raw_, {0, 1, 2, 3}, half).shape(), (Shape{4, 2, 3, 5, 3}));
    const auto finer = [](const LazyArray& c, std::int64_t) {
        Axes axes = c.axes();
        axes[4].spacing = 0.5;
        return c.withAxes(axes);
    };
    EXPECT_THROW(onChannels(raw_, {0, 1, 2}, finer), Failure);
    EXPECT_EQ(onChannels(raw_, {0, 1, 2, 3}, finer).axes()[4].spacing, 0.5);
    const auto gone = [](const LazyArray& c, std::int64_t) { return select(c, "c", 0); };
    EXPECT_THROW(onChannels(raw_, {0, 1, 2, 3}, gone), Failure);
    const auto dropped = [](const LazyArray& c, std::int64_t) { return select(c, "t", 0); };
    EXPECT_THROW(onChannels(raw_, {0}, dropped), Failure);
}

TEST_F(OnChannels, AChannelThatIsNotThereIsRefused) {
    EXPECT_THROW(onChannels(raw_, {4}, timesTen), Failure);
    EXPECT_THROW(onChannels(raw_, {-1}, timesTen), Failure);
}

TEST_F(OnChannels, WithoutAnAxisOfChannelsTheDataAreChannelZero) {
    const LazyArray one = select(raw_, "c", 2);
    EXPECT_EQ(onChannels(one, {0}, timesTen).dtype(), DType::Float32);
    EXPECT_THROW(onChannels(one, {1}, timesTen), Failure);
}

} // namespace
} // namespace lazulite::ops
