#pragma once

#include <QApplication>

namespace lazulite::gui {

/// The QApplication with the look, the icon, the OpenGL format, and the clock over every event handler.
class UiApplication : public QApplication {
    Q_OBJECT

public:
    /// Whether there is a display that a window with OpenGL can be opened on. Says why not on standard error.
    static bool displayFound(int argc, char** argv);

    /// Call it before the constructor.
    static void prepare();

    UiApplication(int& argc, char** argv);

    bool notify(QObject* receiver, QEvent* event) override;

private:
    int depth_ = 0;
};

} // namespace lazulite::gui
