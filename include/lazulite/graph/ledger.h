#pragma once

#include <cstdint>
#include <deque>
#include <mutex>
#include <string>
#include <vector>

#include "lazulite/core/source.h"

namespace lazulite::graph {

/// What one request, or all of them together, really did.
struct Costs {
    ReadCounts reads;
    std::int64_t blocksComputed = 0; ///< results of ComputeOperations made
    std::int64_t cacheHits = 0;      ///< blocks that were found in the cache or joined in flight
    std::int64_t cancelled = 0;      ///< requests that ended cancelled
    double milliseconds = 0;         ///< from submit to answer
    /// What the user may wonder about, each once: "deskew: computed on the processor, for it does not fit ...".
    std::vector<std::string> remarks{};

    void remark(const std::string& text);
    Costs& operator+=(const Costs& other);
    /// One line of JSON: files_opened, pages_read, bytes_read, blocks_computed, cache_hits, cancelled, ms, and remarks
    /// where there are some.
    std::string json() const;

    static constexpr std::size_t kMostRemarks = 20;
};

/// The books: totals since the start and the last requests one by one. Thread-safe.
class Ledger {
public:
    struct Entry {
        std::string label;
        Costs costs;
        std::string error; ///< empty where it went well
    };

    void add(Entry entry);
    /// Reads that happen outside requests (opening a folder).
    void addReads(const ReadCounts& reads);
    Costs totals() const;
    std::int64_t requests() const;
    /// The newest first, at most kKept.
    std::vector<Entry> recent() const;

    static constexpr std::size_t kKept = 200;

private:
    mutable std::mutex mutex_;
    Costs totals_;
    std::int64_t requests_ = 0;
    std::deque<Entry> recent_;
};

} // namespace lazulite::graph
