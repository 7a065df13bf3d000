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
/// - A *gather* kernel makes a row from any voxels of its one input:
///       template <typename In> LAZULITE_HD auto row(const In& in, Index z, Index y) const;
///   where `in.row(z, y)[x]` reads a voxel (absolute indices) as In::Real, and the result is a row with
///       Index begin, end;  the columns that value(x) may be asked for
///       Real value(Index x) const;
///       Real outside;      the value of all other columns
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

template <typename Real>
struct Row {
    Index begin = 0;
    Index end = 0;
    Real outside = 0;
};

} // namespace lazulite::compute
