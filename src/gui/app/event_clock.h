#pragma once

#include <QEvent>
#include <QString>
#include <vector>

namespace lazulite::gui {

/// How long the GUI thread's event handlers take. The window promises that none of them waits for data; tests and the
/// drag benchmark hold it to that. Painting is counted apart: what it takes is the graphics driver's.
class EventClock {
public:
    struct Handler {
        QEvent::Type type = QEvent::None;
        QString receiver;
        double milliseconds = 0;
    };

    static EventClock& instance();

    void reset();
    /// The longest handler since reset(), painting left out.
    const Handler& longest() const { return longest_; }
    double longestPaint() const { return longestPaint_; }
    /// Handlers that took longer than this are kept one by one.
    static constexpr double kKeptFromMs = 2.0;
    const std::vector<Handler>& slow() const { return slow_; }

    void note(QEvent::Type type, const QString& receiver, double milliseconds);

private:
    Handler longest_;
    double longestPaint_ = 0;
    std::vector<Handler> slow_;
};

} // namespace lazulite::gui
