#include "lazulite/view/scale_bar.h"

#include <cmath>

#include "lazulite/core/units.h"

namespace lazulite::view {

namespace {

/// The longest 1, 2 or 5 times a power of ten that is not longer than `most`.
double roundLength(double most) {
    const double power = std::pow(10.0, std::floor(std::log10(most)));
    for (const double factor : {5.0, 2.0}) {
        // Rounding in the division must not turn 5 into 4.999...
        if (factor * power <= most * (1 + 1e-9)) return factor * power;
    }
    return power;
}

struct Length {
    double size;
    const char* name;
};

/// "500 nm", "20 um", "1 mm": the unit in which the number is between 1 and 999.
std::string lengthText(double micrometres) {
    constexpr Length kUnits[] = {{1e6, "m"}, {1e3, "mm"}, {1, "\u00b5m"}, {1e-3, "nm"}, {1e-6, "pm"}};
    for (const Length& unit : kUnits) {
        if (micrometres >= unit.size * (1 - 1e-9)) return numberText(micrometres / unit.size) + " " + unit.name;
    }
    return numberText(micrometres) + " \u00b5m";
}

} // namespace

std::optional<ScaleBar> scaleBar(double pixelsPerStep, const Axis& axis, int canvasWidth) {
    constexpr double kShare = 0.25;
    const double longest = kShare * canvasWidth;
    if (!(pixelsPerStep > 0) || !(axis.spacing > 0) || longest < 1) return std::nullopt;
    const auto micrometres = micrometresPer(axis.unit);
    const double unitsPerPixel = axis.spacing * micrometres.value_or(1.0) / pixelsPerStep;
    const double length = roundLength(longest * unitsPerPixel);
    if (!std::isfinite(length) || !(length > 0)) return std::nullopt;
    ScaleBar bar;
    bar.pixels = length / unitsPerPixel;
    if (micrometres) {
        bar.text = lengthText(length);
    } else {
        bar.text = numberText(length) + " " + (axis.unit.empty() ? std::string("px") : axis.unit);
    }
    return bar;
}

} // namespace lazulite::view
