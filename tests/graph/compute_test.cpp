#include <gtest/gtest.h>
#include <oneapi/tbb/parallel_for.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstring>
#include <future>
#include <latch>
#include <thread>
#include <vector>

#include "lazulite/graph/executor.h"
#include "lazulite/graph/operation.h"
#include "support/memory_source.h"

namespace lazulite::graph {
namespace {

using testing::forEachPosition;
using testing::MemorySource;
using testing::namedAxes;

/// Adds a number to every element of a uint16 array, by the plane or by the whole stack.
class Add final : public ComputeOperation {
public:
    Add(std::uint16_t amount, Cost cost) : amount_(amount), cost_(cost) {}

    std::string name() const override { return "add"; }
    std::string parameters() const override { return std::to_string(amount_); }
    ArrayInfo describe(std::span<const LazyArray> inputs) const override {
        Shape block = inputs[0].shape();
        block[0] = 1;
        return {inputs[0].axes(), inputs[0].dtype(), block};
    }
    Cost cost() const override { return cost_; }
    LazyArray standIn(std::span<const LazyArray> inputs) const override { return hasStandIn ? inputs[0] : LazyArray(); }
    std::uint64_t scratchBytes(const Region&, std::uint64_t most) const override {
        return std::min<std::uint64_t>(scratchWanted, most);
    }
    std::vector<Need> required(const Region& out) const override { return {{0, out}}; }
    Result<Block> compute(const Region& out, std::span<const Block> inputs, Workspace& workspace) const override {
        ++runs;
        scratchGiven = workspace.scratchBytes();
        begun = true;
        begun.notify_all();
        held.wait(true);
        workspace.progress(0.5);
        if (fails) return Error{Error::Kind::BadArgument, "cannot be", {}, {}};
        auto memory = workspace.allocate(DType::UInt16, out);
        if (!memory) return memory.error();
        std::byte* target = memory->data.get();
        forEachPosition(out, [&](const std::vector<std::int64_t>& at) {
            const auto value = static_cast<std::uint16_t>(inputs[0].valueAt(at) + amount_);
            std::memcpy(target, &value, sizeof(value));
            target += sizeof(value);
        });
        return memory->block();
    }

    mutable std::atomic<int> runs = 0;
    mutable std::atomic<std::uint64_t> scratchGiven = 0;
    mutable std::atomic<bool> begun = false;
    std::atomic<bool> held = false; ///< does not come to its end
    std::uint64_t scratchWanted = 0;
    bool hasStandIn = true;
    bool fails = false;

private:
    std::uint16_t amount_;
    Cost cost_;
};

/// Fills its blocks with a by-product that all of them share.
class FromByProduct final : public ComputeOperation {
public:
    std::string name() const override { return "from-by-product"; }
    std::string parameters() const override { return {}; }
    ArrayInfo describe(std::span<const LazyArray> inputs) const override {
        Shape block = inputs[0].shape();
        block[0] = 1;
        return {inputs[0].axes(), DType::UInt8, block};
    }
    Cost cost() const override { return Cost::Expensive; }
    std::vector<Need> required(const Region&) const override { return {}; }
    std::uint64_t scratchBytes(const Region&, std::uint64_t) const override {
        return MemoryBudget::capacityFor(kBytes);
    }
    Result<Block> compute(const Region& out, std::span<const Block>, Workspace& workspace) const override {
        auto memory = workspace.allocate(DType::UInt8, out);
        if (!memory) return memory.error();
        const auto fill = [&](std::byte* data) -> Result<void> {
            if (++made == failAt) return Error{Error::Kind::BadArgument, "no by-product today", {}, {}};
            std::memset(data, 7, kBytes);
            return {};
        };
        const auto shared = workspace.kept("sevens", kBytes, fill);
        if (!shared) return shared.error();
        std::memset(memory->data.get(), static_cast<int>(*shared->data()), memory->destination.bytes());
        return memory->block();
    }

