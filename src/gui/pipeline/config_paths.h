#pragma once

#include <string>

#include "lazulite/pipeline/config.h"

namespace lazulite::gui {

/// The same config for a file at `path`: relative paths in it lead to the same files from there. A config that had no
/// file yet has none of those.
pipeline::Config movedTo(pipeline::Config config, const std::string& path);

/// How a file is named in a config: from the config's folder where it lies in there, else in full.
std::string pathInConfig(const pipeline::Config& config, const std::string& file);

/// Where a path of a config leads.
std::string fileOf(const pipeline::Config& config, const std::string& path);

} // namespace lazulite::gui
