#pragma once

#include <cstddef>
#include <cstdint>

namespace lazulite::io {

/// Swaps the bytes of `count` elements of `size` bytes in place.
void swapElements(std::byte* data, std::size_t count, std::size_t size);

/// Undoes predictor 2 (TIFF 6, section 14) in one row of `pixels` x `samples` elements of `size` bytes in the machine's
/// order: each sample becomes the sum of the differences up to it.
void undoHorizontal(std::byte* row, std::int64_t pixels, std::int64_t samples, std::size_t size);

/// Applies it: each sample becomes the difference to its left neighbour.
void applyHorizontal(std::byte* row, std::int64_t pixels, std::int64_t samples, std::size_t size);

/// Undoes predictor 3 (TIFF Technical Note 3) in one row: bytes are summed at a distance of `samples`, then the byte
/// planes, most significant first, are woven into elements of `size` bytes in the machine's order. `size` 3 yields 3
/// bytes an element, least significant first. `scratch` holds as many bytes as the row.
void undoFloatingPoint(std::byte* row, std::int64_t pixels, std::int64_t samples, std::size_t size, std::byte* scratch);

} // namespace lazulite::io
