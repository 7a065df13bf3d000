#include "lazulite/core/mirror.h"

#include <utility>

namespace lazulite {

void Mirror::add(std::shared_ptr<Copy> copy, bool ahead) {
    const std::lock_guard lock(mutex_);
    std::erase_if(copies_, [](const std::shared_ptr<Copy>& other) { return other->gone(); });
    copies_.push_back(std::move(copy));
    if (ahead) pending_.store(true, std::memory_order_release);
}

std::vector<std::shared_ptr<Mirror::Copy>> Mirror::copies() const {
    const std::lock_guard lock(mutex_);
    return copies_;
}

Result<void> Mirror::settle() {
    const std::lock_guard lock(mutex_);
    if (!pending()) return {};
    for (const std::shared_ptr<Copy>& copy : copies_) {
        if (auto fetched = copy->fetch(); !fetched) {
            lost_ = true;
            return fetched;
        }
    }
    pending_.store(false, std::memory_order_release);
    return {};
}

} // namespace lazulite
