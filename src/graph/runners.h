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

/// The threads that requests run on, highest priority first. Some are kept free of background work, so that what is
/// visible never waits behind it.
class Runners {
public:
    explicit Runners(int threads);
    ~Runners(); ///< runs what is queued (it is cancelled by then) and waits

    void enqueue(Priority priority, std::function<void()> task);

private:
    static constexpr std::size_t kPriorities = 3;

    void work();
    /// The queue to take from next, or kPriorities where there is nothing to do.
    std::size_t choose() const;
    int mostAtOnce(std::size_t priority) const;

    std::mutex mutex_;
    std::condition_variable changed_;
    std::array<std::deque<std::function<void()>>, kPriorities> queues_;
    std::array<int, kPriorities> running_{};
    bool closing_ = false;
    std::vector<std::thread> threads_;
};

} // namespace lazulite::graph
