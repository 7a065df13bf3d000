#pragma once

#include "lazulite/compute/context.h"
#include "lazulite/core/block.h"
#include "lazulite/core/error.h"

/// Exact numbers of a block of rank 3, found on all cores of the processor. Elements that are not finite are left out;
/// where none is left the answer is NaN. Answers do not depend on the number of cores.
namespace lazulite::compute {

/// What one pass over a block tells.
struct Moments {
    double min = 0;
    double max = 0;
    double mean = 0;
    std::int64_t count = 0; ///< of finite elements
};
Result<Moments> momentsOf(const Block& block, const Context& context);

/// The mean of the elements above `threshold`; `threshold` itself where there are none.
Result<double> meanAbove(const Block& block, double threshold, const Context& context);

/// The value below which `percent` % of the elements lie (0-100), linear between neighbours in rank as in NumPy; 50 is
/// the median. Takes a pass over the block for every 16 bits of an element, one more where it lies between two values,
/// and no copy of it.
Result<double> percentileOf(const Block& block, double percent, const Context& context);

} // namespace lazulite::compute
