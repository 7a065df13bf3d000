#include "contrast_sampler.h"

#include <algorithm>

#include "lazulite/view/statistics.h"

namespace lazulite::view {

namespace {

/// Where along an axis the planes lie; each plane takes another of them for each axis.
constexpr std::array<double, ContrastSampler::kPlanes> kPlaces{0.15, 0.4, 0.85};

constexpr std::int64_t kSamples = std::int64_t{1} << 18;

/// A plane that takes more of the memory than this to make is not worth it.
constexpr std::uint64_t kMemoryShare = 8;

} // namespace

std::vector<PlaneTarget> contrastPlanes(const PlaneTarget& shown) {
    const Axes& axes = shown.array.axes();
    PlaneTarget stored = shown;
    const ViewState start = ViewState::startFor(axes);
    stored.order = start.order;
    stored.position = shown.position;
    std::vector<PlaneTarget> planes;
    const auto known = [&](const PlaneTarget& plane) {
        const auto same = [&](const PlaneTarget& other) { return other.samePlane(plane); };
        return same(shown) || std::any_of(planes.begin(), planes.end(), same);
    };
    for (std::size_t i = 0; i < kPlaces.size(); ++i) {
        PlaneTarget plane = stored;
        std::size_t slid = 0;
        for (const std::size_t axis : sliderAxes(start, axes)) {
            const double place = kPlaces[(i + slid++) % kPlaces.size()];
            plane.position[axis] = static_cast<std::int64_t>(place * static_cast<double>(axes[axis].size));
        }
        if (!known(plane)) planes.push_back(std::move(plane));
    }
    return planes;
}

ContrastSampler::ContrastSampler(graph::Executor& executor, std::shared_ptr<Gate> gate, Found found)
    : executor_(executor), gate_(std::move(gate)), found_(std::move(found)) {}

void ContrastSampler::start(const PlaneTarget& shown, std::size_t channel, std::array<double, 2> limits) {
    auto job = std::make_shared<Job>();
    job->channel = channel;
    job->limits = limits;
    const std::uint64_t most = executor_.memory().usage().limit / kMemoryShare;
    for (const PlaneTarget& plane : contrastPlanes(shown)) {
        graph::Request request = plane.request(channel, graph::Priority::Background);
        if (graph::Executor::peakBytes(request.array, request.region) > most) continue;
        request.label = "contrast sample";
        request.keep = false;
        job->requests.push_back(std::move(request));
    }
    if (job->requests.empty()) return;
    {
        const std::lock_guard lock(mutex_);
        job->stop = stop_.get_token();
        waiting_.push_back(std::move(job));
        if (running_) return;
        running_ = true;
    }
    next();
}

void ContrastSampler::stop() {
    const std::lock_guard lock(mutex_);
    stop_.request_stop();
    stop_ = std::stop_source();
    waiting_.clear();
}

/// Submits one more request, or ends the chain.
void ContrastSampler::next() {
    std::shared_ptr<Job> job;
    graph::Request request;
    {
        const std::lock_guard lock(mutex_);
        if (waiting_.empty()) {
            running_ = false;
            return;
        }
        job = waiting_.front();
        request = std::move(job->requests.back());
        job->requests.pop_back();
        if (job->requests.empty()) waiting_.erase(waiting_.begin());
        request.stop = job->stop;
    }
    executor_.submit(std::move(request), [this, gate = gate_, job](const graph::Outcome& outcome) {
        if (const auto pass = gate->enter()) {
            answer(*job, outcome);
            next();
        }
    });
}

void ContrastSampler::answer(Job& job, const graph::Outcome& outcome) {
    if (job.stop.stop_requested()) return;
    if (outcome.block.ok() && outcome.problems.empty()) {
        if (const auto statistics = statisticsOf(*outcome.block, kSamples)) {
            job.limits[0] = std::min(job.limits[0], statistics->percentiles[0]);
            job.limits[1] = std::max(job.limits[1], statistics->percentiles[1]);
            job.seen = true;
        }
    }
    if (job.requests.empty() && job.seen) found_(job.channel, job.limits);
}

} // namespace lazulite::view
