#pragma once

#include <chrono>
#include <cstddef>
#include <mutex>
#include <string>

namespace lazulite::cli {

/// A line on standard error that fills while something is done; nothing where progress is not wanted (see
/// progressWanted()). Thread-safe.
class ProgressBar {
public:
    explicit ProgressBar(std::string title);
    ~ProgressBar(); ///< clears the line

    ProgressBar(const ProgressBar&) = delete;
    ProgressBar& operator=(const ProgressBar&) = delete;

    /// `fraction` of the whole is done, 0..1. `detail`: what stands behind the bar, as long as there is room.
    void show(double fraction, const std::string& detail = {});

private:
    std::string title_;
    bool wanted_;
    std::mutex mutex_;
    std::chrono::steady_clock::time_point next_{};
    std::size_t drawn_ = 0;
};

/// The line for a terminal of `columns`: "title  [#####.....]  50 %  detail".
std::string progressLine(const std::string& title, double fraction, std::size_t columns,
                         const std::string& detail = {});

} // namespace lazulite::cli
