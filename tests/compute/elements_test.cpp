#include "lazulite/compute/elements.h"

#include <gtest/gtest.h>

namespace lazulite::compute {
namespace {

TEST(Elements, IntegersRoundToNearestAndSaturate) {
    EXPECT_EQ((toElement<std::uint16_t>(41.6F)), 42);
    EXPECT_EQ((toElement<std::uint16_t>(-3.0F)), 0);
    EXPECT_EQ((toElement<std::uint16_t>(1e9F)), 65535);
    EXPECT_EQ((toElement<std::int8_t>(-200.0F)), -128);
    EXPECT_EQ((toElement<std::int16_t>(-1.6F)), -2);
    EXPECT_EQ((toElement<std::uint32_t>(4294967294.6)), 4294967295U);
    EXPECT_EQ((toElement<std::int32_t>(-1e12)), std::numeric_limits<std::int32_t>::min());
    EXPECT_EQ((toElement<std::uint64_t>(1e30)), std::numeric_limits<std::uint64_t>::max());
    EXPECT_EQ((toElement<std::int64_t>(-2.5)), -2);
}

TEST(Elements, NaNBecomesZeroInIntegers) {
    EXPECT_EQ((toElement<std::uint8_t>(std::numeric_limits<float>::quiet_NaN())), 0);
    EXPECT_EQ((toElement<std::int64_t>(std::numeric_limits<double>::quiet_NaN())), 0);
    EXPECT_NE((toElement<float>(std::numeric_limits<float>::quiet_NaN())), 0);
}

TEST(Elements, EveryHalfComesBackAsItself) {
    for (std::uint32_t bits = 0; bits < 0x10000U; ++bits) {
        const Half half{static_cast<std::uint16_t>(bits)};
        const auto value = static_cast<float>(half);
        if (value != value) continue;
        ASSERT_EQ(toHalf(value).bits, half.bits) << value;
    }
}

TEST(Elements, HalvesRoundToTheNearestEven) {
    EXPECT_EQ(static_cast<float>(toHalf(2049.0F)), 2048.0F);
    EXPECT_EQ(static_cast<float>(toHalf(2051.0F)), 2052.0F);
    EXPECT_EQ(static_cast<float>(toHalf(65519.0F)), 65504.0F);
    EXPECT_EQ(toHalf(65520.0F).bits, 0x7C00);
}

} // namespace
} // namespace lazulite::compute
