#include "lazulite/graph/ledger.h"

#include <algorithm>
#include <nlohmann/json.hpp>

namespace lazulite::graph {

Costs& Costs::operator+=(const Costs& other) {
    reads += other.reads;
    blocksComputed += other.blocksComputed;
    cacheHits += other.cacheHits;
    cancelled += other.cancelled;
    milliseconds += other.milliseconds;
    for (const std::string& text : other.remarks) remark(text);
    return *this;
}

void Costs::remark(const std::string& text) {
    const bool known = std::find(remarks.begin(), remarks.end(), text) != remarks.end();
    if (!known && remarks.size() < kMostRemarks) remarks.push_back(text);
}

std::string Costs::json() const {
    constexpr double kThousandths = 1000.0;
    nlohmann::ordered_json object = {
        {"files_opened", reads.filesOpened},
        {"pages_read", reads.pagesRead},
        {"bytes_read", reads.bytesRead},
        {"blocks_computed", blocksComputed},
        {"cache_hits", cacheHits},
        {"cancelled", cancelled},
        {"ms", static_cast<double>(static_cast<std::int64_t>(milliseconds * kThousandths)) / kThousandths},
    };
    if (!remarks.empty()) object["remarks"] = remarks;
    return object.dump();
}

void Ledger::add(Entry entry) {
    const std::lock_guard lock(mutex_);
    totals_ += entry.costs;
    ++requests_;
    recent_.push_front(std::move(entry));
    if (recent_.size() > kKept) recent_.pop_back();
}

void Ledger::addReads(const ReadCounts& reads) {
    const std::lock_guard lock(mutex_);
    totals_.reads += reads;
}

Costs Ledger::totals() const {
    const std::lock_guard lock(mutex_);
    return totals_;
}

std::int64_t Ledger::requests() const {
    const std::lock_guard lock(mutex_);
    return requests_;
}

std::vector<Ledger::Entry> Ledger::recent() const {
    const std::lock_guard lock(mutex_);
    return {recent_.begin(), recent_.end()};
}

} // namespace lazulite::graph
