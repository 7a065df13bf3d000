#pragma once

#include <chrono>
#include <condition_variable>
#include <functional>
#include <map>
#include <mutex>
#include <stop_token>
#include <thread>

namespace lazulite::view {

/// Calls short tasks at given times on a thread of its own. What is still to come when it is destroyed is dropped.
class Alarm {
public:
    using Clock = std::chrono::steady_clock;

    Alarm();

    void at(Clock::time_point when, std::function<void()> task);

private:
    void run(const std::stop_token& stop);

    std::mutex mutex_;
    std::condition_variable_any changed_;
    std::multimap<Clock::time_point, std::function<void()>> tasks_;
    std::jthread thread_; ///< last: it stops before what it uses goes
};

} // namespace lazulite::view
