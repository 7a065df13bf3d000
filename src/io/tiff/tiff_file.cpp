#include "lazulite/io/tiff_file.h"

#include <fmt/format.h>
#include <tiff.h>

#include <atomic>
#include <exception>
#include <mutex>
#include <new>
#include <optional>

#include "tiff/file_handle.h"
#include "tiff/ifd.h"
#include "tiff/layout_cache.h"
#include "tiff/page_index.h"
#include "tiff/page_layout.h"
#include "tiff/region_reader.h"

namespace lazulite::io {

namespace {

constexpr std::size_t kHeaderReadAhead = 4096;
constexpr std::size_t kIfdGuess = 512;
constexpr std::int64_t kChunksLearntAtOnce = 16;
constexpr std::uint64_t kMostTextBytes = std::uint64_t{256} << 20U;

/// Runs `work` and makes what it throws the Error of that file and page.
template <typename T, typename Work>
Result<T> guarded(const std::string& path, std::optional<std::int64_t> page, Work&& work) {
    try {
        return work();
    } catch (const Failure& failure) {
        Error error = failure.error();
        error.path = path;
        error.page = page;
        return error;
    } catch (const std::bad_alloc&) {
        return Error{Error::Kind::TooLarge, "there is not enough memory to decode it", path, page};
    }
}

class TiffFileReader final : public TiffFile {
public:
    TiffFileReader(const std::string& path, ReadCounts& counts) : file_(path) {
        const OpenFile open = file_.acquire(counts);
        IfdReader reader(open);
        header_ = reader.readHeader(kHeaderReadAhead);
        const Ifd ifd = reader.read(header_.firstIfd, kIfdGuess);
        index_.begin(ifd);
        auto layout = readPageLayout(reader, ifd, open.bytes());
        if (layout.chunkCount() <= kChunksLearntAtOnce) layout.learnPlaces(reader);
        first_ = std::make_shared<const PageLayout>(std::move(layout));
    }

    const std::string& path() const override { return file_.path(); }
    std::uint64_t fileBytes() const override { return file_.facts().bytes; }
    std::uint64_t stamp() const override { return file_.facts().stamp(); }
    const TiffPage& firstPage() const override { return first_->page; }

    const TiffTags& tags() const override {
        std::call_once(tagsRead_, [&] {
            const auto done = guarded<void>(path(), 0, [&]() -> Result<void> {
                readTags();
                return {};
            });
            if (!done) tags_.bigEndian = header_.bigEndian;
        });
        return tags_;
    }

    Result<void> setContiguousPages(std::int64_t pages) override;
    Result<std::int64_t> pageCount() const override;
    Result<TiffPage> page(std::int64_t page) const override;
    Result<TiffPage> subPage(std::int64_t page, int level) const override;
    Result<void> read(std::int64_t page, const Destination& destination, std::stop_token stop, ReadCounts& counts,
                      int level) const override;

private:
    using Layout = std::shared_ptr<const PageLayout>;

    /// An open file whose costs nobody asked for are charged to the next read.
    template <typename Work>
    auto withFile(Work&& work) const {
        ReadCounts counts;
        const auto charge = [&] {
            const std::lock_guard lock(mutex_);
            unclaimed_ += counts;
        };
        try {
            auto outcome = [&] {
                const OpenFile open = file_.acquire(counts);
                return work(open);
            }();
            charge();
            return outcome;
        } catch (const Failure&) {
            charge();
            throw;
        }
    }

    void readTags() const;
    Layout layoutOf(const OpenFile& open, std::int64_t page, int level, bool withPlaces) const;
    Layout parseLayout(const OpenFile& open, std::int64_t page, int level) const;
    Result<TiffPage> layoutPage(std::int64_t page, int level) const;
    void check(const Destination& destination, const TiffPage& page) const;

    static std::uint64_t nextId() {
        static std::atomic<std::uint64_t> last = 0;
        return ++last;
    }

