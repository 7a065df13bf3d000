#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "lazulite/graph/lazy_array.h"

namespace lazulite::gui {

/// The element of `raw` that lies nearest to what is seen at `position` of an array that was made of it: the middle of
/// the elements that this one is made from, found by asking the operations what they need. Nothing is read. Nothing
/// where the array is not made of `raw` alone.
std::optional<std::vector<std::int64_t>> rawPlaceOf(const graph::LazyArray& array, const graph::LazyArray& raw,
                                                    const std::vector<std::int64_t>& position);

} // namespace lazulite::gui
