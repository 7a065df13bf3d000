#include "series/series_source.h"

#include <fmt/format.h>

#include <algorithm>
#include <unordered_set>

namespace lazulite::io::series {

namespace {

constexpr std::int64_t kLargestWholePage = std::int64_t{16} << 20;
constexpr std::int64_t kPartOfLargePage = std::int64_t{8} << 20;
constexpr std::int64_t kGrainBytes = std::int64_t{256} << 10;

/// The smallest multiple of `step` rows that holds `bytes`, clipped to the height.
std::int64_t rowsFor(std::int64_t bytes, std::int64_t rowBytes, std::int64_t step, std::int64_t height) {
    const std::int64_t rows = std::max<std::int64_t>(1, bytes / std::max<std::int64_t>(1, rowBytes));
    return std::min(height, (rows + step - 1) / step * step);
}

std::uint64_t mixed(std::uint64_t seed, std::uint64_t value) {
    seed ^= value + 0x9E3779B97F4A7C15ULL + (seed << 12U) + (seed >> 4U);
    return seed * 0xFF51AFD7ED558CCDULL;
}

/// Calls `visit` for every position of the region along the axes that are not within a page; ends when it returns
/// false.
template <typename Visit>
void forEachPlane(const Region& region, const std::vector<AxisRole>& roles, Visit&& visit) {
    std::vector<std::int64_t> position;
    for (const Interval& interval : region) position.push_back(interval.begin);
    const auto steps = [&](std::size_t k) {
        return roles[k].kind == AxisRole::Kind::Outer || roles[k].kind == AxisRole::Kind::Inner;
    };
    while (visit(position)) {
        std::size_t k = position.size();
        while (k-- > 0) {
            if (!steps(k)) continue;
            if (++position[k] < region[k].end) break;
            position[k] = region[k].begin;
        }
        if (k == static_cast<std::size_t>(-1)) return;
    }
}

} // namespace

SeriesSource::SeriesSource(std::shared_ptr<const SeriesLayout> layout, std::shared_ptr<TiffCache> files, int level)
    : layout_(std::move(layout)), files_(std::move(files)), level_(level), axes_(layout_->axes) {
    for (std::size_t k = 0; k < axes_.size(); ++k) {
        const AxisRole::Kind kind = layout_->roles[k].kind;
        if (kind == AxisRole::Kind::Row) row_ = k;
        if (kind == AxisRole::Kind::Column) column_ = k;
        if (kind == AxisRole::Kind::Sample) sample_ = k;
    }
    const auto rescale = [](Axis& axis, std::int64_t size) {
        if (!axis.unit.empty()) axis.spacing *= static_cast<double>(axis.size) / static_cast<double>(size);
        axis.size = size;
    };
    if (level_ >= 0) {
        rescale(axes_[row_], page().height);
        rescale(axes_[column_], page().width);
    }
    setShapes();
}

const TiffPage& SeriesSource::page() const {
    return level_ < 0 ? layout_->page : layout_->levels[static_cast<std::size_t>(level_)].page;
}

void SeriesSource::setShapes() {
    const TiffPage& page = this->page();
    const auto element = static_cast<std::int64_t>(bytesPer(layout_->dtype));
    const std::int64_t perPixel = element * (page.separateSamples ? 1 : page.samples);
    const std::int64_t rowBytes = page.width * perPixel;
    Shape plane = {std::max<std::int64_t>(1, page.height), std::max<std::int64_t>(1, page.width)};
    const std::int64_t chunkHeight = std::clamp<std::int64_t>(page.chunkHeight, 1, plane[0]);
    const std::int64_t chunkWidth = page.tiled ? std::clamp<std::int64_t>(page.chunkWidth, 1, plane[1]) : plane[1];
    const bool anyRow = page.compression == 1 && !page.tiled;
    Shape grain = {page.tiled ? chunkHeight : rowsFor(kGrainBytes, rowBytes, anyRow ? 1 : chunkHeight, plane[0]),
                   chunkWidth};
    Shape block = plane;
    if (rowBytes > 0 && plane[0] > kLargestWholePage / rowBytes) {
        if (page.tiled) {
            block = {chunkHeight, chunkWidth};
            while (block[0] * block[1] * perPixel < kPartOfLargePage && (block[0] < plane[0] || block[1] < plane[1])) {
                std::int64_t& shorter =
                    (block[0] <= block[1] && block[0] < plane[0]) || block[1] >= plane[1] ? block[0] : block[1];
                shorter *= 2;
            }
            block = {std::min(block[0], plane[0]), std::min(block[1], plane[1])};
        } else {
            block[0] = rowsFor(kPartOfLargePage, rowBytes, grain[0], plane[0]);
        }
    }
    const std::int64_t samples = page.separateSamples && !(sample_ && axes_[*sample_].name == "s") ? 1 : page.samples;
    const auto shapeOfPage = [&](const Shape& rowsAndColumns) {
        Shape shape(axes_.size(), 1);
        shape[row_] = rowsAndColumns[0];
        shape[column_] = rowsAndColumns[1];
        if (sample_) shape[*sample_] = samples;
        return shape;
    };
    blockShape_ = shapeOfPage(block);
    grainShape_ = shapeOfPage(grain);
    fileShape_ = layout_->fileShape;
    fileShape_[row_] = plane[0];
    fileShape_[column_] = plane[1];
}

std::string SeriesSource::identity() const {
    return level_ < 0 ? layout_->identity : fmt::format("{} level {}", layout_->identity, level_);
}

std::uint64_t SeriesSource::stamp(const Region& region) const {
    std::uint64_t result = 0;
    if (region.empty()) return result;
    std::unordered_set<std::uint32_t> seen;
    std::uint32_t last = OuterGrid::kHole;
    forEachPlane(region, layout_->roles, [&](const std::vector<std::int64_t>& position) {
        const auto place = layout_->placeOf(position);
        if (place.hole() || place.file == last || !seen.insert(place.file).second) return true;
        last = place.file;
        result = mixed(mixed(result, place.file), fileStamp(layout_->path(place.file)));
        return true;
    });
    return result;
}

bool SeriesSource::insideOneFile(const Region& region) const {
    for (std::size_t k = 0; k < region.rank(); ++k) {
        const std::int64_t size = layout_->fileShape[k];
        const bool withinPage = k == row_ || k == column_;
        if (!withinPage && region[k].begin / size != (region[k].end - 1) / size) return false;
    }
    return true;
}

Error SeriesSource::holeAt(const std::vector<std::int64_t>& position) const {
    std::string where;
    for (std::size_t k = 0; k < position.size(); ++k) {
        const AxisRole::Kind kind = layout_->roles[k].kind;
        if (kind != AxisRole::Kind::Outer && !(kind == AxisRole::Kind::Inner && layout_->table)) continue;
        const std::string value = axes_[k].valueText(position[k]);
        where += fmt::format("{}{}={}{}", where.empty() ? "" : ", ", axes_[k].name, position[k],
                             value.empty() ? "" : " (" + value + ")");
    }
    return {Error::Kind::Missing, fmt::format("no file holds {}", where.empty() ? "this plane" : where), {}, {}};
}

Result<void> SeriesSource::read(const Destination& destination, std::stop_token stop, ReadCounts& counts) const {
    const Region& region = destination.region;
    if (region.rank() != axes_.size() || destination.dtype != dtype() ||
        !Region::whole(shapeOf(axes_)).contains(region)) {
        return Error{Error::Kind::BadArgument,
                     "the region does not lie inside the array, or its type is another",
                     layout_->identity,
                     {}};
    }
    if (region.empty()) return {};
    const bool oneFile = insideOneFile(region);
    Result<void> outcome;
    forEachPlane(region, layout_->roles, [&](const std::vector<std::int64_t>& position) {
        if (stop.stop_requested()) {
            outcome = Error::cancelled();
            return false;
        }
        Region plane = region;
        for (std::size_t k = 0; k < position.size(); ++k) {
            const AxisRole::Kind kind = layout_->roles[k].kind;
            if (kind == AxisRole::Kind::Outer || kind == AxisRole::Kind::Inner)
                plane[k] = {position[k], position[k] + 1};
        }
        const Destination part = destination.at(plane);
        const auto place = layout_->placeOf(position);
        if (!place.hole()) {
            outcome = readPlane(part, place, stop, counts);
        } else if (oneFile) {
            outcome = holeAt(position);
        } else {
            part.fillZero();
        }
        return outcome.ok();
    });
    return outcome;
}

Result<void> SeriesSource::readPlane(const Destination& destination, const SeriesLayout::Place& place,
                                     const std::stop_token& stop, ReadCounts& counts) const {
    auto file = files_->get(place.file, counts);
    if (!file) return file.error();
    std::int64_t number = filePage(*layout_, place.page);
    int subIfd = -1;
    if (level_ >= 0) {
        const PyramidLevel& level = layout_->levels[static_cast<std::size_t>(level_)];
        subIfd = level.subIfd;
        if (subIfd < 0) number = level.pages[static_cast<std::size_t>(place.page)];
    }
    auto layout = subIfd < 0 ? (*file)->page(number) : (*file)->subPage(number, subIfd);
    if (!layout) {
        const auto count = (*file)->pageCount();
        if (count && number >= *count) {
            const std::string text =
                fmt::format("has {} page{}, {} expected; it may be cut short or still being written", *count,
                            *count == 1 ? "" : "s", layout_->pagesPerFile);
            return Error{Error::Kind::Mismatch, text, (*file)->path(), number};
        }
        return layout.error();
    }
    if (const auto difference = differenceOf(*layout, page())) {
        return Error{Error::Kind::Mismatch, *difference, (*file)->path(), number};
    }
    Destination pixels;
    pixels.data = destination.data;
    pixels.dtype = destination.dtype;
    const auto element = static_cast<std::int64_t>(bytesPer(destination.dtype));
    pixels.region = Region({destination.region[row_], destination.region[column_],
                            sample_ ? destination.region[*sample_] : Interval{0, 1}});
    pixels.strides = {destination.strides[row_], destination.strides[column_],
                      sample_ ? destination.strides[*sample_] : element};
    return (*file)->read(number, pixels, stop, counts, subIfd);
}

} // namespace lazulite::io::series
