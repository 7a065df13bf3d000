#include "voxel_size.h"

#include <fmt/format.h>

#include <cmath>

#include "lazulite/core/error.h"
#include "lazulite/core/units.h"
#include "view_helpers.h"

namespace lazulite::ops {

double spacingOf(const graph::LazyArray& array, const std::string& axis, const std::string& step,
                 std::optional<double> given) {
    if (given) {
        if (*given > 0 && std::isfinite(*given)) return *given;
        throw Failure(
            fmt::format("{}: a spacing of {} um along {} makes no sense; it must be above 0", step, *given, axis));
    }
    const Axis& along = array.axes()[axisIndex(array, axis)];
    const auto unit = micrometresPer(along.unit);
    const double spacing = along.spacing * unit.value_or(0);
    if (spacing > 0 && std::isfinite(spacing)) return spacing;
    throw Failure(
        fmt::format("{}: the data do not say how far voxels lie apart along {}; give the voxel size with --voxel z,y,x "
                    "in um",
                    step, axis));
}

} // namespace lazulite::ops
