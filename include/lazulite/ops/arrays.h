#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "lazulite/core/region.h"
#include "lazulite/graph/lazy_array.h"

/// Array operations that move elements about and add no reads and no copies of whole arrays.
namespace lazulite::ops {

using graph::LazyArray;

/// Joins arrays of equal shape and type along a new first axis. Throws Failure where they differ.
LazyArray stack(const std::vector<LazyArray>& arrays, const Axis& newAxis);

/// Joins arrays one behind another along an axis that all have; their other sizes and types must be equal.
LazyArray concatenate(const std::vector<LazyArray>& arrays, const std::string& axis);

/// Reorders the axes: `order` names all of them.
LazyArray transpose(const LazyArray& array, const std::vector<std::string>& order);

/// Part of an axis; negative numbers count from the end, as in NumPy. `label`s and spacing are kept.
LazyArray crop(const LazyArray& array, const std::string& axis, std::int64_t begin, std::int64_t end);

/// One position of an axis, which is dropped.
LazyArray select(const LazyArray& array, const std::string& axis, std::int64_t position);

/// Cuts one axis into two: `outer` becomes the slower one of size n / innerSize, which must be whole.
LazyArray splitAxis(const LazyArray& array, const std::string& axis, const Axis& outer, const Axis& inner);

/// Makes one axis of two; `inner` runs faster. The new axis stands in `outer`'s place.
LazyArray mergeAxes(const LazyArray& array, const std::string& outer, const std::string& inner,
                    const std::string& name);

} // namespace lazulite::ops
