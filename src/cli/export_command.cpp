#include <fmt/format.h>

#include <cstdio>
#include <filesystem>
#include <string>
#include <utility>

#include "commands.h"
#include "input.h"
#include "interrupt.h"
#include "lazulite/batch/export.h"
#include "lazulite/compute/backend.h"
#include "lazulite/core/units.h"
#include "lazulite/graph/executor.h"
#include "messages.h"
#include "progress_bar.h"
#include "values.h"

namespace lazulite::cli {
namespace {

/// "t=0:3" or "c=0" of each axis that is named, the others whole.
Region regionFor(const Axes& axes, const std::vector<Assignment>& parts) {
    Region region = Region::whole(shapeOf(axes));
    for (const Assignment& part : parts) {
        const std::size_t axis = requireAxis(axes, part.axis, "--region");
        region[axis] = parsePart(axes[axis], part.value, "--region");
    }
    return region;
}

batch::Provenance provenanceOf(const Input& input) {
    batch::Provenance provenance{.series = input.series};
    if (input.pipeline) {
        const pipeline::Config& config = input.pipeline->config;
        std::error_code ignored;
        provenance.pipelineName = config.name;
        provenance.pipelinePath = std::filesystem::absolute(config.path, ignored).string();
        if (config.text) provenance.pipelineText = *config.text;
        provenance.files = input.pipeline->sources;
    }
    return provenance;
}

std::string detailOf(const batch::ExportProgress& progress) {
    std::string text = fmt::format("{}/{}", progress.volumesDone, progress.volumes);
    if (progress.bytesPerSecond > 0)
        text += fmt::format("  {}/s", bytesText(static_cast<std::uint64_t>(progress.bytesPerSecond)));
    if (progress.secondsLeft) text += fmt::format("  {} left", quantityText(*progress.secondsLeft, "s"));
    return text;
}

/// Tells what came of it.
int outcomeOf(const batch::ExportReport& report, const std::string& output, int stoppedCode) {
    for (const batch::ExportReport::Problem& problem : report.filled)
        tellWarning(fmt::format("{}: zeros stand for {}", problem.file, problem.error.text()));
    for (const batch::ExportReport::Problem& problem : report.failed)
        tellError(fmt::format("{} was not written: {}", problem.file, problem.error.text()));
    tellDetail(fmt::format("{} volume(s) written to {} ({}), {} kept, {} failed", report.written, output,
                           bytesText(report.bytesWritten), report.kept, report.failed.size()));
    if (report.cancelled) {
        tellError(fmt::format("stopped; {} volume(s) are written, the rest can be added with --resume",
                              report.written + report.kept));
        return stoppedCode;
    }
    if (report.failed.empty()) return kExitDone;
    tellError(fmt::format("{} of {} volume(s) are missing (--fill-holes writes zeros in place of bad files)",
                          report.failed.size(), report.failed.size() + report.written + report.kept));
    return kExitBadInput;
}

} // namespace

int exportCommand(const ExportOptions& options) {
    const Interrupt interrupt;
    InputOptions opening = options.input;
    opening.series.stop = interrupt.token();
    const Input input = openInput(opening);
    if (input.pipeline) compute::chooseBackend(options.input.backend);
    batch::ExportOptions write = options.write;
    write.region = regionFor(input.array.axes(), options.region);
    write.threads = options.input.threads;
    const batch::Export job(input.array, provenanceOf(input), write);
    graph::Executor executor({.memoryLimit = options.input.memoryLimit, .threads = options.input.threads});
    batch::ExportReport report;
    {
        ProgressBar bar("exporting");
        report = job.run(executor, {.progress =
                                        [&bar](const batch::ExportProgress& progress) {
                                            bar.show(progress.fraction, detailOf(progress));
                                        },
                                    .stop = interrupt.token()});
    }
    if (options.ledger) fmt::print(stderr, "{}\n", report.costs.json());
    return outcomeOf(report, write.output, interrupt.exitCode());
}

} // namespace lazulite::cli
