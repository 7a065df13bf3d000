#include "lazulite/graph/executor.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <future>
#include <latch>

#include "lazulite/core/error.h"
#include "support/memory_source.h"

namespace lazulite::graph {
namespace {

using testing::forEachPosition;
using testing::MemorySource;
using testing::namedAxes;

constexpr std::uint64_t kMegabyte = 1U << 20U;

class ExecutorTest : public ::testing::Test {
protected:
    Region slice(std::int64_t t, std::int64_t z) const {
        Region region = Region::whole(array_.shape());
        region[0] = {t, t + 1};
        region[1] = {z, z + 1};
        return region;
    }
    Region volume(std::int64_t t) const {
        Region region = Region::whole(array_.shape());
        region[0] = {t, t + 1};
        return region;
    }
    std::future<Outcome> submit(Request request) {
        auto promise = std::make_shared<std::promise<Outcome>>();
        auto future = promise->get_future();
        executor_.submit(std::move(request), [promise](Outcome outcome) { promise->set_value(std::move(outcome)); });
        return future;
    }
    static void expectRight(const Outcome& outcome, const Region& region) {
        ASSERT_TRUE(outcome.block.ok()) << outcome.block.error().text();
        ASSERT_EQ(outcome.block->region(), region);
        forEachPosition(region, [&](const std::vector<std::int64_t>& at) {
            ASSERT_EQ(outcome.block->valueAt(at), MemorySource::expected(at));
        });
    }

