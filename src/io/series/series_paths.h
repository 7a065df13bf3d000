#pragma once

#include <memory>
#include <string>
#include <vector>

#include "lazulite/io/file_series.h"
#include "series/listing.h"
#include "series/name_pattern.h"

namespace lazulite::io::series {

/// What the user's paths stand for: the names to resolve, and the pattern if one was given.
struct SeriesNames {
    Listing listing;
    std::unique_ptr<NamePattern> pattern; ///< with fields; null where the names are to be understood from themselves
    std::string location;                 ///< the folder, file or pattern, for people
    bool oneFile = false;                 ///< one file was named, its neighbours were not asked for
};

/// Lists what `paths` mean: a folder, a file, a glob, a pattern with fields, or a list of files and folders.
/// Throws Failure: no such path, nothing to open there, contradicting patterns, cancelled.
SeriesNames findNames(const std::vector<std::string>& paths, const SeriesOptions& options);

} // namespace lazulite::io::series
