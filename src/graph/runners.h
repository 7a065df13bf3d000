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

/// Threads that run what is enqueued, highest priority first: requests, and what is to be done beside them. They are
/// none of oneTBB's, for they may wait, and a task in an arena's queue may lie there as long as another one waits.
class Runners {
public:
    /// At most `background` of the threads take what has Priority::Background.
    Runners(int threads, int background);
    ~Runners(); ///< runs what is queued and waits

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
