#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <stop_token>
#include <vector>

#include "alarm.h"
#include "gate.h"
#include "lazulite/graph/executor.h"
#include "lazulite/view/viewer.h"
#include "slice_request.h"

namespace lazulite::view {

/// The planes of all channels at one position, as far as they are loaded. Immutable once handed out.
struct Frame {
    struct Slice {
        Block plane; ///< see PlaneTarget::asPlane(); empty where there is none
        std::optional<Error> error;
        bool preview = false; ///< stands in for what is being computed
    };

    PlaneTarget target;
    std::vector<Slice> slices; ///< one a channel; hidden or late ones are empty
    graph::Costs costs;        ///< since the frame before it of the same target
    std::uint64_t version = 0; ///< grows with every frame that a loader hands out
    std::uint64_t serial = 0;  ///< of the target
    bool complete = false;     ///< every visible channel answered
};

/// Loads planes, latest wins. At most one request a channel runs; what comes meanwhile waits, and only the newest is
/// kept. A running request that a newer target made stale may still end within a short grace and is then shown on the
/// way; after that it is cancelled, and the next one starts when the target has rested, so that a fast drag over slow
/// data wastes one read and not one for each step. A disk that does not answer cannot be cancelled: what it holds is
/// left behind after a while.
class SliceLoader {
public:
    struct Events {
        std::function<void(Frame)> frame; ///< on any thread, also on that of setTarget()
        /// What was found of a channel's plane; no errors: it is good.
        std::function<void(const PlaneTarget&, std::size_t channel, const std::vector<Error>&)> answered;
    };

    SliceLoader(graph::Executor& executor, Alarm& alarm, std::shared_ptr<Gate> gate, ViewerPace pace, Events events);

    /// `again`: loads it even where it is what was asked for before.
    void setTarget(PlaneTarget target, bool again = false);
    /// Forgets the target and cancels what runs.
    void stop();

    /// Whether the newest target's visible channels all answered.
    bool settled() const;
    /// How much of the newest target is done, 0..1.
    double progress() const;
    bool isCurrent(std::uint64_t serial) const;

private:
    using Clock = Alarm::Clock;

    struct Slot {
        bool loading = false;
        bool done = false;
        double fraction = 0; ///< done of what is loading
        std::stop_source stop;
        Frame::Slice slice;
    };
    struct Run {
        PlaneTarget target;
        std::uint64_t serial = 0;
        std::vector<Slot> slots;
        graph::Costs costs;
        bool late = false;      ///< the time for a partial picture has come
        bool cancelled = false; ///< its answers are not shown
        bool stuck = false;     ///< it did not end when it was cancelled, and nobody waits for it any more
        std::size_t loading = 0;

        bool complete() const;
    };
    struct Submission {
        graph::Request request;
        std::shared_ptr<Run> run;
        std::size_t channel;
    };
    /// What is to be done once the lock is given back.
    struct Later {
        std::vector<Submission> submissions;
        std::optional<Frame> frame;
    };

    void finish(Later later);
    void load(const std::shared_ptr<Run>& run, Later& later);
    void startOrRest(Later& later);
    void cancel(const std::shared_ptr<Run>& run);
    void answer(const std::shared_ptr<Run>& run, std::size_t channel, graph::Outcome outcome);
    void onProgress(Run& run, std::size_t channel, double fraction);
    void offer(Run& run, Later& later);
    void onGraceOver(std::uint64_t serial);
    void onStuck(const std::shared_ptr<Run>& run);
    void onRested(std::uint64_t serial);
    void onLate(const std::shared_ptr<Run>& run);
    void inTime(Clock::duration after, std::function<void()> task);

    graph::Executor& executor_;
    Alarm& alarm_;
    std::shared_ptr<Gate> gate_;
    ViewerPace pace_;
    Events events_;

    mutable std::mutex mutex_;
    std::optional<PlaneTarget> target_;
    std::uint64_t serial_ = 0;
    std::shared_ptr<Run> current_; ///< of the newest target, once begun
    std::shared_ptr<Run> active_;  ///< has requests under way; an older target's, or current_
    bool wasteful_ = false;        ///< a read was cancelled in this drag: wait for rest before the next
    int stuck_ = 0;                ///< runs that are
    Clock::time_point moved_{};
    std::uint64_t offeredSerial_ = 0;
    std::uint64_t version_ = 0;
};

} // namespace lazulite::view
