#include "lazulite/core/units.h"

#include <gtest/gtest.h>

#include "lazulite/core/axis.h"

namespace lazulite {
namespace {

TEST(Units, AreReadAsPeopleWriteThem) {
    EXPECT_EQ(parseBytes("4G"), std::uint64_t{4} << 30);
    EXPECT_EQ(parseBytes("512 MiB"), std::uint64_t{512} << 20);
    EXPECT_EQ(parseBytes("1000"), 1000U);
    EXPECT_EQ(parseBytes("-1"), std::nullopt);
    EXPECT_EQ(parseBytes("4X"), std::nullopt);
    EXPECT_EQ(parseBytes(""), std::nullopt);
    EXPECT_EQ(micrometresPer("nm"), 1e-3);
    EXPECT_EQ(secondsPer("msec"), 1e-3);
    EXPECT_EQ(secondsPer("parsec"), std::nullopt);
}

TEST(Units, AreWrittenShort) {
    EXPECT_EQ(bytesText(999), "999 B");
    EXPECT_EQ(bytesText(1'500'000), "1.5 MB");
    EXPECT_EQ(quantityText(12.5, "s"), "12.5 s");
    EXPECT_EQ(quantityText(7500, "s"), "2 h 05 min");
    EXPECT_EQ(quantityText(1250, "um"), "1.25 mm");
    EXPECT_EQ(quantityText(3, "parsec"), "3 parsec");
}

TEST(Axis, TellsAPositionByItsLabelElseByItsUnit) {
    EXPECT_EQ((Axis{"c", 2, 1, "", {"488 nm", "560 nm"}}.valueText(1)), "560 nm");
    EXPECT_EQ((Axis{"t", 9, 2.5, "s", {}}.valueText(5)), "12.5 s");
    EXPECT_EQ((Axis{"t", 9, 1, "", {}}.valueText(5)), "");
}

} // namespace
} // namespace lazulite
