#include <fmt/format.h>

#include "lazulite/core/units.h"
#include "lazulite/ops/geometry.h"
#include "step_maker.h"

namespace lazulite::pipeline {

namespace {

/// The spacing of an axis, where the data say it.
std::optional<double> spacingOf(const LazyArray& array, const char* name) {
    const auto axis = findAxis(array.axes(), name);
    if (!axis || array.axes()[*axis].unit != "um") return std::nullopt;
    return array.axes()[*axis].spacing;
}

std::optional<ops::DeskewOptions> deskewOptions(StepInput& input) {
    ops::DeskewOptions options;
    options.angle = input.number("angle", input.surroundings.angle());
    options.axis = input.text("axis", options.axis);
    options.width = input.integer("width", options.width);
    options.shift = input.number("shift", options.shift);
    options.pad = input.text("pad", "") == "median" ? std::nullopt : std::optional(input.number("pad", 0));
    options.stageStep = input.number("stage-step");
    if (!options.stageStep) options.stageStep = spacingOf(input.array, "z");
    if (!options.stageStep) options.stageStep = input.surroundings.scan.stageStep;
    options.pixel = input.number("pixel");
    if (!options.pixel) options.pixel = spacingOf(input.array, options.axis.c_str());
    if (options.angle == 0) input.mistake("angle", "`angle` is 0: the stage would move along the light sheet");
    if (!options.stageStep) {
        input.mistake("stage-step", "neither the data nor a settings file say the stage step; write stage-step = (um)");
    }
    if (!options.pixel) {
        input.mistake("pixel", "the data do not say the size of a pixel; write pixel = (um), or name it with --voxel");
    }
    if (options.angle == 0 || !options.stageStep || !options.pixel) return std::nullopt;
    input.note = fmt::format("angle {} degrees, stage step {} um, pixel {} um", numberText(options.angle),
                             numberText(*options.stageStep), numberText(*options.pixel));
    return options;
}

LazyArray makeDeskew(StepInput& input) {
    const auto options = deskewOptions(input);
    if (!options) return input.array;
    input.surroundings.deskewed = Deskewed{input.array, *options};
    return ops::deskew(input.array, *options);
}

} // namespace

StepMaker geometryMaker(std::string_view op) {
    if (op == "deskew") return makeDeskew;
    return nullptr;
}

} // namespace lazulite::pipeline
