#pragma once

#include "lazulite/io/file_series.h"
#include "series/metadata.h"
#include "series/series_layout.h"

namespace lazulite::io::series {

/// Puts the axes of the names and those of the files into one order (the user's own, p, t, c, z, y, x, s), with labels
/// and spacing, and fills the layout's axes, roles and fileShape. Adds what it had to decide to `warnings`.
void mergeAxes(SeriesLayout& layout, Metadata& metadata, std::vector<std::string>& warnings);

/// Applies what the user says: names of all axes, single names, voxel, spacings, units. Throws Failure where that
/// contradicts the array. Returns where the spacing now comes from.
std::string applyOptions(Axes& axes, const SeriesOptions& options, std::string origin,
                         std::vector<std::string>& warnings);

} // namespace lazulite::io::series
