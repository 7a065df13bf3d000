#include "lazulite/graph/prefetcher.h"

#include <algorithm>
#include <atomic>
#include <cmath>

namespace lazulite::graph {

namespace {

constexpr double kRestAfter = 0.5; ///< seconds without motion
constexpr double kHorizon = 1.0;   ///< seconds of motion to fetch ahead
constexpr double kSmoothing = 0.5;
constexpr std::uint64_t kBudgetShare = 8; ///< at most this part of the memory budget is fetched ahead

} // namespace

void Motion::moved(std::int64_t position, Clock::time_point when) {
    if (seen_ && position != position_) {
        const std::chrono::duration<double> elapsed = when - last_;
        const std::int64_t step = position - position_;
        const int direction = step > 0 ? 1 : -1;
        const double pace = std::abs(static_cast<double>(step)) / std::max(1e-3, elapsed.count());
        const bool going = direction == direction_ && elapsed.count() < kRestAfter;
        pace_ = going ? kSmoothing * pace + (1 - kSmoothing) * pace_ : pace;
        direction_ = direction;
    }
    position_ = position;
    last_ = when;
    seen_ = true;
}

std::vector<std::int64_t> Motion::ahead(std::int64_t size, Clock::time_point now) const {
    std::vector<std::int64_t> positions;
    if (!seen_) return positions;
    const auto add = [&](std::int64_t position) {
        if (position >= 0 && position < size) positions.push_back(position);
    };
    const std::chrono::duration<double> still = now - last_;
    if (direction_ == 0 || still.count() > kRestAfter) {
        add(position_ + 1);
        add(position_ - 1);
        return positions;
    }
    const auto reach =
        std::clamp(static_cast<std::int64_t>(std::ceil(pace_ * kHorizon)), std::int64_t{2}, Prefetcher::kMostAhead);
    for (std::int64_t i = 1; i <= reach; ++i) add(position_ + direction_ * i);
    add(position_ - direction_);
    return positions;
}

void Motion::reset() {
    *this = Motion();
}

struct Prefetcher::Pending {
    std::int64_t position = 0;
    std::stop_source stop;
    std::atomic<int> open = 0;
};

Prefetcher::Prefetcher(Executor& executor) : executor_(executor) {}

Prefetcher::~Prefetcher() {
    stop();
}

void Prefetcher::moved(std::size_t axis, std::int64_t position, std::int64_t size,
                       std::function<std::vector<Request>(std::int64_t)> requestsAt, std::int64_t most) {
    const std::lock_guard lock(mutex_);
    if (axis != axis_) {
        stopAll();
        motion_.reset();
        axis_ = axis;
    }
    const auto now = Motion::Clock::now();
    motion_.moved(position, now);
    std::vector<std::int64_t> wanted = motion_.ahead(size, now);
    wanted.resize(std::min(wanted.size(), static_cast<std::size_t>(most)));

    std::erase_if(pending_, [&](const std::shared_ptr<Pending>& pending) {
        if (pending->open == 0) return true;
        if (pending->position == position) return false; // somebody is about to look at it
        if (std::find(wanted.begin(), wanted.end(), pending->position) != wanted.end()) return false;
        pending->stop.request_stop();
        return true;
    });

    std::uint64_t allowance = executor_.memory().usage().limit / kBudgetShare;
    for (const std::int64_t next : wanted) {
        const bool asked = std::any_of(pending_.begin(), pending_.end(),
                                       [&](const auto& pending) { return pending->position == next; });
        if (asked) continue;
        std::vector<Request> requests = requestsAt(next);
        std::uint64_t bytes = 0;
        for (const Request& request : requests) bytes += Executor::peakBytes(request.array, request.region);
        if (bytes > allowance) break;
        allowance -= bytes;
        auto pending = std::make_shared<Pending>();
        pending->position = next;
        pending->open = static_cast<int>(requests.size());
        for (Request& request : requests) {
            request.priority = Priority::Prefetch;
            request.stop = pending->stop.get_token();
            executor_.submit(std::move(request), [pending](const Outcome&) { --pending->open; });
        }
        pending_.push_back(std::move(pending));
    }
}

void Prefetcher::keepOnly(std::size_t axis, std::int64_t position) {
    const std::lock_guard lock(mutex_);
    std::erase_if(pending_, [&](const std::shared_ptr<Pending>& pending) {
        if (axis == axis_ && pending->position == position) return false;
        pending->stop.request_stop();
        return true;
    });
}

void Prefetcher::stop() {
    const std::lock_guard lock(mutex_);
    stopAll();
}

void Prefetcher::stopAll() {
    for (const auto& pending : pending_) pending->stop.request_stop();
    pending_.clear();
}

} // namespace lazulite::graph
