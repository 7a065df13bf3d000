#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <nlohmann/json.hpp>
#include <string>

#include "commands.h"
#include "input.h"
#include "lazulite/core/units.h"

namespace lazulite::cli {
namespace {

using nlohmann::ordered_json;

std::int64_t blockBytes(const graph::LazyArray& array) {
    return elementCount(array.blockShape()) * static_cast<std::int64_t>(bytesPer(array.dtype()));
}

std::string shapeText(const Shape& shape) {
    std::string text;
    for (const std::int64_t size : shape) text += (text.empty() ? "" : " x ") + std::to_string(size);
    return text;
}

ordered_json pipelineJson(const pipeline::Pipeline& pipeline) {
    ordered_json steps = ordered_json::array();
    for (const pipeline::Stage& stage : pipeline.stages) {
        const pipeline::Step& step = pipeline.config.steps[stage.step];
        steps.push_back({{"op", step.op}, {"label", step.label}, {"enabled", step.enabled}, {"note", stage.note}});
    }
    return {{"name", pipeline.config.name},
            {"path", pipeline.config.path},
            {"steps", steps},
            {"sources", pipeline.sources}};
}

std::string asJson(const Input& input) {
    ordered_json axes = ordered_json::array();
    for (const Axis& axis : input.array.axes()) {
        axes.push_back({{"name", axis.name},
                        {"size", axis.size},
                        {"spacing", axis.spacing},
                        {"unit", axis.unit},
                        {"labels", axis.labels}});
    }
    ordered_json root{{"axes", axes},
                      {"dtype", toString(input.array.dtype())},
                      {"files", input.series->fileCount()},
                      {"holes", input.series->holeCount()},
                      {"bytes", input.array.bytes()},
                      {"block", {{"shape", input.array.blockShape()}, {"bytes", blockBytes(input.array)}}},
                      {"convention", input.series->convention()},
                      {"warnings", input.series->warnings()},
                      {"ledger", ordered_json::parse(input.costs.json())}};
    if (input.pipeline) root["pipeline"] = pipelineJson(*input.pipeline);
    // Names need not be UTF-8; JSON must be.
    return root.dump(2, ' ', false, ordered_json::error_handler_t::replace) + "\n";
}

std::string labelsText(const std::vector<std::string>& labels) {
    constexpr std::size_t kMost = 6;
    std::string text;
    for (std::size_t i = 0; i < std::min(labels.size(), kMost); ++i) text += (i == 0 ? "" : ", ") + labels[i];
    return labels.size() > kMost ? text + ", ..." : text;
}

std::string pipelineText(const pipeline::Pipeline& pipeline) {
    const std::string& name = pipeline.config.name;
    std::string text =
        fmt::format("{:<12} {}\n", "pipeline",
                    name.empty() ? pipeline.config.path : fmt::format("{} ({})", name, pipeline.config.path));
    for (const pipeline::Stage& stage : pipeline.stages) {
        const pipeline::Step& step = pipeline.config.steps[stage.step];
        text += fmt::format("{:<12} {}{}{}{}\n", fmt::format("step {}", stage.step + 1), step.op,
                            step.label.empty() ? "" : fmt::format(" ({})", step.label),
                            step.enabled ? "" : ", switched off", stage.note.empty() ? "" : "; " + stage.note);
    }
    return text;
}

std::string asTable(const Input& input) {
    const io::FileSeries& series = *input.series;
    std::string text = fmt::format("{}\n\n", series.location());
    text += fmt::format("{:<12} {:>10}  {:<14} {}\n", "axis", "size", "step", "labels");
    for (const Axis& axis : input.array.axes()) {
        const std::string step = axis.unit.empty() ? "" : quantityText(axis.spacing, axis.unit);
        std::string line = fmt::format("{:<12} {:>10}  {:<14} {}", axis.name, axis.size, step, labelsText(axis.labels));
        line.erase(line.find_last_not_of(' ') + 1);
        text += line + "\n";
    }
    const auto row = [&](const std::string& name, const std::string& value) {
        text += fmt::format("{:<12} {}\n", name, value);
    };
    text += "\n";
    row("type", std::string(toString(input.array.dtype())));
    row("size", bytesText(static_cast<std::uint64_t>(input.array.bytes())));
    row("block", fmt::format("{}, {}", shapeText(input.array.blockShape()),
                             bytesText(static_cast<std::uint64_t>(blockBytes(input.array)))));
    row("files", std::to_string(series.fileCount()));
    row("missing", std::to_string(series.holeCount()));
    row("understood", series.convention());
    row("pattern", series.pattern());
    row("steps from", series.spacingOrigin());
    const io::ScanSettings& scan = series.scanSettings();
    if (scan.angleDegrees) row("scan angle", fmt::format("{} degrees", numberText(*scan.angleDegrees)));
    if (scan.stageStep) row("stage step", quantityText(*scan.stageStep, "um"));
    if (input.pipeline) text += pipelineText(*input.pipeline);
    row("opening", fmt::format("{} file(s) opened, {} pages read, {} ms", input.costs.reads.filesOpened,
                               input.costs.reads.pagesRead, numberText(input.costs.milliseconds, 3)));
    return text;
}

} // namespace

int infoCommand(const InfoOptions& options) {
    const Input input = openInput(options.input);
    const std::string text = options.json ? asJson(input) : asTable(input);
    if (std::fwrite(text.data(), 1, text.size(), stdout) != text.size() || std::fflush(stdout) != 0) {
        throw Failure("the information could not be written to standard output (is the disk full?)");
    }
    return kExitDone;
}

} // namespace lazulite::cli
