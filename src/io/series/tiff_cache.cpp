#include "series/tiff_cache.h"

#include <fmt/format.h>

namespace lazulite::io::series {

namespace {

std::string describe(const TiffPage& page) {
    const std::string samples = page.samples > 1 ? fmt::format(" x {}", page.samples) : std::string();
    return fmt::format("{} x {}{} {}", page.height, page.width, samples, toString(page.dtype));
}

} // namespace

std::optional<std::string> differenceOf(const TiffPage& page, const TiffPage& expected) {
    const bool same = page.width == expected.width && page.height == expected.height &&
                      page.samples == expected.samples && page.dtype == expected.dtype;
    if (same) return std::nullopt;
    return fmt::format("is {}, the series is {}; move the file elsewhere or open it alone", describe(page),
                       describe(expected));
}

std::int64_t filePage(const SeriesLayout& layout, std::int64_t page) {
    const auto index = static_cast<std::size_t>(page);
    return index < layout.pageMap.size() ? layout.pageMap[index] : page;
}

std::shared_ptr<TiffCache::Entry> TiffCache::entryOf(std::uint32_t file) {
    const std::lock_guard lock(mutex_);
    if (const auto found = index_.find(file); found != index_.end()) {
        recent_.splice(recent_.begin(), recent_, found->second);
        return found->second->second;
    }
    recent_.emplace_front(file, std::make_shared<Entry>());
    index_[file] = recent_.begin();
    if (recent_.size() > kMostFiles) {
        index_.erase(recent_.back().first);
        recent_.pop_back();
    }
    return recent_.front().second;
}

Result<std::shared_ptr<TiffFile>> TiffCache::get(std::uint32_t file, ReadCounts& counts) {
    const auto entry = entryOf(file);
    const std::lock_guard lock(entry->mutex);
    const std::string path = layout_->path(file);
    const std::uint64_t stamp = fileStamp(path);
    if (entry->file && entry->file->stamp() == stamp) return entry->file;
    entry->file.reset();
    if (stamp == 0) {
        return Error{
            Error::Kind::Missing, "the file is gone or cannot be reached; put it back and try again", path, {}};
    }
    auto opened = TiffFile::open(path, counts);
    if (!opened) return opened.error();
    if (const auto difference = differenceOf((*opened)->firstPage(), layout_->page)) {
        return Error{Error::Kind::Mismatch, *difference, path, {}};
    }
    if (layout_->contiguousPages > 0) {
        if (auto set = (*opened)->setContiguousPages(layout_->contiguousPages); !set) return set.error();
    }
    entry->file = *opened;
    return entry->file;
}

void TiffCache::put(std::uint32_t file, std::shared_ptr<TiffFile> open) {
    const auto entry = entryOf(file);
    const std::lock_guard lock(entry->mutex);
    entry->file = std::move(open);
}

} // namespace lazulite::io::series