    std::shared_ptr<MemorySource> source_ =
        std::make_shared<MemorySource>(namedAxes("tzyx", {6, 8, 20, 30}), DType::UInt16);
    LazyArray array_ = LazyArray::fromSource(source_);
    Executor executor_{{.memoryLimit = 8 * kMegabyte, .threads = 2}};
};

TEST_F(ExecutorTest, MakingAnArrayReadsNothing) {
    EXPECT_EQ(array_.bytes(), 6 * 8 * 20 * 30 * 2);
    EXPECT_EQ(source_->readCount(), 0U);
    EXPECT_GT(Executor::peakBytes(array_, volume(0)), 0U);
    EXPECT_EQ(source_->readCount(), 0U);
}

TEST_F(ExecutorTest, ASliceReadsOnePageOnce) {
    const Outcome first = executor_.run({.array = array_, .region = slice(2, 3)});
    expectRight(first, slice(2, 3));
    EXPECT_EQ(first.costs.reads.pagesRead, 1);
    EXPECT_EQ(first.costs.reads.bytesRead, 20 * 30 * 2);
    const Outcome second = executor_.run({.array = array_, .region = slice(2, 3)});
    EXPECT_EQ(second.costs.reads.pagesRead, 0);
    EXPECT_EQ(second.costs.cacheHits, 1);
    EXPECT_EQ(second.block->data(), first.block->data()) << "the buffer is shared, not copied";
}

TEST_F(ExecutorTest, AnXzSliceReadsOnlyItsRows) {
    Region region = volume(1);
    region[2] = {7, 8};
    const Outcome outcome = executor_.run({.array = array_, .region = region});
    expectRight(outcome, region);
    EXPECT_EQ(outcome.costs.reads.bytesRead, 8 * 30 * 2);
}

TEST_F(ExecutorTest, ASliceOfAVolumeThatIsCachedIsAHit) {
    expectRight(executor_.run({.array = array_, .region = volume(4)}), volume(4));
    const Outcome outcome = executor_.run({.array = array_, .region = slice(4, 5)});
    expectRight(outcome, slice(4, 5));
    EXPECT_EQ(outcome.costs.reads.pagesRead, 0);
}

TEST_F(ExecutorTest, AVolumeReadsOnlyThePagesThatAreNotCached) {
    executor_.run({.array = array_, .region = slice(4, 5)});
    const Outcome outcome = executor_.run({.array = array_, .region = volume(4)});
    expectRight(outcome, volume(4));
    EXPECT_EQ(outcome.costs.reads.bytesRead, 7 * 20 * 30 * 2);
}

TEST_F(ExecutorTest, EqualRequestsAtOneTimeAreReadOnce) {
    source_->hold();
    auto first = submit({.array = array_, .region = slice(0, 0)});
    source_->awaitHeldReads(1);
    auto second = submit({.array = array_, .region = slice(0, 0)});
    source_->release();
    expectRight(first.get(), slice(0, 0));
    expectRight(second.get(), slice(0, 0));
    EXPECT_EQ(source_->readCount(), 1U);
}

TEST_F(ExecutorTest, ACancelledRequestStopsInsideItsRead) {
    source_->hold();
    std::stop_source stop;
    auto outcome = submit({.array = array_, .region = slice(0, 0), .stop = stop.get_token()});
    source_->awaitHeldReads(1);
    stop.request_stop();
    const Outcome answer = outcome.get(); // although the source never lets the read go on
    ASSERT_FALSE(answer.block.ok());
    EXPECT_EQ(answer.block.error().kind, Error::Kind::Cancelled);
    EXPECT_EQ(answer.costs.cancelled, 1);
    EXPECT_EQ(source_->readCount(), 0U);
    source_->release();
}

TEST_F(ExecutorTest, CancellingOneOfTwoLeavesTheOtherItsBlock) {
    source_->hold();
    std::stop_source stop;
    auto cancelled = submit({.array = array_, .region = slice(0, 0), .stop = stop.get_token()});
    source_->awaitHeldReads(1);
    auto other = submit({.array = array_, .region = slice(0, 0)});
    std::this_thread::sleep_for(std::chrono::milliseconds(20)); // let it join; without it the test only proves less
    stop.request_stop();
    source_->release();
    expectRight(other.get(), slice(0, 0));
    EXPECT_FALSE(cancelled.get().block.ok());
}

TEST_F(ExecutorTest, AVisibleRequestDoesNotWaitBehindBackgroundWork) {
    source_->hold();
    std::vector<std::future<Outcome>> background;
    for (int t = 0; t < 6; ++t) {
        for (int z = 1; z < 4; ++z) {
            background.push_back(submit({.array = array_, .region = slice(t, z), .priority = Priority::Background}));
        }
    }
    source_->awaitHeldReads(1);
    const auto other = std::make_shared<MemorySource>(namedAxes("tzyx", {1, 1, 4, 4}), DType::UInt8, "other");
    const LazyArray array = LazyArray::fromSource(other);
    const Outcome outcome = submit({.array = array, .region = Region::whole(array.shape())}).get();
    EXPECT_TRUE(outcome.block.ok());
    source_->release();
    for (auto& each : background) EXPECT_TRUE(each.get().block.ok());
}

/// Reads of some planes hang, as on a disk that does not answer, until it is let go.
class HangingExecutorTest : public ExecutorTest, public ::testing::WithParamInterface<std::int64_t> {};

TEST_P(HangingExecutorTest, ReadsThatHangHoldUpNoOtherRequestAndNoTask) {
    std::latch answers(1);
    std::atomic<int> hanging = 0;
    source_->onRead = [&, last = GetParam()](const Region& region) {
        if (region[0].begin != 4 || region[1].begin > last) return;
        ++hanging;
        hanging.notify_all();
        answers.wait();
    };
    auto held = submit({.array = array_, .region = volume(4), .priority = Priority::Background});
    const int most = static_cast<int>(std::min<std::int64_t>(GetParam() + 1, 4)); // two reads a core at once
    for (int seen = hanging; seen < most; seen = hanging) hanging.wait(seen);
    for (const std::int64_t t : {0, 1, 2}) expectRight(submit({.array = array_, .region = volume(t)}).get(), volume(t));
    expectRight(submit({.array = array_, .region = volume(3), .priority = Priority::Background}).get(), volume(3));
    std::promise<void> posted;
    executor_.post([&] { posted.set_value(); });
    posted.get_future().wait();
    answers.count_down();
    expectRight(held.get(), volume(4));
}

INSTANTIATE_TEST_SUITE_P(UpToPlane, HangingExecutorTest, ::testing::Values(0, 1, 7));

TEST_F(ExecutorTest, AFileThatChangedIsReadAgain) {
    executor_.run({.array = array_, .region = slice(2, 3)});
    source_->version = 2;
    EXPECT_EQ(executor_.run({.array = array_, .region = slice(2, 3)}).costs.reads.pagesRead, 1);
    EXPECT_EQ(executor_.run({.array = array_, .region = slice(2, 3)}).costs.reads.pagesRead, 0);
}

TEST_F(ExecutorTest, ABadFileIsAnErrorOfItsOwnBlocksOnly) {
    source_->bad = {3};
    const Outcome bad = executor_.run({.array = array_, .region = slice(3, 0)});
    ASSERT_FALSE(bad.block.ok());
    EXPECT_EQ(bad.block.error().kind, Error::Kind::Corrupt);
    expectRight(executor_.run({.array = array_, .region = slice(2, 0)}), slice(2, 0));
    source_->bad = {};
    expectRight(executor_.run({.array = array_, .region = slice(3, 0)}), slice(3, 0));
}

TEST_F(ExecutorTest, FillsBadPartsWithZerosAndNamesThemWhereThatIsAskedFor) {
    source_->bad = {3};
    const Region whole = Region::whole(array_.shape());
    const Outcome strict = executor_.run({.array = array_, .region = whole});
    EXPECT_FALSE(strict.block.ok());
    const Outcome filled = executor_.run({.array = array_, .region = whole, .fillHoles = true});
    ASSERT_TRUE(filled.block.ok());
    ASSERT_EQ(filled.problems.size(), 1U);
    EXPECT_EQ(filled.block->valueAt({3, 1, 2, 3}), 0);
    EXPECT_EQ(filled.block->valueAt({4, 1, 2, 3}), MemorySource::expected({4, 1, 2, 3}));
    source_->bad = {};
    EXPECT_TRUE(executor_.run({.array = array_, .region = whole, .fillHoles = true}).problems.empty())
        << "a result with holes must not be cached";
}

TEST_F(ExecutorTest, RefusesARegionOutsideTheArray) {
    Region outside = slice(5, 0);
    outside[0] = {6, 7};
    const Outcome outcome = executor_.run({.array = array_, .region = outside});
    ASSERT_FALSE(outcome.block.ok());
    EXPECT_EQ(outcome.block.error().kind, Error::Kind::BadArgument);
    EXPECT_FALSE(executor_.run({.array = LazyArray(), .region = outside}).block.ok());
}

TEST_F(ExecutorTest, ADragThroughMoreThanTheBudgetNeverPassesIt) {
    const auto large = std::make_shared<MemorySource>(namedAxes("tzyx", {40, 4, 256, 256}), DType::UInt16, "large");
    const LazyArray array = LazyArray::fromSource(large); // 21 MB of 8
    std::vector<std::future<Outcome>> outcomes;
    for (std::int64_t t = 0; t < 40; ++t) {
        for (std::int64_t z = 0; z < 4; ++z) {
            outcomes.push_back(
                submit({.array = array, .region = Region({{t, t + 1}, {z, z + 1}, {0, 256}, {0, 256}})}));
        }
        for (auto& outcome : outcomes) ASSERT_TRUE(outcome.get().block.ok());
        outcomes.clear();
    }
    EXPECT_LE(executor_.memory().usage().peak, 8 * kMegabyte);
    const Outcome tooLarge = executor_.run({.array = array, .region = Region::whole(array.shape())});
    ASSERT_FALSE(tooLarge.block.ok());
    EXPECT_EQ(tooLarge.block.error().kind, Error::Kind::TooLarge);
}

TEST_F(ExecutorTest, CorrectedAxesShareTheBlocks) {
    Axes axes = array_.axes();
    axes[0].name = "p";
    axes[1].spacing = 0.5;
    executor_.run({.array = array_, .region = slice(2, 3)});
    const Outcome outcome = executor_.run({.array = array_.withAxes(axes), .region = slice(2, 3)});
    EXPECT_EQ(outcome.costs.reads.pagesRead, 0);
    axes[0].size = 7;
    EXPECT_THROW(array_.withAxes(axes), Failure);
}

TEST_F(ExecutorTest, TheLedgerAddsUpWhatWasDone) {
    executor_.run({.array = array_, .region = slice(0, 0), .label = "first"});
    executor_.run({.array = array_, .region = slice(0, 0), .label = "again"});
    const Costs totals = executor_.ledger().totals();
    EXPECT_EQ(totals.reads.pagesRead, 1);
    EXPECT_EQ(totals.cacheHits, 1);
    EXPECT_EQ(executor_.ledger().requests(), 2);
    EXPECT_EQ(executor_.ledger().recent().front().label, "again");
    EXPECT_NE(totals.json().find("\"pages_read\":1"), std::string::npos) << totals.json();
}

TEST_F(ExecutorTest, ReportsProgressOfALongRead) {
    std::atomic<double> last = 0;
    executor_.run({.array = array_, .region = volume(0), .progress = [&](double fraction) {
                       double seen = last;
                       while (fraction > seen && !last.compare_exchange_weak(seen, fraction)) {
                       }
                   }});
    EXPECT_EQ(last, 1.0);
}

TEST_F(ExecutorTest, AWholeStackIsReadOnAllCores) {
    const auto large = std::make_shared<MemorySource>(namedAxes("tzyx", {1, 4, 512, 512}), DType::UInt16, "large");
    const LazyArray array = LazyArray::fromSource(large);
    large->hold();
    auto outcome = submit({.array = array, .region = Region::whole(array.shape())});
    large->awaitHeldReads(2); // hangs, and fails by its timeout, if one read waits for the other
    large->release();
    EXPECT_TRUE(outcome.get().block.ok());
}

TEST_F(ExecutorTest, APageThatIsReadInPartsCountsAsOne) {
    const auto large = std::make_shared<MemorySource>(namedAxes("tzyx", {1, 3, 1024, 1024}), DType::UInt16, "large");
    const LazyArray array = LazyArray::fromSource(large);
    const Region page({{0, 1}, {1, 2}, {0, 1024}, {0, 1024}});
    EXPECT_EQ(executor_.run({.array = array, .region = page}).costs.reads.pagesRead, 1);
    EXPECT_GT(large->readCount(), 1U) << "else this proves nothing";
    const Region rows({{0, 1}, {0, 3}, {100, 900}, {0, 1024}});
    EXPECT_EQ(executor_.run({.array = array, .region = rows}).costs.reads.pagesRead, 2) << "one of the three is cached";
}

TEST_F(ExecutorTest, ClosingWhileReadsAreHeldCancelsThem) {
    auto source = std::make_shared<MemorySource>(namedAxes("tzyx", {1, 1, 4, 4}), DType::UInt8, "held");
    source->hold();
    const LazyArray array = LazyArray::fromSource(source);
    std::promise<Outcome> promise;
    {
        Executor closing({.memoryLimit = kMegabyte, .threads = 1});
        closing.submit({.array = array, .region = Region::whole(array.shape())},
                       [&](Outcome outcome) { promise.set_value(std::move(outcome)); });
        source->awaitHeldReads(1);
    }
    EXPECT_FALSE(promise.get_future().get().block.ok());
}

} // namespace
} // namespace lazulite::graph
