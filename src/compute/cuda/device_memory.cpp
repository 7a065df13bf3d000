#include "device_memory.h"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <utility>

#include "lazulite/core/units.h"

namespace lazulite::compute::cuda {

std::shared_ptr<DeviceMemory> DeviceMemory::create(std::shared_ptr<Device> device, std::uint64_t limit) {
    struct Open : DeviceMemory {
        Open(std::shared_ptr<Device> device, std::uint64_t limit) : DeviceMemory(std::move(device), limit) {}
    };
    return std::make_shared<Open>(std::move(device), limit);
}

DeviceMemory::~DeviceMemory() {
    trimPool(0);
}

DeviceMemory::Reservation::~Reservation() {
    if (memory_) memory_->endReservation(bytes_);
}

std::uint64_t DeviceMemory::capacityFor(std::uint64_t bytes) {
    constexpr std::uint64_t kLeast = 512;
    constexpr int kStepsPerDoubling = 8; // at most 1/8 more, so that buffers of similar size can be used again
    if (bytes <= kLeast) return kLeast;
    const std::uint64_t step = std::max(kLeast, std::bit_floor(bytes) / kStepsPerDoubling);
    return (bytes + step - 1) / step * step;
}

Result<DeviceMemory::Reservation> DeviceMemory::reserve(std::uint64_t bytes, const std::stop_token& stop) {
    Lock lock(mutex_);
    while (inUse_ + promised_ + bytes > limit_) {
        if (bytes <= limit_ && letOneGo(lock)) continue;
        if (bytes > limit_ || reservations_ == 0) {
            return Error{Error::Kind::TooLarge,
                         fmt::format("this needs {} of the memory of {}, of which {} may be used", bytesText(bytes),
                                     device_->name(), bytesText(limit_)),
                         {},
                         {}};
        }
        const std::uint64_t seen = changes_;
        if (!changed_.wait(lock, stop, [&] { return changes_ != seen; })) return Error::cancelled();
    }
    promised_ += bytes;
    ++reservations_;
    return Reservation(shared_from_this(), bytes);
}

std::shared_ptr<DeviceMemory::Buffer> DeviceMemory::allocate(std::uint64_t bytes, Reservation& reservation) {
    const std::uint64_t capacity = capacityFor(bytes);
    Lock lock(mutex_);
    if (capacity > reservation.bytes_) return nullptr;
    std::byte* data = takePooled(capacity);
    if (data == nullptr) data = makeNew(lock, capacity);
    if (data == nullptr) return nullptr;
    reservation.bytes_ -= capacity;
    promised_ -= capacity;
    inUse_ += capacity;
    peak_ = std::max(peak_, inUse_ + pooled_);
    return std::make_shared<Buffer>(shared_from_this(), data, capacity);
}

std::byte* DeviceMemory::takePooled(std::uint64_t capacity) {
    const auto found = pool_.find(capacity);
    if (found == pool_.end()) return nullptr;
    std::byte* data = found->second;
    pool_.erase(found);
    pooled_ -= capacity;
    return data;
}

/// What is kept for reuse counts against the limit too, but has to go first.
std::byte* DeviceMemory::makeNew(Lock& lock, std::uint64_t capacity) {
    while (true) {
        trimPool(limit_ - inUse_ - capacity);
        if (std::byte* data = device_->allocate(capacity)) return data;
        if (pooled_ > 0) {
            trimPool(0);
        } else if (!letOneGo(lock)) {
            return nullptr;
        }
    }
}

/// Frees pooled buffers until there are at most so many bytes of them.
void DeviceMemory::trimPool(std::uint64_t most) {
    while (pooled_ > most) {
        const auto largest = std::prev(pool_.end());
        device_->release(largest->second);
        pooled_ -= largest->first;
        pool_.erase(largest);
    }
}

bool DeviceMemory::letOneGo(Lock& lock) {
    for (auto place = holders_.end(); place != holders_.begin();) {
        --place;
        std::shared_ptr<Holder> holder = place->lock();
        if (holder && !holder->idle()) continue;
        place = holders_.erase(place);
        if (!holder) continue;
        lock.unlock();
        holder->letGo();
        holder.reset();
        lock.lock();
        return true;
    }
    return false;
}

void DeviceMemory::remember(const std::shared_ptr<Holder>& holder) {
    const std::lock_guard lock(mutex_);
    holders_.remove_if([&](const std::weak_ptr<Holder>& other) {
        return other.expired() || (!other.owner_before(holder) && !holder.owner_before(other));
    });
    holders_.push_front(holder);
}

void DeviceMemory::giveBack(std::byte* data, std::uint64_t capacity) {
    {
        const std::lock_guard lock(mutex_);
        inUse_ -= capacity;
        pooled_ += capacity;
        pool_.emplace(capacity, data);
        ++changes_;
    }
    changed_.notify_all();
}

void DeviceMemory::endReservation(std::uint64_t bytes) {
    {
        const std::lock_guard lock(mutex_);
        promised_ -= bytes;
        --reservations_;
        ++changes_;
    }
    changed_.notify_all();
}

DeviceMemory::Usage DeviceMemory::usage() const {
    const std::lock_guard lock(mutex_);
    return {limit_, inUse_, pooled_, promised_, peak_};
}

} // namespace lazulite::compute::cuda
