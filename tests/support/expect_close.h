#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "lazulite/core/dtype.h"

namespace lazulite::testing {

/// The largest (+1) or smallest (-1) number of a type, as a double: of floats the largest finite one.
inline double extremeOf(DType type, int sign) {
    if (type == DType::Float16) return sign * 65504.0;
    return visitType(type, [&](auto t) {
        using T = typename decltype(t)::type;
        if constexpr (std::is_same_v<T, Half>)
            return 0.0;
        else
            return static_cast<double>(sign < 0 ? std::numeric_limits<T>::lowest() : std::numeric_limits<T>::max());
    });
}

/// Whether `actual`, stored as `type`, is what `exact` becomes: rounded to nearest and saturated in integers, NaN 0.
/// `scale` is the largest number that it was computed from: float and double lose some 8 of their last units of that.
inline ::testing::AssertionResult isClose(double actual, double exact, DType type, bool inDouble, double scale = 0) {
    const auto answer = [&](bool fits) {
        return fits ? ::testing::AssertionSuccess()
                    : ::testing::AssertionFailure() << actual << " where " << exact << " was expected ("
                                                    << toString(type) << ", from numbers up to " << scale << ")";
    };
    if (!isFloat(type)) {
        const double whole = exact != exact ? 0 : std::clamp(exact, extremeOf(type, -1), extremeOf(type, 1));
        const double slack = std::max(std::abs(whole), scale) * (inDouble ? 2e-15 : 1e-6);
        return answer(std::abs(actual - whole) <= 0.5 + slack);
    }
    if (exact != exact) return answer(actual != actual);
    const double unit = type == DType::Float16 ? 5e-4 : (type == DType::Float32 || !inDouble ? 1e-6 : 2e-15);
    const double slack =
        std::abs(exact) * unit + scale * (inDouble ? 2e-15 : 1e-6) + (type == DType::Float16 ? 6e-8 : 0);
    const double largest = extremeOf(type, 1);
    if (std::abs(exact) > largest * (1 - unit)) {
        return answer(std::abs(actual) >= largest * (1 - 2 * unit) && std::signbit(actual) == std::signbit(exact));
    }
    return answer(std::abs(actual - exact) <= slack);
}

} // namespace lazulite::testing
