#include <chrono>
#include <exception>
#include <future>
#include <limits>
#include <memory>
#include <optional>
#include <thread>
#include <utility>

#include "commands.h"
#include "input.h"
#include "lazulite/compute/backend.h"
#include "lazulite/core/error.h"
#include "messages.h"
#include "values.h"

namespace lazulite::cli {
namespace {

/// How long the command line looks at the data itself before it leaves that to the window.
constexpr auto kPatience = std::chrono::milliseconds(500);

/// Opens the data once to refuse wrong paths, options and pipelines before a window appears. The axes of what will be
/// looked at, or none where listing the names takes longer than a person should wait for a window (a slow network
/// folder, a million names).
Axes axesForChecks(const InputOptions& options, const std::optional<pipeline::Parsed>& parsed) {
    std::promise<Axes> promise;
    std::future<Axes> answer = promise.get_future();
    std::stop_source stop;
    std::thread worker([options, parsed, stop, promise = std::move(promise)]() mutable {
        try {
            io::SeriesOptions series = options.series;
            series.stop = stop.get_token();
            ReadCounts counts;
            const auto opened = io::FileSeries::open(options.paths, series, counts);
            promise.set_value(
                parsed ? buildFor(*parsed, *opened, graph::LazyArray::fromSource(opened->source())).result().axes()
                       : opened->axes());
        } catch (...) {
            promise.set_exception(std::current_exception());
        }
    });
    if (answer.wait_for(kPatience) == std::future_status::timeout) {
        stop.request_stop();
        worker.detach();
        return {};
    }
    worker.join();
    try {
        return answer.get();
    } catch (const Failure& failure) {
        explainOpenFailure(options, failure);
    }
}

WindowRequest requestFor(const ViewOptions& options) {
    WindowRequest request;
    request.paths = options.input.paths;
    request.series = options.input.series;
    request.contrastLimits = options.contrastLimits;
    request.channelAxis = options.channelAxis;
    request.plane = options.plane;
    request.ndisplay = options.ndisplay;
    request.memoryLimit = options.input.memoryLimit;
    request.threads = options.input.threads;
    request.backend = options.input.backend;
    request.pipeline = options.input.pipeline;
    std::optional<pipeline::Parsed> parsed;
    if (!request.pipeline.empty()) parsed = pipeline::loadConfig(request.pipeline);
    if (request.paths.empty()) {
        if (parsed && !parsed->ok()) throw WrongConfig{parsed->messages};
        if (!options.at.empty()) throw Failure("--at needs a PATH to look at");
        return request;
    }
    const Axes axes = axesForChecks(options.input, parsed);
    if (axes.empty() && parsed && !parsed->ok()) throw WrongConfig{parsed->messages};
    for (const Assignment& at : options.at) {
        if (axes.empty()) {
            const Axis unknown{at.axis, std::numeric_limits<std::int64_t>::max(), 1.0, {}, {}};
            request.at[at.axis] = parseIndex(unknown, at.value, "--at");
        } else {
            request.at[at.axis] = parseIndex(axes[requireAxis(axes, at.axis, "--at")], at.value, "--at");
        }
    }
    if (!axes.empty() && !options.channelAxis.empty()) requireAxis(axes, options.channelAxis, "--channel-axis");
    if (!axes.empty() && !options.plane.empty()) parsePlane(axes, options.plane);
    return request;
}

} // namespace

int viewCommand(const ViewOptions& options, char* programName, const Front& front) {
    const WindowRequest request = requestFor(options);
    int argc = 1;
    char* argv[] = {programName, nullptr};
    return front.view(argc, argv, request);
}

int renderCommand(const RenderOptions& options, char* programName, const Front& front) {
    PictureRequest request;
    request.window = requestFor(options.view);
    request.output = options.output;
    request.width = options.width;
    request.height = options.height;
    request.scaleBar = options.scaleBar;
    if (!request.window.pipeline.empty()) compute::chooseBackend(options.view.input.backend);
    int argc = 1;
    char* argv[] = {programName, nullptr};
    const int code = front.render(argc, argv, request);
    if (code == kExitDone) tellDetail("wrote " + options.output);
    return code;
}

} // namespace lazulite::cli
