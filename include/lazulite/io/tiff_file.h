#pragma once

#include <cstdint>
#include <memory>
#include <stop_token>
#include <string>
#include <vector>

#include "lazulite/core/block.h"
#include "lazulite/core/dtype.h"
#include "lazulite/core/error.h"
#include "lazulite/core/source.h"

namespace lazulite::io {

/// How one page (IFD) of a TIFF lies in its file.
struct TiffPage {
    std::int64_t width = 0;
    std::int64_t height = 0;
    std::int64_t samples = 1;     ///< samples a pixel, 3 for RGB
    bool separateSamples = false; ///< PlanarConfiguration = 2
    DType dtype = DType::UInt8; ///< type of the elements as they are delivered (1, 2, 4 bit -> uint8, 12 bit -> uint16,
                                ///< 24-bit float -> float32)
    int bitsPerSample = 8;      ///< as stored
    int compression = 1;        ///< TIFF code
    int predictor = 1;
    int photometric = 1; ///< TIFF code of what is delivered: 2 (RGB) also where JPEG stores YCbCr
    bool tiled = false;
    std::int64_t chunkWidth = 0; ///< of a tile or strip
    std::int64_t chunkHeight = 0;
    std::int64_t subfileType = 0; ///< 1: a reduced copy of another page
    int subIfds = 0;              ///< reduced copies in SubIFDs

    bool operator==(const TiffPage&) const = default;
};

/// Text and numbers of the first page's tags that metadata is read from.
struct TiffTags {
    std::string description; ///< ImageDescription
    std::string software;
    double xResolution = 0; ///< pixels a unit, 0 where absent
    double yResolution = 0;
    int resolutionUnit = 1;     ///< 1 none, 2 inch, 3 cm
    std::string imageJMetadata; ///< tag 50839, raw bytes, with the counts of tag 50838 in imageJCounts
    std::vector<std::uint32_t> imageJCounts;
    std::string microManager; ///< tag 51123, JSON of the first plane
    bool bigEndian = false;
};

/// A TIFF file to be read by region. Opening reads the header and the first IFD only; further IFDs are found once, when
/// a page behind the first is asked for, and remembered compactly. Thread-safe. The operating system's handle is taken
/// from a bounded pool for the time of a read, so any number of TiffFiles may exist.
class TiffFile {
public:
    /// Errors: Missing, Unreadable, Corrupt (not a TIFF, cut short), Unsupported. Counts one opened file.
    static Result<std::shared_ptr<TiffFile>> open(const std::string& path, ReadCounts& counts);

    virtual ~TiffFile() = default;

    virtual const std::string& path() const = 0;
    virtual std::uint64_t fileBytes() const = 0;
    /// Changes with the size or modification time that the file had when it was opened.
    virtual std::uint64_t stamp() const = 0;
    virtual const TiffPage& firstPage() const = 0;
    /// Read when they are asked for first; what cannot be read then is empty.
    virtual const TiffTags& tags() const = 0;

    /// Declares that `pages` planes lie one behind another after the first page's data (ImageJ stacks with one IFD);
    /// Corrupt where the file is too short for that.
    virtual Result<void> setContiguousPages(std::int64_t pages) = 0;

    /// The number of pages; walks the chain of IFDs once. Stops at loops and damage with an Error.
    virtual Result<std::int64_t> pageCount() const = 0;

    /// The layout of page `page`. Mismatch where the file has fewer pages.
    virtual Result<TiffPage> page(std::int64_t page) const = 0;

    /// Pyramid: the layout of reduced copy `level` (0 = the largest) of a page's SubIFDs, and reading from it.
    virtual Result<TiffPage> subPage(std::int64_t page, int level) const = 0;

    /// Reads a box of page `page` into `destination`, whose region has the three axes (y, x, sample) in this page's own
    /// indices and whose dtype is the page's. Only strips and tiles that meet the box are read and decoded. `level` -1
    /// is the page itself, else one of its SubIFDs. Tiles that were never written (sparse files) are zeros; MinIsWhite
    /// and palette values come as stored. Errors: Cancelled (looked at between strips, tiles or 1 MB of plain data),
    /// Missing, Unreadable, Corrupt (also a file that changed on disk since it was opened: open it again), Mismatch
    /// (fewer pages, or a page of another size or type than the destination), TooLarge (a part of a strip of more than
    /// 1 GB), Unsupported.
    virtual Result<void> read(std::int64_t page, const Destination& destination, std::stop_token stop,
                              ReadCounts& counts, int level = -1) const = 0;
};

/// The stamp that TiffFile::open would give now, or 0 where there is no such file. One stat, nothing is opened.
std::uint64_t fileStamp(const std::string& path);

} // namespace lazulite::io
