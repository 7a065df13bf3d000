#include "lazulite/graph/activity.h"

#include <utility>

namespace lazulite::graph {

void Activity::begin(const Fingerprint& print) {
    const std::lock_guard lock(mutex_);
    ++version_;
    const auto [entry, fresh] = works_.try_emplace(print);
    entry->second.state = Work::State::Running;
    entry->second.fraction = 0;
    entry->second.error.clear();
    if (!fresh) return;
    order_.push_back(print);
    if (order_.size() <= kKept) return;
    works_.erase(order_.front());
    order_.pop_front();
}

void Activity::progress(const Fingerprint& print, double fraction) {
    const std::lock_guard lock(mutex_);
    const auto found = works_.find(print);
    if (found == works_.end()) return;
    ++version_;
    found->second.fraction = fraction;
}

void Activity::end(const Fingerprint& print, double milliseconds) {
    const std::lock_guard lock(mutex_);
    const auto found = works_.find(print);
    if (found == works_.end()) return;
    ++version_;
    found->second = {Work::State::Done, 1, milliseconds, {}};
}

void Activity::fail(const Fingerprint& print, std::string error) {
    const std::lock_guard lock(mutex_);
    const auto found = works_.find(print);
    if (found == works_.end()) return;
    ++version_;
    found->second.state = Work::State::Failed;
    found->second.error = std::move(error);
}

void Activity::giveUp(const Fingerprint& print) {
    const std::lock_guard lock(mutex_);
    if (works_.erase(print) == 0) return;
    ++version_;
    std::erase(order_, print);
}

std::optional<Work> Activity::of(const Fingerprint& print) const {
    const std::lock_guard lock(mutex_);
    const auto found = works_.find(print);
    return found == works_.end() ? std::nullopt : std::optional(found->second);
}

std::uint64_t Activity::version() const {
    const std::lock_guard lock(mutex_);
    return version_;
}

} // namespace lazulite::graph
