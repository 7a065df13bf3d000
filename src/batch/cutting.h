#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "layout.h"

namespace lazulite::batch {

/// How volumes are cut into pieces that are computed and written one after the other, so that they fit a budget.
struct Cutting {
    std::size_t axis = 0;          ///< pieces are one wide along the axes before it and whole along those behind
    std::int64_t size = 1;         ///< along it
    std::size_t computing = 1;     ///< pieces that are computed at once
    std::size_t held = 0;          ///< pieces that may lie finished, or be written, besides
    std::uint64_t memoryLimit = 0; ///< for each piece that is computed
};

/// Whole volumes where they fit, with room for the next ones (at most `computing` at once) to be computed while one is
/// written; smaller pieces where they do not. Throws Failure (TooLarge, with both numbers) where not even the smallest
/// piece fits `limit` bytes.
Cutting cuttingFor(const Layout& layout, std::uint64_t limit, std::size_t computing);

/// The pieces of a volume, in row-major order.
std::vector<Region> piecesOf(const Region& volume, std::size_t outer, const Cutting& cutting);

} // namespace lazulite::batch
