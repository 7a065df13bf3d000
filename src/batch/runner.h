#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <stop_token>
#include <string>
#include <vector>

#include "cutting.h"
#include "layout.h"
#include "lazulite/batch/export.h"
#include "pace.h"
#include "preparation.h"
#include "sink.h"

namespace lazulite::batch {

/// Computes volumes piece by piece and writes them in order: while one piece is written on the calling thread, the next
/// ones are read and computed by the executor.
class Runner {
public:
    Runner(graph::Executor& executor, const Layout& layout, const Provenance& provenance, const ExportOptions& options,
           const ExportControl& control, const Todo& todo);
    Runner(const Runner&) = delete;
    Runner& operator=(const Runner&) = delete;
    ~Runner(); ///< gives up what is being computed

    /// Throws Failure where a file cannot be written.
    ExportReport run();

private:
    struct Job;
    /// Where a piece stands: the volume's place in todo, and the piece's in the volume.
    struct Cursor {
        std::size_t volume = 0;
        std::size_t piece = 0;
    };

    void askAhead();
    void ask(const Cursor& cursor, const Region& region, bool last);
    bool await(Job& job);
    bool crowded(const Job& job) const;
    void startAgain();
    void abandon();
    void take(Job& job);
    void write(Job& job, const Block& values);
    void failVolume(std::size_t volume, const Error& error);
    void skipMissing();
    void addFilled(const Volume& volume, const Error& problem);
    Block zeros(const Region& region) const;
    const Volume& volumeAt(std::size_t place) const { return layout_.volumes[todo_.volumes[place]]; }
    bool single() const { return layout_.format == Layout::Format::Npy; }
    void tell(bool always = false);

    graph::Executor& executor_;
    const Layout& layout_;
    const Provenance& provenance_;
    const ExportOptions& options_;
    const ExportControl& control_;
    const Todo& todo_;
    Cutting cutting_;
    Sink::ForEach forEach_;
    ExportReport report_;

    Cursor next_;                             ///< what is asked for next
    std::vector<Region> pieces_;              ///< of the volume of next_
    std::deque<std::shared_ptr<Job>> window_; ///< asked for and not yet written, in order
    std::set<std::size_t> failed_;            ///< volumes that failed: their other pieces are not wanted
    std::unique_ptr<Sink> sink_;              ///< of the volume that is being written

    std::mutex mutex_; ///< guards what the executor's threads touch: the answers of jobs and what is told
    std::condition_variable_any answered_;
    double doneBytes_ = 0;           ///< of pieces that are through
    std::size_t throughVolumes_ = 0; ///< written or failed
    double totalBytes_ = 0;
    double keptBytes_ = 0;
    Pace pace_;
    Pace::Clock::time_point nextTelling_{};
    std::string writing_;
};

} // namespace lazulite::batch
