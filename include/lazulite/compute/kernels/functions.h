#pragma once

#include <algorithm>
#include <bit>

#include "lazulite/compute/kernels/portable.h"

/// exp and log in plain arithmetic, so that processors take many voxels at a time and all backends agree to the bit.
/// Within 3 units in the last place of a float; doubles go to the library.
namespace lazulite::compute {

/// e^x = 2^n e^r with n whole and |r| <= ln 2 / 2, e^r by a polynomial. Below x = -86.98 (2^-125.5) it is 0.
LAZULITE_HD inline float exponential(float x) {
    constexpr float kInfinite = 89.0F;          // e^x is too large for a float
    constexpr float kNothing = -87.5F;          // n = -126
    constexpr float kRounder = 12582912.0F;     // 1.5 x 2^23: adding it rounds to a whole number in the last bits
    constexpr float kLn2High = 0.693359375F;    // has few digits, so that n times it is exact
    constexpr float kLn2Low = -2.1219444e-4F;   // ln 2 - kLn2High
    constexpr std::uint32_t kHalf = 126U << 23; // the exponent of 2^-1
    const float shifted = x * 1.44269504F + kRounder;
    const float n = shifted - kRounder;
    const float r = (x - n * kLn2High) - n * kLn2Low;
    // The polynomial of degree 6 whose largest error, 4e-9, is the least, found by weighted least squares. Pairs of
    // terms, so that the chain of additions that wait for each other is short.
    const float square = r * r;
    const float low = 0.49999993F + r * 0.1666652F;
    const float high = 0.0416684F + r * 0.00836885F + square * 0.00138143F;
    const float power = 1.0F + (r + square * (low + square * high));
    // 2^(n - 1), which is a float for n from -125 to 128; for n = -126 its exponent and so itself is 0.
    const float scale = std::bit_cast<float>((std::bit_cast<std::uint32_t>(shifted) << 23U) + kHalf);
    const float result = power * scale * 2.0F;
    const float bounded = x > kInfinite ? std::numeric_limits<float>::infinity() : result;
    return x < kNothing ? 0.0F : bounded;
}

/// 1 - 2^x, within 4e-7 of the larger of 1 and 2^x; x must be a number. 2^x = 2^n 2^r with n whole and |r| <= 1/2.
/// Below x = -126.5 it is 1, above 127.5 minus infinity.
LAZULITE_HD inline float lessPowerOfTwo(float x) {
    constexpr float kRounder = 12582912.0F + 127; // 1.5 x 2^23: adding it rounds to a whole number in the last bits
    constexpr auto kLowest = std::bit_cast<std::uint32_t>(-127.0F);
    constexpr auto kHighest = std::bit_cast<std::int32_t>(128.0F);
    // Bits of numbers of the same sign are in the order of their sizes; compilers take the smaller of two whole numbers
    // in a single instruction, of two floats they do not.
    const auto bits = std::bit_cast<std::uint32_t>(x);
    const auto raised = static_cast<std::int32_t>(std::min(bits, kLowest));
    const auto bounded = std::bit_cast<float>(std::min(raised, kHighest));
    const float shifted = bounded + kRounder;
    const float r = bounded - (shifted - kRounder);
    // The polynomial of degree 5 whose largest error, 9e-8, is the least, found by weighted least squares.
    float power = std::fma(r, 0.00132647273F, 0.00967151299F);
    power = std::fma(r, power, 0.0555073358F);
    power = std::fma(r, power, 0.240222424F);
    power = std::fma(r, power, 0.693147004F);
    power = std::fma(r, power, 1.0F);
    // The last bits are n + 127, the exponent of 2^n; that of n = -127 makes 0, that of 128 infinity.
    return std::fma(-power, std::bit_cast<float>(std::bit_cast<std::uint32_t>(shifted) << 23U), 1.0F);
}

LAZULITE_HD inline double lessPowerOfTwo(double x) {
    return 1 - std::exp2(x);
}

LAZULITE_HD inline double exponential(double x) {
    return std::exp(x);
}

/// A number as 2^exponent times a mantissa between sqrt(1/2) and sqrt(2).
struct BinaryFloat {
    float exponent = 0;
    float mantissa = 1;
};

/// x must be positive and finite.
LAZULITE_HD inline BinaryFloat binaryOf(float x) {
    constexpr std::uint32_t kRootHalf = 0x3F3504F3U; // sqrt(1/2)
    constexpr std::uint32_t kMantissa = 0x007FFFFFU;
    const bool subnormal = x < std::numeric_limits<float>::min();
    const std::uint32_t bits = std::bit_cast<std::uint32_t>(subnormal ? x * 8388608.0F : x) - kRootHalf;
    const auto exponent = static_cast<std::int32_t>(bits) >> 23;
    const float mantissa = std::bit_cast<float>((bits & kMantissa) + kRootHalf);
    return {static_cast<float>(exponent) - (subnormal ? 23.0F : 0.0F), mantissa};
}

/// ln m by the series of 2 artanh((m - 1) / (m + 1)), m between sqrt(1/2) and sqrt(2).
LAZULITE_HD inline float logarithmOfMantissa(float m) {
    const float s = (m - 1.0F) / (m + 1.0F);
    const float square = s * s;
    float series = 2.0F / 9;
    series = series * square + 2.0F / 7;
    series = series * square + 2.0F / 5;
    series = series * square + 2.0F / 3;
    return s * square * series + 2.0F * s;
}

/// Puts the answers where a logarithm has no ordinary one.
LAZULITE_HD inline float logarithmOrLimit(float x, float logarithm) {
    constexpr float kInfinity = std::numeric_limits<float>::infinity();
    const float positive = x == kInfinity ? x : logarithm;
    const float known = x == 0 ? -kInfinity : positive;
    return x >= 0 ? known : std::numeric_limits<float>::quiet_NaN();
}

LAZULITE_HD inline float logarithm(float x) {
    constexpr float kLn2High = 0.693359375F;
    constexpr float kLn2Low = -2.1219444e-4F;
    const BinaryFloat parts = binaryOf(x);
    const float mantissa = logarithmOfMantissa(parts.mantissa) + parts.exponent * kLn2Low;
    return logarithmOrLimit(x, mantissa + parts.exponent * kLn2High);
}

LAZULITE_HD inline double logarithm(double x) {
    return std::log(x);
}

LAZULITE_HD inline float logarithm2(float x) {
    const BinaryFloat parts = binaryOf(x);
    return logarithmOrLimit(x, logarithmOfMantissa(parts.mantissa) * 1.44269504F + parts.exponent);
}

LAZULITE_HD inline double logarithm2(double x) {
    return std::log2(x);
}

/// NaN where one of them is.
template <typename Real>
LAZULITE_HD Real smaller(Real a, Real b) {
    return a < b || a != a ? a : b;
}
template <typename Real>
LAZULITE_HD Real larger(Real a, Real b) {
    return a > b || a != a ? a : b;
}

} // namespace lazulite::compute
