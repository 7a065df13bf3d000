#include "app/ui_application.h"

#include <QElapsedTimer>
#include <QMetaObject>
#include <QSurfaceFormat>
#include <QThread>
#include <cstdio>
#include <cstdlib>
#include <string_view>

#include "app/event_clock.h"
#include "lazulite/gui/application.h"
#include "widgets/icons.h"
#include "widgets/theme.h"

namespace lazulite::gui {

namespace {

constexpr const char* kNoDisplay =
    "lazulite: no display to open a window on. Start it in a desktop session, over ssh -X, or under a virtual display: "
    "xvfb-run -a lazulite ...\n";

bool isSet(const char* variable) {
    const char* value = std::getenv(variable);
    return value != nullptr && *value != '\0';
}

bool canDraw(std::string_view platform) {
    return !platform.starts_with("offscreen") && !platform.starts_with("minimal") && !platform.starts_with("vnc") &&
           !platform.starts_with("linuxfb");
}

// Qt ends the program with abort() where no platform plugin can connect; this says what to do instead.
void endWithoutDisplay(QtMsgType type, const QMessageLogContext&, const QString& message) {
    if (type != QtFatalMsg) return;
    std::fputs(kNoDisplay, stderr);
    std::fprintf(stderr, "  (%s)\n", qPrintable(message.section(QLatin1Char('\n'), 0, 0)));
    std::fflush(stderr);
    std::_Exit(kExitNoDisplay);
}

} // namespace

bool UiApplication::displayFound(int argc, char** argv) {
    std::string_view platform;
    if (const char* chosen = std::getenv("QT_QPA_PLATFORM")) platform = chosen;
    for (int i = 1; i + 1 < argc; ++i) {
        if (std::string_view(argv[i]) == "-platform") platform = argv[i + 1];
    }
    const bool found = platform.empty() ? isSet("DISPLAY") || isSet("WAYLAND_DISPLAY") : canDraw(platform);
    if (!found) std::fputs(kNoDisplay, stderr);
    return found;
}

void UiApplication::prepare() {
    // VTK's OpenGL loader speaks GLX; under XWayland the X plugin gives it that.
    if (!isSet("QT_QPA_PLATFORM") && isSet("DISPLAY")) qputenv("QT_QPA_PLATFORM", "xcb");
    QSurfaceFormat format;
    format.setRenderableType(QSurfaceFormat::OpenGL);
    format.setVersion(3, 2);
    format.setProfile(QSurfaceFormat::CoreProfile);
    format.setSamples(0);
    format.setAlphaBufferSize(8);
    format.setDepthBufferSize(24);
    format.setStencilBufferSize(8);
    format.setSwapInterval(1);
    QSurfaceFormat::setDefaultFormat(format);
    qInstallMessageHandler(endWithoutDisplay);
}

UiApplication::UiApplication(int& argc, char** argv) : QApplication(argc, argv) {
    qInstallMessageHandler(nullptr);
    setOrganizationName(QStringLiteral("lazulite"));
    setApplicationName(QStringLiteral("lazulite"));
    setApplicationDisplayName(QStringLiteral("Lazulite"));
    setDesktopFileName(QStringLiteral("lazulite"));
    theme::apply(*this, theme::Look::Dark);
    setWindowIcon(applicationIcon());
}

bool UiApplication::notify(QObject* receiver, QEvent* event) {
    // Other threads that have events do not keep the window waiting.
    if (depth_ > 0 || QThread::currentThread() != thread()) return QApplication::notify(receiver, event);
    const QEvent::Type type = event->type();
    const QString name = QLatin1String(receiver->metaObject()->className());
    QElapsedTimer timer;
    timer.start();
    ++depth_;
    const bool handled = QApplication::notify(receiver, event);
    --depth_;
    constexpr double kNanosecondsPerMs = 1e6;
    EventClock::instance().note(type, name, static_cast<double>(timer.nsecsElapsed()) / kNanosecondsPerMs);
    return handled;
}

} // namespace lazulite::gui
