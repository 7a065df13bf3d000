#include <gtest/gtest.h>

#include <atomic>
#include <optional>
#include <thread>

#include "turns.h"

namespace lazulite::graph {
namespace {

/// Takes a turn on a thread of its own and keeps it until told.
class Taker {
public:
    Taker(Turns& turns, Priority priority, int most)
        : thread_([this, &turns, priority, most](const std::stop_token& stop) {
              const Turns::Turn turn = turns.take(priority, most, stop);
              outcome_ = turn ? 1 : -1;
              outcome_.notify_all();
              released_.wait(false);
          }) {}
    ~Taker() { release(); }

    bool has() {
        outcome_.wait(0);
        return outcome_ == 1;
    }
    bool waits() const { return outcome_ == 0; }
    void cancel() { thread_.request_stop(); }
    void release() {
        released_ = true;
        released_.notify_all();
        if (thread_.joinable()) thread_.join();
    }

private:
    std::atomic<int> outcome_ = 0;
    std::atomic<bool> released_ = false;
    std::jthread thread_;
};

TEST(Turns, WhoComesWhenAllAreTakenWaitsForAnEnd) {
    Turns turns;
    Taker first(turns, Priority::Visible, 1);
    ASSERT_TRUE(first.has());
    Taker second(turns, Priority::Visible, 1);
    Taker other(turns, Priority::Visible, 2); // two of its kind may run
    ASSERT_TRUE(other.has());
    EXPECT_TRUE(second.waits());
    other.release();
    EXPECT_TRUE(second.waits());
    first.release();
    EXPECT_TRUE(second.has());
}

TEST(Turns, TheUrgentDoNotWaitForWhatIsLessUrgent) {
    Turns turns;
    Taker ahead(turns, Priority::Prefetch, 1);
    ASSERT_TRUE(ahead.has());
    Taker visible(turns, Priority::Visible, 1);
    EXPECT_TRUE(visible.has());
    ahead.release();
    Taker next(turns, Priority::Prefetch, 1);
    EXPECT_TRUE(next.waits());
    visible.release();
    EXPECT_TRUE(next.has());
}

TEST(Turns, WaitingCanBeCancelled) {
    Turns turns;
    Taker first(turns, Priority::Visible, 1);
    ASSERT_TRUE(first.has());
    Taker second(turns, Priority::Visible, 1);
    second.cancel();
    EXPECT_FALSE(second.has());
    first.release();
    EXPECT_TRUE(Taker(turns, Priority::Visible, 1).has());
}

} // namespace
} // namespace lazulite::graph
