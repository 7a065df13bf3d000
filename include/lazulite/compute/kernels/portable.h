#pragma once

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <type_traits>

#include "lazulite/core/dtype.h"

#ifdef __CUDACC__
#define LAZULITE_HD __host__ __device__
#else
#define LAZULITE_HD
#endif

/// What kernel bodies are written with. They are compiled for the processor and, by nvcc, for graphics cards, so they
/// use nothing but plain arithmetic.
///
/// There are two kinds of kernels:
/// - A *pointwise* kernel makes a voxel from the same voxel of its inputs:
///       static constexpr int kInputs = 2;
///       template <typename Real> LAZULITE_HD Real operator()(const Real (&in)[kInputs]) const;
///   One that computes for longer than its voxels take to come says so: static constexpr bool kManySteps = true;
/// - A *gather* kernel makes a row from any voxels of its one input:
///       template <typename In> LAZULITE_HD auto row(const In& in, Index z, Index y) const;
///   where `in.row(z, y)` reads voxels (absolute indices): [x] as In::Real, element(x) as they are stored
///   (In::Element). The result makes neighbouring voxels of the row side by side, so that a processor takes many in its
///   stride:
///       using Value = ...;
///       template <int kMost> void values(Index x, Index count, Value* out) const;    count <= kMost
///   A graphics card calls it with kMost = 1 on every thread. Values are In::Real, stored as any type, or elements.
///   One that makes the rows of all planes at the same y from the same voxels says so, for these to be made one after
///   the other: static constexpr bool kMixesPlanes = true;
///
/// Real is float for elements of up to 16 bits and for float, else double. Integer results are rounded to nearest and
/// saturate; NaN becomes 0.
namespace lazulite::compute {

using Index = std::int64_t;

/// The type that voxels of type T are computed in.
template <typename T>
using RealOf = std::conditional_t<(sizeof(T) <= 2) || std::is_same_v<T, float>, float, double>;

inline bool computesInDouble(DType type) {
    return visitType(type, [](auto t) { return std::is_same_v<RealOf<typename decltype(t)::type>, double>; });
}

/// The largest whole number that is not above `value`.
LAZULITE_HD inline Index floorIndex(double value) {
    const auto towardsZero = static_cast<Index>(value);
    return towardsZero - (value < static_cast<double>(towardsZero) ? 1 : 0);
}

LAZULITE_HD inline Index clampIndex(Index value, Index low, Index high) {
    if (value < low) return low;
    return value > high ? high : value;
}

/// Some neighbouring columns of several: `count` from the `first`-th on.
struct Run {
    Index first = 0;
    Index count = 0;
};

/// The columns of a row that are made from the input; all others are `outside`.
template <typename Value>
struct Row {
    Index begin = 0;
    Index end = 0;
    Value outside{};

    /// Which of `count` columns from x on are made from the input. Puts `outside` into the others.
    LAZULITE_HD Run inside(Index x, Index count, Value* out) const {
        const Index first = clampIndex(begin - x, 0, count);
        const Index behind = clampIndex(end - x, first, count);
        for (Index i = 0; i < first; ++i) out[i] = outside;
        for (Index i = behind; i < count; ++i) out[i] = outside;
        return {first, behind - first};
    }
};

/// Between `left` (fraction 0) and `right` (1). A neighbour without weight does not matter, even if it is no number.
template <typename Real>
LAZULITE_HD Real blend(Real left, Real right, Real fraction) {
    return fraction == 0 ? left : (1 - fraction) * left + fraction * right;
}

/// A coordinate along a row of the result. at(x) never falls (or never rises) with x, also when rounded, so its bounds
/// over a box lie at the corners, to the bit.
struct Line {
    double from = 0;
    double step = 0;

    LAZULITE_HD double at(Index x) const { return from + step * static_cast<double>(x); }
    /// Of column x + i, in a way that compilers vectorise over i.
    LAZULITE_HD double at(Index x, int i) const { return from + step * (static_cast<double>(x) + i); }
};

/// The largest number below `value`: turns the bound of a half-open range into that of a closed one.
LAZULITE_HD inline double justBelow(double value) {
    return nextafter(value, -std::numeric_limits<double>::infinity());
}

/// Narrows the columns [begin, end) to those with low <= line.at(x) <= high.
LAZULITE_HD inline void narrow(const Line& line, double low, double high, Index& begin, Index& end) {
    // The first column where the line has reached (`behind`: has passed) a bound: guessed, then put right.
    const auto firstPast = [&](double bound, bool behind) {
        const auto past = [&](Index x) {
            const double along = line.step < 0 ? -line.at(x) : line.at(x);
            return behind ? along > bound : along >= bound;
        };
        const double guess = ceil((bound - (line.step < 0 ? -line.from : line.from)) / fabs(line.step));
        Index x = begin;
        if (guess > static_cast<double>(begin)) x = guess < static_cast<double>(end) ? static_cast<Index>(guess) : end;
        while (x > begin && past(x - 1)) --x;
        while (x < end && !past(x)) ++x;
        return x;
    };
    if (line.step == 0) {
        if (!(line.from >= low && line.from <= high)) end = begin;
        return;
    }
    const Index first = firstPast(line.step < 0 ? -high : low, false);
    const Index behind = firstPast(line.step < 0 ? -low : high, true);
    begin = first;
    end = behind < first ? first : behind;
}

} // namespace lazulite::compute
