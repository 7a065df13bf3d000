#include <fmt/format.h>

#include <algorithm>

#include "images.h"
#include "lazulite/ops/intensity.h"
#include "lazulite/ops/reduce.h"
#include "step_maker.h"

namespace lazulite::pipeline {

namespace {

LazyArray makeFlatField(StepInput& input) {
    const auto flat = imageNamed(input, "flat");
    const auto dark = input.has("dark") ? imageNamed(input, "dark") : LazyArray();
    if (!flat || !dark) return input.array;
    return ops::flatField(input.array, *flat, *dark);
}

LazyArray makeCamera(StepInput& input) {
    ops::CameraOptions options;
    options.offset = input.number("offset", options.offset);
    bool usable = true;
    const auto image = [&](const std::string& key, LazyArray& into) {
        if (!input.has(key)) return;
        const auto found = imageNamed(input, key);
        usable &= found.has_value();
        if (found) into = *found;
    };
    image("offset-image", options.offsetImage);
    image("gain", options.gain);
    image("residual-a", options.residualA);
    image("residual-b", options.residualB);
    if (input.has("offset") && input.has("offset-image")) {
        input.mistake("offset-image", "`offset` and `offset-image` exclude each other; leave one out");
    }
    if (input.has("residual-a") != input.has("residual-b")) {
        const bool a = input.has("residual-a");
        input.mistake(a ? "residual-a" : "residual-b",
                      fmt::format("the residual needs two images; `{}` is missing", a ? "residual-b" : "residual-a"));
    }
    return usable ? ops::camera(input.array, options) : input.array;
}

LazyArray makeBackground(StepInput& input) {
    const int given = int(input.has("value")) + int(input.has("percentile")) + int(input.has("image"));
    if (given != 1) {
        const char* last = input.has("image") ? "image" : "percentile";
        input.mistake(given == 0 ? "" : last,
                      given == 0 ? "the step \"background\" needs one of `value`, `percentile` and `image`"
                                 : "`value`, `percentile` and `image` exclude each other; leave one");
        return input.array;
    }
    if (const auto value = input.number("value")) return ops::subtractBackground(input.array, *value);
    if (const auto percentile = input.number("percentile")) return ops::subtractPercentile(input.array, *percentile);
    const auto image = imageNamed(input, "image");
    return image ? ops::subtractBackground(input.array, *image) : input.array;
}

LazyArray makeBleach(StepInput& input) {
    const auto timepoint = input.timepoint("reference", 0);
    return timepoint ? ops::bleachCorrection(input.array, *timepoint) : input.array;
}

LazyArray makeSmooth(StepInput& input) {
    const bool median = input.text("kind", "gaussian") == "median";
    const auto misplaced = [&](const char* key, const char* kind) {
        if (input.has(key)) input.mistake(key, fmt::format("`{}` belongs to kind = \"{}\"", key, kind));
    };
    if (median) {
        misplaced("sigma", "gaussian");
        misplaced("unit", "gaussian");
        return ops::median(input.array, input.counts("radius", 1));
    }
    misplaced("radius", "median");
    const std::array<double, 3> sigma = input.vector("sigma").value_or(std::array<double, 3>{1, 1, 1});
    return ops::gaussian(input.array, sigma, input.text("unit", "voxels") == "um");
}

LazyArray makeRescale(StepInput& input) {
    ops::RescaleOptions options;
    options.gain = input.number("gain", options.gain);
    options.offset = input.number("offset", options.offset);
    options.low = input.number("low", options.low);
    options.high = input.number("high", options.high);
    if (options.low > options.high) input.mistake("high", "`high` must not be less than `low`");
    if (input.has("dtype")) options.dtype = dtypeFromName(input.text("dtype", ""));
    return ops::rescale(input.array, options);
}

LazyArray makeMath(StepInput& input) {
    const std::string expression = input.text("expression", "");
    const auto axis = channelAxis(input.array.axes());
    const Axis channels = axis ? input.array.axes()[*axis] : Axis{.name = "c", .unit = {}, .labels = {}};
    if (const auto mistake = ops::checkExpression(expression, channels.size, channels.labels)) {
        input.mistake(input.placeIn("expression", mistake->column), "expression",
                      fmt::format("`expression`: {}", mistake->message));
        return input.array;
    }
    const std::string name = input.text("name", "math");
    const bool alone = input.boolean("alone", false);
    if (!alone && std::find(channels.labels.begin(), channels.labels.end(), name) != channels.labels.end()) {
        input.mistake("name",
                      fmt::format("`name`: there is a channel \"{}\" already; give the new one another name", name));
        return input.array;
    }
    return ops::math(input.array, expression, name, alone);
}

} // namespace

StepMaker intensityMaker(std::string_view op) {
    if (op == "flat-field") return makeFlatField;
    if (op == "camera") return makeCamera;
    if (op == "background") return makeBackground;
    if (op == "bleach") return makeBleach;
    if (op == "smooth") return makeSmooth;
    if (op == "rescale") return makeRescale;
    if (op == "math") return makeMath;
    return nullptr;
}

} // namespace lazulite::pipeline
