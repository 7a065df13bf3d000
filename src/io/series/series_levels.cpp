#include <algorithm>
#include <array>
#include <cstring>
#include <fstream>
#include <map>

#include "series/name_text.h"
#include "series/series_opening.h"

namespace lazulite::io::series {

namespace {

constexpr std::int64_t kReduced = 1;

bool isReduced(const TiffPage& page) {
    return (page.subfileType & kReduced) != 0;
}

/// Reduced copies as pages of their own, between the full pages or behind them.
void findReducedPages(const TiffFile& file, std::int64_t pages, SeriesLayout& layout) {
    std::vector<std::uint32_t> full;
    std::map<std::pair<std::int64_t, std::int64_t>, PyramidLevel> bySize;
    for (std::int64_t i = 0; i < pages; ++i) {
        const auto page = file.page(i);
        if (!page) continue;
        if (!isReduced(*page)) {
            full.push_back(static_cast<std::uint32_t>(i));
            continue;
        }
        PyramidLevel& level = bySize[{-page->height, -page->width}];
        level.page = *page;
        level.pages.push_back(static_cast<std::uint32_t>(i));
    }
    if (full.empty()) return;
    layout.pageMap = std::move(full);
    for (auto& [size, level] : bySize) {
        const bool fits = level.pages.size() == layout.pageMap.size() && level.page.dtype == layout.page.dtype &&
                          level.page.samples == layout.page.samples;
        if (fits) layout.levels.push_back(std::move(level));
    }
}

} // namespace

std::int64_t findLevels(const TiffFile& file, std::int64_t pages, SeriesLayout& layout) {
    if (pages > 1) {
        const auto second = file.page(1);
        const auto last = file.page(pages - 1);
        if ((second && isReduced(*second)) || (last && isReduced(*last))) {
            findReducedPages(file, pages, layout);
            return layout.pageMap.empty() ? pages : static_cast<std::int64_t>(layout.pageMap.size());
        }
    }
    for (int level = 0; level < layout.page.subIfds; ++level) {
        auto page = file.subPage(0, level);
        if (!page || page->dtype != layout.page.dtype || page->samples != layout.page.samples) break;
        layout.levels.push_back({*page, level, {}});
    }
    return pages;
}

std::int64_t planesOfStk(const std::string& path) {
    constexpr std::uint16_t kUic2 = 33629; // its count is the number of planes
    constexpr std::size_t kHeader = 8;
    constexpr std::size_t kEntry = 12;
    std::ifstream in(path, std::ios::binary);
    std::array<unsigned char, kEntry> bytes{};
    const auto read = [&](std::size_t count) {
        return static_cast<bool>(in.read(reinterpret_cast<char*>(bytes.data()), static_cast<std::streamsize>(count)));
    };
    if (!read(kHeader)) return 1;
    const bool big = bytes[0] == 'M';
    const auto number = [&](std::size_t at, std::size_t size) {
        std::uint32_t value = 0;
        for (std::size_t i = 0; i < size; ++i) value = (value << 8U) | bytes[at + (big ? i : size - 1 - i)];
        return value;
    };
    in.seekg(number(4, 4));
    if (!read(2)) return 1;
    for (std::uint32_t left = number(0, 2); left > 0 && read(kEntry); --left) {
        constexpr std::uint32_t kMost = 1U << 24U;
        if (number(0, 2) == kUic2) return std::clamp<std::uint32_t>(number(4, 4), 1, kMost);
    }
    return 1;
}

} // namespace lazulite::io::series
