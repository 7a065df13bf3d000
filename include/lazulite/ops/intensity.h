#pragma once

#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <vector>

#include "lazulite/core/dtype.h"
#include "lazulite/graph/lazy_array.h"

/// Steps that change values in their place. Images that are taken as a parameter are arrays of axes y and x (or z, y,
/// x) of the same size. All throw Failure where the array or the options make no sense.
///
/// Types: a step keeps the type of its input unless it says otherwise; results of integer type are rounded to nearest
/// and saturate.
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

/// max(raw - dark, 0) / (flat / max(flat), floored at 0.2) + dark. `dark` may be an empty array: 0.
LazyArray flatField(const LazyArray& array, const LazyArray& flat, const LazyArray& dark);

/// What a camera adds: an offset (a number or an image), a gain map, and the residual image of the frame before
/// (LLSpy's model for the Flash 4: v - offset - 0.9 a (1 - exp(-b (v_before - offset))), not below 0).
struct CameraOptions {
    double offset = 0;
    LazyArray offsetImage{}; ///< empty: `offset`
    LazyArray gain{};        ///< counts an electron, one a pixel; the result is divided by it. Empty: 1
    LazyArray residualA{};   ///< images a and b of the residual's model; empty: none
    LazyArray residualB{};
};
LazyArray camera(const LazyArray& array, const CameraOptions& options);

/// Subtracts a constant, or an image; integers stop at 0.
LazyArray subtractBackground(const LazyArray& array, double value);
LazyArray subtractBackground(const LazyArray& array, const LazyArray& image);
/// Subtracts each volume's percentile (0-100).
LazyArray subtractPercentile(const LazyArray& array, double percentile);

/// Scales each volume by the reference timepoint's mean of the pixels above its mean, over its own.
LazyArray bleachCorrection(const LazyArray& array, std::int64_t referenceTimepoint = 0);

/// An expression over channels, such as "(ch1 - 100) / max(ch0 - 100, 1)": numbers, ch0, ch1, ..., + - * / ^,
/// comparisons, and min, max, abs, sqrt, exp, log, log2, log10, floor, ceil, round, clip(v, low, high),
/// where(condition, a, b). The result is float32, joined to the channels as a new one named `label` (the others become
/// float32 too), or alone. Throws Failure with the column of the mistake.
LazyArray math(const LazyArray& array, const std::string& expression, const std::string& label, bool alone = false);

/// The column (from 0) and what is wrong with an expression over `channels` channels, or nothing.
struct ExpressionMistake {
    std::size_t column = 0;
    std::string message;
};
std::optional<ExpressionMistake> checkExpression(const std::string& expression, std::int64_t channels);

} // namespace lazulite::ops
