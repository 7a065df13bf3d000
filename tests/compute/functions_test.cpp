#include "lazulite/compute/kernels/functions.h"

#include <gtest/gtest.h>

#include <random>

namespace lazulite::compute {
namespace {

constexpr float kInfinity = std::numeric_limits<float>::infinity();
constexpr float kNaN = std::numeric_limits<float>::quiet_NaN();

/// Units in the last place that `value` is off by.
double unitsOff(float value, double exact) {
    const auto nearest = static_cast<float>(exact);
    const double unit = std::nextafter(std::abs(nearest), kInfinity) - std::abs(nearest);
    return std::abs(static_cast<double>(value) - exact) / unit;
}

TEST(Functions, TheExponentialIsWithinTwoUnits) {
    for (double x = -86.98; x < 88.72; x += 0.00137) {
        const auto single = static_cast<float>(x);
        ASSERT_LE(unitsOff(exponential(single), std::exp(static_cast<double>(single))), 2) << x;
    }
    EXPECT_EQ(exponential(0.0F), 1.0F);
}

TEST(Functions, TheExponentialHasItsLimits) {
    EXPECT_EQ(exponential(-kInfinity), 0.0F);
    EXPECT_EQ(exponential(-88.0F), 0.0F);
    EXPECT_EQ(exponential(-1e30F), 0.0F);
    EXPECT_EQ(exponential(88.73F), kInfinity);
    EXPECT_EQ(exponential(1e30F), kInfinity);
    EXPECT_EQ(exponential(kInfinity), kInfinity);
    EXPECT_TRUE(std::isnan(exponential(kNaN)));
}

/// What is taken from one, in the precision of the larger of both.
TEST(Functions, OneLessAPowerOfTwoIsAsExactAsWhatItIsMadeOf) {
    for (double x = -127; x < 127.49; x += 0.00137) {
        const auto single = static_cast<float>(x);
        const double power = std::exp2(static_cast<double>(single));
        ASSERT_NEAR(lessPowerOfTwo(single), 1 - power, 4e-7 * std::max(1.0, power)) << x;
    }
    for (int n = -126; n < 128; ++n) {
        EXPECT_EQ(lessPowerOfTwo(static_cast<float>(n)), 1 - std::ldexp(1.0F, n));
    }
}

TEST(Functions, OneLessAPowerOfTwoHasItsLimits) {
    for (const float x : {-127.0F, -127.6F, -1e30F, -kInfinity}) EXPECT_EQ(lessPowerOfTwo(x), 1.0F) << x;
    for (const float x : {127.6F, 1e30F, kInfinity}) EXPECT_EQ(lessPowerOfTwo(x), -kInfinity) << x;
    for (const float x : {0.0F, -0.0F, 1e-30F}) EXPECT_EQ(lessPowerOfTwo(x), 0.0F) << x;
}

TEST(Functions, LogarithmsAreWithinThreeUnits) {
    std::mt19937 random(3);
    for (int i = 0; i < 200000; ++i) {
        const auto x = std::bit_cast<float>(static_cast<std::uint32_t>(random() % 0x7F800000U)); // any positive float
        if (x == 0) continue;
        ASSERT_LE(unitsOff(logarithm(x), std::log(static_cast<double>(x))), 3) << x;
        ASSERT_LE(unitsOff(logarithm2(x), std::log2(static_cast<double>(x))), 3) << x;
    }
    for (float x = 0.9F; x < 1.1F; x += 1e-5F) {
        ASSERT_LE(unitsOff(logarithm(x), std::log(static_cast<double>(x))), 3) << x;
        ASSERT_LE(unitsOff(logarithm2(x), std::log2(static_cast<double>(x))), 3) << x;
    }
}

TEST(Functions, PowersOfTwoHaveWholeLogarithms) {
    for (int n = -149; n < 128; ++n) EXPECT_EQ(logarithm2(std::ldexp(1.0F, n)), static_cast<float>(n));
}

TEST(Functions, LogarithmsHaveTheirLimits) {
    EXPECT_EQ(logarithm(0.0F), -kInfinity);
    EXPECT_EQ(logarithm2(-0.0F), -kInfinity);
    EXPECT_EQ(logarithm(kInfinity), kInfinity);
    EXPECT_EQ(logarithm(1.0F), 0.0F);
    EXPECT_TRUE(std::isnan(logarithm(-1.0F)));
    EXPECT_TRUE(std::isnan(logarithm2(kNaN)));
}

TEST(Functions, TheSmallerAndTheLargerOfNaNIsNaN) {
    EXPECT_EQ(smaller(1.0F, 2.0F), 1.0F);
    EXPECT_EQ(larger(1.0F, 2.0F), 2.0F);
    for (const auto choose : {smaller<float>, larger<float>}) {
        EXPECT_TRUE(std::isnan(choose(kNaN, 1.0F)));
        EXPECT_TRUE(std::isnan(choose(1.0F, kNaN)));
    }
}

} // namespace
} // namespace lazulite::compute
