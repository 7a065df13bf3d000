#pragma once

#include "lazulite/graph/lazy_array.h"

namespace lazulite::ops {

/// A number that is found of each volume.
enum class Statistic {
    Min,
    Max,
    Mean,
    Percentile,      ///< exact for integers of up to 16 bits, else by selection
    LastPlaneMedian, ///< of the volume's last plane, which alone is read
    MeanAboveMean,   ///< of the voxels above the volume's mean
};

/// One float64 a volume: z, y and x have the size 1. Kept by the executor like every dear result, so that steps which
/// take it as a further input find it without reading the volume again. `percentile` 0-100.
graph::LazyArray statistic(const graph::LazyArray& array, Statistic kind, double percentile = 50);

} // namespace lazulite::ops
