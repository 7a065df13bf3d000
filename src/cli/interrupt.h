#pragma once

#include <atomic>
#include <csignal>
#include <stop_token>
#include <thread>

namespace lazulite::cli {

/// Turns the first Ctrl+C (SIGINT) or SIGTERM into a stop request, so that work can end tidily; a second one ends the
/// program at once. To be made before other threads are started, which then leave these signals alone.
class Interrupt {
public:
    Interrupt();
    Interrupt(const Interrupt&) = delete;
    Interrupt& operator=(const Interrupt&) = delete;
    ~Interrupt();

    std::stop_token token() const { return stop_.get_token(); }
    /// What a shell expects of a program that a signal has ended: 128 and the signal's number.
    int exitCode() const { return 128 + signal_; }

private:
    void wait(const std::stop_token& done);

    sigset_t signals_{};
    sigset_t before_{};
    std::stop_source stop_;
    std::atomic<int> signal_ = 0;
    std::jthread waiter_;
};

} // namespace lazulite::cli
