#pragma once

#include <QColor>
#include <QIcon>

namespace lazulite::gui {

/// The window's pictograms, drawn when they are asked for: sharp at every scale and in every colour.
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
    Lazulite, ///< the program's own mark
};

QIcon pictogram(Pictogram which);
QIcon pictogram(Pictogram which, const QColor& color);

/// The program's icon in the sizes that desktops ask for.
QIcon applicationIcon();

} // namespace lazulite::gui
