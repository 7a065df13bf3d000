#include "lazulite/core/region.h"

#include <gtest/gtest.h>

#include "lazulite/core/error.h"

namespace lazulite {
namespace {

TEST(Region, VisitsEachGridBlockThatItMeetsOnceClippedToTheArray) {
    std::vector<std::string> seen;
    forEachGridBlock(Region({{1, 3}, {3, 9}}), {2, 4}, {3, 9}, [&](const Region& b) { seen.push_back(b.toString()); });
    EXPECT_EQ(seen, (std::vector<std::string>{"[0:2, 0:4]", "[0:2, 4:8]", "[0:2, 8:9]", "[2:3, 0:4]", "[2:3, 4:8]",
                                              "[2:3, 8:9]"}));
}

TEST(Region, AnEmptyOneMeetsNoBlock) {
    forEachGridBlock(Region({{2, 2}, {0, 9}}), {2, 4}, {3, 9}, [](const Region&) { FAIL(); });
}

TEST(Region, IntersectsContainsAndMoves) {
    const Region a({{0, 5}, {2, 8}});
    const Region b({{3, 9}, {0, 4}});
    EXPECT_EQ(a.intersect(b), Region({{3, 5}, {2, 4}}));
    EXPECT_TRUE(a.contains(a.intersect(b)));
    EXPECT_FALSE(a.contains(b));
    EXPECT_TRUE(a.intersect(Region({{6, 7}, {0, 9}})).empty());
    EXPECT_EQ(a.intersect(b).relativeTo(a), Region({{3, 5}, {0, 2}}));
}

TEST(Shape, ThatOverflowsIsRefused) {
    EXPECT_EQ(elementCount({2, 0, 5}), 0);
    EXPECT_THROW(elementCount({std::int64_t{1} << 40, std::int64_t{1} << 40}), Failure);
}

} // namespace
} // namespace lazulite
