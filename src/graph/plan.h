#pragma once

#include <cstdint>
#include <vector>

#include "lazulite/core/block.h"
#include "lazulite/core/region.h"
#include "lazulite/graph/block_cache.h"
#include "lazulite/graph/lazy_array.h"
#include "lazulite/graph/operation.h"

/// How a request will be answered: views followed to where the values are, blocks that are cached already held on to,
/// and the memory that the rest will take known before anything is done.
namespace lazulite::graph {

/// A box of an array that holds values itself (a source or a computation), and where it lies in what is asked for.
struct Leaf {
    LazyArray node;
    Region in;               ///< in the node's index space
    Region out;              ///< in the asking array's
    std::vector<int> axisOf; ///< as in Piece
};

/// The leaves behind a region of any array, all view operations collapsed.
std::vector<Leaf> resolve(const LazyArray& array, const Region& region);

/// Changes when a file behind the region changes on disk.
std::uint64_t stampOf(const LazyArray& array, const Region& region);

struct Plan;

/// A leaf cut down to a single block of its node.
struct Part {
    Leaf leaf;
    Region target;             ///< what is made and kept to deliver leaf.in: the whole block, or just leaf.in
    std::uint64_t stamp = 0;   ///< of target; known for computations, and for the only part of a plan
    Block found;               ///< of target or more, when it was cached
    std::vector<Plan> inputs;  ///< of a computation that is not found
    std::uint64_t scratch = 0; ///< bytes that the computation takes besides
};

struct Plan {
    LazyArray array;
    Region region;
    std::uint64_t stamp = 0;
    Block found;
    std::vector<Part> parts; ///< where not found as a whole
    std::int64_t hits = 0;   ///< blocks found, here and in the inputs
    std::int64_t dear = 0;   ///< dear blocks to be computed, here and in the inputs

    /// Whether the result is a view of a single block, so that nothing needs to be gathered.
    bool single() const { return parts.size() == 1; }
    /// Memory that answering takes at its peak, and of which its result takes.
    std::uint64_t peakBytes() const;
    std::uint64_t resultBytes() const;
};

struct PlanOptions {
    BlockCache* cache = nullptr;            ///< null: nothing is found, and no file is looked at
    bool wanted = false;                    ///< as in BlockCache::find
    std::uint64_t memoryLimit = UINT64_MAX; ///< what operations may fit their scratch memory into
};
Plan makePlan(const LazyArray& array, const Region& region, const PlanOptions& options);

/// A leaf's block under the asking array's axes, cut to what is asked for.
Block asAsked(const Block& block, const Leaf& leaf);

/// The part of the gathered result that a leaf fills, under the leaf's own axes.
Destination forLeaf(const Destination& result, const Leaf& leaf);

} // namespace lazulite::graph
