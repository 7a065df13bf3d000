#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "lazulite/graph/lazy_array.h"
#include "lazulite/view/view_state.h"

namespace lazulite::gui {

/// The element of `raw` that lies nearest to what is seen at `position` of an array that was made of it: the middle of
/// the elements that this one is made from, found by asking the operations what they need. Nothing is read. Nothing
/// where the array is not made of `raw` alone.
std::optional<std::vector<std::int64_t>> rawPlaceOf(const graph::LazyArray& array, const graph::LazyArray& raw,
                                                    const std::vector<std::int64_t>& position);

/// The element in the middle of the canvas.
std::vector<std::int64_t> middleOf(const view::ViewState& state, const Axes& axes);

/// `carried` (see carriedOver()), moved to where `to` shows what was looked at in `from`: both are made of `raw`, where
/// places can be compared. As it is where they are not.
view::ViewState atSamePlace(view::ViewState carried, const graph::LazyArray& to, const view::ViewState& state,
                            const graph::LazyArray& from, const graph::LazyArray& raw);

} // namespace lazulite::gui
