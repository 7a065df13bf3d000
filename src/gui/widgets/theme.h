#pragma once

#include <QColor>
#include <QString>

class QApplication;

namespace lazulite::gui::theme {

enum class Look { Dark, Light };

/// The colours of the window, by what they are for. In the dark look the picture is the brightest thing on screen.
enum Tint {
    kCanvas,    ///< behind the picture, and where there is none
    kBase,      ///< fields and lists
    kAlternate, ///< every other line of a list
    kWindow,
    kCard, ///< menus, cards
    kRaised,
    kHover,
    kLine, ///< between parts of the window
    kBorder,
    kStrongBorder,
    kDisabled,
    kDimText,
    kText,
    kAccent,
    kAccentDeep, ///< behind white text
    kAccentFill, ///< behind the usual text
    kAccentText,
    kWarning,
    kError,
    kErrorFill,
    kNoteFill,
    kTintCount,
};

/// In the look that is on.
QColor color(Tint tint);
/// Over the picture, which is dark in every look.
QColor onCanvas(Tint tint);

Look look();
/// Fusion with a palette and a small style sheet; at once, in all windows.
void apply(QApplication& application, Look look);

} // namespace lazulite::gui::theme
