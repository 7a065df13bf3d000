#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <vector>

#include "lazulite/graph/executor.h"

namespace lazulite::graph {

/// The motion of one slider: direction and pace, measured from the positions that it passed.
class Motion {
public:
    using Clock = std::chrono::steady_clock;

    void moved(std::int64_t position, Clock::time_point when);
    /// Positions worth fetching next, best first: along the motion as far as `horizon` reaches at the measured pace,
    /// at rest both neighbours. Only positions in [0, size).
    std::vector<std::int64_t> ahead(std::int64_t size, Clock::time_point now) const;
    int direction() const { return direction_; }
    void reset();

private:
    std::int64_t position_ = 0;
    int direction_ = 0;
    double pace_ = 0; ///< positions a second
    Clock::time_point last_{};
    bool seen_ = false;
};

/// Fetches what the slider that moves will show next, below everything visible and inside the memory budget.
/// Thread-safe.
class Prefetcher {
public:
    static constexpr std::int64_t kMostAhead = 16;

    explicit Prefetcher(Executor& executor);
    ~Prefetcher();

    /// The slider of `axis` (any number that names it) now stands at `position` of `size`. `requestsAt` makes the
    /// requests for another position of it; at most `most` are fetched. What was asked for and lies ahead no more is
    /// cancelled.
    void moved(std::size_t axis, std::int64_t position, std::int64_t size,
               std::function<std::vector<Request>(std::int64_t position)> requestsAt, std::int64_t most = kMostAhead);

    /// Cancels everything under way but what that position of that axis needs.
    void keepOnly(std::size_t axis, std::int64_t position);

    /// Cancels everything under way.
    void stop();

private:
    struct Pending;
    void stopAll();

    Executor& executor_;
    std::mutex mutex_;
    std::size_t axis_ = 0;
    Motion motion_;
    std::vector<std::shared_ptr<Pending>> pending_;
};

} // namespace lazulite::graph
