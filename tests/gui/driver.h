#pragma once

#include <gtest/gtest.h>

#include <QAction>
#include <QApplication>
#include <QSettings>
#include <QTest>
#include <functional>
#include <memory>
#include <string>

#include "canvas/canvas.h"
#include "lazulite/graph/lazy_array.h"
#include "view/scripted_source.h"
#include "window/main_window.h"

namespace lazulite::testing {

/// A window that a test drives with keys and mouse and looks at.
class Driver {
public:
    explicit Driver(const gui::WindowOptions& options = {}, view::ViewerPace pace = quick()) {
        QSettings().clear();
        gui::WindowOptions own = options;
        if (own.memoryLimit == 0) own.memoryLimit = 256ULL << 20U;
        window_ = std::make_unique<gui::MainWindow>(own, pace);
        window_->resize(1000, 700);
        window_->show();
        EXPECT_TRUE(QTest::qWaitForWindowExposed(window_.get()));
        QApplication::setActiveWindow(window_.get());
    }

    gui::MainWindow& window() { return *window_; }
    gui::Session& session() { return window_->session(); }
    gui::Canvas& canvas() { return window_->canvas(); }

    /// Opens an array and waits for its first picture.
    void show(std::shared_ptr<const Source> source, const gui::WindowOptions& options = {}) {
        gui::Recording recording;
        recording.array = graph::LazyArray::fromSource(std::move(source));
        recording.title = QStringLiteral("scripted");
        window_->showRecording(recording, options);
    }
    void showAndWait(std::shared_ptr<const Source> source, const gui::WindowOptions& options = {}) {
        show(std::move(source), options);
        ASSERT_TRUE(waitForPicture());
    }

    static bool waitFor(const std::function<bool()>& condition) { return QTest::qWaitFor(condition, kPatienceMs); }
    /// Until what is asked for is on the canvas.
    bool waitForPicture() {
        return waitFor([this] {
            const auto& picture = session().picture();
            if (!picture || picture->stale || session().busyForMs()) return false;
            view::ViewState shown = picture->state;
            const view::ViewState& wanted = session().state();
            // A fitted camera comes back with the numbers that fit.
            if (shown.camera2d.fitted && wanted.camera2d.fitted) shown.camera2d = wanted.camera2d;
            return shown == wanted && QSize(picture->width, picture->height) == canvas().deviceSize();
        });
    }
    bool waitForVolume() {
        return waitFor([this] {
            const auto& volume = session().volume();
            return volume && !volume->coarse && volume->state.position == session().state().position &&
                   !session().volumeProgress() && canvas().volumeDrawn();
        });
    }

    template <typename T>
    T* find(const char* name) {
        T* found = window_->findChild<T*>(QLatin1String(name));
        EXPECT_NE(found, nullptr) << name;
        return found;
    }

    void key(Qt::Key key, Qt::KeyboardModifiers modifiers = Qt::NoModifier) {
        QTest::keyClick(&canvas(), key, modifiers);
        QApplication::processEvents();
    }
    void click(QWidget* widget, Qt::KeyboardModifiers modifiers = Qt::NoModifier) {
        QTest::mouseClick(widget, Qt::LeftButton, modifiers);
        QApplication::processEvents();
    }
    /// Presses, moves in steps, and releases.
    static void drag(QWidget* widget, QPoint from, QPoint to, Qt::KeyboardModifiers modifiers = Qt::NoModifier) {
        QTest::mousePress(widget, Qt::LeftButton, modifiers, from);
        constexpr int kSteps = 5;
        for (int i = 1; i <= kSteps; ++i) {
            const QPointF at = QPointF(from) + QPointF(to - from) * i / kSteps;
            QMouseEvent move(QEvent::MouseMove, at, widget->mapToGlobal(at), Qt::NoButton, Qt::LeftButton, modifiers);
            QApplication::sendEvent(widget, &move);
            QApplication::processEvents();
        }
        QTest::mouseRelease(widget, Qt::LeftButton, modifiers, to);
        QApplication::processEvents();
    }
    /// The mouse comes to a point of the canvas. Sent as an event: a pointer that already stands there would not move.
    void hover(QPoint point) {
        QMouseEvent move(QEvent::MouseMove, QPointF(point), canvas().mapToGlobal(QPointF(point)), Qt::NoButton,
                         Qt::NoButton, Qt::NoModifier);
        QApplication::sendEvent(&canvas(), &move);
    }
    void trigger(const char* action) {
        find<QAction>(action)->trigger();
        QApplication::processEvents();
    }

    /// What the canvas shows at a point of the plane.
    QColor colorAt(double row, double column) {
        const QImage image = canvas().screenshot();
        const QSize size = canvas().deviceSize();
        const view::PlanePoint at =
            view::planeToCanvas(session().state(), session().axes(), size.width(), size.height(), {row, column});
        return image.pixelColor(static_cast<int>(std::floor(at.column)), static_cast<int>(std::floor(at.row)));
    }
    /// Where a point of the plane lies on the canvas widget.
    QPoint pointOf(double row, double column) {
        const QSize size = canvas().deviceSize();
        const view::PlanePoint at =
            view::planeToCanvas(session().state(), session().axes(), size.width(), size.height(), {row, column});
        return (QPointF(at.column, at.row) / canvas().devicePixelRatioF()).toPoint();
    }

    static view::ViewerPace quick() {
        view::ViewerPace pace;
        pace.rest = std::chrono::milliseconds(10);
        return pace;
    }

    static constexpr int kPatienceMs = 15000;

private:
    std::unique_ptr<gui::MainWindow> window_;
};

/// t, z, y, x = 6, 5, 20, 30 in gray steps: element (t, z, y, x) is 100 t + 20 z + y.
inline std::shared_ptr<ScriptedSource> smallMovie() {
    const Axes axes{
        {"t", 6, 2.5, "s", {}}, {"z", 5, 0.5, "um", {}}, {"y", 20, 0.25, "um", {}}, {"x", 30, 0.25, "um", {}}};
    return std::make_shared<ScriptedSource>(axes, DType::UInt16, [](const std::vector<std::int64_t>& at) {
        return static_cast<double>(100 * at[0] + 20 * at[1] + at[2]);
    });
}

/// Two channels: t, c, z, y, x = 4, 2, 3, 16, 16; the first is 200 everywhere, the second 100 t.
inline std::shared_ptr<ScriptedSource> twoChannels() {
    const Axes axes{{"t", 4, 1, "", {}},
                    {"c", 2, 1, "", {"488 nm", "560 nm"}},
                    {"z", 3, 1, "", {}},
                    {"y", 16, 1, "", {}},
                    {"x", 16, 1, "", {}}};
    return std::make_shared<ScriptedSource>(axes, DType::UInt16, [](const std::vector<std::int64_t>& at) {
        return at[1] == 0 ? 200.0 : 100.0 * static_cast<double>(at[0]);
    });
}

inline gui::WindowOptions limits(double low, double high) {
    gui::WindowOptions options;
    options.contrastLimits = {{low, high}};
    return options;
}

} // namespace lazulite::testing
