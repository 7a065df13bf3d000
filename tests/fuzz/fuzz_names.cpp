// Takes any bytes as a folder's names, one a line, and a first line as a pattern: resolving must end soon, in bounded
// memory, with a grid that holds together.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include "lazulite/core/error.h"
#include "series/name_grid.h"
#include "series/name_pattern.h"

namespace {

using namespace lazulite::io::series;

void require(bool holds) {
    if (!holds) std::abort();
}

void checkGrid(const OuterGrid& grid, std::size_t names) {
    constexpr std::size_t kMostPlacesPerFile = 16;
    constexpr std::size_t kFreePlaces = 64;
    require(grid.files.size() <= names);
    require(grid.placeCount() <= names * kMostPlacesPerFile + kFreePlaces);
    std::size_t places = 1;
    for (const OuterAxis& axis : grid.axes) {
        places *= static_cast<std::size_t>(axis.size);
        require(axis.labels.empty() || axis.labels.size() == static_cast<std::size_t>(axis.size));
    }
    require(places == grid.placeCount());
    std::size_t held = 0;
    for (std::size_t place = 0; place < grid.placeCount(); ++place) {
        if (grid.fileAt(place) == OuterGrid::kHole) continue;
        require(grid.fileAt(place) == held++);
    }
    require(held == grid.files.size());
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    std::string_view text(reinterpret_cast<const char*>(data), size);
    NameArena names;
    std::vector<NameArena::Id> ids;
    std::string pattern;
    while (!text.empty()) {
        const std::size_t end = std::min(text.find_first_of(std::string_view("\n\0", 2)), text.size());
        const std::string_view line = text.substr(0, std::min(end, NameArena::kLongestName));
        if (pattern.empty()) pattern = line;
        if (!line.empty()) ids.push_back(names.add({}, line));
        text.remove_prefix(std::min(text.size(), end + 1));
    }
    if (ids.empty()) return 0;
    checkGrid(resolveNames(names, ids, {}), ids.size());
    try {
        const auto parsed = NamePattern::parse(pattern);
        std::vector<NameArena::Id> matching;
        for (const NameArena::Id id : ids) {
            if (parsed->matches(names.at(id))) matching.push_back(id);
        }
        if (!matching.empty() && !parsed->fields().empty()) {
            checkGrid(resolveByPattern(names, matching, *parsed, {}), matching.size());
        }
    } catch (const lazulite::Failure&) {
        // A line that is no pattern is refused, which is right.
    }
    return 0;
}
