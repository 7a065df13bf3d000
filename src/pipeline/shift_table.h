#pragma once

#include <array>
#include <string>
#include <vector>

#include "lazulite/core/error.h"

namespace lazulite::pipeline {

/// Reads a text with one (z, y, x) a line, in um: numbers with blanks, commas or semicolons between, `#` for comments.
/// A first line of words names the columns, among them z, y and x. The error says the line.
Result<std::vector<std::array<double, 3>>> readShiftTable(const std::string& path);

} // namespace lazulite::pipeline
