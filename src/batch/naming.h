#pragma once

#include <string>
#include <vector>

#include "lazulite/core/region.h"
#include "lazulite/io/file_series.h"

namespace lazulite::batch {

/// What a file name may be made of.
struct Nameable {
    Region region;                  ///< of the array; one element wide along its first axes
    std::vector<std::string> files; ///< of the recording that it comes from
};

/// A name for each volume, relative to the folder of results, no two alike: that of the recording's file (with its
/// sub-folder) where each volume comes from a file of its own, else the recording's name and the position along the
/// first `outer` axes, such as "cell1_t0012_c1.tif". `series` may be null.
std::vector<std::string> namesFor(const std::vector<Nameable>& volumes, const Axes& axes, std::size_t outer,
                                  const io::FileSeries* series);

} // namespace lazulite::batch
