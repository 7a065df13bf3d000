#pragma once

#include <cstdint>

#include "lazulite/core/region.h"
#include "lazulite/graph/lazy_array.h"

namespace lazulite::graph {

/// What answering a request takes where nothing is cached.
struct Forecast {
    std::int64_t files = 0;
    std::int64_t pages = 0;    ///< blocks of the sources, of which only the part that is needed is read
    std::int64_t bytes = 0;    ///< of these parts, decoded
    std::int64_t computed = 0; ///< results of operations, those of dear ones by whole blocks
    std::uint64_t peak = 0;    ///< bytes of memory, an upper bound
};

/// Plans a request for `region` of an array as an executor with that much memory would. No file is looked at.
Forecast forecast(const LazyArray& array, const Region& region, std::uint64_t memoryLimit);

} // namespace lazulite::graph
