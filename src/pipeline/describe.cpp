#include <fmt/format.h>

#include <algorithm>
#include <string_view>

#include "lazulite/core/units.h"
#include "lazulite/pipeline/pipeline.h"

namespace lazulite::pipeline {

namespace {

using graph::LazyArray;

/// The box around the middle that is whole along some axes.
Region middle(const LazyArray& array, std::string_view wholeAxes) {
    Region region = Region::whole(array.shape());
    for (std::size_t i = 0; i < array.rank(); ++i) {
        const std::string& name = array.axes()[i].name;
        if (name.size() == 1 && wholeAxes.find(name) != std::string_view::npos) continue;
        const std::int64_t at = array.axes()[i].size / 2;
        region[i] = {at, at + 1};
    }
    return region;
}

std::string shapeText(const Shape& shape) {
    std::string text;
    for (const std::int64_t size : shape) text += fmt::format("{}{}", text.empty() ? "" : " x ", size);
    return text;
}

std::string axesText(const Axes& axes) {
    std::string text;
    for (const Axis& axis : axes) text += fmt::format("{}{} {}", text.empty() ? "" : ", ", axis.name, axis.size);
    return text;
}

std::string voxelText(const Axes& axes) {
    std::string text;
    for (const Axis& axis : axes) {
        if (axis.name != "z" && axis.name != "y" && axis.name != "x") continue;
        const std::string size = axis.unit.empty() ? "not known" : quantityText(axis.spacing, axis.unit);
        text += fmt::format("{}{} {}", text.empty() ? "" : ", ", axis.name, size);
    }
    return text.empty() ? "none" : text;
}

std::string counted(std::int64_t count, const char* noun) {
    return fmt::format("{} {}{}", count, noun, count == 1 ? "" : "s");
}

std::string costText(const graph::Forecast& cost, std::uint64_t memoryLimit) {
    std::string text = fmt::format("reads {} of {} ({}), takes {} of memory at the peak", counted(cost.pages, "page"),
                                   counted(cost.files, "file"), bytesText(static_cast<std::uint64_t>(cost.bytes)),
                                   bytesText(cost.peak));
    if (cost.peak > memoryLimit)
        text += fmt::format(": refused, for the budget is {}; raise it with --memory", bytesText(memoryLimit));
    return text;
}

StageReport reportOn(const LazyArray& array, std::string title, std::uint64_t memoryLimit) {
    StageReport report{.title = std::move(title), .array = array};
    report.slice = graph::forecast(array, middle(array, "yx"), memoryLimit);
    report.volume = graph::forecast(array, middle(array, "zyx"), memoryLimit);
    return report;
}

} // namespace

std::vector<StageReport> report(const Pipeline& pipeline, std::uint64_t memoryLimit) {
    std::vector<StageReport> reports{reportOn(pipeline.raw, "raw data", memoryLimit)};
    for (const Stage& stage : pipeline.stages) {
        const Step& step = pipeline.config.steps[stage.step];
        std::string title = fmt::format("step {}: {}", stage.step + 1, step.op);
        if (!step.label.empty()) title += fmt::format(" ({})", step.label);
        reports.push_back(reportOn(stage.array, std::move(title), memoryLimit));
        reports.back().note = stage.note;
        reports.back().enabled = step.enabled;
    }
    return reports;
}

std::string describe(const Pipeline& pipeline, std::uint64_t memoryLimit) {
    std::string text;
    for (const StageReport& stage : report(pipeline, memoryLimit)) {
        text += stage.title + (stage.enabled ? "\n" : ", switched off\n");
        if (!stage.enabled) continue;
        const auto row = [&](std::string_view name, const std::string& value) {
            text += fmt::format("  {:<8} {}\n", name, value);
        };
        const LazyArray& array = stage.array;
        const std::int64_t blockBytes =
            elementCount(array.blockShape()) * static_cast<std::int64_t>(bytesPer(array.dtype()));
        if (!stage.note.empty()) row("note", stage.note);
        row("shape", fmt::format("{} of {} ({})", axesText(array.axes()), toString(array.dtype()),
                                 bytesText(static_cast<std::uint64_t>(array.bytes()))));
        row("voxel", voxelText(array.axes()));
        row("block",
            fmt::format("{} ({})", shapeText(array.blockShape()), bytesText(static_cast<std::uint64_t>(blockBytes))));
        row("slice", costText(stage.slice, memoryLimit));
        row("volume", costText(stage.volume, memoryLimit));
    }
    return text;
}

} // namespace lazulite::pipeline
