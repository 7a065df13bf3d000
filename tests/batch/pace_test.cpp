#include "pace.h"

#include <gtest/gtest.h>

namespace lazulite::batch {
namespace {

using namespace std::chrono_literals;

TEST(Pace, SaysNothingBeforeSomethingIsKnown) {
    const Pace::Clock::time_point start{};
    Pace pace(start);
    EXPECT_EQ(pace.perSecond(), 0);
    EXPECT_FALSE(pace.secondsFor(10));
    pace.note(start + 100ms, 50);
    EXPECT_FALSE(pace.secondsFor(10)) << "too short to tell";
}

TEST(Pace, FollowsWhatChanges) {
    const Pace::Clock::time_point start{};
    Pace pace(start);
    for (int i = 1; i <= 50; ++i) pace.note(start + i * 200ms, i * 20.0);
    EXPECT_DOUBLE_EQ(pace.perSecond(), 100);
    EXPECT_DOUBLE_EQ(*pace.secondsFor(500), 5);
    for (int i = 1; i <= 60; ++i) pace.note(start + 10s + i * 1s, 1000 + i * 10.0);
    EXPECT_DOUBLE_EQ(pace.perSecond(), 10) << "what was long ago does not count";
}

TEST(Pace, ManyNotesWithinAMomentCountAsOne) {
    const Pace::Clock::time_point start{};
    Pace pace(start);
    for (int i = 1; i <= 10000; ++i) pace.note(start + i * 1ms, i);
    EXPECT_NEAR(pace.perSecond(), 1000, 1e-9);
}

} // namespace
} // namespace lazulite::batch
