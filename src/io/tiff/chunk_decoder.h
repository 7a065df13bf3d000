#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "tiff/page_layout.h"

namespace lazulite::io {

/// Throws Failure (Corrupt) where so few stored bytes cannot decode to a chunk of that size, so that a lie in the
/// directory allocates nothing.
void checkPlausible(const PageLayout& layout, std::uint64_t storedBytes, std::int64_t chunkBytes);

/// Decodes one compressed strip or tile in chunk row `down` to `decoded` (layout.chunkBytes(down) bytes): samples in
/// the machine's order, except that 24-bit floats keep three bytes, least significant first, and bits stay packed. The
/// predictor is undone in rows [firstRow, endRow). May overwrite `stored`. Throws Failure (Corrupt).
void decodeChunk(const PageLayout& layout, std::int64_t down, std::span<std::byte> stored, std::span<std::byte> decoded,
                 std::int64_t firstRow, std::int64_t endRow);

} // namespace lazulite::io
