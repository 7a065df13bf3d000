#include "lazulite/graph/block_cache.h"

#include <algorithm>

namespace lazulite::graph {

namespace {

/// The one used longest ago that nobody else holds: letting go of the others would free nothing.
template <typename List>
std::optional<typename List::iterator> oldestUnheld(List& entries) {
    for (auto entry = entries.end(); entry != entries.begin();) {
        --entry;
        if (entry->block.owners() == 1) return entry;
    }
    return std::nullopt;
}

std::array<std::size_t, 2> counterSlots(std::size_t hash, std::size_t counters) {
    const std::uint64_t mixed = hash * 0x9E3779B97F4A7C15ULL;
    return {(mixed >> 16U) % counters, (mixed >> 40U) % counters};
}

} // namespace

std::optional<Region> BlockCache::holder(const Fingerprint& print, const Region& region) const {
    const std::lock_guard lock(mutex_);
    if (index_.contains({print, region})) return region;
    const auto wide = wide_.find(print);
    if (wide == wide_.end()) return std::nullopt;
    const auto found = std::find_if(wide->second.begin(), wide->second.end(),
                                    [&](const Region& candidate) { return candidate.contains(region); });
    if (found == wide->second.end()) return std::nullopt;
    return *found;
}

Block BlockCache::find(const Fingerprint& print, const Region& region, std::uint64_t stamp, bool wanted) {
    const std::lock_guard lock(mutex_);
    const Key key{print, region};
    if (wanted) count(key);
    const auto found = index_.find(key);
    if (found == index_.end()) return {};
    const auto entry = found->second;
    if (entry->stamp != stamp || entry->block.lost()) {
        drop(entry);
        return {};
    }
    Entries& list = entry->inMain ? main_ : window_;
    list.splice(list.begin(), list, entry);
    return entry->block;
}

void BlockCache::insert(const Fingerprint& print, const Region& region, std::uint64_t stamp, const Block& block,
                        const Traits& traits) {
    const std::lock_guard lock(mutex_);
    const Key key{print, region};
    if (const auto old = index_.find(key); old != index_.end()) drop(old->second);
    window_.push_front({key, block, stamp, traits, false});
    windowBytes_ += block.bytes();
    index_[key] = window_.begin();
    if (traits.wide) wide_[print].push_back(region);
    while (!full_ && windowIsLarge() && window_.size() > 1) moveToMain(std::prev(window_.end()));
}

bool BlockCache::evict(std::uint64_t bytes) {
    const std::lock_guard lock(mutex_);
    full_ = true;
    std::uint64_t freed = 0;
    while (freed < bytes) {
        const auto entry = victim();
        if (!entry) return freed > 0;
        freed += (*entry)->block.bytes();
        drop(*entry);
    }
    return true;
}

std::optional<BlockCache::Entries::iterator> BlockCache::victim() {
    const auto candidate = oldestUnheld(window_);
    const auto incumbent = oldestUnheld(main_);
    if (!candidate || !incumbent) return candidate ? candidate : incumbent;
    if (merit(**candidate) <= merit(**incumbent)) return windowIsLarge() ? candidate : incumbent;
    if (windowIsLarge()) moveToMain(*candidate);
    return incumbent;
}

void BlockCache::drop(Entries::iterator entry) {
    if (entry->traits.wide) {
        const auto wide = wide_.find(entry->key.print);
        std::erase(wide->second, entry->key.region);
        if (wide->second.empty()) wide_.erase(wide);
    }
    (entry->inMain ? mainBytes_ : windowBytes_) -= entry->block.bytes();
    index_.erase(entry->key);
    (entry->inMain ? main_ : window_).erase(entry);
}

void BlockCache::moveToMain(Entries::iterator entry) {
    const std::uint64_t bytes = entry->block.bytes();
    entry->inMain = true;
    main_.splice(main_.begin(), window_, entry);
    windowBytes_ -= bytes;
    mainBytes_ += bytes;
}

void BlockCache::count(const Key& key) {
    constexpr std::uint8_t kMost = 255;
    constexpr std::uint64_t kRequestsPerEntry = 8;
    constexpr std::uint64_t kLeast = 4096;
    for (const std::size_t slot : counterSlots(KeyHash{}(key), kCounters)) {
        if (counters_.at(slot) < kMost) ++counters_.at(slot);
    }
    if (++counted_ < std::max(kLeast, kRequestsPerEntry * index_.size())) return;
    for (std::uint8_t& counter : counters_) counter /= 2; // what was popular long ago must not stay for ever
    counted_ = 0;
}

std::uint32_t BlockCache::merit(const Entry& entry) const {
    const auto slots = counterSlots(KeyHash{}(entry.key), kCounters);
    const std::uint32_t uses = std::min(counters_.at(slots[0]), counters_.at(slots[1]));
    return uses * static_cast<std::uint32_t>(entry.traits.worth);
}

void BlockCache::clear() {
    const std::lock_guard lock(mutex_);
    index_.clear();
    wide_.clear();
    window_.clear();
    main_.clear();
    windowBytes_ = 0;
    mainBytes_ = 0;
    full_ = false;
}

std::size_t BlockCache::size() const {
    const std::lock_guard lock(mutex_);
    return index_.size();
}

} // namespace lazulite::graph
