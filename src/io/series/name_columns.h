#pragma once

#include <cstdint>
#include <stop_token>
#include <string>
#include <vector>

#include "series/name_arena.h"
#include "series/name_reader.h"

namespace lazulite::io::series {

/// The position of every name along one field or one group of fields: ranks in natural order.
struct Column {
    std::vector<std::uint32_t> ranks; ///< one a name
    std::uint32_t size = 0;           ///< how many different ones there are
};

/// What a first walk over the names tells of their fields.
struct FieldSurvey {
    std::vector<NameArena::Id> fitting;  ///< the names that follow the pattern
    std::vector<bool> varies;            ///< one a field
    std::vector<bool> numeric;           ///< all its values are numbers of at most 18 digits
    std::vector<std::uint64_t> smallest; ///< of numeric fields
    std::vector<std::uint64_t> largest;
    std::vector<std::string> strangers; ///< the first few names that do not follow the pattern
    std::size_t strangerCount = 0;
};

FieldSurvey surveyFields(const NameArena& names, const std::vector<NameArena::Id>& ids, NameReader& reader,
                         const std::stop_token& stop);

/// Ranks of the values of some fields, read in one walk.
std::vector<Column> columnsOf(const NameArena& names, const FieldSurvey& survey, const std::vector<std::size_t>& fields,
                              NameReader& reader, const std::stop_token& stop);

/// The pairs that occur in two columns, as one column ordered by `first`, then `second`.
Column combined(const Column& first, const Column& second);

/// Whether each value of `first` goes with one value of `second` only.
bool determines(const Column& first, const Column& second);

} // namespace lazulite::io::series
