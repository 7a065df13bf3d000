#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace lazulite::io {

/// Writes a file whole or not at all: it grows under another name beside its place, and what exists there is replaced
/// at the end. Throws Failure: no such folder, no permission, no room.
void writeFile(const std::string& path, std::string_view contents);

/// Removes the unfinished files that killed programs left in a folder (not in its sub-folders); those that somebody
/// still writes stay. Returns how many there were.
std::size_t removeAbandoned(const std::string& folder);

} // namespace lazulite::io
