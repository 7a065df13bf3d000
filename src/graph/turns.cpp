#include "turns.h"

#include <numeric>
#include <utility>

namespace lazulite::graph {

Turns::Turn::Turn(Turn&& other) noexcept : turns_(std::exchange(other.turns_, nullptr)), priority_(other.priority_) {}

Turns::Turn::~Turn() {
    if (turns_ != nullptr) turns_->end(priority_);
}

Turns::Turn Turns::take(Priority priority, int most, const std::stop_token& stop) {
    std::unique_lock lock(mutex_);
    if (!ended_.wait(lock, stop, [&] { return running(priority) < most; }) || stop.stop_requested()) return {};
    ++running_.at(static_cast<std::size_t>(priority));
    return {*this, priority};
}

int Turns::running(Priority least) const {
    return std::accumulate(running_.begin() + static_cast<std::ptrdiff_t>(least), running_.end(), 0);
}

void Turns::end(Priority priority) {
    {
        const std::lock_guard lock(mutex_);
        --running_.at(static_cast<std::size_t>(priority));
    }
    ended_.notify_all();
}

} // namespace lazulite::graph
