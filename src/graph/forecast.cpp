#include "lazulite/graph/forecast.h"

#include <algorithm>
#include <map>
#include <set>
#include <utility>
#include <vector>

#include "lazulite/core/source.h"
#include "plan.h"

namespace lazulite::graph {

namespace {

/// A box of an array, to be told from others.
using Key = std::pair<Fingerprint, std::vector<Interval>>;

Key keyOf(const LazyArray& array, const Region& box) {
    return {array.fingerprint(), {box.begin(), box.end()}};
}

class Count {
public:
    void add(const Plan& plan) {
        for (const Part& part : plan.parts) {
            const LazyArray& node = part.leaf.node;
            if (node.source() != nullptr) {
                addRead(node, part.target);
            } else if (computed_.insert(keyOf(node, part.target)).second) {
                for (const Plan& input : part.inputs) add(input);
            }
        }
    }

    Forecast forecast() const {
        Forecast result;
        result.files = static_cast<std::int64_t>(files_.size());
        result.pages = static_cast<std::int64_t>(pages_.size());
        result.computed = static_cast<std::int64_t>(computed_.size());
        for (const auto& [page, bytes] : pages_) result.bytes += bytes;
        return result;
    }

private:
    /// A target lies inside of one block.
    void addRead(const LazyArray& node, const Region& target) {
        const Source& source = *node.source();
        const Shape shape = node.shape();
        files_.insert(keyOf(node, gridBlockAt(target, source.fileShape(), shape)));
        std::int64_t& bytes = pages_[keyOf(node, gridBlockAt(target, source.blockShape(), shape))];
        bytes = std::max(bytes, target.elementCount() * static_cast<std::int64_t>(bytesPer(node.dtype())));
    }

    std::set<Key> files_;
    std::map<Key, std::int64_t> pages_; ///< bytes read of each
    std::set<Key> computed_;
};

} // namespace

Forecast forecast(const LazyArray& array, const Region& region, std::uint64_t memoryLimit) {
    const Plan plan = makePlan(array, region, {.memoryLimit = memoryLimit});
    Count count;
    count.add(plan);
    Forecast result = count.forecast();
    result.peak = plan.peakBytes();
    return result;
}

} // namespace lazulite::graph
