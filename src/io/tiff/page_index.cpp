#include "tiff/page_index.h"

#include <fmt/format.h>

#include <algorithm>

namespace lazulite::io {

void PageIndex::begin(const Ifd& first) {
    append(first.offset);
    next_ = first.next;
    tableBytes_ = first.bytes;
    lowest_ = highest_ = first.offset;
}

void PageIndex::append(std::uint64_t offset) {
    const auto stride = static_cast<std::int64_t>(offset - last_);
    if (runs_.empty()) {
        runs_.push_back({0, offset, 0});
    } else if (const bool second = found_ - runs_.back().firstPage == 1; second || runs_.back().stride == stride) {
        runs_.back().stride = stride;
    } else {
        runs_.push_back({found_, offset, 0});
    }
    last_ = offset;
    ++found_;
}

bool PageIndex::seenBefore(std::uint64_t offset) {
    if (seen_.empty()) {
        if (offset > highest_ || offset < lowest_) return false;
        for (std::int64_t page = 0; page < found_; ++page) seen_.insert(*known(page));
    }
    return !seen_.insert(offset).second;
}

void PageIndex::step(IfdReader& reader) {
    constexpr std::uint64_t kNeighbour = 1024;
    constexpr std::size_t kReadAhead = 16384;
    const std::uint64_t offset = next_;
    if (seenBefore(offset)) {
        throw Failure(Error{
            Error::Kind::Corrupt,
            fmt::format("the file is damaged: the directory after page {} is that of an earlier page", found_ - 1),
            {},
            {}});
    }
    const bool close = offset > last_ && offset - last_ < kNeighbour;
    const Ifd ifd = reader.skip(offset, close ? kReadAhead : tableBytes_);
    append(offset);
    lowest_ = std::min(lowest_, offset);
    highest_ = std::max(highest_, offset);
    tableBytes_ = ifd.bytes;
    next_ = ifd.next;
    if (next_ == 0) seen_ = {};
}

std::optional<std::uint64_t> PageIndex::known(std::int64_t page) const {
    if (page < 0 || page >= found_) return std::nullopt;
    const auto after = std::upper_bound(runs_.begin(), runs_.end(), page,
                                        [](std::int64_t wanted, const Run& run) { return wanted < run.firstPage; });
    const Run& run = *std::prev(after);
    return run.offset + static_cast<std::uint64_t>((page - run.firstPage) * run.stride);
}

std::optional<std::uint64_t> PageIndex::find(std::int64_t page, IfdReader& reader) {
    while (page >= found_ && next_ != 0) step(reader);
    return known(page);
}

std::int64_t PageIndex::count(IfdReader& reader) {
    while (next_ != 0) step(reader);
    return found_;
}

} // namespace lazulite::io
