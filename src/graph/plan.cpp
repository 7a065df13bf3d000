#include "plan.h"

#include <algorithm>

#include "lazulite/graph/memory_budget.h"

namespace lazulite::graph {

namespace {

constexpr std::uint64_t kSeed = 0x9E3779B97F4A7C15ULL;

std::uint64_t combine(std::uint64_t sum, std::uint64_t value) {
    return (sum ^ value) * kSeed + 1;
}

std::uint64_t bytesOf(const LazyArray& array, const Region& region) {
    return static_cast<std::uint64_t>(region.elementCount()) * bytesPer(array.dtype());
}

/// A leaf of the input of a piece, told in the axes of the piece's output.
Leaf throughPiece(Leaf leaf, const Piece& piece) {
    Region out = piece.out;
    std::vector<int> axisOf(out.rank(), Piece::kNone);
    for (std::size_t o = 0; o < out.rank(); ++o) {
        if (piece.axisOf[o] == Piece::kNone) continue;
        const auto inputAxis = static_cast<std::size_t>(piece.axisOf[o]);
        out[o].begin = piece.out[o].begin + leaf.out[inputAxis].begin - piece.in[inputAxis].begin;
        out[o].end = out[o].begin + leaf.out[inputAxis].size();
        axisOf[o] = leaf.axisOf[inputAxis];
    }
    leaf.out = std::move(out);
    leaf.axisOf = std::move(axisOf);
    return leaf;
}

/// Cuts a leaf to a smaller box of its node.
Leaf narrowed(const Leaf& leaf, const Region& in) {
    Leaf part = leaf;
    for (std::size_t o = 0; o < part.out.rank(); ++o) {
        if (leaf.axisOf[o] == Piece::kNone) continue;
        const auto axis = static_cast<std::size_t>(leaf.axisOf[o]);
        part.out[o].begin = leaf.out[o].begin + in[axis].begin - leaf.in[axis].begin;
        part.out[o].end = part.out[o].begin + in[axis].size();
    }
    part.in = in;
    return part;
}

bool isDear(const LazyArray& node) {
    return node.operation() != nullptr && node.operation()->asCompute()->cost() == ComputeOperation::Cost::Expensive;
}

/// What is made to deliver `wanted` of one block: reads take just that where it is a small part of the block.
Region targetFor(const LazyArray& node, const Region& wanted, const Region& block) {
    if (node.operation() != nullptr) return isDear(node) ? block : wanted;
    return 2 * wanted.elementCount() > block.elementCount() ? block : wanted;
}

bool cutByBlocks(const LazyArray& node) {
    return node.source() != nullptr || isDear(node);
}

Block lookUp(BlockCache& cache, const LazyArray& array, const Region& region, bool wanted) {
    const auto holder = cache.holder(array.fingerprint(), region);
    if (!holder) return {};
    return cache.find(array.fingerprint(), *holder, stampOf(array, *holder), wanted);
}

void addPart(Plan& plan, Leaf leaf, Region target, const PlanOptions& options) {
    Part part{.leaf = std::move(leaf), .target = std::move(target), .found = {}, .inputs = {}};
    const LazyArray& node = part.leaf.node;
    if (options.cache != nullptr) part.found = lookUp(*options.cache, node, part.target, options.wanted);
    if (part.found) {
        ++plan.hits;
    } else if (node.operation() != nullptr) {
        const ComputeOperation& operation = *node.operation()->asCompute();
        if (options.cache != nullptr) part.stamp = stampOf(node, part.target);
        std::uint64_t held = MemoryBudget::capacityFor(bytesOf(node, part.target));
        for (const Need& need : operation.required(part.target)) {
            part.inputs.push_back(makePlan(node.inputs()[need.input], need.region, options));
            plan.hits += part.inputs.back().hits;
            plan.dear += part.inputs.back().dear;
            held += part.inputs.back().resultBytes();
        }
        if (isDear(node)) ++plan.dear;
        part.scratch = operation.scratchBytes(part.target, options.memoryLimit - std::min(options.memoryLimit, held));
    }
    plan.parts.push_back(std::move(part));
}

std::uint64_t peakOfPart(const Part& part) {
    if (part.found) return 0;
    const std::uint64_t result = MemoryBudget::capacityFor(bytesOf(part.leaf.node, part.target));
    std::uint64_t held = 0;
    std::uint64_t peak = 0;
    for (const Plan& input : part.inputs) {
        peak = std::max(peak, held + input.peakBytes());
        held += input.resultBytes();
    }
    return std::max(peak, held + result + part.scratch);
}

} // namespace

std::vector<Leaf> resolve(const LazyArray& array, const Region& region) {
    const ViewOperation* view = array.operation() == nullptr ? nullptr : array.operation()->asView();
    if (view == nullptr) {
        std::vector<int> identity(region.rank());
        for (std::size_t i = 0; i < identity.size(); ++i) identity[i] = static_cast<int>(i);
        return {Leaf{array, region, region, std::move(identity)}};
    }
    std::vector<Leaf> leaves;
    for (const Piece& piece : view->pieces(region)) {
        for (Leaf& leaf : resolve(array.inputs()[piece.input], piece.in)) {
            leaves.push_back(throughPiece(std::move(leaf), piece));
        }
    }
    return leaves;
}

std::uint64_t stampOf(const LazyArray& array, const Region& region) {
    std::uint64_t stamp = 0;
    for (const Leaf& leaf : resolve(array, region)) {
        if (const Source* source = leaf.node.source()) {
            stamp = combine(stamp, source->stamp(leaf.in));
            continue;
        }
        const ComputeOperation& operation = *leaf.node.operation()->asCompute();
        const auto addNeeds = [&](const Region& target) {
            for (const Need& need : operation.required(target)) {
                stamp = combine(stamp, stampOf(leaf.node.inputs()[need.input], need.region));
            }
        };
        if (cutByBlocks(leaf.node)) {
            forEachGridBlock(leaf.in, leaf.node.blockShape(), leaf.node.shape(), addNeeds);
        } else {
            addNeeds(leaf.in);
        }
    }
    return stamp;
}

Plan makePlan(const LazyArray& array, const Region& region, const PlanOptions& options) {
    Plan plan{.array = array, .region = region, .found = {}, .parts = {}};
    const bool known = options.cache != nullptr;
    if (known) {
        plan.found = lookUp(*options.cache, array, region, options.wanted);
        if (plan.found) {
            plan.hits = 1;
            return plan;
        }
    }
    for (const Leaf& leaf : resolve(array, region)) {
        if (!cutByBlocks(leaf.node)) {
            addPart(plan, leaf, leaf.in, options);
            continue;
        }
        const Shape nodeShape = leaf.node.shape();
        forEachGridBlock(leaf.in, leaf.node.blockShape(), nodeShape, [&](const Region& block) {
            const Region in = leaf.in.intersect(block);
            addPart(plan, narrowed(leaf, in), targetFor(leaf.node, in, block), options);
        });
    }
    if (plan.single()) {
        Part& part = plan.parts.front();
        if (known && !part.found) part.stamp = stampOf(part.leaf.node, part.target);
        return plan;
    }
    if (known) plan.stamp = stampOf(array, region);
    for (Part& part : plan.parts) {
        if (part.leaf.node.source() != nullptr && !part.found) part.target = part.leaf.in; // read into its place
    }
    return plan;
}

std::uint64_t Plan::resultBytes() const {
    if (found) return 0;
    if (!single()) return MemoryBudget::capacityFor(bytesOf(array, region));
    const Part& part = parts.front();
    return part.found ? 0 : MemoryBudget::capacityFor(bytesOf(part.leaf.node, part.target));
}

std::uint64_t Plan::peakBytes() const {
    if (found) return 0;
    if (single()) return peakOfPart(parts.front());
    std::uint64_t most = 0;
    for (const Part& part : parts) {
        if (part.leaf.node.operation() != nullptr) most = std::max(most, peakOfPart(part));
    }
    return resultBytes() + most;
}

Block asAsked(const Block& block, const Leaf& leaf) {
    const Block part = block.view(leaf.in);
    Strides strides(leaf.out.rank(), 0);
    for (std::size_t o = 0; o < strides.size(); ++o) {
        if (leaf.axisOf[o] != Piece::kNone) strides[o] = part.strides()[static_cast<std::size_t>(leaf.axisOf[o])];
    }
    return part.relabelled(leaf.out, std::move(strides));
}

Destination forLeaf(const Destination& result, const Leaf& leaf) {
    const Destination part = result.at(leaf.out);
    Strides strides(leaf.in.rank(), 0);
    for (std::size_t o = 0; o < leaf.axisOf.size(); ++o) {
        if (leaf.axisOf[o] != Piece::kNone) strides[static_cast<std::size_t>(leaf.axisOf[o])] = part.strides[o];
    }
    return {part.data, result.dtype, leaf.in, std::move(strides), part.mirror};
}

} // namespace lazulite::graph
