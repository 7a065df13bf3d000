#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "lazulite/io/tiff_file.h"
#include "tiff/ifd.h"

namespace lazulite::io {

/// How the bytes of one stored sample become an element.
enum class SampleKind {
    Native,  ///< the bytes of the element, perhaps in the other order
    Packed,  ///< fewer bits than bytes hold, most significant first, rows padded to bytes
    Float24, ///< 1 sign, 7 exponent, 16 mantissa bits, to float32
};

/// Where one strip or tile lies.
struct ChunkPlace {
    std::uint64_t offset = 0;
    std::uint64_t bytes = 0;

    bool sparse() const { return offset == 0 && bytes == 0; }
};

/// What reading a page needs to know of its directory.
struct PageLayout {
    TiffPage page;
    SampleKind kind = SampleKind::Native;
    bool bigEndian = false;
    bool reversedBits = false;                         ///< FillOrder = 2
    int photometricStored = 1;                         ///< before JPEG's YCbCr becomes RGB
    std::array<std::uint16_t, 2> subsampling = {0, 0}; ///< of YCbCr, 0: no tag
    std::uint32_t faxOptions = 0;                      ///< T4Options or T6Options
    std::string jpegTables;
    std::vector<std::uint64_t> lercParameters;

    std::int64_t chunksAcross = 1;
    std::int64_t chunksDown = 1;
    std::vector<std::uint64_t> subIfds; ///< where the reduced copies' directories lie

    IfdEntry offsets;               ///< of the strips or tiles
    IfdEntry byteCounts;            ///< type 0: no such tag
    std::vector<ChunkPlace> places; ///< all of them once learnt, where they are few; else empty

    /// Reads the places of the chunks where they are few enough to be kept.
    void learnPlaces(IfdReader& reader);

    std::int64_t chunkCount() const { return chunksAcross * chunksDown * (page.separateSamples ? page.samples : 1); }
    /// Samples a pixel inside one chunk.
    std::int64_t chunkSamples() const { return page.separateSamples ? 1 : page.samples; }
    /// Rows of the page in the chunk row `down` (tiles are stored whole also at the edge, strips are not).
    std::int64_t rowsOfChunk(std::int64_t down) const;
    std::int64_t rowBytes() const { return (page.chunkWidth * chunkSamples() * page.bitsPerSample + 7) / 8; }
    /// Bytes of the decoded chunk as it is stored in the file.
    std::int64_t chunkBytes(std::int64_t down) const;
};

/// Understands a directory. Throws Failure: Corrupt where it contradicts itself or the file, Unsupported for what we or
/// this libtiff cannot read.
PageLayout readPageLayout(IfdReader& reader, const Ifd& ifd, std::uint64_t fileBytes);

/// Hands out the places of a page's chunks, read from the file in pieces where they are many.
class ChunkPlaces {
public:
    ChunkPlaces(const OpenFile& file, const TiffHeader& header, const PageLayout& layout)
        : reader_(file, header), layout_(layout), fileBytes_(file.bytes()) {}

    /// Throws Failure (Corrupt) where the place is not inside the file.
    ChunkPlace at(std::int64_t down, std::int64_t across, std::int64_t plane);

private:
    IfdReader reader_;
    const PageLayout& layout_;
    std::uint64_t fileBytes_;
    std::int64_t first_ = 0;
    std::vector<ChunkPlace> some_;
};

} // namespace lazulite::io
