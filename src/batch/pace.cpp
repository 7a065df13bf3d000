#include "pace.h"

namespace lazulite::batch {

void Pace::note(Clock::time_point when, double done) {
    constexpr auto kBetween = std::chrono::milliseconds(100);
    if (samples_.size() > 1 && when - samples_[samples_.size() - 2].when < kBetween) samples_.pop_back();
    samples_.push_back({when, done});
    while (samples_.size() > 2 && when - samples_[1].when > kWhile) samples_.pop_front();
}

double Pace::perSecond() const {
    const std::chrono::duration<double> took = samples_.back().when - samples_.front().when;
    if (took < kLeast) return 0;
    return (samples_.back().done - samples_.front().done) / took.count();
}

std::optional<double> Pace::secondsFor(double rest) const {
    const double pace = perSecond();
    if (!(pace > 0)) return std::nullopt;
    return rest / pace;
}

} // namespace lazulite::batch
