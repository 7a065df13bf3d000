#pragma once

#include <QString>

#include "lazulite/view/viewer.h"

namespace lazulite::gui {

class Session;

/// "y 120  x 45   12.5 µm, 4.7 µm   GFP 1830  mCherry 211": the position in pixels and units and the value of each
/// visible channel; empty outside the plane. Values of a reduced copy are marked as such.
QString readoutText(const Session& session, const view::Picture& picture, view::PlanePoint point);

} // namespace lazulite::gui
