#pragma once

#include "lazulite/core/axis.h"
#include "lazulite/view/view_state.h"

namespace lazulite::gui {

/// What was looked at in one array, for another one that shows the same recording (a pipeline was opened, or changed).
/// Axes go by their names, channels by their labels where both arrays have some, else by their numbers:
/// - a position stays, moved into the axis where it lies beyond its end; new axes begin in their middle;
/// - displayed axes stay displayed, and three dimensions where there is depth;
/// - a channel keeps all that was set for it;
/// - the 2D camera stays where it looks at a place that is inside the new plane, else the plane is fitted again.
view::ViewState carriedOver(const view::ViewState& state, const Axes& from, const Axes& to);

} // namespace lazulite::gui
