#pragma once

#include <array>
#include <cstdint>
#include <list>
#include <mutex>
#include <optional>
#include <unordered_map>
#include <vector>

#include "lazulite/core/block.h"
#include "lazulite/graph/lazy_array.h"

namespace lazulite::graph {

/// Keeps blocks by (fingerprint, region). Bounded from outside: it holds everything until it is told to evict.
///
/// Eviction resists scans. New blocks enter a small window in order of use; what falls out of it may only take the
/// place of the least recently used block of the main part if it has been asked for more often. So a drag through more
/// data than fits passes through the window alone, and a loop that does not fit keeps a steady part of itself instead
/// of none. (The idea is W-TinyLFU's: Einziger, Friedman, Manes, ACM ToS 2017.) Thread-safe.
class BlockCache {
public:
    /// How dear a block is to make again: a page that is read, a volume that is computed.
    enum class Worth : std::uint32_t { Read = 1, Computed = 8 };

    /// The region of an entry that contains `region`: itself, or a wide one; nothing where there is none.
    std::optional<Region> holder(const Fingerprint& print, const Region& region) const;

    /// The block of exactly this region; empty when there is none. An entry whose stamp differs (its files have
    /// changed) or whose values were lost with a graphics card is dropped. `wanted` says that somebody looks at it (a
    /// prefetch does not count).
    Block find(const Fingerprint& print, const Region& region, std::uint64_t stamp, bool wanted = true);

    struct Traits {
        Worth worth = Worth::Read;
        bool wide = false;  ///< more than one block of its array: parts of it may be asked for
        bool wanted = true; ///< somebody looks at it (a prefetch is not counted as use)
    };
    void insert(const Fingerprint& print, const Region& region, std::uint64_t stamp, const Block& block,
                const Traits& traits);

    /// Lets go of blocks of at least `bytes` that nobody else holds; false where it had none left.
    bool evict(std::uint64_t bytes);

    void clear();
    std::size_t size() const;

private:
    struct Key {
        Fingerprint print;
        Region region;
        bool operator==(const Key&) const = default;
    };
    struct KeyHash {
        std::size_t operator()(const Key& key) const noexcept { return key.print.low ^ key.region.hash(); }
    };
    struct Entry {
        Key key;
        Block block;
        std::uint64_t stamp = 0;
        Traits traits;
        bool inMain = false;
    };
    using Entries = std::list<Entry>;

    void drop(Entries::iterator entry);
    void moveToMain(Entries::iterator entry);
    bool windowIsLarge() const { return windowBytes_ * kWindowShare > windowBytes_ + mainBytes_; }
    std::optional<Entries::iterator> victim();
    void count(const Key& key);
    std::uint32_t merit(const Entry& entry) const;

    static constexpr std::uint64_t kWindowShare = 5; ///< the window is a fifth of all

    static constexpr std::size_t kCounters = 1U << 16U;

    mutable std::mutex mutex_;
    Entries window_; ///< front: used last
    Entries main_;
    std::uint64_t windowBytes_ = 0;
    std::uint64_t mainBytes_ = 0;
    std::unordered_map<Key, Entries::iterator, KeyHash> index_;
    std::unordered_map<Fingerprint, std::vector<Region>>
        wide_;                                       ///< regions of more than one block's worth, for containment
    std::array<std::uint8_t, kCounters> counters_{}; ///< how often a key was asked for, by two hashes
    std::uint64_t counted_ = 0;
    bool full_ = false; ///< has had to evict: from now on the main part is entered by merit only
};

} // namespace lazulite::graph
