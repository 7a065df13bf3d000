#pragma once

#include <map>
#include <mutex>
#include <string>
#include <vector>

#include "lazulite/view/viewer.h"

namespace lazulite::view {

/// The frames that could not be shown, by position, each once. Thread-safe.
class ProblemList {
public:
    using Position = std::vector<std::int64_t>;

    /// What was found at a position; nothing found clears it. Returns whether the list changed.
    bool report(const Position& position, const std::vector<Error>& errors);
    std::vector<Problem> all() const;
    void clear();

    /// More than a person will ever look through; the list stays small however long a broken recording is played.
    static constexpr std::size_t kMost = 10000;

private:
    mutable std::mutex mutex_;
    std::map<Position, std::map<std::string, Error>> found_; ///< by position and text
};

} // namespace lazulite::view
