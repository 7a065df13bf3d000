#pragma once

#include <functional>
#include <string>
#include <variant>
#include <vector>

#include "options.h"

namespace lazulite::cli {

/// Understands the arguments (without the program's name). `windowed`: whether this build has view and render;
/// `version` makes the text of --version.
std::variant<Invocation, EarlyExit> parse(std::vector<std::string> arguments, bool windowed,
                                          const std::function<std::string()>& version);

} // namespace lazulite::cli
