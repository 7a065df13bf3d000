#pragma once

#include <cstdint>
#include <deque>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>

#include "lazulite/graph/lazy_array.h"

namespace lazulite::graph {

/// What became of an operation's last computation.
struct Work {
    enum class State { Running, Done, Failed };

    State state = State::Running;
    double fraction = 0;     ///< done of what runs
    double milliseconds = 0; ///< that the last block took
    std::string error;       ///< why it failed
};

/// What operations are doing, told by the fingerprints of their arrays; for a window that shows it. Remembers the last
/// kKept operations. Thread-safe.
class Activity {
public:
    void begin(const Fingerprint& print);
    void progress(const Fingerprint& print, double fraction);
    void end(const Fingerprint& print, double milliseconds);
    void fail(const Fingerprint& print, std::string error);
    /// It was given up: as if it had not begun.
    void giveUp(const Fingerprint& print);

    /// Nothing where the operation has not computed anything lately (its results were cached, or not needed).
    std::optional<Work> of(const Fingerprint& print) const;
    /// Grows with every change.
    std::uint64_t version() const;

    static constexpr std::size_t kKept = 1024;

private:
    mutable std::mutex mutex_;
    std::unordered_map<Fingerprint, Work> works_;
    std::deque<Fingerprint> order_; ///< the oldest first
    std::uint64_t version_ = 0;
};

} // namespace lazulite::graph
