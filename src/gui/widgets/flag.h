#pragma once

#include <QStyle>
#include <QWidget>

namespace lazulite::gui {

/// Sets a property that the style sheet asks for ("error", "dim", "mistake", "selected"), and has the widget drawn by
/// it.
inline void setFlag(QWidget& widget, const char* name, bool on) {
    if (widget.property(name).isValid() && widget.property(name).toBool() == on) return;
    widget.setProperty(name, on);
    widget.style()->unpolish(&widget);
    widget.style()->polish(&widget);
}

} // namespace lazulite::gui
