#include "volume_loader.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <utility>

#include "reduce.h"

namespace lazulite::view {

namespace {

constexpr std::uint64_t kSlabBytes = std::uint64_t{64} << 20U; ///< enough for all cores to decode at once
constexpr std::uint64_t kPeakShare = 8;                        ///< of the memory limit, for reading a slab

} // namespace

VolumeLoader::VolumeLoader(graph::Executor& executor, Alarm& alarm, std::shared_ptr<Gate> gate, ViewerPace pace,
                           Events events)
    : executor_(executor), alarm_(alarm), gate_(std::move(gate)), pace_(pace), events_(std::move(events)) {}

void VolumeLoader::setTarget(VolumeTarget target, bool again) {
    {
        const std::lock_guard lock(mutex_);
        const auto loads = [&](int channel) {
            return std::find(target_->channels.begin(), target_->channels.end(), channel) != target_->channels.end();
        };
        if (!again && target_ && target_->sameVolume(target) &&
            std::all_of(target.channels.begin(), target.channels.end(), loads)) {
            return;
        }
        target_ = std::move(target);
        ++serial_;
        waiting_ = true;
        moved_ = Clock::now();
        if (running_) {
            wasteful_ = wasteful_ || !running_->stop.stop_requested();
            running_->stop.request_stop();
            return;
        }
    }
    startOrRest();
}

void VolumeLoader::cancel() {
    const std::lock_guard lock(mutex_);
    waiting_ = false;
    if (running_) running_->stop.request_stop();
}

void VolumeLoader::stop() {
    cancel();
    const std::lock_guard lock(mutex_);
    target_.reset();
    wasteful_ = false;
    ++serial_;
}

bool VolumeLoader::settled() const {
    const std::lock_guard lock(mutex_);
    return !waiting_ && (!running_ || running_->told || running_->stop.stop_requested());
}

void VolumeLoader::startOrRest() {
    std::shared_ptr<Run> run;
    {
        const std::lock_guard lock(mutex_);
        if (!waiting_ || running_) return;
        const Clock::time_point rested = moved_ + pace_.rest;
        if (wasteful_ && Clock::now() < rested) {
            alarm_.at(rested, [this, gate = gate_, serial = serial_] {
                const auto pass = gate->enter();
                if (!pass) return;
                {
                    const std::lock_guard held(mutex_);
                    if (serial != serial_) return;
                }
                startOrRest();
            });
            return;
        }
        waiting_ = false;
        run = std::make_shared<Run>();
        run->target = *target_;
        running_ = run;
    }
    executor_.post([this, gate = gate_, run] {
        if (const auto pass = gate->enter()) begin(run);
    });
}

void VolumeLoader::begin(const std::shared_ptr<Run>& run) {
    run->plan = planVolume(run->target, executor_.memory().usage().limit);
    run->previewed = showsPreview(*run);
    const bool coarse = run->plan.coarse.has_value() || run->previewed;
    VolumeGrid grid = run->plan.coarse.value_or(run->plan.full);
    if (coarse) grid.stride *= std::exchange(grid.factor[run->plan.slow], 1); // single planes, taken apart
    const auto prepared = prepare(*run, grid, coarse);
    if (!prepared) fail(*run, prepared.error());
    next(run);
}

/// Whether the first picture is that of the preview: there is one that can be shown, and the result must be computed.
bool VolumeLoader::showsPreview(const Run& run) const {
    const PlaneTarget& plane = run.target.plane;
    if (!plane.preview || run.target.channels.empty()) return false;
    if (run.plan.dtype != DType::Float32 && run.plan.dtype != plane.preview.dtype()) return false;
    const std::int64_t middle = run.plan.source[run.plan.slow] / 2;
    for (std::size_t i = 0; i < run.target.channels.size(); ++i) {
        if (executor_.computesDear(plane.array, regionOf(run, {i, {middle, middle + 1}, 0}))) return true;
    }
    return false;
}

Result<void> VolumeLoader::prepare(Run& run, const VolumeGrid& grid, bool coarse) {
    run.grid = grid;
    run.coarse = coarse;
    run.steps.clear();
    run.next = 0;
    run.found.assign(run.target.channels.size(), {});
    run.voxels.reset();
    if (run.target.channels.empty()) return {};
    const std::uint64_t bytes = run.plan.bytes(grid, run.target.channels.size());
    auto reservation = executor_.memory().reserve(graph::MemoryBudget::capacityFor(bytes), run.stop.get_token());
    if (!reservation) return reservation.error();
    run.voxels = executor_.memory().allocate(bytes, *reservation);
    if (!run.voxels) return Error{Error::Kind::TooLarge, "the system gave no memory for the volume", {}, {}};
    std::memset(run.voxels.get(), 0, bytes);

    const std::int64_t planes = run.plan.source[run.plan.slow];
    const std::int64_t factor = grid.factor[run.plan.slow];
    const std::int64_t slab = coarse ? 1 : slabPlanes(run);
    const std::int64_t advance = coarse ? grid.stride : slab;
    for (std::int64_t at = 0; at < planes; at += advance) {
        // Of the planes that a coarse one stands for, the middle one.
        const std::int64_t first = coarse ? std::min(at + grid.stride / 2, planes - 1) : at;
        const std::int64_t out = coarse ? at / grid.stride : at / factor;
        for (std::size_t i = 0; i < run.target.channels.size(); ++i) {
            run.steps.push_back({i, {first, std::min(first + slab, planes)}, out});
        }
    }
    return {};
}

/// Whole voxels thick, as thick as one read may be.
std::int64_t VolumeLoader::slabPlanes(const Run& run) const {
    const std::int64_t factor = run.grid.factor[run.plan.slow];
    const std::int64_t planes = run.plan.source[run.plan.slow];
    const std::uint64_t most = std::min(kSlabBytes, executor_.memory().usage().limit / kPeakShare);
    std::int64_t slab = factor;
    while (slab < planes) {
        const std::int64_t thicker = std::min(slab * 2, (planes + factor - 1) / factor * factor);
        const Region region = regionOf(run, {0, {0, std::min(thicker, planes)}, 0});
        if (graph::Executor::peakBytes(run.target.plane.array, region) > most) break;
        slab = thicker;
    }
    return slab;
}

Region VolumeLoader::regionOf(const Run& run, const Step& step) const {
    Region region = run.target.plane.region(static_cast<std::size_t>(run.target.channels[step.component]));
    const Axes& axes = run.target.plane.array.axes();
    if (const auto samples = sampleAxis(axes)) region[*samples] = {0, 1};
    for (std::size_t d = 0; d < 3; ++d) {
        if (const auto axis = run.target.axis(d)) region[*axis] = {0, axes[*axis].size};
    }
    if (const auto slow = run.target.axis(run.plan.slow)) region[*slow] = step.planes;
    return region;
}

void VolumeLoader::next(const std::shared_ptr<Run>& run) {
    if (run->stop.stop_requested()) {
        end(run);
        return;
    }
    if (run->next == run->steps.size()) {
        if (!run->voxels) { // every channel is hidden, or fail() told why there is none
            end(run);
            return;
        }
        tell(*run);
        if (!run->coarse) {
            end(run);
            return;
        }
        const auto prepared = prepare(*run, run->plan.full, false);
        if (!prepared) fail(*run, prepared.error());
        next(run);
        return;
    }
    const Step& step = run->steps[run->next];
    graph::Request request;
    request.array = run->coarse && run->previewed ? run->target.plane.preview : run->target.plane.array;
    request.region = regionOf(*run, step);
    request.priority = run->coarse ? graph::Priority::Visible : graph::Priority::Background;
    request.stop = run->stop.get_token();
    request.label = run->coarse ? "coarse volume" : "volume";
    request.fillHoles = true;
    if (!run->coarse && events_.progress) {
        request.progress = [this, gate = gate_, done = run->next, all = run->steps.size()](double fraction) {
            if (const auto pass = gate->enter()) {
                events_.progress((static_cast<double>(done) + fraction) / static_cast<double>(all));
            }
        };
    }
    executor_.submit(std::move(request), [this, gate = gate_, run](graph::Outcome outcome) {
        if (const auto pass = gate->enter()) answer(run, std::move(outcome));
    });
}

void VolumeLoader::answer(const std::shared_ptr<Run>& run, graph::Outcome outcome) {
    if (!run->stop.stop_requested()) {
        const Step& step = run->steps[run->next];
        std::vector<Error>& found = run->found[step.component];
        found.insert(found.end(), outcome.problems.begin(), outcome.problems.end());
        if (outcome.block.ok()) {
            place(*run, step, *outcome.block);
        } else {
            found.push_back(outcome.block.error());
        }
        run->costs += outcome.costs;
        ++run->next;
        if (!run->coarse && events_.progress) {
            events_.progress(static_cast<double>(run->next) / static_cast<double>(run->steps.size()));
        }
    }
    next(run);
}

/// Reduces a slab into its voxels.
void VolumeLoader::place(const Run& run, const Step& step, const Block& block) {
    const Shape shape = block.shape();
    std::vector<Interval> intervals;
    Strides strides;
    for (const std::size_t d : {2U, 1U, 0U}) {
        const auto axis = run.target.axis(d);
        intervals.push_back({0, axis ? shape[*axis] : 1});
        strides.push_back(axis ? block.strides()[*axis] : 0);
    }
    const auto voxel = static_cast<std::int64_t>(run.target.channels.size() * bytesPer(run.plan.dtype));
    const std::array<std::int64_t, 3> steps{voxel * run.grid.size[0] * run.grid.size[1], voxel * run.grid.size[0],
                                            voxel};
    const std::array<std::int64_t, 3> factor{run.grid.factor[2], run.grid.factor[1], run.grid.factor[0]};
    std::byte* out = run.voxels.get() + step.out * steps[2 - run.plan.slow] +
                     static_cast<std::ptrdiff_t>(step.component * bytesPer(run.plan.dtype));
    const Block slab = block.relabelled(Region(std::move(intervals)), std::move(strides));
    arena_.execute([&] { reduceByMaximum(slab, factor, out, run.plan.dtype, steps); });
}

/// Hands the filled voxels out.
void VolumeLoader::tell(Run& run) {
    auto picture = std::make_shared<VolumePicture>();
    picture->voxels = std::move(run.voxels);
    picture->dtype = run.plan.dtype;
    picture->size = run.grid.size;
    picture->spacing = run.grid.spacing;
    picture->channels = run.target.channels;
    picture->errors.resize(run.target.plane.visible.size());
    picture->notice = run.plan.notice;
    picture->coarse = run.coarse;
    if (run.coarse && run.previewed) {
        picture->pending = fmt::format("{}", fmt::join(graph::dearOperations(run.target.plane.array), ", "));
    }
    picture->costs = std::exchange(run.costs, {});
    for (std::size_t i = 0; i < run.found.size(); ++i) {
        const auto channel = static_cast<std::size_t>(run.target.channels[i]);
        if (!run.found[i].empty()) picture->errors[channel] = run.found[i].front();
        if (!run.coarse) events_.answered(run.target, channel, run.found[i]);
    }
    {
        const std::lock_guard lock(mutex_);
        run.told = !run.coarse;
    }
    events_.loaded(run.target, std::move(picture));
}

/// Tells that there is no volume, and why.
void VolumeLoader::fail(Run& run, const Error& error) {
    if (error.kind == Error::Kind::Cancelled) return;
    run.coarse = false;
    run.voxels.reset();
    for (std::vector<Error>& found : run.found) found.assign(1, error);
    tell(run);
}

void VolumeLoader::end(const std::shared_ptr<Run>& run) {
    bool waiting = false;
    {
        const std::lock_guard lock(mutex_);
        if (running_ != run) return;
        running_ = nullptr;
        if (!run->stop.stop_requested()) wasteful_ = false;
        waiting = waiting_;
    }
    if (waiting) {
        startOrRest();
    } else {
        events_.ended();
    }
}

} // namespace lazulite::view
