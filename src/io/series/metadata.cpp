#include "series/metadata.h"

#include <fmt/format.h>

#include <algorithm>
#include <fstream>

#include "lazulite/core/units.h"

namespace lazulite::io::series {

namespace {
/// No array that asks for more planes than this is believed.
constexpr std::int64_t kMostPages = std::int64_t{1} << 31;
} // namespace

std::int64_t Metadata::pages() const {
    std::int64_t product = 1;
    for (const InnerAxis& axis : axes) {
        if (axis.size < 1 || product > kMostPages / axis.size) return kMostPages;
        product *= axis.size;
    }
    return product;
}

void fitToPages(Metadata& metadata, std::int64_t pages) {
    if (metadata.table || metadata.pages() <= pages) return;
    std::sort(metadata.axes.begin(), metadata.axes.end(),
              [](const auto& a, const auto& b) { return a.stride < b.stride; });
    std::vector<InnerAxis> kept;
    std::int64_t left = pages;
    for (InnerAxis& axis : metadata.axes) {
        if (left == 1) break;
        if (left % axis.size == 0) {
            left /= axis.size;
        } else if (left < axis.size) {
            axis.size = left;
            axis.labels.clear();
            left = 1;
        } else {
            break;
        }
        kept.push_back(std::move(axis));
    }
    if (left != 1) {
        kept.assign(1, InnerAxis{"z", pages, 1, {}});
        metadata.warnings.push_back(
            fmt::format("the metadata tell of another number of planes than the file's {}; its pages are "
                        "taken as z",
                        pages));
    }
    metadata.axes = std::move(kept);
}

void readResolution(const TiffTags& tags, Metadata& metadata) {
    constexpr double kInch = 25400.0;
    constexpr double kCentimetre = 10000.0;
    constexpr double kLargestPixel = 20.0; // um; what is larger is a printer's resolution
    if (tags.resolutionUnit != 2 && tags.resolutionUnit != 3) return;
    const double unit = tags.resolutionUnit == 2 ? kInch : kCentimetre;
    const auto set = [&](double resolution, std::optional<double>& spacing) {
        if (resolution > 0 && unit / resolution <= kLargestPixel && unit / resolution > 1e-4)
            spacing = unit / resolution;
    };
    set(tags.xResolution, metadata.x);
    set(tags.yResolution, metadata.y);
    if (metadata.x || metadata.y) metadata.origin = "TIFF resolution";
}

Metadata readPlain(const TiffFile& file, std::int64_t pages) {
    Metadata metadata;
    metadata.convention = pages > 1 ? "multi-page TIFF" : "TIFF";
    if (pages > 1) metadata.axes.push_back({"z", pages, 1, {}});
    readResolution(file.tags(), metadata);
    return metadata;
}

std::string readText(const std::string& path, std::size_t most) {
    std::ifstream in(path, std::ios::binary);
    if (!in) return {};
    std::string text;
    constexpr std::size_t kStep = std::size_t{1} << 16;
    while (in && text.size() < most) {
        const std::size_t before = text.size();
        text.resize(std::min(most, before + kStep));
        in.read(text.data() + before, static_cast<std::streamsize>(text.size() - before));
        text.resize(before + static_cast<std::size_t>(in.gcount()));
    }
    return text;
}

} // namespace lazulite::io::series
