#pragma once

#include <cstddef>
#include <vector>

#include "layout.h"

namespace lazulite::batch {

/// What of a shard has to be written.
struct Todo {
    std::vector<std::size_t> volumes; ///< numbers
    std::size_t kept = 0;             ///< results that stay as they are
};

/// Looks at the results that exist. Throws Failure where they must not be touched (and says how to go on), and where
/// they are files of the recording itself (`series`, may be null).
Todo todoOf(const Layout& layout, const io::FileSeries* series, const ExportOptions& options, Shard shard);

/// Makes the folders and removes what killed runs left in them. Throws Failure: no permission, a disk that is too
/// small.
void makeReady(const Layout& layout, const ExportOptions& options, const Todo& todo);

} // namespace lazulite::batch
