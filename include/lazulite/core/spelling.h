#pragma once

#include <string>
#include <vector>

namespace lazulite {

/// The candidate that `word` was probably meant to be, or "". Capitals do not matter; a single letter stands for a word
/// that begins with it.
std::string nearest(const std::string& word, const std::vector<std::string>& candidates);

} // namespace lazulite
