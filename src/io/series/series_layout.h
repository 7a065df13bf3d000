#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "lazulite/core/axis.h"
#include "lazulite/core/dtype.h"
#include "lazulite/io/tiff_file.h"
#include "series/metadata.h"
#include "series/name_arena.h"
#include "series/name_grid.h"

namespace lazulite::io::series {

/// What an axis of the array steps through.
struct AxisRole {
    enum class Kind { Outer, Inner, Row, Column, Sample } kind = Kind::Outer;
    std::int64_t stride = 0; ///< places of the grid, or pages (entries of the plane table) of a file
};

/// A reduced copy of all pages.
struct PyramidLevel {
    TiffPage page;
    int subIfd = -1;                  ///< in SubIFDs of each page, or
    std::vector<std::uint32_t> pages; ///< pages of their own, one for each full page
};

/// Everything that turns a position of the array into a page of a file. Never changes once the series is open.
struct SeriesLayout {
    std::string folder; ///< with "/" at its end, or empty
    NameArena names;
    OuterGrid grid; ///< its files are all files of the series
    Axes axes;
    std::vector<AxisRole> roles; ///< one an axis
    DType dtype = DType::UInt8;
    TiffPage page;                      ///< the first file's
    std::int64_t pagesPerFile = 1;      ///< that a complete file has, reduced copies not counted
    std::int64_t contiguousPages = 0;   ///< planes behind one IFD, 0 where each has its own
    std::vector<std::uint32_t> pageMap; ///< full pages among all, empty where there are no others
    std::shared_ptr<const PlaneTable> table;
    Shape fileShape;
    std::vector<PyramidLevel> levels;
    std::string identity;

    std::size_t fileCount() const { return grid.files.size(); }
    std::string path(std::size_t file) const { return folder + std::string(names.at(grid.files[file])); }

    /// Where the plane at a position lies.
    struct Place {
        std::uint32_t file = OuterGrid::kHole;
        std::int64_t page = 0;
        bool hole() const { return file == OuterGrid::kHole; }
    };
    Place placeOf(const std::vector<std::int64_t>& position) const;
    std::size_t gridPlace(const std::vector<std::int64_t>& position) const;
};

} // namespace lazulite::io::series
