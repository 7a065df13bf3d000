#include "alarm.h"

namespace lazulite::view {

Alarm::Alarm() : thread_([this](const std::stop_token& stop) { run(stop); }) {}

void Alarm::at(Clock::time_point when, std::function<void()> task) {
    {
        const std::lock_guard lock(mutex_);
        tasks_.emplace(when, std::move(task));
    }
    changed_.notify_one();
}

void Alarm::run(const std::stop_token& stop) {
    std::unique_lock lock(mutex_);
    while (!stop.stop_requested()) {
        if (tasks_.empty()) {
            changed_.wait(lock, stop, [this] { return !tasks_.empty(); });
            continue;
        }
        const Clock::time_point next = tasks_.begin()->first;
        if (Clock::now() < next) {
            changed_.wait_until(lock, stop, next, [&] { return tasks_.begin()->first < next; });
            continue;
        }
        const std::function<void()> task = std::move(tasks_.begin()->second);
        tasks_.erase(tasks_.begin());
        lock.unlock();
        task();
        lock.lock();
    }
}

} // namespace lazulite::view
