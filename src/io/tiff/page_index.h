#pragma once

#include <cstdint>
#include <optional>
#include <unordered_set>
#include <vector>

#include "tiff/ifd.h"

namespace lazulite::io {

/// Where the directories of a file's pages lie, found by walking their chain once and only as far as was asked. Kept as
/// runs of equally spaced offsets: a stack written by one program is usually one run.
class PageIndex {
public:
    /// Begins with the first page, whose directory is known.
    void begin(const Ifd& first);

    /// The offset of the directory of page `page`, or nothing where the file has fewer pages.
    /// Throws Failure (Corrupt) where the chain is damaged or runs in a circle before.
    std::optional<std::uint64_t> find(std::int64_t page, IfdReader& reader);

    /// The same where it is known without reading.
    std::optional<std::uint64_t> known(std::int64_t page) const;

    /// The number of pages; walks to the end.
    std::int64_t count(IfdReader& reader);

    std::int64_t pagesFound() const { return found_; }
    std::size_t runs() const { return runs_.size(); }
    bool complete() const { return next_ == 0; }

private:
    struct Run {
        std::int64_t firstPage = 0;
        std::uint64_t offset = 0;
        std::int64_t stride = 0;
    };

    void step(IfdReader& reader);
    void append(std::uint64_t offset);
    bool seenBefore(std::uint64_t offset);

    std::vector<Run> runs_;
    std::int64_t found_ = 0;
    std::uint64_t last_ = 0;     ///< offset of the last page found
    std::uint64_t next_ = 0;     ///< offset of the one after it
    std::size_t tableBytes_ = 0; ///< of the last directory: a good guess for the next one
    std::uint64_t lowest_ = 0;
    std::uint64_t highest_ = 0;
    std::unordered_set<std::uint64_t> seen_; ///< filled only where offsets neither all rise nor all fall
};

} // namespace lazulite::io
