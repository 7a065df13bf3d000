#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "tiff/file_handle.h"

namespace lazulite::io {

namespace tag {
constexpr std::uint16_t kNewSubfileType = 254;
constexpr std::uint16_t kSubfileType = 255;
constexpr std::uint16_t kImageWidth = 256;
constexpr std::uint16_t kImageLength = 257;
constexpr std::uint16_t kBitsPerSample = 258;
constexpr std::uint16_t kCompression = 259;
constexpr std::uint16_t kPhotometric = 262;
constexpr std::uint16_t kFillOrder = 266;
constexpr std::uint16_t kImageDescription = 270;
constexpr std::uint16_t kStripOffsets = 273;
constexpr std::uint16_t kSamplesPerPixel = 277;
constexpr std::uint16_t kRowsPerStrip = 278;
constexpr std::uint16_t kStripByteCounts = 279;
constexpr std::uint16_t kXResolution = 282;
constexpr std::uint16_t kYResolution = 283;
constexpr std::uint16_t kPlanarConfiguration = 284;
constexpr std::uint16_t kT4Options = 292;
constexpr std::uint16_t kT6Options = 293;
constexpr std::uint16_t kResolutionUnit = 296;
constexpr std::uint16_t kSoftware = 305;
constexpr std::uint16_t kPredictor = 317;
constexpr std::uint16_t kTileWidth = 322;
constexpr std::uint16_t kTileLength = 323;
constexpr std::uint16_t kTileOffsets = 324;
constexpr std::uint16_t kTileByteCounts = 325;
constexpr std::uint16_t kSubIfds = 330;
constexpr std::uint16_t kSampleFormat = 339;
constexpr std::uint16_t kJpegTables = 347;
constexpr std::uint16_t kYCbCrSubsampling = 530;
constexpr std::uint16_t kImageJCounts = 50838;
constexpr std::uint16_t kImageJMetadata = 50839;
constexpr std::uint16_t kLercParameters = 50674;
constexpr std::uint16_t kMicroManager = 51123;
} // namespace tag

/// Bytes of one value of a TIFF field type, 0 for a type that does not exist.
std::size_t bytesPerFieldType(std::uint16_t type);

/// What the first bytes of a TIFF say.
struct TiffHeader {
    bool bigEndian = false;
    bool bigTiff = false;
    std::uint64_t firstIfd = 0;
};

struct IfdEntry {
    std::uint16_t tag = 0;
    std::uint16_t type = 0;
    std::uint64_t count = 0;
    std::uint64_t offset = 0; ///< of the values in the file (inside the entry itself where they fit)
};

struct Ifd {
    std::uint64_t offset = 0;
    std::vector<IfdEntry> entries;
    std::uint64_t next = 0; ///< 0: the last one
    std::size_t bytes = 0;  ///< of the entry table

    const IfdEntry* find(std::uint16_t tag) const;
};

/// Parses directories through a small window of the file, so that what lies together is read at once.
/// Every function throws Failure (Corrupt) for offsets and counts that the file's size contradicts.
class IfdReader {
public:
    explicit IfdReader(const OpenFile& file) : file_(file) {}
    IfdReader(const OpenFile& file, TiffHeader header) : file_(file), header_(header) {}

    /// Reads the first bytes of the file (`readAhead` of them at once).
    const TiffHeader& readHeader(std::size_t readAhead);
    const TiffHeader& header() const { return header_; }
    std::uint64_t fileBytes() const { return file_.bytes(); }

    /// The directory at `offset`; `guess` is how many bytes to read at once for it.
    Ifd read(std::uint64_t offset, std::size_t guess);
    /// Only where the directory after that at `offset` lies (0: none), and the bytes of its table.
    Ifd skip(std::uint64_t offset, std::size_t guess);

    /// Value `index` of a field of integers.
    std::uint64_t number(const IfdEntry& entry, std::uint64_t index = 0);
    std::vector<std::uint64_t> numbers(const IfdEntry& entry, std::uint64_t first, std::uint64_t count);
    /// The first value of a RATIONAL, FLOAT or DOUBLE field; 0 where it makes no sense.
    double real(const IfdEntry& entry);
    /// The bytes of a field, at most `most` of them.
    std::string bytesOf(const IfdEntry& entry, std::uint64_t most);
    /// The same as text: up to the first zero.
    std::string text(const IfdEntry& entry, std::uint64_t most);

private:
    const std::byte* view(std::uint64_t offset, std::size_t size, std::size_t readAhead);
    Ifd table(std::uint64_t offset, std::size_t guess, std::uint64_t& count);

    template <typename T>
    T load(const std::byte* from) const;

    const OpenFile& file_;
    TiffHeader header_;
    std::vector<std::byte> window_;
    std::uint64_t windowOffset_ = 0;
};

} // namespace lazulite::io
