#include "app/event_clock.h"

#include <algorithm>

namespace lazulite::gui {

EventClock& EventClock::instance() {
    static EventClock clock;
    return clock;
}

void EventClock::reset() {
    *this = EventClock();
}

void EventClock::note(QEvent::Type type, const QString& receiver, double milliseconds) {
    if (type == QEvent::Paint || type == QEvent::UpdateRequest || type == QEvent::Expose) {
        longestPaint_ = std::max(longestPaint_, milliseconds);
        return;
    }
    const Handler handler{type, receiver, milliseconds};
    if (milliseconds > longest_.milliseconds) longest_ = handler;
    constexpr std::size_t kMost = 10000;
    if (milliseconds > kKeptFromMs && slow_.size() < kMost) slow_.push_back(handler);
}

} // namespace lazulite::gui
