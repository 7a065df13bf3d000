#pragma once

#include <cstdint>
#include <list>
#include <memory>
#include <mutex>
#include <optional>
#include <unordered_map>

#include "lazulite/io/tiff_file.h"
#include "series/series_layout.h"

namespace lazulite::io::series {

/// Files of a series whose headers are known, the most recently used ones. A file is opened once however many threads
/// ask for it, compared with the first file, and opened anew when it changed on disk.
class TiffCache {
public:
    explicit TiffCache(std::shared_ptr<const SeriesLayout> layout) : layout_(std::move(layout)) {}

    /// Errors: those of TiffFile::open; Mismatch where the first page's shape or type is not the series's.
    Result<std::shared_ptr<TiffFile>> get(std::uint32_t file, ReadCounts& counts);

    /// Keeps a file that was opened already.
    void put(std::uint32_t file, std::shared_ptr<TiffFile> open);

private:
    struct Entry {
        std::mutex mutex;
        std::shared_ptr<TiffFile> file;
    };

    std::shared_ptr<Entry> entryOf(std::uint32_t file);

    static constexpr std::size_t kMostFiles = 256;

    std::shared_ptr<const SeriesLayout> layout_;
    std::mutex mutex_;
    std::list<std::pair<std::uint32_t, std::shared_ptr<Entry>>> recent_; ///< the latest first
    std::unordered_map<std::uint32_t, decltype(recent_)::iterator> index_;
};

/// Nothing, or how a page differs from the series's pages: "is 128 x 128 uint8, the series is 256 x 256 uint16".
std::optional<std::string> differenceOf(const TiffPage& page, const TiffPage& expected);

/// The page of the file that is full page `page` of the series, when reduced copies are not counted.
std::int64_t filePage(const SeriesLayout& layout, std::int64_t page);

} // namespace lazulite::io::series
