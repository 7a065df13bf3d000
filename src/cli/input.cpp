#include "input.h"

#include <fmt/format.h>

#include <chrono>
#include <cstdio>
#include <filesystem>
#include <string>
#include <utility>

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
        const std::string command =
            nearest(first, {"view", "render", "info", "check", "slice", "export", "otf", "sample"});
        if (!command.empty() && options.paths.size() > 1) {
            throw Failure(fmt::format("'{}' is neither a file nor a command (did you mean '{}'?)", first, command));
        }
    }
    throw failure;
}

void tellMistakes(const pipeline::Messages& messages) {
    for (const pipeline::Message& message : messages) fmt::print(stderr, "{}\n", message.toString());
}

pipeline::Pipeline buildFor(const pipeline::Parsed& parsed, const io::FileSeries& series, const graph::LazyArray& raw) {
    pipeline::Built built = pipeline::buildPipeline(parsed, raw, series.scanSettings());
    if (!built.ok()) throw WrongConfig{std::move(built.messages)};
    return std::move(built.pipeline);
}

Input openInput(const InputOptions& options) {
    std::optional<pipeline::Parsed> parsed;
    if (!options.pipeline.empty()) parsed = pipeline::loadConfig(options.pipeline);
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
    if (parsed) {
        input.pipeline = buildFor(*parsed, *input.series, input.array);
        input.array = input.pipeline->result();
        for (const pipeline::Stage& stage : input.pipeline->stages) {
            if (!stage.note.empty()) tellDetail(fmt::format("step {}: {}", stage.step + 1, stage.note));
        }
    }
    return input;
}

} // namespace lazulite::cli
