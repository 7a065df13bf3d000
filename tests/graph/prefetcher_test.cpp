#include "lazulite/graph/prefetcher.h"

#include <gtest/gtest.h>

#include "support/memory_source.h"

namespace lazulite::graph {
namespace {

using namespace std::chrono_literals;
using Positions = std::vector<std::int64_t>;

TEST(Motion, FetchesBothNeighboursAtRest) {
    Motion motion;
    const auto now = Motion::Clock::now();
    motion.moved(5, now);
    EXPECT_EQ(motion.ahead(10, now), (Positions{6, 4}));
    EXPECT_EQ(motion.ahead(6, now), (Positions{4}));
}

TEST(Motion, FetchesAlongADragAsFarAsItsPaceReaches) {
    Motion motion;
    auto now = Motion::Clock::now();
    for (int i = 20; i < 26; ++i) motion.moved(i, now += 100ms);
    const Positions ahead = motion.ahead(100, now);
    ASSERT_GE(ahead.size(), 10U);
    EXPECT_EQ(ahead.front(), 26);
    EXPECT_EQ(ahead[9], 35);
}

TEST(Motion, TurnsAtOnceWithTheSlider) {
    Motion motion;
    auto now = Motion::Clock::now();
    for (int i = 20; i < 26; ++i) motion.moved(i, now += 100ms);
    motion.moved(24, now += 100ms);
    EXPECT_EQ(motion.direction(), -1);
    EXPECT_EQ(motion.ahead(100, now).front(), 23);
}

class PrefetcherTest : public ::testing::Test {
protected:
    std::vector<Request> requestsAt(std::int64_t position) const {
        Region region = Region::whole(array_.shape());
        region[0] = {position, position + 1};
        region[1] = {0, 1};
        return {{.array = array_, .region = region}};
    }
    void moveTo(Prefetcher& prefetcher, std::int64_t position) {
        prefetcher.moved(0, position, 50, [this](std::int64_t at) { return requestsAt(at); });
    }

    std::shared_ptr<testing::MemorySource> source_ =
        std::make_shared<testing::MemorySource>(testing::namedAxes("tzyx", {50, 2, 16, 16}), DType::UInt16);
    LazyArray array_ = LazyArray::fromSource(source_);
};

TEST_F(PrefetcherTest, MakesTheNextStepACacheHit) {
    Executor executor({.memoryLimit = 64U << 20U, .threads = 2});
    Prefetcher prefetcher(executor);
    moveTo(prefetcher, 10);
    while (executor.ledger().requests() < 2) std::this_thread::sleep_for(1ms);
    const Outcome outcome = executor.run(requestsAt(11).front());
    ASSERT_TRUE(outcome.block.ok());
    EXPECT_EQ(outcome.costs.reads.pagesRead, 0);
    EXPECT_EQ(outcome.costs.cacheHits, 1);
}

TEST_F(PrefetcherTest, DropsWhatLiesAheadNoMore) {
    Executor executor({.memoryLimit = 64U << 20U, .threads = 2});
    Prefetcher prefetcher(executor);
    source_->hold();
    moveTo(prefetcher, 10); // 11 and 9
    source_->awaitHeldReads(1);
    moveTo(prefetcher, 40); // going up fast: neither is ahead any more
    while (executor.ledger().totals().cancelled < 1) std::this_thread::sleep_for(1ms);
    prefetcher.stop();
    source_->release();
    EXPECT_EQ(source_->readCount(), 0U);
}

TEST_F(PrefetcherTest, StaysInsideTheBudget) {
    Executor executor({.memoryLimit = 16384, .threads = 2}); // an eighth holds no page of 512 bytes rounded up to 4096
    Prefetcher prefetcher(executor);
    moveTo(prefetcher, 10);
    EXPECT_EQ(executor.run(requestsAt(10).front()).block.ok(), true);
    EXPECT_EQ(executor.ledger().requests(), 1);
}

} // namespace
} // namespace lazulite::graph
