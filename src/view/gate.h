#pragma once

#include <condition_variable>
#include <cstddef>
#include <memory>
#include <mutex>

namespace lazulite::view {

/// Lets callbacks into an object until it is closed: a callback that comes later must not touch the object any more,
/// and close() waits for those inside. Callbacks keep the gate alive, not the object.
class Gate {
public:
    class Pass {
    public:
        explicit Pass(Gate* gate) : gate_(gate) {}
        Pass(Pass&& other) noexcept : gate_(other.gate_) { other.gate_ = nullptr; }
        Pass& operator=(Pass&&) = delete;
        ~Pass() {
            if (gate_ != nullptr) gate_->leave();
        }
        explicit operator bool() const { return gate_ != nullptr; }

    private:
        Gate* gate_;
    };

    Pass enter() {
        const std::lock_guard lock(mutex_);
        if (closed_) return Pass(nullptr);
        ++inside_;
        return Pass(this);
    }

    void close() {
        std::unique_lock lock(mutex_);
        closed_ = true;
        left_.wait(lock, [this] { return inside_ == 0; });
    }

private:
    void leave() {
        const std::lock_guard lock(mutex_);
        if (--inside_ == 0) left_.notify_all();
    }

    std::mutex mutex_;
    std::condition_variable left_;
    std::size_t inside_ = 0;
    bool closed_ = false;
};

} // namespace lazulite::view
