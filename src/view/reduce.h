#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "lazulite/core/block.h"

namespace lazulite::view {

/// Writes the maxima of boxes of `factor` (z, y, x) elements of a (z, y, x) block, any strides; boxes at the far ends
/// may be cut off. `out` is the first voxel, `outStrides` (z, y, x) its steps in bytes, `outType` uint8, uint16 (of
/// blocks of that same type) or float32 (of any; NaN becomes 0). On all threads of the current arena.
void reduceByMaximum(const Block& block, const std::array<std::int64_t, 3>& factor, std::byte* out, DType outType,
                     const std::array<std::int64_t, 3>& outStrides);

} // namespace lazulite::view
