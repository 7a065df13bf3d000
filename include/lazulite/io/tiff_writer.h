#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "lazulite/core/block.h"
#include "lazulite/core/dtype.h"

namespace lazulite::io {

struct TiffWriteOptions {
    enum class Compression { None, Deflate, Zstd, Lzw };

    std::int64_t height = 0;
    std::int64_t width = 0;
    std::int64_t samples = 1; ///< a pixel, interleaved; 3 or 4 of uint8 or uint16 are written as RGB(A)
    DType dtype = DType::UInt16;
    Compression compression = Compression::None; ///< 8- and 16-bit integers get predictor 2 before it
    std::string description = {};                ///< ImageDescription of the first page, such as imageJDescription()
    double xResolution = 0;                      ///< pixels a unit; 0: not written
    double yResolution = 0;
    int resolutionUnit = 1; ///< 1 none (the description says), 2 inch, 3 cm
    bool bigTiff = false;   ///< also where the file stays below 4 GB
};

/// Writes a stack page by page. The file is classic TIFF where it stays below 4 GB, else BigTIFF. It grows under
/// another name beside its place and takes it in finish(), so that nobody sees half a file; an unfinished one is
/// removed. What exists at the path is replaced; a path that is no regular file (such as /dev/null) is written in
/// place.
class TiffWriter {
public:
    /// Throws Failure: no such folder, no permission, a page without pixels (BadArgument).
    TiffWriter(const std::string& path, TiffWriteOptions options);
    TiffWriter(const TiffWriter&) = delete;
    TiffWriter& operator=(const TiffWriter&) = delete;
    ~TiffWriter();

    /// Appends the block's elements in row-major order: one page (y, x[, sample]), or several with further axes before.
    /// Throws Failure: another type or a number of elements that is no whole number of pages (BadArgument), no room.
    void append(const Block& pages);

    std::int64_t pages() const;

    /// Writes the directories and gives the file its name. Throws Failure: no page, no room.
    void finish();

private:
    struct State;
    std::unique_ptr<State> state_;
};

/// How the pages of an ImageJ hyperstack are meant. Pages come with the channel fastest, then the slice, then the
/// frame.
struct ImageJStack {
    std::int64_t channels = 1;
    std::int64_t slices = 1;
    std::int64_t frames = 1;
    double spacing = 0;    ///< between slices, in `unit`; 0: not known
    std::string unit = {}; ///< of spacing and of the resolution's pixels; "um" is written as ImageJ's "micron"
    double interval = 0;   ///< seconds between frames; 0: not known
    double displayMin = 0; ///< both 0: ImageJ chooses
    double displayMax = 0;
};

/// The ImageDescription with which ImageJ and Fiji open the pages as a hyperstack of the right voxel size.
std::string imageJDescription(const ImageJStack& stack);

} // namespace lazulite::io
