#pragma once

#include <QIcon>

#include "widgets/theme.h"

namespace lazulite::gui {

/// The window's pictograms, drawn when they are painted: sharp at every scale, in the colours of the look that is on.
enum class Pictogram {
    Eye,
    EyeOff,
    Play,
    Pause,
    Home,
    Roll,
    Transpose,
    Cube,
    Folder,
    Files,
    Camera,
    Contrast,
    Warning,
    Retry,
    Logarithm,
    More,
    Close,
    Detach,
    Undo,
    Redo,
    Add,
    Grip, ///< what can be dragged
    Channels,
    Pipeline,
    Compare, ///< before and after
    Save,
    Export,
    Lazulite, ///< the program's own mark
};

QIcon pictogram(Pictogram which);
QIcon pictogram(Pictogram which, theme::Tint tint);

/// The program's icon in the sizes that desktops ask for.
QIcon applicationIcon();

} // namespace lazulite::gui
