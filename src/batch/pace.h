#pragma once

#include <chrono>
#include <cstdint>
#include <deque>
#include <optional>

namespace lazulite::batch {

/// How fast something gets on: the pace of the last while, so that it follows what changes.
class Pace {
public:
    using Clock = std::chrono::steady_clock;

    explicit Pace(Clock::time_point start) : samples_{{start, 0}} {}

    /// `done` of a whole (bytes) at that moment.
    void note(Clock::time_point when, double done);
    /// A second; 0 where nothing can be said yet.
    double perSecond() const;
    std::optional<double> secondsFor(double rest) const;

private:
    static constexpr auto kWhile = std::chrono::seconds(20);
    static constexpr auto kLeast = std::chrono::milliseconds(500);

    struct Sample {
        Clock::time_point when;
        double done;
    };
    std::deque<Sample> samples_;
};

} // namespace lazulite::batch
