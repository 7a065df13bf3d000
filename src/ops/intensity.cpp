#include "lazulite/ops/intensity.h"

#include <fmt/format.h>

#include "lazulite/core/error.h"
#include "pointwise.h"

namespace lazulite::ops {

using compute::Kernel;
using Part = PointwiseStep::Part;

LazyArray rescale(const LazyArray& array, const RescaleOptions& options) {
    if (!(options.low <= options.high)) {
        throw Failure(fmt::format("rescale: nothing lies between {} and {}; the lower limit comes first", options.low,
                                  options.high));
    }
    const compute::Rescale kernel{options.gain, options.offset, options.low, options.high};
    PointwiseStep step{
        .name = "rescale",
        .parameters = fmt::format("{} {} {} {}", options.gain, options.offset, options.low, options.high),
        .type = options.dtype.value_or(array.dtype()),
        .kernel = [kernel](const Part&) -> Kernel { return kernel; }};
    return pointwise(array, std::move(step));
}

LazyArray cast(const LazyArray& array, DType type) {
    if (type == array.dtype()) return array;
    PointwiseStep step{.name = "cast", .parameters = "", .type = type, .kernel = [](const Part&) -> Kernel {
                           return compute::Rescale{};
                       }};
    return pointwise(array, std::move(step));
}

} // namespace lazulite::ops
