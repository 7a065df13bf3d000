#pragma once

#include <cstdint>
#include <memory>
#include <stop_token>
#include <string>
#include <vector>

#include "series/name_arena.h"
#include "series/name_reader.h"

namespace lazulite::io::series {

/// Finds the pattern that most of the names follow, with its fields and what they stand for. Never null: where names
/// have nothing in common the whole name is one text field. `stop` ends it with a Failure of kind Cancelled.
std::unique_ptr<NameReader> findFamily(const NameArena& names, const std::vector<NameArena::Id>& ids,
                                       const std::stop_token& stop);

/// A reader whose only field is the whole name: every file is its own place on one axis.
std::unique_ptr<NameReader> wholeNameReader();

} // namespace lazulite::io::series
