#include "runners.h"

namespace lazulite::graph {

Runners::Runners(int threads, int background) : mostAtOnce_{1, background, threads} {
    threads_.reserve(static_cast<std::size_t>(threads));
    for (int i = 0; i < threads; ++i) threads_.emplace_back([this] { work(); });
}

Runners::~Runners() {
    {
        const std::lock_guard lock(mutex_);
        closing_ = true;
    }
    changed_.notify_all();
    for (std::thread& thread : threads_) thread.join();
}

void Runners::enqueue(Priority priority, std::function<void()> task) {
    {
        const std::lock_guard lock(mutex_);
        queues_.at(static_cast<std::size_t>(priority)).push_back(std::move(task));
    }
    changed_.notify_one();
}

std::size_t Runners::choose() const {
    for (std::size_t priority = kPriorities; priority-- > 0;) {
        if (!queues_.at(priority).empty() && running_.at(priority) < mostAtOnce_.at(priority)) return priority;
    }
    return kPriorities;
}

void Runners::work() {
    std::unique_lock lock(mutex_);
    while (true) {
        const std::size_t priority = choose();
        if (priority == kPriorities) {
            if (closing_) return;
            changed_.wait(lock);
            continue;
        }
        std::function<void()> task = std::move(queues_.at(priority).front());
        queues_.at(priority).pop_front();
        ++running_.at(priority);
        lock.unlock();
        task();
        task = nullptr;
        lock.lock();
        --running_.at(priority);
        changed_.notify_one();
    }
}

} // namespace lazulite::graph