    static constexpr std::uint64_t kBytes = 10000;
    int failAt = 0;
    mutable std::atomic<int> made = 0;
};

/// Computed by two threads, one of which takes long; or waits for another request to be answered.
class Shared final : public ComputeOperation {
public:
    std::string name() const override { return "shared"; }
    std::string parameters() const override { return {}; }
    ArrayInfo describe(std::span<const LazyArray> inputs) const override {
        return {inputs[0].axes(), DType::UInt8, inputs[0].shape()};
    }
    Cost cost() const override { return Cost::Cheap; }
    std::vector<Need> required(const Region&) const override { return {}; }
    Result<Block> compute(const Region& out, std::span<const Block>, Workspace& workspace) const override {
        if (out[0].begin == 0) {
            oneapi::tbb::parallel_for(
                0, 2,
                [&](int share) {
                    bothBegun.arrive_and_wait();
                    if (share == 1) goOn.wait();
                },
                oneapi::tbb::simple_partitioner());
        } else {
            answered.get_future().wait_for(std::chrono::seconds(20));
        }
        auto memory = workspace.allocate(DType::UInt8, out);
        if (!memory) return memory.error();
        return memory->block();
    }

    mutable std::latch bothBegun{2};
    mutable std::latch goOn{1};
    mutable std::promise<void> answered; ///< the request for what two threads compute
};

class Compute : public ::testing::Test {
protected:
    static Region slice(std::int64_t t, std::int64_t z) { return Region({{t, t + 1}, {z, z + 1}, {0, 8}, {0, 9}}); }

    LazyArray added(const std::shared_ptr<Add>& add, const LazyArray& input) {
        return LazyArray::fromOperation(add, {input});
    }
    Outcome run(const LazyArray& array, const Region& region) {
        return executor_.run({.array = array, .region = region});
    }

