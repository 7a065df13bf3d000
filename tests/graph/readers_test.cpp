#include "readers.h"

#include <gtest/gtest.h>

#include <atomic>
#include <latch>
#include <numeric>
#include <stdexcept>
#include <string>

namespace lazulite::graph {
namespace {

constexpr int kThreads = 3;

/// A batch on a thread of its own, each of whose reads hangs until it is let go.
class Hanging {
public:
    Hanging(Readers& readers, std::size_t count, Priority priority = Priority::Visible)
        : thread_([this, &readers, count, priority] {
              readers.forEach(count, priority, [this](std::size_t) {
                  ++begun_;
                  begun_.notify_all();
                  released_.wait();
              });
          }) {}

    void awaitBegun(int count) const {
        for (int seen = begun_; seen < count; seen = begun_) begun_.wait(seen);
    }
    int begun() const { return begun_; }
    void release() { released_.count_down(); }

private:
    std::atomic<int> begun_ = 0;
    std::latch released_{1};
    std::jthread thread_;
};

TEST(Readers, RunEachReadOnceForManyWhoAskAtATime) {
    Readers readers(kThreads);
    std::vector<std::vector<int>> times(8, std::vector<int>(200));
    {
        std::vector<std::jthread> callers;
        for (std::vector<int>& mine : times) {
            callers.emplace_back(
                [&] { readers.forEach(mine.size(), Priority::Visible, [&](std::size_t i) { ++mine[i]; }); });
        }
    }
    for (const std::vector<int>& mine : times) EXPECT_EQ(mine, std::vector<int>(200, 1));
}

TEST(Readers, ReadAtOnceAsManyAsThereAreThreadsAndTheOneThatAsks) {
    Readers readers(kThreads);
    Hanging batch(readers, kThreads + 5);
    batch.awaitBegun(kThreads + 1);
    batch.release();
}

TEST(Readers, ThatHangForOneHoldUpNoOther) {
    Readers readers(kThreads);
    Hanging hanging(readers, kThreads + 5);
    hanging.awaitBegun(kThreads + 1);
    std::vector<std::size_t> order;
    readers.forEach(10, Priority::Background, [&](std::size_t i) { order.push_back(i); });
    std::vector<std::size_t> expected(10);
    std::iota(expected.begin(), expected.end(), std::size_t{0});
    EXPECT_EQ(order, expected) << "all by the thread that asks, for there is no other";
    EXPECT_EQ(hanging.begun(), kThreads + 1);
    hanging.release();
}

TEST(Readers, OneReadThatHangsHoldsUpNoneOfItsOwnBatchAndNoOther) {
    Readers readers(kThreads);
    std::latch others(9);
    std::latch released(1);
    std::jthread hanging([&] {
        readers.forEach(10, Priority::Visible, [&](std::size_t i) {
            if (i == 4) {
                released.wait();
            } else {
                others.count_down();
            }
        });
    });
    others.wait();
    std::atomic<int> read = 0;
    readers.forEach(10, Priority::Visible, [&](std::size_t) { ++read; });
    EXPECT_EQ(read, 10);
    released.count_down();
}

TEST(Readers, FreeThreadsGoToTheHighestPriorityFirst) {
    Readers readers(1);
    Hanging first(readers, 2);
    first.awaitBegun(2); // the one thread is taken
    Hanging prefetch(readers, 2, Priority::Prefetch);
    prefetch.awaitBegun(1);
    Hanging visible(readers, 2, Priority::Visible);
    visible.awaitBegun(1);
    first.release();
    visible.awaitBegun(2);
    EXPECT_EQ(prefetch.begun(), 1);
    visible.release();
    prefetch.awaitBegun(2);
    prefetch.release();
}

TEST(Readers, FreeThreadsGoToTheBatchThatFewestReadFor) {
    Readers readers(2);
    Hanging first(readers, 3);
    first.awaitBegun(3);
    Hanging second(readers, 9);
    Hanging third(readers, 9);
    second.awaitBegun(1);
    third.awaitBegun(1);
    first.release();
    second.awaitBegun(2);
    third.awaitBegun(2);
    EXPECT_EQ(second.begun() + third.begun(), 4);
    second.release();
    third.release();
}

TEST(Readers, WhatAReadThrowsReachesTheOneWhoAskedWhenTheOthersAreDone) {
    Readers readers(kThreads);
    std::atomic<int> done = 0;
    const auto read = [&](std::size_t i) {
        if (i == 5) throw std::runtime_error("read 5");
        ++done;
    };
    try {
        readers.forEach(20, Priority::Visible, read);
        FAIL() << "nothing was thrown";
    } catch (const std::runtime_error& error) {
        EXPECT_EQ(std::string(error.what()), "read 5");
    }
    EXPECT_EQ(done, 19);
}

TEST(Readers, HaveNothingToDoForNone) {
    Readers readers(kThreads);
    readers.forEach(0, Priority::Visible, [](std::size_t) { FAIL(); });
}

} // namespace
} // namespace lazulite::graph
