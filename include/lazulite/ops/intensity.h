#pragma once

#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <vector>

#include "lazulite/core/dtype.h"
#include "lazulite/graph/lazy_array.h"

/// Steps that change values in their place. A plane of the result needs that plane of the input, and numbers of whole
/// volumes (percentile, bleach) are found once and kept. All throw Failure where the array or the options make no
/// sense.
///
/// Images are laid over the data by the names of their axes: an image of y and x over every plane, one of c, y and x
/// over the planes of each channel. The sizes must be those of the data (or 1).
///
/// Types: a step keeps the type of its input unless it says otherwise. Up to 16 bits and float32 are computed in float,
/// other types in double (so 64-bit integers are exact to 2^53). Results of integer type are rounded to nearest and
/// saturate. NaN stays in its voxel and becomes 0 in an integer.
namespace lazulite::ops {

using graph::LazyArray;

struct RescaleOptions {
    double gain = 1;
    double offset = 0;
    double low = -std::numeric_limits<double>::infinity(); ///< clip
    double high = std::numeric_limits<double>::infinity();
    std::optional<DType> dtype{}; ///< nothing: the input's
};

/// value * gain + offset, clipped, as another type.
LazyArray rescale(const LazyArray& array, const RescaleOptions& options);

/// The same values as another type (rounded, saturated).
LazyArray cast(const LazyArray& array, DType type);

/// Evens out the illumination: max(raw - dark, 0) / (flat / max(flat), floored at 0.2) + dark. `dark` may be an empty
/// array: 0. Where the flat image has axes besides z, y and x, each of its volumes has its own maximum.
LazyArray flatField(const LazyArray& array, const LazyArray& flat, const LazyArray& dark);

/// What a camera adds: an offset (a number or an image), a gain map, and the residual of the frame before (LLSpy's
/// model for the Flash 4: v - offset - 0.9 a (1 - exp(-b (v_before - offset))), not below 0). The frame before a plane
/// is the one before it along z, and of a first plane the last one of the timepoint before; the very first has none.
/// Integers lose fractions: cast() to float32 before where they matter.
struct CameraOptions {
    double offset = 0;
    LazyArray offsetImage{}; ///< empty: `offset`
    LazyArray gain{};        ///< counts an electron, one a pixel; its inverse multiplies the result. Empty: 1
    LazyArray residualA{};   ///< images a and b of the residual's model; empty: none
    LazyArray residualB{};
};
LazyArray camera(const LazyArray& array, const CameraOptions& options);

/// Subtracts a constant, or an image; integers stop at 0, also signed ones.
LazyArray subtractBackground(const LazyArray& array, double value);
LazyArray subtractBackground(const LazyArray& array, const LazyArray& image);
/// Subtracts each volume's percentile (0-100).
LazyArray subtractPercentile(const LazyArray& array, double percentile);

/// Scales each volume by the reference timepoint's mean of the voxels above its mean, over its own (of the same
/// channel). A volume where this is no number is left as it is. Negative timepoints count from the end.
LazyArray bleachCorrection(const LazyArray& array, std::int64_t referenceTimepoint = 0);

/// An expression over channels, such as "(ch1 - 100) / max(ch0 - 100, 1)":
/// - numbers, pi, inf, nan; channels as ch0, ch1, ... or by their label in quotes
/// - + - * / and ^ (or **), which binds most: -2^2 is -4; comparisons, which bind least and give 1 or 0
/// - min, max, abs, sqrt, exp, log, log2, log10, floor, ceil, round (halves to even), clip(v, low, high),
///   where(condition, a, b)
/// The result is float32, joined to the channels as a new last one named `label` (the others become float32 too), or
/// alone, as the only channel. An array without an axis of channels is ch0 and gets an axis c. Throws Failure with the
/// column (from 1) of the mistake.
LazyArray math(const LazyArray& array, const std::string& expression, const std::string& label, bool alone = false);

/// The column (from 0) and what is wrong with an expression over `channels` channels, or nothing.
struct ExpressionMistake {
    std::size_t column = 0;
    std::string message;
};
std::optional<ExpressionMistake> checkExpression(const std::string& expression, std::int64_t channels,
                                                 const std::vector<std::string>& labels = {});

} // namespace lazulite::ops
