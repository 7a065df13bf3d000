#pragma once

#include <cstdint>
#include <functional>
#include <list>
#include <memory>
#include <mutex>
#include <unordered_map>
#include <utility>

#include "tiff/page_layout.h"

namespace lazulite::io {

/// The layouts of the pages that were read last, of all files together, so that any number of files costs a bounded
/// amount of memory. Thread-safe.
class LayoutCache {
public:
    struct Key {
        std::uint64_t file = 0;
        std::int64_t page = 0;
        int level = -1;

        bool operator==(const Key&) const = default;
    };

    static LayoutCache& shared() {
        static LayoutCache cache;
        return cache;
    }

    std::shared_ptr<const PageLayout> find(const Key& key) {
        const std::lock_guard lock(mutex_);
        const auto found = places_.find(key);
        if (found == places_.end()) return nullptr;
        entries_.splice(entries_.begin(), entries_, found->second);
        return found->second->second;
    }

    void insert(const Key& key, std::shared_ptr<const PageLayout> layout) {
        constexpr std::size_t kMost = 256;
        const std::lock_guard lock(mutex_);
        if (places_.contains(key)) return;
        entries_.emplace_front(key, std::move(layout));
        places_.emplace(key, entries_.begin());
        if (entries_.size() > kMost) {
            places_.erase(entries_.back().first);
            entries_.pop_back();
        }
    }

private:
    struct Hash {
        std::size_t operator()(const Key& key) const {
            constexpr std::uint64_t kMultiplier = 0x9E3779B97F4A7C15ULL;
            const std::uint64_t mixed = (key.file * kMultiplier + static_cast<std::uint64_t>(key.page)) * kMultiplier;
            return mixed + static_cast<std::uint64_t>(key.level);
        }
    };
    using Entries = std::list<std::pair<Key, std::shared_ptr<const PageLayout>>>;

    std::mutex mutex_;
    Entries entries_; ///< most recently used first
    std::unordered_map<Key, Entries::iterator, Hash> places_;
};

} // namespace lazulite::io
