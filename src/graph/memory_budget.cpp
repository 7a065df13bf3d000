#include "lazulite/graph/memory_budget.h"

#include <fmt/format.h>
#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <bit>
#include <fstream>
#include <optional>
#include <string>

#include "lazulite/core/units.h"

namespace lazulite::graph {

namespace {

constexpr std::uint64_t kPage = 4096;

std::optional<std::uint64_t> numberIn(const std::string& path) {
    std::ifstream file(path);
    std::uint64_t value = 0;
    if (file >> value) return value;
    return std::nullopt;
}

/// The tightest memory limit of the cgroups (version 1 or 2) that this process is in.
std::uint64_t cgroupLimit() {
    std::uint64_t limit = ~std::uint64_t{0};
    const auto consider = [&](const std::string& file) {
        if (const auto value = numberIn(file)) limit = std::min(limit, *value);
    };
    std::ifstream groups("/proc/self/cgroup");
    for (std::string line; std::getline(groups, line);) {
        const std::size_t controllers = line.find(':');
        const std::size_t path = line.find(':', controllers + 1);
        if (path == std::string::npos) continue;
        const bool unified = line.compare(0, 3, "0::") == 0;
        if (!unified && line.substr(controllers + 1, path - controllers - 1).find("memory") == std::string::npos)
            continue;
        for (std::string group = line.substr(path + 1);; group.resize(group.rfind('/'))) {
            if (unified) {
                consider("/sys/fs/cgroup" + group + "/memory.max");
            } else {
                consider("/sys/fs/cgroup/memory" + group + "/memory.limit_in_bytes");
            }
            if (group.rfind('/') == std::string::npos) break;
        }
    }
    return limit;
}

std::byte* map(std::uint64_t capacity) {
    void* data = ::mmap(nullptr, capacity, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (data == MAP_FAILED) return nullptr;
    return static_cast<std::byte*>(data);
}

/// Has the system provide the pages now: at once where it can, one by one where it cannot.
void touch(std::byte* data, std::uint64_t capacity) {
#ifdef MADV_POPULATE_WRITE
    if (::madvise(data, capacity, MADV_POPULATE_WRITE) == 0) return;
#endif
    for (std::uint64_t at = 0; at < capacity; at += kPage) data[at] = std::byte{0};
}

Error tooLarge(std::uint64_t bytes, std::uint64_t limit, std::uint64_t held) {
    const std::string needed = fmt::format("this needs {} of memory", bytesText(bytes));
    const std::string message = held > 0 ? fmt::format("{}, but what is shown holds {} of the budget of {}", needed,
                                                       bytesText(held), bytesText(limit))
                                         : fmt::format("{} and the budget is {}", needed, bytesText(limit));
    return {Error::Kind::TooLarge, message + "; raise it with --memory or in the preferences, or ask for less", {}, {}};
}

} // namespace

std::uint64_t availableMemory() {
    const auto pages = static_cast<std::uint64_t>(::sysconf(_SC_PHYS_PAGES));
    const auto pageBytes = static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE));
    return std::min(pages * pageBytes, cgroupLimit());
}

MemoryBudget::Reservation::Reservation(Reservation&& other) noexcept
    : budget_(std::move(other.budget_)), bytes_(std::exchange(other.bytes_, 0)) {}

MemoryBudget::Reservation& MemoryBudget::Reservation::operator=(Reservation&& other) noexcept {
    std::swap(budget_, other.budget_);
    std::swap(bytes_, other.bytes_);
    return *this;
}

MemoryBudget::Reservation::~Reservation() {
    if (budget_) budget_->release(bytes_);
}

std::shared_ptr<MemoryBudget> MemoryBudget::create(std::uint64_t limit, bool spares) {
    struct Constructible : MemoryBudget {
        Constructible(std::uint64_t bytes, bool ahead) : MemoryBudget(bytes, ahead) {}
    };
    return std::make_shared<Constructible>(limit, spares);
}

MemoryBudget::MemoryBudget(std::uint64_t limit, bool spares) : limit_(limit) {
    if (spares) spares_ = std::jthread([this](const std::stop_token& stop) { makeSpares(stop); });
}

MemoryBudget::~MemoryBudget() {
    spares_.request_stop();
    if (spares_.joinable()) spares_.join();
    for (const auto& [capacity, data] : pool_) ::munmap(data, capacity);
}

void MemoryBudget::setEvictor(std::function<bool(std::uint64_t)> evict) {
    const std::lock_guard lock(mutex_);
    evict_ = std::move(evict);
}

void MemoryBudget::setLimit(std::uint64_t limit) {
    std::unique_lock lock(mutex_);
    limit_ = limit;
    makeRoom(lock, 0);
    freed_.notify_all();
}

Result<MemoryBudget::Reservation> MemoryBudget::reserve(std::uint64_t bytes, std::stop_token stop) {
    std::unique_lock lock(mutex_);
    while (true) {
        if (stop.stop_requested()) return Error::cancelled();
        if (bytes > limit_) return tooLarge(bytes, limit_, 0);
        if (makeRoom(lock, bytes)) break;
        if (reservations_ == 0) return tooLarge(bytes, limit_, inUse_);
        freed_.wait(lock, stop, [&, before = inUse_ + promised_, running = reservations_] {
            return inUse_ + promised_ < before || reservations_ < running || total() + bytes <= limit_;
        });
    }
    promised_ += bytes;
    ++reservations_;
    notePeak();
    Reservation reservation;
    reservation.budget_ = shared_from_this();
    reservation.bytes_ = bytes;
    return reservation;
}

