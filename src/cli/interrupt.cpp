#include "interrupt.h"

#include <pthread.h>

#include <ctime>

namespace lazulite::cli {

Interrupt::Interrupt() {
    sigemptyset(&signals_);
    sigaddset(&signals_, SIGINT);
    sigaddset(&signals_, SIGTERM);
    pthread_sigmask(SIG_BLOCK, &signals_, &before_);
    waiter_ = std::jthread([this](const std::stop_token& done) { wait(done); });
}

Interrupt::~Interrupt() {
    waiter_.request_stop();
    waiter_.join();
    pthread_sigmask(SIG_SETMASK, &before_, nullptr);
}

void Interrupt::wait(const std::stop_token& done) {
    constexpr timespec kGlance{.tv_sec = 0, .tv_nsec = 50'000'000}; // how often it looks whether it is still needed
    while (!done.stop_requested()) {
        const int signal = sigtimedwait(&signals_, nullptr, &kGlance);
        if (signal <= 0) continue;
        if (signal_ != 0) {
            std::signal(signal, SIG_DFL);
            pthread_sigmask(SIG_UNBLOCK, &signals_, nullptr);
            std::raise(signal);
        }
        signal_ = signal;
        stop_.request_stop();
    }
}

} // namespace lazulite::cli
