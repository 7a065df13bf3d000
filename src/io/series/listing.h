#pragma once

#include <cstddef>
#include <functional>
#include <map>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "series/name_arena.h"

namespace lazulite::io::series {

/// The names that a series may be made of. Names are relative to `folder` and use "/" for sub-folders.
struct Listing {
    std::string folder; ///< without a "/" at the end; "" is the root
    NameArena names;
    std::vector<NameArena::Id> ids;            ///< the TIFFs' names, as they were found
    std::vector<std::string> sidecars;         ///< files beside them that hold metadata, relative names
    std::map<std::string, std::size_t> others; ///< extension -> how many files were passed over
    std::size_t subFolders = 0;
    std::vector<std::string> warnings;
};

/// How a listing is watched and ended.
struct ListingWatch {
    std::function<void(std::size_t)> onListed;
    std::stop_token stop;
};

/// Lists the TIFFs of a folder; where there are none, those of its sub-folders, at most two floors down. Asks the file
/// system for names only, never for a file's status. Throws Failure: no such folder, not to be read, cancelled.
Listing listFolder(const std::string& folder, const ListingWatch& watch);

/// Lists the names exactly `depth` floors below `folder`, whatever their extension, that `accept` takes.
Listing listMatching(const std::string& folder, std::size_t depth, const std::function<bool(std::string_view)>& accept,
                     const ListingWatch& watch);

/// Whether a file of that name is of no interest whatever it holds: hidden, "._x.tif", a thumbnail.
bool isJunk(std::string_view fileName);

/// "12 .csv, 3 .png and 2 folders", for messages; "" where the folder is empty.
std::string describeOthers(const Listing& listing);

/// Up to three names of `folder` that look like `name`, best first.
std::vector<std::string> nearNames(const std::string& folder, const std::string& name);

} // namespace lazulite::io::series