std::shared_ptr<std::byte> MemoryBudget::allocate(std::uint64_t bytes, Reservation& reservation) {
    const std::uint64_t capacity = capacityFor(bytes);
    std::unique_lock lock(mutex_);
    const std::uint64_t fromPromise = std::min(capacity, reservation.bytes_);
    std::byte* data = takePooled(capacity);
    if (data == nullptr) {
        const std::uint64_t extra = capacity - fromPromise;
        if (extra > 0 && !makeRoom(lock, extra)) return nullptr;
    }
    reservation.bytes_ -= fromPromise;
    promised_ -= fromPromise;
    inUse_ += capacity;
    notePeak();
    if (data == nullptr) {
        lock.unlock();
        data = map(capacity);
        lock.lock();
        if (data == nullptr) {
            inUse_ -= capacity;
            return nullptr;
        }
        spareCapacity_ = capacity;
        freed_.notify_all();
    }
    return {data, [budget = shared_from_this(), capacity](std::byte* buffer) { budget->giveBack(buffer, capacity); }};
}

std::uint64_t MemoryBudget::capacityFor(std::uint64_t bytes) {
    constexpr std::uint64_t kStepsPerDoubling = 8;
    if (bytes <= kPage) return kPage;
    const std::uint64_t step = std::max(kPage, std::bit_floor(bytes) / kStepsPerDoubling);
    return (bytes + step - 1) / step * step;
}

void MemoryBudget::dropPooled() {
    const std::lock_guard lock(mutex_);
    trimPool(pooled_);
}

MemoryBudget::Usage MemoryBudget::usage() const {
    const std::lock_guard lock(mutex_);
    return {limit_, inUse_, pooled_ + warming_, promised_, peak_};
}

/// Evicts and trims until `bytes` more fit. The lock is let go while the cache evicts, since that gives buffers back.
bool MemoryBudget::makeRoom(std::unique_lock<std::mutex>& lock, std::uint64_t bytes) {
    while (total() + bytes > limit_) {
        if (pooled_ > 0) {
            trimPool(total() + bytes - limit_);
            continue;
        }
        if (warming_ > 0) {
            freed_.wait(lock, [&] { return warming_ == 0; });
            continue;
        }
        if (!evict_) return false;
        const std::uint64_t missing = total() + bytes - limit_;
        lock.unlock();
        const bool evicted = evict_(missing);
        lock.lock();
        if (!evicted && total() + bytes > limit_ && pooled_ == 0) return false;
    }
    return true;
}

void MemoryBudget::trimPool(std::uint64_t bytes) {
    std::uint64_t freed = 0;
    while (freed < bytes && !pool_.empty()) {
        const auto largest = std::prev(pool_.end());
        ::munmap(largest->second, largest->first);
        freed += largest->first;
        pooled_ -= largest->first;
        pool_.erase(largest);
    }
}

std::byte* MemoryBudget::takePooled(std::uint64_t capacity) {
    const auto found = pool_.find(capacity);
    if (found == pool_.end()) return nullptr;
    std::byte* data = found->second;
    pool_.erase(found);
    pooled_ -= capacity;
    return data;
}

void MemoryBudget::giveBack(std::byte* data, std::uint64_t capacity) {
    {
        const std::lock_guard lock(mutex_);
        inUse_ -= capacity;
        pooled_ += capacity;
        pool_.emplace(capacity, data);
        if (total() > limit_) trimPool(total() - limit_);
    }
    freed_.notify_all();
}

void MemoryBudget::release(std::uint64_t promised) {
    {
        const std::lock_guard lock(mutex_);
        promised_ -= promised;
        --reservations_;
    }
    freed_.notify_all();
}

bool MemoryBudget::spareWanted() const {
    constexpr std::uint64_t kMostBytes = std::uint64_t{48} << 20U;
    constexpr std::uint64_t kShare = 32; // of the limit
    const std::uint64_t most = std::min(kMostBytes, limit_ / kShare);
    return spareCapacity_ > 0 && pooled_ + spareCapacity_ <= most && total() + 2 * most <= limit_;
}

/// Touches buffers like the last one that had to be made new, until there are enough of them.
void MemoryBudget::makeSpares(const std::stop_token& stop) {
    std::unique_lock lock(mutex_);
    while (freed_.wait(lock, stop, [&] { return spareWanted(); }) && !stop.stop_requested()) {
        const std::uint64_t capacity = spareCapacity_;
        warming_ = capacity;
        notePeak();
        lock.unlock();
        std::byte* data = map(capacity);
        if (data != nullptr) touch(data, capacity);
        lock.lock();
        warming_ = 0;
        if (data == nullptr) {
            spareCapacity_ = 0; // no memory to be had: not worth another try
        } else {
            pooled_ += capacity;
            pool_.emplace(capacity, data);
        }
        freed_.notify_all();
    }
}

void MemoryBudget::notePeak() {
    peak_ = std::max(peak_, total());
}

} // namespace lazulite::graph
