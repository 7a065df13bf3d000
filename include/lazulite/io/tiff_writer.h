#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

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
    int level = 0;                        ///< of Deflate (1-12) or Zstd (1-22): how hard it tries; 0: the usual one
    std::string description = {};         ///< ImageDescription of the first page, such as imageJDescription()
    std::string info = {};                ///< what ImageJ shows as "Show Info..."; empty: none
    std::vector<std::string> labels = {}; ///< ImageJ's labels, one a page; empty: none
    double xResolution = 0;               ///< pixels a unit; 0: not written
    double yResolution = 0;
    int resolutionUnit = 1; ///< 1 none (the description says), 2 inch, 3 cm
    bool bigTiff = false;   ///< also where the file stays below 4 GB
    /// Calls `task` for 0 .. count-1, on several threads at once; strips are compressed in it. Empty: one by one.
    std::function<void(std::size_t count, const std::function<void(std::size_t)>& task)> forEach = {};
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

    /// Appends the block's elements in row-major order: rows of a page (y, x[, sample]), or several pages with further
    /// axes before. Throws Failure: another type or a number of elements that is no whole number of rows (BadArgument),
    /// no room.
    void append(const Block& rows);

    /// Those that are whole.
    std::int64_t pages() const;

    /// Writes the directories and gives the file its name; its size in bytes. Throws Failure: no page, a page in part,
    /// no room.
    std::uint64_t finish();

private:
    struct State;
    std::unique_ptr<State> state_;
};

} // namespace lazulite::io