    std::shared_ptr<MemorySource> source_ =
        std::make_shared<MemorySource>(namedAxes("tzyx", {3, 4, 8, 9}), DType::UInt16);
    LazyArray raw_ = LazyArray::fromSource(source_);
    Executor executor_{{.memoryLimit = 4U << 20U, .threads = 2}};
};

TEST_F(Compute, ACheapStepComputesJustWhatIsAskedFor) {
    const auto add = std::make_shared<Add>(5, ComputeOperation::Cost::Cheap);
    const Outcome outcome = run(added(add, raw_), slice(1, 2));
    ASSERT_TRUE(outcome.block.ok());
    EXPECT_EQ(outcome.costs.reads.pagesRead, 1);
    EXPECT_EQ(outcome.costs.blocksComputed, 1);
    EXPECT_EQ(outcome.block->valueAt({1, 2, 3, 4}), MemorySource::expected({1, 2, 3, 4}) + 5);
}

TEST_F(Compute, AnExpensiveStepIsComputedOnceForAllSlicesOfItsBlock) {
    const auto add = std::make_shared<Add>(5, ComputeOperation::Cost::Expensive);
    const LazyArray array = added(add, raw_);
    for (std::int64_t z = 0; z < 4; ++z) {
        const Outcome outcome = run(array, slice(1, z));
        ASSERT_TRUE(outcome.block.ok());
        EXPECT_EQ(outcome.block->valueAt({1, z, 3, 4}), MemorySource::expected({1, z, 3, 4}) + 5);
    }
    EXPECT_EQ(add->runs, 1);
}

TEST_F(Compute, NobodyWaitsForADearStepOfOthers) {
    std::vector<std::shared_ptr<Add>> dear;
    std::atomic<int> done = 0;
    for (const std::uint16_t amount : {1, 2, 3, 4, 5, 6, 7, 8}) { // more than there are threads
        dear.push_back(std::make_shared<Add>(amount, ComputeOperation::Cost::Expensive));
        dear.back()->held = true;
        executor_.submit({.array = added(dear.back(), raw_), .region = slice(0, 0)}, [&](const Outcome&) { ++done; });
    }
    const auto hasBegun = [](const auto& step) { return step->begun.load(); };
    while (std::none_of(dear.begin(), dear.end(), hasBegun)) std::this_thread::yield(); // no matter which is first
    const auto cheap = std::make_shared<Add>(9, ComputeOperation::Cost::Cheap);
    EXPECT_TRUE(run(added(cheap, raw_), slice(1, 0)).block.ok());
    EXPECT_EQ(done, 0);
    for (const auto& step : dear) {
        step->held = false;
        step->held.notify_all();
    }
    while (done < 8) std::this_thread::yield();
}

TEST_F(Compute, AThreadThatWaitsForItsOwnTakesUpNoOtherRequest) {
    const auto shared = std::make_shared<Shared>();
    const LazyArray array = LazyArray::fromOperation(shared, {raw_});
    std::promise<void> second;
    executor_.submit({.array = array, .region = slice(0, 0)}, [&](const Outcome& outcome) {
        EXPECT_TRUE(outcome.block.ok());
        shared->answered.set_value();
    });
    shared->bothBegun.wait(); // all threads that compute are taken
    executor_.submit({.array = array, .region = slice(1, 0)}, [&](const Outcome& outcome) {
        EXPECT_TRUE(outcome.block.ok());
        second.set_value();
    });
    std::this_thread::sleep_for(std::chrono::milliseconds(50)); // time to take it up; without it the test proves less
    const auto start = std::chrono::steady_clock::now();
    shared->goOn.count_down();
    second.get_future().wait();
    EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(10));
}

TEST_F(Compute, AnEditOfALaterStepRunsThatStepAloneAndReadsNothing) {
    const auto first = std::make_shared<Add>(5, ComputeOperation::Cost::Expensive);
    const LazyArray base = added(first, raw_);
    run(added(std::make_shared<Add>(1, ComputeOperation::Cost::Expensive), base), slice(1, 0));
    const auto edited = std::make_shared<Add>(2, ComputeOperation::Cost::Expensive);
    const Outcome outcome = run(added(edited, base), slice(1, 0));
    EXPECT_EQ(outcome.block->valueAt({1, 0, 3, 4}), MemorySource::expected({1, 0, 3, 4}) + 7);
    EXPECT_EQ(first->runs, 1);
    EXPECT_EQ(edited->runs, 1);
    EXPECT_EQ(outcome.costs.reads.bytesRead, 0);
}

TEST_F(Compute, AChangedFileReachesThroughComputedBlocks) {
    const auto add = std::make_shared<Add>(5, ComputeOperation::Cost::Expensive);
    const LazyArray array = added(add, raw_);
    run(array, slice(1, 0));
    source_->version = 2;
    run(array, slice(1, 0));
    EXPECT_EQ(add->runs, 2);
}

TEST_F(Compute, AnErrorOfTheInputIsTheErrorOfTheResult) {
    source_->bad = {1};
    const LazyArray array = added(std::make_shared<Add>(5, ComputeOperation::Cost::Cheap), raw_);
    const Outcome outcome = run(array, slice(1, 0));
    ASSERT_FALSE(outcome.block.ok());
    EXPECT_EQ(outcome.block.error().message, "cut short");
}

TEST_F(Compute, SeveralBlocksAreGathered) {
    const auto add = std::make_shared<Add>(5, ComputeOperation::Cost::Expensive);
    const Region region({{0, 3}, {1, 3}, {0, 8}, {2, 9}});
    const Outcome outcome = run(added(add, raw_), region);
    ASSERT_TRUE(outcome.block.ok());
    EXPECT_EQ(add->runs, 3);
    forEachPosition(region, [&](const std::vector<std::int64_t>& at) {
        ASSERT_EQ(outcome.block->valueAt(at), MemorySource::expected(at) + 5);
    });
    EXPECT_LE(executor_.memory().usage().peak, executor_.memory().usage().limit);
}

TEST_F(Compute, ProgressIsToldByDearBlocksAlone) {
    std::vector<double> told;
    Request request{.array = added(std::make_shared<Add>(5, ComputeOperation::Cost::Expensive), raw_),
                    .region = Region({{1, 2}, {0, 2}, {0, 8}, {0, 9}})};
    request.progress = [&](double fraction) { told.push_back(fraction); };
    ASSERT_TRUE(executor_.run(request).block.ok());
    EXPECT_EQ(told, (std::vector<double>{0.5}));
    request.array = added(std::make_shared<Add>(6, ComputeOperation::Cost::Expensive), request.array);
    request.region = Region({{2, 3}, {0, 2}, {0, 8}, {0, 9}});
    told.clear();
    ASSERT_TRUE(executor_.run(request).block.ok());
    EXPECT_EQ(told, (std::vector<double>{0.25, 0.75}));
}

TEST_F(Compute, TheActivityOfAnOperationIsKnownByItsFingerprint) {
    const auto add = std::make_shared<Add>(5, ComputeOperation::Cost::Expensive);
    const LazyArray array = added(add, raw_);
    run(array, slice(0, 0));
    EXPECT_EQ(executor_.activity().of(array.fingerprint())->state, Work::State::Done);
    const auto failing = std::make_shared<Add>(6, ComputeOperation::Cost::Cheap);
    failing->fails = true;
    const LazyArray broken = added(failing, array);
    run(broken, slice(0, 0));
    EXPECT_EQ(executor_.activity().of(broken.fingerprint())->state, Work::State::Failed);
    EXPECT_EQ(executor_.activity().of(broken.fingerprint())->error, "cannot be");
}

TEST_F(Compute, AnOperationLearnsHowMuchMemoryThereIs) {
    const auto add = std::make_shared<Add>(5, ComputeOperation::Cost::Cheap);
    add->scratchWanted = 1U << 30U;
    ASSERT_TRUE(run(added(add, raw_), slice(0, 0)).block.ok());
    EXPECT_GT(add->scratchGiven, 3U << 20U);
    EXPECT_LE(add->scratchGiven, 4U << 20U);
}

TEST_F(Compute, ARequestMayLeaveMemoryToOthers) {
    const auto add = std::make_shared<Add>(5, ComputeOperation::Cost::Cheap);
    add->scratchWanted = 1U << 30U;
    const LazyArray array = added(add, raw_);
    constexpr std::uint64_t kShare = 1U << 20U;
    ASSERT_TRUE(executor_.run({.array = array, .region = slice(0, 0), .memoryLimit = kShare}).block.ok());
    EXPECT_GT(add->scratchGiven, kShare / 2);
    EXPECT_LE(add->scratchGiven, kShare);
    EXPECT_LE(Executor::peakBytes(array, slice(0, 0), kShare), kShare);
}

TEST_F(Compute, APreviewLeavesDearOperationsOut) {
    const LazyArray cheap = added(std::make_shared<Add>(1, ComputeOperation::Cost::Cheap), raw_);
    const auto dear = std::make_shared<Add>(10, ComputeOperation::Cost::Expensive);
    const LazyArray array = added(std::make_shared<Add>(100, ComputeOperation::Cost::Cheap), added(dear, cheap));
    const LazyArray preview = previewOf(array);
    ASSERT_TRUE(preview);
    EXPECT_EQ(preview.axes(), array.axes());
    const Outcome outcome = run(preview, slice(1, 2));
    EXPECT_EQ(outcome.block->valueAt({1, 2, 3, 4}), MemorySource::expected({1, 2, 3, 4}) + 101);
    EXPECT_EQ(dear->runs, 0);
}

TEST_F(Compute, ThereIsNoPreviewWhereNothingIsDearOrSomethingDearHasNoStandIn) {
    EXPECT_FALSE(previewOf(raw_));
    EXPECT_FALSE(previewOf(added(std::make_shared<Add>(1, ComputeOperation::Cost::Cheap), raw_)));
    const auto dear = std::make_shared<Add>(1, ComputeOperation::Cost::Expensive);
    dear->hasStandIn = false;
    EXPECT_FALSE(previewOf(added(dear, raw_)));
}

TEST_F(Compute, AByProductIsMadeOnceForAllWhoAskForIt) {
    const auto operation = std::make_shared<FromByProduct>();
    const LazyArray array = LazyArray::fromOperation(operation, {raw_});
    for (std::int64_t t = 0; t < 3; ++t) {
        const Outcome outcome = run(array, slice(t, 0));
        ASSERT_TRUE(outcome.block.ok());
        EXPECT_EQ(outcome.block->valueAt({t, 0, 5, 5}), 7);
    }
    EXPECT_EQ(operation->made, 1);
    executor_.clearCache();
    run(array, slice(0, 0));
    EXPECT_EQ(operation->made, 2) << "it is kept as long as there is room";
}

TEST_F(Compute, AByProductThatFailsIsTheErrorOfItsBlockAndTriedAgain) {
    const auto operation = std::make_shared<FromByProduct>();
    operation->failAt = 1;
    const LazyArray array = LazyArray::fromOperation(operation, {raw_});
    const Outcome outcome = run(array, slice(0, 0));
    ASSERT_FALSE(outcome.block.ok());
    EXPECT_EQ(outcome.block.error().message, "no by-product today");
    EXPECT_TRUE(run(array, slice(0, 0)).block.ok());
}

} // namespace
} // namespace lazulite::graph
