#include <fmt/format.h>

#include "images.h"
#include "lazulite/ops/deconvolve.h"
#include "step_maker.h"

namespace lazulite::pipeline {

namespace {

LazyArray makeDeconvolve(StepInput& input) {
    const auto psf = psfNamed(input, "psf", "psf-voxel");
    if (!psf) return input.array;
    ops::DeconvolveOptions options;
    options.iterations = static_cast<int>(input.integer("iterations", options.iterations));
    options.background = input.number("background"); // "auto" is no number
    options.psfBackground = input.number("psf-background");
    options.otf = input.text("otf", "full") == "radial" ? ops::OtfKind::Radial : ops::OtfKind::Full;
    options.boundary =
        input.text("boundary", "reflect") == "periodic" ? ops::Boundary::Periodic : ops::Boundary::Reflect;
    options.backProjector = input.text("back-projector", "matched") == "matched"
                                ? ops::BackProjector::Matched
                                : ops::BackProjector::WienerButterworth;
    options.acceleration = input.boolean("acceleration", options.acceleration);
    options.totalVariation = input.number("total-variation", options.totalVariation);
    options.napodize = static_cast<int>(input.integer("napodize", options.napodize));
    options.fixOrigin = static_cast<int>(input.integer("fix-origin", options.fixOrigin));
    options.cleanUp = input.boolean("clean-up", options.cleanUp);
    options.wavelength = input.number("wavelength", options.wavelength);
    options.na = input.number("na", options.na);
    options.immersionIndex = input.number("immersion-index", options.immersionIndex);
    if (input.boolean("skewed", false)) {
        options.skewAngle = input.number("angle", input.surroundings.angle());
        if (!input.surroundings.skewed) {
            input.mistake("skewed",
                          "`skewed`: the data are deskewed before this step; move it before the deskew, or "
                          "leave `skewed` out");
        }
    }
    for (const std::string& note : ops::psfNotes(input.array, *psf, options)) {
        input.note += (input.note.empty() ? "" : ", ") + note;
    }
    return ops::deconvolve(input.array, *psf, options);
}

} // namespace

StepMaker restorationMaker(std::string_view op) {
    return op == "deconvolve" ? makeDeconvolve : nullptr;
}

} // namespace lazulite::pipeline
