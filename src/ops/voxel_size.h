#pragma once

#include <optional>
#include <string>

#include "lazulite/graph/lazy_array.h"

namespace lazulite::ops {

/// The spacing along an axis in um, as `given` or as the data say. Throws Failure, which names the step, where it is
/// unknown or no length.
double spacingOf(const graph::LazyArray& array, const std::string& axis, const std::string& step,
                 std::optional<double> given = std::nullopt);

} // namespace lazulite::ops
