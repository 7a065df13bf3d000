#pragma once

#include <memory>
#include <string>
#include <vector>

#include "series/series_layout.h"
#include "series/series_paths.h"

namespace lazulite::io::series {

/// All that opening a series finds out.
struct OpenSeries {
    std::shared_ptr<SeriesLayout> layout;
    std::shared_ptr<TiffFile> first; ///< the file whose header was read
    std::uint32_t firstNumber = 0;
    std::string convention;
    std::string pattern;
    std::string location;
    std::string spacingOrigin;
    std::vector<std::string> warnings;
    std::vector<std::optional<std::array<float, 3>>> channelColors;
    std::vector<std::array<double, 2>> channelRanges;
    ScanSettings scan;
};

/// Names, one header, the files beside it: no pixel.
OpenSeries openSeries(const std::vector<std::string>& paths, const SeriesOptions& options, ReadCounts& counts);

/// Finds which pages are reduced copies of others; fills pageMap and levels, returns the number of full pages.
std::int64_t findLevels(const TiffFile& file, std::int64_t pages, SeriesLayout& layout);

/// The planes of a MetaMorph stack (.stk), which has one IFD for all of them, or 1.
std::int64_t planesOfStk(const std::string& path);

} // namespace lazulite::io::series
