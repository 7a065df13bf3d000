#include "slice_loader.h"

#include <algorithm>
#include <utility>

namespace lazulite::view {

namespace {

constexpr std::chrono::milliseconds kStuckAfter{200}; ///< reads look at their stop token more often
constexpr int kMostStuck = 4;                         ///< each one keeps a thread

} // namespace

bool SliceLoader::Run::complete() const {
    for (std::size_t i = 0; i < slots.size(); ++i) {
        if (target.visible[i] && !slots[i].done) return false;
    }
    return true;
}

SliceLoader::SliceLoader(graph::Executor& executor, Alarm& alarm, std::shared_ptr<Gate> gate, ViewerPace pace,
                         Events events)
    : executor_(executor), alarm_(alarm), gate_(std::move(gate)), pace_(pace), events_(std::move(events)) {}

void SliceLoader::setTarget(PlaneTarget target, bool again) {
    Later later;
    {
        const std::lock_guard lock(mutex_);
        if (target_ && !again && target_->samePlane(target)) {
            const bool changed = target_->visible != target.visible;
            target_->visible = target.visible;
            if (current_ && changed) {
                current_->target.visible = target.visible;
                load(current_, later);
                if (current_->complete()) offer(*current_, later);
            }
        } else {
            target_ = std::move(target);
            ++serial_;
            moved_ = Clock::now();
            current_ = nullptr;
            if (!active_) {
                startOrRest(later);
            } else if (!again && !active_->cancelled && active_->target.samePlane(*target_)) {
                // The slider came back to what is being read.
                active_->serial = serial_;
                active_->target.visible = target_->visible;
                current_ = active_;
                load(current_, later);
            }
            if (active_ && active_ != current_) {
                inTime(pace_.grace, [this, serial = active_->serial] { onGraceOver(serial); });
            }
        }
    }
    finish(std::move(later));
}

void SliceLoader::stop() {
    const std::lock_guard lock(mutex_);
    target_.reset();
    ++serial_;
    current_ = nullptr;
    wasteful_ = false;
    if (active_) cancel(active_);
}

bool SliceLoader::settled() const {
    const std::lock_guard lock(mutex_);
    return !target_ || (current_ && current_->complete());
}

double SliceLoader::progress() const {
    const std::lock_guard lock(mutex_);
    if (!current_) return target_ ? 0 : 1;
    double done = 0;
    double all = 0;
    for (std::size_t i = 0; i < current_->slots.size(); ++i) {
        if (!current_->target.visible[i]) continue;
        const Slot& slot = current_->slots[i];
        done += slot.done ? 1 : slot.fraction;
        ++all;
    }
    return all > 0 ? done / all : 1;
}

void SliceLoader::onProgress(Run& run, std::size_t channel, double fraction) {
    const std::lock_guard lock(mutex_);
    run.slots[channel].fraction = fraction;
}

bool SliceLoader::isCurrent(std::uint64_t serial) const {
    const std::lock_guard lock(mutex_);
    return serial == serial_;
}

void SliceLoader::finish(Later later) {
    for (Submission& submission : later.submissions) {
        executor_.submit(std::move(submission.request), [this, gate = gate_, run = submission.run,
                                                         channel = submission.channel](graph::Outcome outcome) {
            if (const auto pass = gate->enter()) answer(run, channel, std::move(outcome));
        });
    }
    if (later.frame) events_.frame(std::move(*later.frame));
}

/// Requests what the run's visible channels lack, and gives up what its hidden ones have under way.
void SliceLoader::load(const std::shared_ptr<Run>& run, Later& later) {
    for (std::size_t i = 0; i < run->slots.size(); ++i) {
        Slot& slot = run->slots[i];
        if (!run->target.visible[i]) {
            if (slot.loading) slot.stop.request_stop();
            continue;
        }
        if (slot.done || slot.loading) continue;
        slot.loading = true;
        slot.stop = std::stop_source();
        ++run->loading;
        graph::Request request = run->target.request(i, graph::Priority::Visible);
        request.stop = slot.stop.get_token();
        request.progress = [this, gate = gate_, run, i](double fraction) {
            if (const auto pass = gate->enter()) onProgress(*run, i, fraction);
        };
        later.submissions.push_back({std::move(request), run, i});
    }
    if (run->loading > 0) {
        active_ = run;
        inTime(pace_.partial, [this, run] { onLate(run); });
    }
}

void SliceLoader::startOrRest(Later& later) {
    if (!target_ || current_) return;
    const Clock::time_point rested = moved_ + pace_.rest;
    if (wasteful_ && Clock::now() < rested) {
        inTime(rested - Clock::now(), [this, serial = serial_] { onRested(serial); });
        return;
    }
    current_ = std::make_shared<Run>();
    current_->target = *target_;
    current_->serial = serial_;
    current_->slots.resize(target_->visible.size());
    load(current_, later);
    if (current_->complete()) offer(*current_, later); // every channel is hidden
}

void SliceLoader::cancel(const std::shared_ptr<Run>& run) {
    run->cancelled = true;
    for (Slot& slot : run->slots) {
        if (slot.loading) slot.stop.request_stop();
    }
    inTime(kStuckAfter, [this, run] { onStuck(run); });
}

void SliceLoader::answer(const std::shared_ptr<Run>& run, std::size_t channel, graph::Outcome outcome) {
    const bool dropped = !outcome.block.ok() && outcome.block.error().kind == Error::Kind::Cancelled;
    if (!dropped) {
        std::vector<Error> errors = outcome.problems;
        if (!outcome.block.ok()) errors.push_back(outcome.block.error());
        events_.answered(run->target, channel, errors);
    }
    Later later;
    {
        const std::lock_guard lock(mutex_);
        Slot& slot = run->slots[channel];
        slot.loading = false;
        --run->loading;
        run->costs += outcome.costs;
        if (!dropped) {
            slot.done = true;
            if (outcome.block.ok()) slot.slice.plane = run->target.asPlane(*outcome.block);
            if (!outcome.problems.empty()) slot.slice.error = outcome.problems.front();
            if (!outcome.block.ok()) slot.slice.error = outcome.block.error();
            if (!run->cancelled && (run->complete() || (run->late && run == current_))) offer(*run, later);
        } else if (run == current_ && !run->cancelled && run->target.visible[channel]) {
            load(run, later); // hidden and shown again before the cancel came through
        }
        if (run->loading == 0 && run->stuck) --stuck_;
        if (run->loading == 0 && active_ == run) {
            active_ = nullptr;
            if (!run->cancelled) wasteful_ = false;
            startOrRest(later);
        }
    }
    finish(std::move(later));
}

/// Hands a run's slices out unless something newer was.
void SliceLoader::offer(Run& run, Later& later) {
    if (run.serial < offeredSerial_) return;
    offeredSerial_ = run.serial;
    Frame frame;
    frame.target = run.target;
    frame.serial = run.serial;
    frame.version = ++version_;
    frame.complete = run.complete();
    frame.costs = std::exchange(run.costs, {});
    for (const Slot& slot : run.slots) frame.slices.push_back(slot.slice);
    later.frame = std::move(frame);
}

void SliceLoader::onGraceOver(std::uint64_t serial) {
    const std::lock_guard lock(mutex_);
    if (!active_ || active_->serial != serial || active_ == current_ || active_->cancelled) return;
    cancel(active_);
    wasteful_ = true;
}

void SliceLoader::onStuck(const std::shared_ptr<Run>& run) {
    Later later;
    {
        const std::lock_guard lock(mutex_);
        if (active_ != run || run->loading == 0 || stuck_ == kMostStuck) return;
        run->stuck = true;
        ++stuck_;
        active_ = nullptr;
        startOrRest(later);
    }
    finish(std::move(later));
}

void SliceLoader::onRested(std::uint64_t serial) {
    Later later;
    {
        const std::lock_guard lock(mutex_);
        if (serial == serial_ && !active_) startOrRest(later);
    }
    finish(std::move(later));
}

void SliceLoader::onLate(const std::shared_ptr<Run>& run) {
    Later later;
    {
        const std::lock_guard lock(mutex_);
        run->late = true;
        const bool any = std::any_of(run->slots.begin(), run->slots.end(), [](const Slot& slot) { return slot.done; });
        if (any && run == current_ && !run->complete()) offer(*run, later);
    }
    finish(std::move(later));
}

void SliceLoader::inTime(Clock::duration after, std::function<void()> task) {
    alarm_.at(Clock::now() + after, [gate = gate_, task = std::move(task)] {
        if (const auto pass = gate->enter()) task();
    });
}

} // namespace lazulite::view
