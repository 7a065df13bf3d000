#pragma once

#include <array>
#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

#include "lazulite/graph/executor.h"

namespace lazulite::graph {

/// The threads that requests run on, highest priority first. They wait more than they work, for the arenas do that, so
/// there are many; few of them take background work.
class Runners {
public:
    Runners(int threads, int background);
    ~Runners(); ///< runs what is queued (it is cancelled by then) and waits

    void enqueue(Priority priority, std::function<void()> task);

private:
    static constexpr std::size_t kPriorities = 3;

    void work();
    /// The queue to take from next, or kPriorities where there is nothing to do.
    std::size_t choose() const;

    const std::array<int, kPriorities> mostAtOnce_;
    std::mutex mutex_;
    std::condition_variable changed_;
    std::array<std::deque<std::function<void()>>, kPriorities> queues_;
    std::array<int, kPriorities> running_{};
    bool closing_ = false;
    std::vector<std::thread> threads_;
};

} // namespace lazulite::graph