    const std::uint64_t id_ = nextId();
    mutable PooledFile file_;
    TiffHeader header_;
    Layout first_;
    std::atomic<std::int64_t> contiguousPages_ = 0; ///< 0: pages are directories
    mutable std::once_flag tagsRead_;
    mutable TiffTags tags_;
    mutable std::mutex mutex_; ///< guards what follows
    mutable PageIndex index_;
    mutable ReadCounts unclaimed_;
};

std::uint64_t pageBytes(const PageLayout& layout) {
    return static_cast<std::uint64_t>(layout.rowBytes() * layout.page.height) *
           static_cast<std::uint64_t>(layout.page.separateSamples ? layout.page.samples : 1);
}

void TiffFileReader::readTags() const {
    withFile([&](const OpenFile& open) {
        IfdReader reader(open, header_);
        const Ifd ifd = reader.read(header_.firstIfd, kIfdGuess);
        const auto text = [&](std::uint16_t tag) {
            const IfdEntry* entry = ifd.find(tag);
            return entry != nullptr ? reader.text(*entry, kMostTextBytes) : std::string();
        };
        const auto real = [&](std::uint16_t tag) {
            const IfdEntry* entry = ifd.find(tag);
            return entry != nullptr ? reader.real(*entry) : 0.0;
        };
        tags_.bigEndian = header_.bigEndian;
        tags_.xResolution = real(tag::kXResolution);
        tags_.yResolution = real(tag::kYResolution);
        if (const IfdEntry* entry = ifd.find(tag::kResolutionUnit)) {
            tags_.resolutionUnit = static_cast<int>(std::min<std::uint64_t>(reader.number(*entry), 3));
        }
        tags_.description = text(tag::kImageDescription);
        tags_.software = text(tag::kSoftware);
        tags_.microManager = text(tag::kMicroManager);
        const IfdEntry* counts = ifd.find(tag::kImageJCounts);
        const IfdEntry* metadata = ifd.find(tag::kImageJMetadata);
        if (counts != nullptr && metadata != nullptr) {
            for (const std::uint64_t count : reader.numbers(*counts, 0, counts->count)) {
                tags_.imageJCounts.push_back(static_cast<std::uint32_t>(count));
            }
            tags_.imageJMetadata = reader.bytesOf(*metadata, kMostTextBytes);
        }
        return true;
    });
}

TiffFileReader::Layout TiffFileReader::parseLayout(const OpenFile& open, std::int64_t page, int level) const {
    IfdReader reader(open, header_);
    std::uint64_t offset = 0;
    if (level >= 0) {
        const Layout whole = layoutOf(open, page, -1, false);
        if (level >= static_cast<int>(whole->subIfds.size())) {
            throw Failure(Error{
                Error::Kind::BadArgument,
                fmt::format("the page has {} reduced copies, number {} was asked for", whole->subIfds.size(), level),
                {},
                {}});
        }
        offset = whole->subIfds[static_cast<std::size_t>(level)];
    } else {
        const std::lock_guard lock(mutex_);
        const auto found = index_.find(page, reader);
        if (!found) {
            throw Failure(
                Error{Error::Kind::Mismatch,
                      fmt::format("the file has only {} pages, fewer than its series expects", index_.pagesFound()),
                      {},
                      {}});
        }
        offset = *found;
    }
    const Ifd ifd = reader.read(offset, kIfdGuess);
    return std::make_shared<const PageLayout>(readPageLayout(reader, ifd, open.bytes()));
}

TiffFileReader::Layout TiffFileReader::layoutOf(const OpenFile& open, std::int64_t page, int level,
                                                bool withPlaces) const {
    const LayoutCache::Key key{id_, page, level};
    if (page == 0 && level < 0 && (!withPlaces || !first_->places.empty())) return first_;
    if (Layout known = LayoutCache::shared().find(key)) return known;
    Layout layout = page == 0 && level < 0 ? first_ : parseLayout(open, page, level);
    if (!withPlaces) return layout;
    auto learnt = std::make_shared<PageLayout>(*layout);
    IfdReader reader(open, header_);
    learnt->learnPlaces(reader);
    LayoutCache::shared().insert(key, learnt);
    return learnt;
}

Result<void> TiffFileReader::setContiguousPages(std::int64_t pages) {
    return guarded<void>(path(), {}, [&]() -> Result<void> {
        const PageLayout& layout = *first_;
        const bool plain = layout.page.compression == COMPRESSION_NONE && !layout.page.tiled;
        const auto refuse = [](const std::string& message) {
            return Failure(Error{Error::Kind::Corrupt, message, {}, {}});
        };
        if (!plain)
            throw refuse("its metadata speak of planes one behind another, but the first one is compressed or tiled");
        const std::uint64_t begin =
            withFile([&](const OpenFile& open) { return ChunkPlaces(open, header_, layout).at(0, 0, 0).offset; });
        const std::uint64_t bytes = pageBytes(layout);
        if (pages < 1 || begin > fileBytes() || static_cast<std::uint64_t>(pages) > (fileBytes() - begin) / bytes) {
            throw refuse(fmt::format(
                "its metadata speak of {} planes one behind another, but the file is too short for them", pages));
        }
        contiguousPages_ = pages;
        return {};
    });
}

Result<std::int64_t> TiffFileReader::pageCount() const {
    if (const std::int64_t contiguous = contiguousPages_; contiguous > 0) return contiguous;
    {
        const std::lock_guard lock(mutex_);
        if (index_.complete()) return index_.pagesFound();
    }
    return guarded<std::int64_t>(path(), {}, [&]() -> Result<std::int64_t> {
        return withFile([&](const OpenFile& open) {
            IfdReader reader(open, header_);
            const std::lock_guard lock(mutex_);
            return index_.count(reader);
        });
    });
}

Result<TiffPage> TiffFileReader::layoutPage(std::int64_t page, int level) const {
    const std::int64_t contiguous = contiguousPages_;
    if (contiguous > 0 && page >= 0 && page < contiguous) page = 0;
    if (page == 0 && level < 0) return first_->page;
    return guarded<TiffPage>(path(), page, [&]() -> Result<TiffPage> {
        return withFile([&](const OpenFile& open) { return layoutOf(open, page, level, false)->page; });
    });
}

Result<TiffPage> TiffFileReader::page(std::int64_t page) const {
    return layoutPage(page, -1);
}

Result<TiffPage> TiffFileReader::subPage(std::int64_t page, int level) const {
    return layoutPage(page, std::max(level, 0));
}

void TiffFileReader::check(const Destination& destination, const TiffPage& page) const {
    const Region whole = Region::whole({page.height, page.width, page.samples});
    if (destination.region.rank() == 3 && whole.contains(destination.region) && destination.dtype == page.dtype) return;
    throw Failure(Error{
        Error::Kind::Mismatch,
        fmt::format("the page holds {} x {} x {} elements of {}, {} of {} was expected", page.height, page.width,
                    page.samples, toString(page.dtype), destination.region.toString(), toString(destination.dtype)),
        {},
        {}});
}

Result<void> TiffFileReader::read(std::int64_t page, const Destination& destination, std::stop_token stop,
                                  ReadCounts& counts, int level) const {
    if (stop.stop_requested()) return Error::cancelled();
    return guarded<void>(path(), page, [&]() -> Result<void> {
        {
            const std::lock_guard lock(mutex_);
            counts += unclaimed_;
            unclaimed_ = {};
        }
        const OpenFile open = file_.acquire(counts);
        ++counts.pagesRead;
        const std::int64_t contiguous = contiguousPages_;
        const bool shifted = contiguous > 0 && level < 0;
        if (shifted && (page < 0 || page >= contiguous)) {
            throw Failure(Error{Error::Kind::Mismatch, fmt::format("the file has only {} pages", contiguous), {}, {}});
        }
        const Layout layout = layoutOf(open, shifted ? 0 : page, level, true);
        const std::uint64_t shift = shifted ? pageBytes(*layout) * static_cast<std::uint64_t>(page) : 0;
        check(destination, layout->page);
        if (destination.region.empty()) return {};
        return readRegion({open, header_, *layout, destination, shift, stop});
    });
}

} // namespace

Result<std::shared_ptr<TiffFile>> TiffFile::open(const std::string& path, ReadCounts& counts) {
    return guarded<std::shared_ptr<TiffFile>>(path, {}, [&]() -> Result<std::shared_ptr<TiffFile>> {
        return std::shared_ptr<TiffFile>(std::make_shared<TiffFileReader>(path, counts));
    });
}

} // namespace lazulite::io
