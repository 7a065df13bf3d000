#pragma once

#include <oneapi/tbb/task_arena.h>

#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <stop_token>
#include <vector>

#include "alarm.h"
#include "gate.h"
#include "lazulite/view/viewer.h"
#include "volume_plan.h"

namespace lazulite::view {

/// Loads volumes slab by slab into one interleaved buffer, latest wins: a newer target cancels the older, and after
/// such a cancel the next load begins when the target has rested. Only one slab is asked for at a time, so what is read
/// never has to fit the memory, only what is shown. Bad planes stay zero and are told.
class VolumeLoader {
public:
    struct Events {
        /// Voxels, size, spacing, channels, errors, notice, costs are set; the state is not. Null voxels: no memory for
        /// it.
        std::function<void(const VolumeTarget&, std::shared_ptr<VolumePicture>)> loaded;
        std::function<void(double)> progress;
        std::function<void(const VolumeTarget&, std::size_t channel, const std::vector<Error>&)> answered;
        std::function<void()> ended; ///< nothing runs and nothing waits any more
    };

    VolumeLoader(graph::Executor& executor, Alarm& alarm, std::shared_ptr<Gate> gate, ViewerPace pace, Events events);

    /// A target that what is loaded or being loaded covers changes nothing, unless `again`.
    void setTarget(VolumeTarget target, bool again = false);
    /// Stops loading; the target counts as dealt with.
    void cancel();
    /// Stops loading and forgets the target.
    void stop();
    bool settled() const;

private:
    using Clock = Alarm::Clock;

    /// A slab of one channel: planes [begin, end) along the slow direction become voxels from `out` on.
    struct Step {
        std::size_t component;
        Interval planes;
        std::int64_t out;
    };
    struct Run {
        VolumeTarget target;
        VolumePlan plan;
        VolumeGrid grid; ///< what is being filled
        bool coarse = false;
        bool previewed = false; ///< the coarse picture is that of the preview
        std::stop_source stop;
        std::shared_ptr<std::byte> voxels;
        std::vector<Step> steps;
        std::size_t next = 0;
        std::vector<std::vector<Error>> found; ///< by component, of the full volume
        graph::Costs costs;
        bool told = false; ///< the full volume was handed out
    };

    void startOrRest();
    void begin(const std::shared_ptr<Run>& run);
    /// Takes memory for a grid and lists its slabs; the error where there is no memory.
    Result<void> prepare(Run& run, const VolumeGrid& grid, bool coarse);
    bool showsPreview(const Run& run) const;
    std::int64_t slabPlanes(const Run& run) const;
    Region regionOf(const Run& run, const Step& step) const;
    void next(const std::shared_ptr<Run>& run);
    void answer(const std::shared_ptr<Run>& run, graph::Outcome outcome);
    void place(const Run& run, const Step& step, const Block& block);
    void tell(Run& run);
    void fail(Run& run, const Error& error);
    void end(const std::shared_ptr<Run>& run);

    graph::Executor& executor_;
    Alarm& alarm_;
    std::shared_ptr<Gate> gate_;
    ViewerPace pace_;
    Events events_;
    oneapi::tbb::task_arena arena_;

    mutable std::mutex mutex_;
    std::optional<VolumeTarget> target_; ///< the newest
    bool waiting_ = false;               ///< it is not begun yet
    std::shared_ptr<Run> running_;
    bool wasteful_ = false;
    std::uint64_t serial_ = 0;
    Clock::time_point moved_{};
};

} // namespace lazulite::view
