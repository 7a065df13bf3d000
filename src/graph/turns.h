#pragma once

#include <array>
#include <condition_variable>
#include <mutex>
#include <stop_token>

#include "lazulite/graph/executor.h"

namespace lazulite::graph {

/// Lets so many computations run at once that each has the machine that it needs: two that share it would both come
/// late. What is less urgent never keeps the more urgent waiting.
class Turns {
public:
    /// From when it is one's turn until this goes out of scope. Empty where it was cancelled before.
    class Turn {
    public:
        Turn() = default;
        Turn(Turns& turns, Priority priority) : turns_(&turns), priority_(priority) {}
        Turn(Turn&& other) noexcept;
        Turn& operator=(Turn&&) = delete;
        ~Turn();

        explicit operator bool() const { return turns_ != nullptr; }

    private:
        Turns* turns_ = nullptr;
        Priority priority_ = Priority::Visible;
    };

    /// Waits until fewer than `most` run that are as urgent or more.
    Turn take(Priority priority, int most, const std::stop_token& stop);

private:
    int running(Priority least) const;
    void end(Priority priority);

    std::mutex mutex_;
    std::condition_variable_any ended_;
    std::array<int, 3> running_{}; ///< by priority
};

} // namespace lazulite::graph
