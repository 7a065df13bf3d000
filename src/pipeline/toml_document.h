#pragma once

#include <string>
#include <vector>

#include "lazulite/pipeline/config.h"

namespace lazulite::pipeline {

/// A mistake at a place.
struct Mistake {
    Place place;
    std::string text;
};

/// A TOML text as values with places. Statements that are wrong are left out, each with a mistake.
struct TomlDocument {
    Value::Table root;
    std::vector<Mistake> mistakes;
    std::vector<int> brokenLines; ///< first lines of the statements that were left out
};

TomlDocument readToml(const std::string& text);

} // namespace lazulite::pipeline
