#pragma once

#include <bit>

#include "lazulite/compute/kernels/portable.h"

/// From stored elements to the numbers that kernels compute with, and back.
namespace lazulite::compute {

/// IEEE 754 half of a float, rounded to nearest even; too large a number becomes infinity.
LAZULITE_HD inline Half toHalf(float value) {
    const auto bits = std::bit_cast<std::uint32_t>(value);
    const auto sign = static_cast<std::uint16_t>((bits >> 16U) & 0x8000U);
    const std::uint32_t magnitude = bits & 0x7FFFFFFFU;
    constexpr std::uint32_t kInfinity = 0x7F800000U;
    constexpr std::uint32_t kTooLarge = 0x477FF000U;    // 65520, the first that rounds to infinity
    constexpr std::uint32_t kLeastNormal = 0x38800000U; // 2^-14
    if (magnitude > kInfinity) return {static_cast<std::uint16_t>(sign | 0x7E00U)};
    if (magnitude >= kTooLarge) return {static_cast<std::uint16_t>(sign | 0x7C00U)};
    if (magnitude < kLeastNormal) {
        // Adding 1/2 leaves the subnormal's 2^-24 steps in the last bits of the mantissa, rounded by the addition.
        const float shifted = std::bit_cast<float>(magnitude) + 0.5F;
        return {static_cast<std::uint16_t>(sign | (std::bit_cast<std::uint32_t>(shifted) - 0x3F000000U))};
    }
    const std::uint32_t rounded = magnitude + 0xFFFU + ((magnitude >> 13U) & 1U);
    return {static_cast<std::uint16_t>(sign | ((rounded - 0x38000000U) >> 13U))};
}

/// A computed number as an element of type T: integers are rounded to nearest even and saturate, NaN becomes 0.
template <typename T, typename Real>
LAZULITE_HD T toElement(Real value) {
    if constexpr (std::is_same_v<T, Half>) {
        return toHalf(static_cast<float>(value));
    } else if constexpr (std::is_floating_point_v<T>) {
        return static_cast<T>(value);
    } else if constexpr (sizeof(T) <= 4) {
        // Adding 1.5 x 2^23 (2^52) rounds to a whole number, in plain arithmetic that compilers vectorise, and leaves
        // it in the last bits.
        constexpr Real kRounder = std::is_same_v<Real, float> ? Real(12582912) : Real(6755399441055744);
        using Bits = std::conditional_t<std::is_same_v<Real, float>, std::uint32_t, std::uint64_t>;
        constexpr auto kLow = static_cast<Real>(std::numeric_limits<T>::min());
        constexpr auto kHigh = static_cast<Real>(std::numeric_limits<T>::max());
        static_assert(sizeof(T) < 4 || std::is_same_v<Real, double>, "32-bit integers are computed in double");
        const Real known = std::is_unsigned_v<T> || value == value ? value : Real(0);
        const Real raised = known > kLow ? known : kLow; // takes NaN for kLow
        const Real kept = raised < kHigh ? raised : kHigh;
        return static_cast<T>(std::bit_cast<Bits>(kept + kRounder));
    } else {
        constexpr auto kLow = static_cast<double>(std::numeric_limits<T>::min());
        constexpr auto kBehind = static_cast<double>(std::numeric_limits<T>::max() / 2 + 1) * 2.0;
        if (!(value == value)) return 0;
        const double rounded = nearbyint(static_cast<double>(value));
        if (rounded <= kLow) return std::numeric_limits<T>::min();
        return rounded >= kBehind ? std::numeric_limits<T>::max() : static_cast<T>(rounded);
    }
}

} // namespace lazulite::compute
