#include <fmt/format.h>

#include <algorithm>

#include "images.h"
#include "lazulite/core/units.h"
#include "lazulite/ops/deconvolve.h"
#include "lazulite/ops/geometry.h"
#include "lazulite/ops/reduce.h"
#include "shift_table.h"
#include "slice_text.h"
#include "step_maker.h"

namespace lazulite::pipeline {

namespace {

/// The spacing of an axis, where the data say it.
std::optional<double> spacingOf(const LazyArray& array, const std::string& name) {
    const auto axis = findAxis(array.axes(), name);
    if (!axis || array.axes()[*axis].unit != "um") return std::nullopt;
    return array.axes()[*axis].spacing;
}

std::optional<ops::DeskewOptions> deskewOptions(StepInput& input) {
    if (!input.surroundings.skewed) {
        input.mistake("op", "the data are deskewed already, by a step before this one; remove one of them");
        return std::nullopt;
    }
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
    if (!options.pixel) options.pixel = spacingOf(input.array, options.axis);
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

LazyArray makeDeskewRotate(StepInput& input) {
    const auto options = deskewOptions(input);
    return options ? ops::deskewRotate(input.array, *options) : input.array;
}

LazyArray makeRotate(StepInput& input) {
    const auto& deskewed = input.surroundings.deskewed;
    const double angle = input.number("angle", deskewed ? deskewed->options.angle : input.surroundings.angle());
    const std::string axis = input.text("axis", input.surroundings.skewAxis.value_or("x"));
    if (deskewed && angle == deskewed->options.angle && axis == deskewed->options.axis) {
        input.note = "deskew and rotation in one interpolation of the raw stack";
        return ops::deskewRotate(deskewed->from, deskewed->options);
    }
    input.note = fmt::format("angle {} degrees", numberText(angle));
    return ops::rotate(input.array, angle, axis);
}

ops::Interpolation interpolationOf(const StepInput& input) {
    return input.text("interpolation", "linear") == "nearest" ? ops::Interpolation::Nearest
                                                              : ops::Interpolation::Linear;
}

LazyArray makeAffine(StepInput& input) {
    constexpr std::array<double, 3> kNothing{0, 0, 0};
    constexpr std::array<double, 3> kSameSize{1, 1, 1};
    ops::AffineOptions options;
    if (const Value* matrix = input.step.find("matrix")) {
        for (const char* key : {"translation", "rotation", "scale"}) {
            if (input.has(key))
                input.mistake(key, fmt::format("`matrix` and `{}` exclude each other; leave one out", key));
        }
        for (std::size_t row = 0; row < options.matrix.size(); ++row) {
            const auto& numbers = *(*matrix->get<Value::List>())[row].get<Value::List>();
            for (std::size_t i = 0; i < numbers.size(); ++i) options.matrix[row][i] = numbers[i].number().value_or(0);
        }
    } else {
        options =
            ops::affineFrom(input.array, input.vector("translation").value_or(kNothing),
                            input.vector("rotation").value_or(kNothing), input.vector("scale").value_or(kSameSize));
    }
    options.interpolation = interpolationOf(input);
    options.outside = input.number("outside", options.outside);
    return ops::affine(input.array, options);
}

LazyArray makeProject(StepInput& input) {
    const std::string name = input.text("axis", "z");
    const Value* value = input.step.find("axis");
    const auto axis = input.axis(name, value == nullptr ? input.step.place : value->place(), "axis");
    if (!axis) return input.array;
    std::optional<Interval> range;
    if (input.has("range")) {
        const std::int64_t size = input.array.axes()[*axis].size;
        range = parseSlice(input.text("range", ":")).valueOrThrow().on(size);
        if (range->empty()) {
            input.mistake("range", fmt::format("`range` = \"{}\" leaves nothing: axis {} has {} elements here, 0 to {}",
                                               input.text("range", ":"), name, size, size - 1));
            return input.array;
        }
    }
    constexpr std::array<std::pair<std::string_view, ops::Projection>, 6> kKinds{{{"max", ops::Projection::Max},
                                                                                  {"min", ops::Projection::Min},
                                                                                  {"mean", ops::Projection::Mean},
                                                                                  {"sum", ops::Projection::Sum},
                                                                                  {"median", ops::Projection::Median},
                                                                                  {"std", ops::Projection::Std}}};
    const std::string kind = input.text("kind", "max");
    const auto* found =
        std::find_if(kKinds.begin(), kKinds.end(), [&](const auto& entry) { return entry.first == kind; });
    return ops::project(input.array, name, found->second, range);
}

LazyArray makeBin(StepInput& input) {
    const std::string kind = input.text("kind", "mean");
    const ops::Binning binning = kind == "max"   ? ops::Binning::Max
                                 : kind == "sum" ? ops::Binning::Sum
                                                 : ops::Binning::Mean;
    std::array<std::int64_t, 3> factors = input.counts("factors", 1);
    const auto z = findAxis(input.array.axes(), "z");
    if (!z || input.array.axes()[*z].size == 1) factors[0] = 1; // one number for all means those that there are
    return ops::bin(input.array, factors, binning);
}

std::optional<std::vector<std::array<double, 3>>> shiftsNamed(StepInput& input) {
    std::vector<std::array<double, 3>> shifts;
    if (input.step.find("shifts")->get<std::string>() != nullptr) {
        const auto path = fileNamed(input, "shifts");
        if (!path) return std::nullopt;
        auto table = readShiftTable(*path);
        if (!table) {
            input.mistake("shifts", fmt::format("`shifts`: {}", table.error().text()));
            return std::nullopt;
        }
        shifts = std::move(*table);
    } else {
        for (const Value& row : *input.step.find("shifts")->get<Value::List>()) {
            std::array<double, 3>& shift = shifts.emplace_back();
            for (std::size_t i = 0; i < shift.size(); ++i) {
                shift[i] = (*row.get<Value::List>())[i].number().value_or(0);
            }
        }
    }
    const auto t = findAxis(input.array.axes(), "t");
    const std::int64_t timepoints = t ? input.array.axes()[*t].size : 1;
    if (static_cast<std::int64_t>(shifts.size()) != timepoints) {
        input.mistake("shifts", fmt::format("`shifts` has {} entries, but there are {} timepoints here", shifts.size(),
                                            timepoints));
        return std::nullopt;
    }
    return shifts;
}

LazyArray makeDrift(StepInput& input) {
    if (input.has("shifts")) {
        if (input.has("reference"))
            input.mistake("reference", "`reference` is for shifts that are estimated; leave it out beside `shifts`");
        const auto shifts = shiftsNamed(input);
        return shifts ? ops::shiftByTime(input.array, *shifts, interpolationOf(input)) : input.array;
    }
    if (input.has("interpolation")) input.mistake("interpolation", "`interpolation` belongs to `shifts`");
    const auto timepoint = input.timepoint("reference", 0);
    if (!timepoint) return input.array;
    const bool neighbour = input.text("reference", input.has("reference") ? "first" : "neighbour") == "neighbour";
    return ops::correctDrift(input.array, neighbour ? ops::DriftReference::Neighbour : ops::DriftReference::First,
                             *timepoint);
}

} // namespace

StepMaker geometryMaker(std::string_view op) {
    if (op == "deskew") return makeDeskew;
    if (op == "deskew-rotate") return makeDeskewRotate;
    if (op == "rotate") return makeRotate;
    if (op == "affine") return makeAffine;
    if (op == "project") return makeProject;
    if (op == "bin") return makeBin;
    if (op == "drift") return makeDrift;
    return nullptr;
}

} // namespace lazulite::pipeline
