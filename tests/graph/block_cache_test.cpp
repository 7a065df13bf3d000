#include "lazulite/graph/block_cache.h"

#include <gtest/gtest.h>

namespace lazulite::graph {
namespace {

constexpr std::int64_t kBlockBytes = 1000;

Region blockAt(std::int64_t i) {
    return Region({{i, i + 1}, {0, kBlockBytes}});
}

Block makeBlock(const Region& region) {
    std::shared_ptr<std::byte[]> memory(new std::byte[static_cast<std::size_t>(region.elementCount())]);
    return {std::shared_ptr<const std::byte>(memory, memory.get()), DType::UInt8, region};
}

/// A cache that is kept at a number of blocks, as the budget keeps it.
class Kept {
public:
    explicit Kept(std::size_t most) : most_(most) {}

    /// Asks for a block as a request does; whether it was there.
    bool ask(std::int64_t i) {
        if (cache.find(print, blockAt(i), 0)) return true;
        if (cache.size() >= most_) cache.evict(kBlockBytes);
        cache.insert(print, blockAt(i), 0, makeBlock(blockAt(i)), {});
        return false;
    }

    BlockCache cache;
    Fingerprint print = Fingerprint::of("a");

private:
    std::size_t most_;
};

TEST(BlockCache, FindsWhatWasPutInAndPartsOfWideEntries) {
    BlockCache cache;
    const Fingerprint print = Fingerprint::of("a");
    const Region volume({{0, 4}, {0, kBlockBytes}});
    cache.insert(print, volume, 5, makeBlock(volume), {.wide = true});
    ASSERT_EQ(cache.holder(print, blockAt(2)), volume);
    EXPECT_TRUE(cache.find(print, volume, 5));
    EXPECT_FALSE(cache.holder(print, blockAt(4)));
    EXPECT_FALSE(cache.holder(Fingerprint::of("b"), blockAt(2)));
}

TEST(BlockCache, DropsAnEntryWhoseFileHasChanged) {
    BlockCache cache;
    const Fingerprint print = Fingerprint::of("a");
    cache.insert(print, blockAt(1), 5, makeBlock(blockAt(1)), {});
    EXPECT_FALSE(cache.find(print, blockAt(1), 6));
    EXPECT_EQ(cache.size(), 0U);
}

TEST(BlockCache, NeverLetsGoOfWhatSomebodyHolds) {
    BlockCache cache;
    const Fingerprint print = Fingerprint::of("a");
    const Block held = makeBlock(blockAt(0));
    cache.insert(print, blockAt(0), 0, held, {});
    cache.insert(print, blockAt(1), 0, makeBlock(blockAt(1)), {});
    EXPECT_TRUE(cache.evict(10 * kBlockBytes));
    EXPECT_TRUE(cache.find(print, blockAt(0), 0));
    EXPECT_FALSE(cache.find(print, blockAt(1), 0));
    EXPECT_FALSE(cache.evict(1));
}

TEST(BlockCache, ALongDragDoesNotThrowOutWhatIsLookedAtAgainAndAgain) {
    Kept kept(100);
    for (int visit = 0; visit < 4; ++visit) {
        for (std::int64_t i = 0; i < 50; ++i) kept.ask(i);
    }
    for (std::int64_t i = 1000; i < 11000; ++i) kept.ask(i);
    int stillThere = 0;
    for (std::int64_t i = 0; i < 50; ++i) stillThere += kept.ask(i) ? 1 : 0;
    EXPECT_GE(stillThere, 40);
}

TEST(BlockCache, ALoopThatDoesNotFitKeepsHittingAPartOfItself) {
    Kept kept(100);
    int hits = 0;
    for (int round = 0; round < 20; ++round) {
        for (std::int64_t i = 0; i < 200; ++i) hits += kept.ask(i) ? 1 : 0;
    }
    EXPECT_GE(hits, 20 * 200 / 4) << "half of the loop fits, at least a quarter must hit";
}

TEST(BlockCache, WhatBecomesInterestingReplacesWhatWasLongAgo) {
    Kept kept(100);
    for (int visit = 0; visit < 3; ++visit) {
        for (std::int64_t i = 0; i < 100; ++i) kept.ask(i);
    }
    int hits = 0;
    constexpr int kRounds = 60;
    for (int round = 0; round < kRounds; ++round) {
        for (std::int64_t i = 500; i < 560; ++i) {
            const bool hit = kept.ask(i);
            if (round >= kRounds - 10) hits += hit ? 1 : 0;
        }
    }
    EXPECT_GE(hits, 10 * 60 * 8 / 10);
}

} // namespace
} // namespace lazulite::graph
