#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>

#include "lazulite/core/region.h"
#include "lazulite/graph/lazy_array.h"

/// Steps that make fewer or smoother elements. All throw Failure where the array or the options make no sense.
namespace lazulite::ops {

using graph::LazyArray;

enum class Projection { Max, Min, Mean, Sum, Median, Std };

/// One value along an axis, or along a range of it; the axis stays with size 1. Max, min and median keep the type;
/// mean, sum and std are float32 (float64 for 32- and 64-bit integers and float64).
LazyArray project(const LazyArray& array, const std::string& axis, Projection kind,
                  std::optional<Interval> range = std::nullopt);

/// Gaussian of these standard deviations (z, y, x; in um where `physical`, else voxels), edges repeated. Keeps the
/// type.
LazyArray gaussian(const LazyArray& array, const std::array<double, 3>& sigma, bool physical = false);

/// Median over a box of these radii (z, y, x voxels), edges repeated. Keeps the type.
LazyArray median(const LazyArray& array, const std::array<std::int64_t, 3>& radius);

enum class Binning { Mean, Sum, Max };

/// Blocks of these sizes (z, y, x) become one voxel; what is left over at the end is dropped. Mean and max keep the
/// type, sum is promoted as in project().
LazyArray bin(const LazyArray& array, const std::array<std::int64_t, 3>& factors, Binning kind = Binning::Mean);

} // namespace lazulite::ops
