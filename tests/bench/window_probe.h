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
    constexpr int kStartTime = 20; // the 22nd field, counted from behind the name
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
    while (!done()) {
        if (patience.elapsed() > 60000) return false;
        QApplication::processEvents(QEventLoop::WaitForMoreEvents | QEventLoop::AllEvents, 1000);
    }
    return true;
}

/// Sees when a position is on screen: the first swap of buffers after a picture of it was painted.
class ScreenWatch {
public:
    explicit ScreenWatch(gui::MainWindow& window) : window_(window), heartbeat_(std::make_unique<QTimer>()) {
        QObject::connect(&window.canvas(), &gui::Canvas::painted, heartbeat_.get(), [this] {
            const auto& picture = window_.session().picture();
            painted_ = picture && !picture->stale ? picture->state.position : std::vector<std::int64_t>{};
        });
        QObject::connect(&window.canvas(), &QOpenGLWidget::frameSwapped, heartbeat_.get(), [this] {
            shown_ = painted_;
            ++swaps_;
        });
        heartbeat_->start(1000); // so that waiting for events ends
    }

    /// Waits until what the session asks for is on screen; false after a minute.
    bool awaitShown() {
        return runUntil([this] { return shown_ == window_.session().state().position; });
    }
    /// Waits for one swap of an unchanged picture; milliseconds.
    double repaint() {
        const std::int64_t before = swaps_;
        QElapsedTimer timer;
        timer.start();
        window_.canvas().update();
        runUntil([&] { return swaps_ > before; });
        return milliseconds(timer);
    }

private:
    gui::MainWindow& window_;
    std::unique_ptr<QTimer> heartbeat_;
    std::vector<std::int64_t> painted_;
    std::vector<std::int64_t> shown_;
    std::int64_t swaps_ = 0;
};

} // namespace lazulite::bench
