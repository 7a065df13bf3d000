#include "lazulite/io/file_series.h"

#include <fmt/format.h>
#include <tiff.h>

#include <algorithm>

#include "series/series_opening.h"
#include "series/series_source.h"
#include "series/tiff_cache.h"

namespace lazulite::io {

namespace {

using series::OuterGrid;

class GridSeries : public FileSeries {
public:
    explicit GridSeries(series::OpenSeries open)
        : open_(std::move(open)), layout_(open_.layout), files_(std::make_shared<series::TiffCache>(layout_)) {
        files_->put(open_.firstNumber, std::move(open_.first));
        source_ = std::make_shared<series::SeriesSource>(layout_, files_, -1);
        for (std::size_t level = 0; level < layout_->levels.size(); ++level) {
            levels_.push_back(std::make_shared<series::SeriesSource>(layout_, files_, static_cast<int>(level)));
        }
        holeCount_ = countHoles();
    }

    const Axes& axes() const override { return layout_->axes; }
    DType dtype() const override { return layout_->dtype; }
    std::size_t fileCount() const override { return layout_->fileCount(); }
    std::size_t holeCount() const override { return holeCount_; }

    std::vector<std::vector<std::int64_t>> holes(std::size_t most) const override {
        std::vector<std::vector<std::int64_t>> found;
        if (holeCount_ == 0) return found;
        forEachBox([&](const std::vector<std::int64_t>& position) {
            if (found.size() < most && layout_->placeOf(position).hole()) found.push_back(position);
            return found.size() < most;
        });
        return found;
    }

    std::string pathAt(const std::vector<std::int64_t>& position) const override {
        if (position.size() != axes().size()) return {};
        for (std::size_t k = 0; k < position.size(); ++k) {
            if (position[k] < 0 || position[k] >= axes()[k].size) return {};
        }
        const auto place = layout_->placeOf(position);
        return place.hole() ? std::string() : layout_->path(place.file);
    }

    std::vector<std::int64_t> positionOf(std::size_t file) const override {
        std::vector<std::int64_t> found;
        if (layout_->table) {
            forEachBox([&](const std::vector<std::int64_t>& position) {
                if (layout_->placeOf(position).file == file) found = position;
                return found.empty();
            });
            return found;
        }
        if (file >= fileCount()) return found;
        const auto& places = layout_->grid.places;
        const auto place = places.empty() ? static_cast<std::int64_t>(file)
                                          : std::find(places.begin(), places.end(), file) - places.begin();
        found.assign(axes().size(), 0);
        for (std::size_t k = 0; k < found.size(); ++k) {
            const series::AxisRole& role = layout_->roles[k];
            if (role.kind == series::AxisRole::Kind::Outer) found[k] = place / role.stride % axes()[k].size;
        }
        return found;
    }

    const std::string& convention() const override { return open_.convention; }
    const std::string& pattern() const override { return open_.pattern; }
    const std::string& location() const override { return open_.location; }
    const std::string& spacingOrigin() const override { return open_.spacingOrigin; }
    const std::vector<std::string>& warnings() const override { return open_.warnings; }
    std::vector<std::optional<std::array<float, 3>>> channelColors() const override { return open_.channelColors; }
    std::vector<std::array<double, 2>> channelRanges() const override { return open_.channelRanges; }
    const ScanSettings& scanSettings() const override { return open_.scan; }
    std::shared_ptr<const Source> source() const override { return source_; }

    std::vector<Shape> pyramidLevels() const override {
        std::vector<Shape> shapes;
        for (const auto& level : levels_) shapes.push_back(shapeOf(level->axes()));
        return shapes;
    }

    std::shared_ptr<const Source> levelSource(int level) const override {
        if (level < 0 || static_cast<std::size_t>(level) >= levels_.size()) {
            throw Failure(
                fmt::format("the files hold {} reduced copies; there is no number {}", levels_.size(), level));
        }
        return levels_[static_cast<std::size_t>(level)];
    }

    Result<void> check(std::size_t file, ReadCounts& counts) const override {
        if (file >= fileCount()) return Error{Error::Kind::BadArgument, "the series has no such file", {}, {}};
        const std::string path = layout_->path(file);
        auto opened = TiffFile::open(path, counts);
        if (!opened) return opened.error();
        if (const auto difference = series::differenceOf((*opened)->firstPage(), layout_->page)) {
            return Error{Error::Kind::Mismatch, *difference, path, {}};
        }
        if (layout_->table) return {};
        if (layout_->contiguousPages > 0) return (*opened)->setContiguousPages(layout_->contiguousPages);
        const auto pages = (*opened)->pageCount();
        if (!pages) return pages.error();
        const auto expected =
            layout_->pageMap.empty() ? layout_->pagesPerFile : std::int64_t{layout_->pageMap.back()} + 1;
        const TiffPage& page = layout_->page;
        const bool plain = page.compression == COMPRESSION_NONE;
        const auto bits = static_cast<std::uint64_t>(page.height * page.width * page.samples * page.bitsPerSample);
        if (plain && (*opened)->fileBytes() / static_cast<std::uint64_t>(layout_->pagesPerFile) < bits / 8) {
            return Error{Error::Kind::Corrupt,
                         fmt::format("has {} bytes, too few for {} pages of {}; it is cut short or still being written",
                                     (*opened)->fileBytes(), layout_->pagesPerFile, bits / 8),
                         path,
                         {}};
        }
        if (*pages >= expected) return {};
        return Error{Error::Kind::Mismatch,
                     fmt::format("has {} page{}, {} expected; it may be cut short or still being written", *pages,
                                 *pages == 1 ? "" : "s", expected),
                     path,
                     {}};
    }

private:
    /// Visits the first element of every file's box, or of every plane of a table, until `visit` returns false.
    template <typename Visit>
    void forEachBox(Visit&& visit) const {
        std::vector<std::int64_t> position(axes().size(), 0);
        const auto steps = [&](std::size_t k) {
            const auto kind = layout_->roles[k].kind;
            return kind == series::AxisRole::Kind::Outer || (layout_->table && kind == series::AxisRole::Kind::Inner);
        };
        while (visit(position)) {
            std::size_t k = position.size();
            while (k-- > 0) {
                if (!steps(k)) continue;
                if (++position[k] < axes()[k].size) break;
                position[k] = 0;
            }
            if (k == static_cast<std::size_t>(-1)) return;
        }
    }

    std::size_t countHoles() const {
        if (!layout_->table) return layout_->grid.placeCount() - layout_->grid.files.size();
        std::size_t holes = 0;
        forEachBox([&](const std::vector<std::int64_t>& position) {
            holes += layout_->placeOf(position).hole() ? 1 : 0;
            return true;
        });
        return holes;
    }

    series::OpenSeries open_;
    std::shared_ptr<const series::SeriesLayout> layout_;
    std::shared_ptr<series::TiffCache> files_;
    std::shared_ptr<const Source> source_;
    std::vector<std::shared_ptr<const Source>> levels_;
    std::size_t holeCount_ = 0;
};

} // namespace

std::shared_ptr<const FileSeries> FileSeries::open(const std::vector<std::string>& paths, const SeriesOptions& options,
                                                   ReadCounts& counts) {
    return std::make_shared<GridSeries>(series::openSeries(paths, options, counts));
}

} // namespace lazulite::io
