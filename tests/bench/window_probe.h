#pragma once

#include <unistd.h>

#include <QApplication>
#include <QElapsedTimer>
#include <QEventLoop>
#include <QTest>
#include <QTimer>
#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <fstream>
#include <functional>
#include <memory>
#include <sstream>
#include <string>
#include <vector>

#include "canvas/canvas.h"
#include "window/main_window.h"

/// What benchmarks of the real window share: figures, waiting for what is on screen, memory.
namespace lazulite::bench {

inline void print(const char* bench, const std::string& name, double value, const char* unit) {
    std::printf("{\"bench\":\"%s\",\"name\":\"%s\",\"value\":%.4g,\"unit\":\"%s\"}\n", bench, name.c_str(), value,
                unit);
    std::fflush(stdout);
}

/// Samples of one figure; printed as p50, p95 and the largest.
class Samples {
public:
    void add(double value) { values_.push_back(value); }
    bool empty() const { return values_.empty(); }
    double at(double fraction) const {
        if (values_.empty()) return 0;
        std::vector<double> sorted = values_;
        std::sort(sorted.begin(), sorted.end());
        const auto last = static_cast<double>(sorted.size() - 1);
        return sorted[static_cast<std::size_t>(fraction * last + 0.5)];
    }
    void report(const char* bench, const std::string& name) const {
        print(bench, name + " p50", at(0.5), "ms");
        print(bench, name + " p95", at(0.95), "ms");
        print(bench, name + " max", at(1), "ms");
    }

private:
    std::vector<double> values_;
};

/// A line of /proc/self/status in bytes: VmHWM (peak), VmRSS.
inline double statusBytes(const std::string& key) {
    std::ifstream status("/proc/self/status");
    for (std::string line; std::getline(status, line);) {
        if (line.rfind(key + ":", 0) == 0) return 1024.0 * std::stod(line.substr(key.size() + 1));
    }
    return 0;
}

/// Milliseconds since this process was started, to the clock tick (10 ms) of the system.
inline double sinceProcessStart() {
    std::ifstream stat("/proc/self/stat");
    const std::string all((std::istreambuf_iterator<char>(stat)), {});
    std::istringstream fields(all.substr(all.rfind(')') + 2));
    std::string field;
    constexpr int kStartTime = 19; // fields between the name and the 22nd
    for (int i = 0; i < kStartTime; ++i) fields >> field;
    fields >> field;
    double uptime = 0;
    std::ifstream("/proc/uptime") >> uptime;
    return 1000 * (uptime - std::stod(field) / static_cast<double>(::sysconf(_SC_CLK_TCK)));
}

inline double milliseconds(const QElapsedTimer& timer) {
    return static_cast<double>(timer.nsecsElapsed()) / 1e6;
}

/// Runs the event loop until `done`; false after a minute.
inline bool runUntil(const std::function<bool()>& done) {
    QElapsedTimer patience;
    patience.start();
    QTimer heartbeat; // so that waiting for events ends
    heartbeat.start(1000);
    while (!done()) {
        if (patience.elapsed() > 60000) return false;
        QApplication::processEvents(QEventLoop::WaitForMoreEvents); // given a time it would never wait
    }
    return true;
}

/// Sees when something is on screen: after the paint event the window's pixels have gone to the window system, and
/// sync() waits until that has taken them.
class ScreenWatch {
public:
    explicit ScreenWatch(gui::MainWindow& window) : window_(window) {
        QObject::connect(&window.canvas(), &gui::Canvas::painted, &context_, [this] {
            const auto& picture = window_.session().picture();
            const auto painted = picture && !picture->stale ? picture->state.position : std::vector<std::int64_t>{};
            const bool whole = !painted.empty() && picture->pending.empty();
            QMetaObject::invokeMethod(
                &context_,
                [this, painted, whole, number = ++paints_] {
                    QGuiApplication::sync(); // handles events too, so a later frame may have come to its end in here
                    if (number < frames_) return;
                    frames_ = number;
                    if (whole && (shown_ != painted || !whole_)) wholeAt_ = milliseconds(timer_);
                    whole_ = whole;
                    if (shown_ == painted && !painted.empty()) return;
                    shown_ = painted;
                    shownAt_ = milliseconds(timer_);
                },
                Qt::QueuedConnection);
        });
        timer_.start();
    }

    /// Milliseconds count from here.
    void start() { timer_.start(); }
    double elapsed() const { return milliseconds(timer_); }

    /// The milliseconds until what the session asks for was on screen, be it as a preview; negative after a minute.
    double awaitShown() {
        const bool shown = runUntil([this] { return shown_ == window_.session().state().position; });
        return shown ? shownAt_ : -1;
    }
    /// The same of the result, not of a preview.
    double awaitWhole() {
        const bool shown = runUntil([this] { return whole_ && shown_ == window_.session().state().position; });
        return shown ? wholeAt_ : -1;
    }
    /// Paints the widget and all in it though nothing changed; milliseconds until that was on screen.
    double repaint(QWidget& widget) {
        const std::int64_t before = frames_;
        timer_.start();
        widget.update();
        for (QWidget* child : widget.findChildren<QWidget*>()) child->update();
        runUntil([&] { return frames_ > before; });
        return milliseconds(timer_);
    }
    std::int64_t frames() const { return frames_; }

private:
    gui::MainWindow& window_;
    QObject context_; ///< of the watch's own handlers, which the event clock shall not take for the window's
    QElapsedTimer timer_;
    std::vector<std::int64_t> shown_;
    double shownAt_ = 0;
    bool whole_ = false; ///< what is shown is no preview
    double wholeAt_ = 0;
    std::int64_t paints_ = 0;
    std::int64_t frames_ = 0; ///< the newest that is on screen
};

} // namespace lazulite::bench
