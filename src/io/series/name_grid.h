#pragma once

#include <cstdint>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "series/name_arena.h"
#include "series/name_reader.h"

namespace lazulite::io::series {

/// An axis that the names make.
struct OuterAxis {
    std::string name;
    std::int64_t size = 1;
    std::vector<std::string> labels; ///< one a position, or empty
    std::vector<std::uint64_t>
        values; ///< the numbers that stand in the names, where they are not 0, 1, 2 ... or 1, 2, 3 ...
};

/// The names resolved into a grid. Memory: 4 bytes a file, and 4 bytes a place where there are holes.
struct OuterGrid {
    static constexpr std::uint32_t kHole = 0xFFFFFFFF;

    std::vector<OuterAxis> axes;
    std::vector<NameArena::Id> files;     ///< in the order of their places
    std::vector<std::uint32_t> places;    ///< place (row-major over axes) -> file or kHole; empty: place n is file n
    std::optional<double> secondsPerStep; ///< along t, from times in the names
    std::string convention;
    std::string pattern;
    std::vector<std::string> warnings;

    std::size_t placeCount() const { return places.empty() ? files.size() : places.size(); }
    std::uint32_t fileAt(std::size_t place) const {
        return places.empty() ? static_cast<std::uint32_t>(place) : places[place];
    }
};

/// Resolves names by the pattern that most of them follow.
OuterGrid resolveNames(const NameArena& names, const std::vector<NameArena::Id>& ids, const std::stop_token& stop);

/// Resolves names by a user's pattern, whose fields' words are the axes' names.
OuterGrid resolveByPattern(const NameArena& names, const std::vector<NameArena::Id>& ids, NameReader& pattern,
                           const std::stop_token& stop);

/// The order of axes in an array: the user's own, p, t, c, z, y, x, s. "t_file" ranks just before t.
int axisRank(const std::string& name);

} // namespace lazulite::io::series
