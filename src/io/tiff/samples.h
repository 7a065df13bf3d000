#pragma once

#include <cstddef>
#include <cstdint>

#include "lazulite/core/block.h"
#include "tiff/page_layout.h"

namespace lazulite::io {

/// Mirrors the bits of every byte (FillOrder = 2).
void reverseBits(std::byte* data, std::size_t size);

/// Expands `count` samples of `bits` bits each, most significant first, from sample `first` of a row on.
/// `elementBytes` is 1 or 2.
void unpackBits(const std::byte* row, std::int64_t first, std::int64_t count, int bits, std::byte* to,
                std::size_t elementBytes);

/// Expands `count` 24-bit floats (1 sign, 7 exponent, 16 mantissa bits) to float32.
void expandFloat24(const std::byte* from, std::int64_t count, bool bigEndian, std::byte* to);

/// A piece of decoded rows as they are stored, to be delivered as elements.
struct StoredRows {
    const std::byte* data = nullptr; ///< first row
    std::int64_t rowBytes = 0;       ///< from row to row
    std::int64_t rows = 0;
    std::int64_t firstSample = 0; ///< in the row, where the wanted pixels begin
    std::int64_t pixels = 0;      ///< wanted in a row
    std::int64_t samples = 1;     ///< stored a pixel
    std::int64_t skipSamples = 0; ///< of a pixel, before those wanted
    std::int64_t wantedSamples = 1;
    bool bigEndian = false; ///< byte order of Float24 (Native samples are in the machine's order already)
};

/// Where rows go: the first element and the steps of (y, x, sample) in bytes.
struct RowTarget {
    std::byte* data = nullptr;
    std::int64_t rowStride = 0;
    std::int64_t pixelStride = 0;
    std::int64_t sampleStride = 0;

    /// Whether the elements of a row of `samples` a pixel lie one behind another.
    bool denseRows(std::int64_t pixels, std::int64_t samples, std::size_t elementBytes) const;
};

/// Delivers the rows: copied, unpacked or expanded, to wherever the target says.
void deliverRows(const StoredRows& rows, const PageLayout& layout, const RowTarget& target);

} // namespace lazulite::io
