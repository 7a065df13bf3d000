#include "input.h"

#include <fmt/format.h>

#include <chrono>
#include <filesystem>
#include <string>

#include "lazulite/core/spelling.h"
#include "lazulite/core/units.h"
#include "messages.h"
#include "progress_bar.h"
#include "values.h"

namespace lazulite::cli {

void explainOpenFailure(const InputOptions& options, const Failure& failure) {
    std::error_code ignored;
    const std::string& first = options.paths.front();
    if (first.find('/') == std::string::npos && !std::filesystem::exists(first, ignored)) {
        const std::string command = nearest(first, {"view", "render", "info", "check", "slice", "sample"});
        if (!command.empty() && options.paths.size() > 1) {
            throw Failure(fmt::format("'{}' is neither a file nor a command (did you mean '{}'?)", first, command));
        }
    }
    throw failure;
}

Input openInput(const InputOptions& options) {
    const auto start = std::chrono::steady_clock::now();
    Input input;
    io::SeriesOptions series = options.series;
    ProgressBar listing("listing");
    constexpr double kUsualCount = 1e6;
    series.onListed = [&](std::size_t names) {
        listing.show(static_cast<double>(names) / (static_cast<double>(names) + kUsualCount));
    };
    try {
        input.series = io::FileSeries::open(options.paths, series, input.costs.reads);
    } catch (const Failure& failure) {
        explainOpenFailure(options, failure);
    }
    input.array = graph::LazyArray::fromSource(input.series->source());
    const std::chrono::duration<double, std::milli> took = std::chrono::steady_clock::now() - start;
    input.costs.milliseconds = took.count();
    for (const std::string& warning : input.series->warnings()) tellWarning(warning);
    tellDetail(fmt::format("{}: {}, {} files, {} missing, opened in {} ms", input.series->location(),
                           input.series->convention(), input.series->fileCount(), input.series->holeCount(),
                           numberText(took.count(), 3)));
    return input;
}

} // namespace lazulite::cli
