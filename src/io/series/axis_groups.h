#pragma once

#include <stop_token>
#include <string>
#include <vector>

#include "series/name_columns.h"
#include "series/name_grid.h"
#include "series/name_reader.h"

namespace lazulite::io::series {

/// Fields that make one axis together: a channel may be told by ch, camera and wavelength at once.
struct AxisGroup {
    std::string name;
    FieldRole role = FieldRole::Unknown;
    std::vector<std::size_t> fields;
    Column column;
};

/// Chooses which fields make axes, so that as few of them as possible tell all names apart. Adds a sentence to
/// `warnings` where it had to guess.
std::vector<AxisGroup> chooseAxes(const NameArena& names, const FieldSurvey& survey, NameReader& reader,
                                  const std::stop_token& stop, std::vector<std::string>& warnings);

/// The axis of a group: labels and values as they stand in the names.
OuterAxis describeAxis(const AxisGroup& group, const NameArena& names, const FieldSurvey& survey, NameReader& reader);

} // namespace lazulite::io::series
