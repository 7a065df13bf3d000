#pragma once

#include "lazulite/graph/lazy_array.h"

namespace lazulite::ops {

using graph::LazyArray;

/// A number that is found of each volume. Elements that are not finite are left out; NaN where none is left.
enum class Statistic {
    Min,
    Max,
    Mean,
    Percentile,      ///< exact, linear between neighbours in rank as in NumPy
    LastPlaneMedian, ///< of the volume's last plane, which alone is read
    MeanAboveMean,   ///< of the voxels above the volume's mean; the mean where all are equal
};

/// One float64 a volume: the array's axes with z, y and x of size 1. Kept by the executor like every dear result, so
/// that steps which take it as a further input find it without reading the volume again. `percentile` 0-100. Throws
/// Failure where the array has no axes y and x, or the percentile makes no sense.
LazyArray statistic(const LazyArray& array, Statistic kind, double percentile = 50);

} // namespace lazulite::ops
