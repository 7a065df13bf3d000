#pragma once

#include <cstddef>
#include <vector>

#include "lazulite/core/block.h"

namespace lazulite::io {

/// Calls `visit(data, bytes)` with the block's elements in row-major order, densely packed: at once where they lie so,
/// else one slice of the first axis after the other.
template <typename Visit>
void forEachDensePiece(const Block& block, Visit&& visit) {
    if (block.region().empty()) return;
    if (block.contiguous()) {
        visit(block.data(), block.bytes());
        return;
    }
    std::vector<std::byte> copy;
    Region slice = block.region();
    const Interval all = slice.rank() > 0 ? slice[0] : Interval{0, 1};
    for (std::int64_t i = all.begin; i < all.end; ++i) {
        slice[0] = {i, i + 1};
        copy.resize(static_cast<std::size_t>(slice.elementCount()) * bytesPer(block.dtype()));
        block.copyTo({copy.data(), block.dtype(), slice, rowMajorStrides(slice.shape(), bytesPer(block.dtype()))});
        visit(copy.data(), copy.size());
    }
}

} // namespace lazulite::io
