#include "lazulite/gui/application.h"

#include <cstdio>
#include <memory>

#include "app/picture_job.h"
#include "app/ui_application.h"
#include "window/main_window.h"

namespace lazulite::gui {

int runWindow(int& argc, char** argv, const WindowOptions& options) {
    if (!UiApplication::displayFound(argc, argv)) return kExitNoDisplay;
    UiApplication::prepare();
    UiApplication application(argc, argv);
    MainWindow window(options);
    window.show();
    return UiApplication::exec();
}

int renderToFile(int& argc, char** argv, const RenderOptions& options) {
    if (!UiApplication::displayFound(argc, argv)) return kExitNoDisplay;
    UiApplication::prepare();
    UiApplication application(argc, argv);
    PictureJob job(options);
    return UiApplication::exec();
}

} // namespace lazulite::gui
