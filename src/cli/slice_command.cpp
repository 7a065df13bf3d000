#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <string>

#include "commands.h"
#include "cut.h"
#include "input.h"
#include "lazulite/compute/backend.h"
#include "lazulite/graph/executor.h"
#include "messages.h"
#include "output.h"
#include "progress_bar.h"

namespace lazulite::cli {
namespace {

std::string labelFor(const Axes& axes, const Cut& cut) {
    std::string label = "slice";
    for (std::size_t i = 0; i < axes.size(); ++i) {
        const Interval& range = cut.region[i];
        if (range.size() == 1) label += fmt::format(" {}={}", axes[i].name, range.begin);
    }
    return label;
}

/// Writing over one of the files that are read would destroy data.
void refuseToOverwriteInput(const std::string& output, const io::FileSeries& series) {
    std::error_code ignored;
    const std::filesystem::path path(output);
    if (output == "-" || !std::filesystem::exists(path, ignored)) return;
    const Shape fileShape = series.source()->fileShape();
    const Shape shape = shapeOf(series.axes());
    forEachGridBlock(Region::whole(shape), fileShape, shape, [&](const Region& file) {
        std::vector<std::int64_t> position;
        for (const Interval& range : file) position.push_back(range.begin);
        const std::filesystem::path source(series.pathAt(position));
        if (source.filename() != path.filename()) return;
        std::error_code unknown;
        if (std::filesystem::equivalent(source, path, unknown)) {
            throw Failure(Error{
                Error::Kind::BadArgument, "is one of the files that are read; choose another name for -o", output, {}});
        }
    });
}

} // namespace

int sliceCommand(const SliceOptions& options) {
    checkOutput(options.output);
    const Input input = openInput(options.input);
    if (input.pipeline) compute::chooseBackend(options.input.backend);
    const Axes& axes = input.array.axes();
    const Cut cut = cutFor(axes, options);
    refuseToOverwriteInput(options.output, *input.series);

    graph::Executor executor({.memoryLimit = options.input.memoryLimit, .threads = options.input.threads});
    graph::Outcome outcome;
    {
        ProgressBar reading(input.pipeline ? "computing" : "reading");
        outcome = executor.run({.array = input.array,
                                .region = cut.region,
                                .progress = [&reading](double fraction) { reading.show(fraction); },
                                .label = labelFor(axes, cut),
                                .fillHoles = options.fillHoles,
                                .keep = false});
    }
    if (options.ledger) fmt::print(stderr, "{}\n", outcome.costs.json());
    if (!outcome.block.ok()) {
        Error error = outcome.block.error();
        if (error.kind == Error::Kind::TooLarge) {
            error.message += " (--region)";
        } else if (error.kind != Error::Kind::BadArgument) {
            error.message += " (--fill-holes writes zeros in its place)";
        }
        throw Failure(error);
    }
    for (const Error& problem : outcome.problems) tellWarning("zeros stand for " + problem.text());
    writeArray(options.output, cut.applyTo(*outcome.block), cut.axesOf(axes));
    tellDetail(fmt::format("{} -> {}", cut.region.toString(), options.output));
    return kExitDone;
}

} // namespace lazulite::cli
