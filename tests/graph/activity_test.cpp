#include "lazulite/graph/activity.h"

#include <gtest/gtest.h>

#include <string>

namespace lazulite::graph {
namespace {

Fingerprint print(int number) {
    return Fingerprint::of(std::to_string(number));
}

TEST(Activity, TellsWhatRunsHowFarAndWhatItTook) {
    Activity activity;
    EXPECT_FALSE(activity.of(print(1)));
    activity.begin(print(1));
    activity.progress(print(1), 0.25);
    EXPECT_EQ(activity.of(print(1))->state, Work::State::Running);
    EXPECT_EQ(activity.of(print(1))->fraction, 0.25);
    activity.end(print(1), 12.5);
    EXPECT_EQ(activity.of(print(1))->state, Work::State::Done);
    EXPECT_EQ(activity.of(print(1))->milliseconds, 12.5);
}

TEST(Activity, KeepsWhyAnOperationFailedUntilItRunsAgain) {
    Activity activity;
    activity.begin(print(1));
    activity.fail(print(1), "the PSF is empty");
    EXPECT_EQ(activity.of(print(1))->state, Work::State::Failed);
    EXPECT_EQ(activity.of(print(1))->error, "the PSF is empty");
    activity.begin(print(1));
    EXPECT_TRUE(activity.of(print(1))->error.empty());
}

TEST(Activity, ForgetsWhatWasGivenUp) {
    Activity activity;
    activity.begin(print(1));
    activity.giveUp(print(1));
    EXPECT_FALSE(activity.of(print(1)));
}

TEST(Activity, RemembersABoundedNumberOfOperations) {
    Activity activity;
    const int many = static_cast<int>(Activity::kKept) + 10;
    for (int i = 0; i < many; ++i) activity.begin(print(i));
    EXPECT_FALSE(activity.of(print(0)));
    EXPECT_TRUE(activity.of(print(many - 1)));
}

} // namespace
} // namespace lazulite::graph
