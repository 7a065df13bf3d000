#include "cutting.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "lazulite/core/units.h"
#include "lazulite/graph/executor.h"
#include "lazulite/graph/memory_budget.h"

namespace lazulite::batch {

namespace {

/// The piece that begins nearest to a fraction of the volume.
Region pieceAt(Region volume, std::size_t outer, std::size_t axis, std::int64_t size, bool middle) {
    for (std::size_t i = outer; i <= axis; ++i) {
        const std::int64_t wide = i == axis ? size : 1;
        const std::int64_t begin = volume[i].begin + (middle ? (volume[i].size() - wide) / 2 : 0);
        volume[i] = {begin, begin + wide};
    }
    return volume;
}

/// One way to cut, and what it takes.
class Candidate {
public:
    Candidate(const Layout& layout, std::size_t axis, std::int64_t size) : layout_(layout), axis_(axis), size_(size) {
        const Region& volume = layout.volumes.front().region;
        for (const bool middle : {false, true}) places_.push_back(pieceAt(volume, layout.outer, axis, size, middle));
        result_ = graph::MemoryBudget::capacityFor(layout.bytesOf(places_.front()));
    }

    std::uint64_t peak(std::uint64_t limit) const {
        std::uint64_t most = 0;
        for (const Region& place : places_)
            most = std::max(most, graph::Executor::peakBytes(layout_.array, place, limit));
        return most;
    }

    /// With `computing` pieces being computed while others are held.
    std::optional<Cutting> with(std::size_t computing, std::size_t held, std::uint64_t limit) const {
        if (result_ * held >= limit) return std::nullopt;
        const std::uint64_t share = (limit - result_ * held) / computing;
        if (peak(share) > share) return std::nullopt;
        return Cutting{axis_, size_, computing, held, share};
    }

private:
    const Layout& layout_;
    std::size_t axis_;
    std::int64_t size_;
    std::vector<Region> places_;
    std::uint64_t result_ = 0;
};

/// All ways, from the whole volume to single rows.
std::vector<Candidate> candidates(const Layout& layout) {
    std::vector<Candidate> all;
    const Region& volume = layout.volumes.front().region;
    const std::size_t last = layout.axes().size() - 2 - layout.samples; // rows stay whole
    for (std::size_t axis = layout.outer; axis <= last; ++axis) {
        const std::int64_t block = layout.array.blockShape()[axis];
        for (std::int64_t size = volume[axis].size();; size = (size + 1) / 2) {
            const std::int64_t whole = size > block ? size - size % block : size;
            all.emplace_back(layout, axis, size == volume[axis].size() ? size : whole);
            if (size == 1) break;
        }
    }
    return all;
}

} // namespace

Cutting cuttingFor(const Layout& layout, std::uint64_t limit, std::size_t computing) {
    const std::vector<Candidate> all = candidates(layout);
    for (const Candidate& candidate : all) {
        for (std::size_t several = std::max<std::size_t>(1, computing); several > 0; --several) {
            if (const auto cutting = candidate.with(several, 1, limit)) return *cutting;
        }
    }
    for (const Candidate& candidate : all) {
        if (const auto alone = candidate.with(1, 0, limit)) return *alone;
    }
    throw Failure(Error{Error::Kind::TooLarge,
                        fmt::format("even a part of a volume needs {} of memory and the budget is {}; raise it with "
                                    "--memory or in the preferences",
                                    bytesText(all.back().peak(limit)), bytesText(limit)),
                        {},
                        {}});
}

std::vector<Region> piecesOf(const Region& volume, std::size_t outer, const Cutting& cutting) {
    std::vector<Region> pieces;
    Region piece = volume;
    const auto cutFrom = [&](const auto& self, std::size_t axis) -> void {
        const std::int64_t wide = axis == cutting.axis ? cutting.size : 1;
        for (std::int64_t begin = volume[axis].begin; begin < volume[axis].end; begin += wide) {
            piece[axis] = {begin, std::min(begin + wide, volume[axis].end)};
            axis == cutting.axis ? pieces.push_back(piece) : self(self, axis + 1);
        }
    };
    cutFrom(cutFrom, outer);
    return pieces;
}

} // namespace lazulite::batch
