#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "lazulite/core/region.h"
#include "lazulite/graph/lazy_array.h"
#include "lazulite/io/file_series.h"

namespace lazulite::batch {

/// How an array comes about of the files of a recording, found by following its operations back.
class Lineage {
public:
    /// `series` may be null: then no files are known.
    Lineage(const graph::LazyArray& array, const io::FileSeries* series);

    /// The recording's files that a box of the array is made from.
    struct Files {
        std::vector<std::string> paths;    ///< in the order in which they are met
        std::vector<std::int64_t> missing; ///< the first position of the recording that no file holds, or empty
    };
    Files filesOf(const Region& region) const;
    /// Those that the box itself comes from: without what operations take besides their first input (a reference
    /// timepoint, say).
    Files ownFilesOf(const Region& region) const;

    /// The steps, whatever recording they are applied to and wherever it lies.
    const graph::Fingerprint& recipe() const { return recipe_; }
    /// Whether there are operations whose blocks are kept because they are dear to make.
    bool dear() const { return dear_; }

private:
    Files follow(const Region& region, bool own) const;

    graph::LazyArray array_;
    const io::FileSeries* series_;
    graph::Fingerprint recipe_;
    bool dear_ = false;
};

} // namespace lazulite::batch
