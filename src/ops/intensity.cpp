#include "lazulite/ops/intensity.h"

#include <fmt/format.h>

#include <cmath>

#include "lazulite/core/error.h"
#include "lazulite/ops/arrays.h"
#include "lazulite/ops/statistic.h"
#include "pointwise.h"

namespace lazulite::ops {

using compute::Kernel;
using Part = PointwiseStep::Part;

namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

/// What a subtraction of a background stops at.
double floorOf(DType type) {
    return isFloat(type) ? -kInfinity : 0;
}

/// What evens out the illumination that a flat image shows: its largest value over each of its values. They count as
/// 0.2 of the largest at the least, or the noise of corners that get little light would be blown up.
LazyArray illuminationGain(const LazyArray& flat, DType type) {
    constexpr double kLeast = 0.2;
    return pointwise(flat, {.name = "illumination gain",
                            .parameters = "",
                            .type = type,
                            .numbers = {statistic(flat, Statistic::Max)},
                            .kernel = [](const Part& part) -> Kernel {
                                const double most = part.numbers[0];
                                if (most > 0) return compute::Quotient{.dividend = most, .least = kLeast * most};
                                throw Failure("flat-field: the flat image has no value above 0");
                            }});
}

} // namespace

LazyArray rescale(const LazyArray& array, const RescaleOptions& options) {
    if (!std::isfinite(options.gain) || !std::isfinite(options.offset)) {
        throw Failure(fmt::format("rescale: gain {} and offset {} must be finite", options.gain, options.offset));
    }
    if (!(options.low <= options.high)) {
        throw Failure(fmt::format("rescale: nothing lies between {} and {}; the lower limit comes first", options.low,
                                  options.high));
    }
    const compute::Rescale kernel{options.gain, options.offset, options.low, options.high};
    return pointwise(array,
                     {.name = "rescale",
                      .parameters = fmt::format("{} {} {} {}", kernel.gain, kernel.offset, kernel.low, kernel.high),
                      .type = options.dtype.value_or(array.dtype()),
                      .kernel = [kernel](const Part&) -> Kernel { return kernel; }});
}

LazyArray cast(const LazyArray& array, DType type) {
    if (type == array.dtype()) return array;
    return pointwise(array, {.name = "cast", .parameters = "", .type = type, .kernel = [](const Part&) -> Kernel {
                                 return compute::Rescale{};
                             }});
}

LazyArray flatField(const LazyArray& array, const LazyArray& flat, const LazyArray& dark) {
    if (!flat) throw Failure("flat-field: give the flat image");
    Operand darkness{"the dark image", 0.0};
    if (dark) darkness.value = dark;
    return pointwise(array,
                     {.name = "flat-field",
                      .parameters = "",
                      .type = array.dtype(),
                      .operands = {{"the flat image", illuminationGain(flat, factorType(array.dtype(), flat.dtype()))},
                                   std::move(darkness)},
                      .kernel = [](const Part&) -> Kernel { return compute::FlatField{}; }});
}

LazyArray subtractBackground(const LazyArray& array, double value) {
    if (!std::isfinite(value)) throw Failure(fmt::format("background: {} is no number of counts", value));
    const compute::Rescale kernel{.offset = -value, .low = floorOf(array.dtype())};
    return pointwise(array, {.name = "background",
                             .parameters = fmt::format("{}", value),
                             .type = array.dtype(),
                             .kernel = [kernel](const Part&) -> Kernel { return kernel; }});
}

LazyArray subtractBackground(const LazyArray& array, const LazyArray& image) {
    const compute::Subtract kernel{.low = floorOf(array.dtype())};
    return pointwise(array, {.name = "background",
                             .parameters = "",
                             .type = array.dtype(),
                             .operands = {{"the background image", image}},
                             .kernel = [kernel](const Part&) -> Kernel { return kernel; }});
}

LazyArray subtractPercentile(const LazyArray& array, double percentile) {
    return pointwise(array, {.name = "background",
                             .parameters = "percentile",
                             .type = array.dtype(),
                             .numbers = {statistic(array, Statistic::Percentile, percentile)},
                             .kernel = [low = floorOf(array.dtype())](const Part& part) -> Kernel {
                                 return compute::Rescale{.offset = -part.numbers[0], .low = low};
                             }});
}

LazyArray bleachCorrection(const LazyArray& array, std::int64_t referenceTimepoint) {
    if (!findAxis(array.axes(), "t")) throw Failure("bleach: the data have no axis t; bleaching is seen over time");
    const LazyArray bright = statistic(array, Statistic::MeanAboveMean);
    return pointwise(array, {.name = "bleach",
                             .parameters = "",
                             .type = array.dtype(),
                             .numbers = {bright, select(bright, "t", referenceTimepoint)},
                             .kernel = [](const Part& part) -> Kernel {
                                 const double gain = part.numbers[1] / part.numbers[0];
                                 // A volume without light cannot be scaled.
                                 return compute::Rescale{.gain = std::isfinite(gain) ? gain : 1};
                             }});
}

} // namespace lazulite::ops
