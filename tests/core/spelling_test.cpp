#include "lazulite/core/spelling.h"

#include <gtest/gtest.h>

namespace lazulite {
namespace {

TEST(Spelling, NearestFindsTypingMistakes) {
    EXPECT_EQ(nearest("inof", {"view", "info", "slice"}), "info");
    EXPECT_EQ(nearest("slcie", {"view", "info", "slice"}), "slice");
    EXPECT_EQ(nearest("recording", {"view", "info", "slice"}), "");
}

} // namespace
} // namespace lazulite
