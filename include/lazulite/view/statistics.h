#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "lazulite/core/block.h"

namespace lazulite::view {

/// The counts of a channel's values in equal bins, of what is shown now.
struct Histogram {
    double low = 0;                    ///< left edge of the first bin
    double high = 1;                   ///< right edge of the last one
    std::vector<std::uint32_t> counts; ///< 256
};

/// What the values of a plane are like, from at most so many of them, evenly spread.
struct Statistics {
    Histogram histogram;
    std::array<double, 2> percentiles{0, 1}; ///< 0.5 and 99.8 %; of a flat plane its value and a little more;
                                             ///< zeros that stand apart, as what is padded with does, do not count
};

constexpr std::int64_t kStatisticsSamples = std::int64_t{1} << 20;

/// Looks at up to `samples` elements of a block of any rank; NaN and infinities do not count. Nothing where no finite
/// value was seen.
std::optional<Statistics> statisticsOf(const Block& block, std::int64_t samples = kStatisticsSamples);

} // namespace lazulite::view
