#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "lazulite/core/axis.h"
#include "lazulite/core/region.h"
#include "options.h"

/// The values of options, written as text, and what they mean for an array. All throw Failure with a message that names
/// the option, what was given and what is possible.
namespace lazulite::cli {

/// "t=3,c=1" (given once or several times) -> its parts. `option` is named in messages.
std::vector<Assignment> parseAssignments(const std::vector<std::string>& texts, std::string_view option);

/// "0.3,0.1,0.1" -> numbers, `least` to `most` of them, each a finite one.
std::vector<double> parseNumbers(const std::string& text, std::string_view option, std::size_t least, std::size_t most);

/// "0,2000" -> {0, 2000}; the second must be the larger.
std::array<double, 2> parseLimits(const std::string& text, std::string_view option);

/// "64,256,280" -> whole positive numbers, one for each element of the result.
std::array<std::int64_t, 3> parseSize(const std::string& text, std::string_view option);

/// "1024x768" -> {1024, 768}.
std::pair<int, int> parsePixels(const std::string& text, std::string_view option);

/// "2.5s", "0.2 um" or "3" -> number and unit.
std::pair<double, std::string> parseQuantity(const std::string& text, std::string_view option);

/// The index of an axis; where there is none of that name the message lists the axes and the nearest name.
std::size_t requireAxis(const Axes& axes, const std::string& name, std::string_view option);

/// The index that "3" or "-1" (from the end, as in NumPy) or a label ("488 nm") means on this axis.
std::int64_t parseIndex(const Axis& axis, const std::string& text, std::string_view option);

/// What "2:", "10:-20", ":500" mean on this axis, as in NumPy; a range that holds nothing is a mistake.
Interval parseRange(const Axis& axis, const std::string& text, std::string_view option);

/// A range as parseRange takes it, or a single index or label as parseIndex does.
Interval parsePart(const Axis& axis, const std::string& text, std::string_view option);

/// "yx" or "y,x" -> the indices of the row and the column axis.
std::array<std::size_t, 2> parsePlane(const Axes& axes, const std::string& text);

} // namespace lazulite::cli
