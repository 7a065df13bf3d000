#include <fmt/format.h>

#include <algorithm>

#include "commands.h"
#include "input.h"
#include "lazulite/compute/point_spread.h"
#include "lazulite/core/error.h"
#include "lazulite/graph/executor.h"
#include "messages.h"
#include "output.h"

namespace lazulite::cli {
namespace {

struct Stack {
    Block values; ///< z, y, x
    Axes axes;
};

/// The PSF's values. Throws Failure where it is anything but one stack.
Stack readStack(const InputOptions& options) {
    const Input input = openInput(options);
    Stack stack;
    Shape shape;
    for (const Axis& axis : input.array.axes()) {
        if (axis.size == 1) continue;
        stack.axes.push_back(axis);
        shape.push_back(axis.size);
    }
    if (shape.size() != 3) {
        throw Failure(
            Error{Error::Kind::BadArgument,
                  fmt::format("holds {} axes of more than one element; a PSF is one stack (z, y, x)", shape.size()),
                  options.paths.front(),
                  {}});
    }
    graph::Executor executor({.memoryLimit = options.memoryLimit, .threads = options.threads});
    const graph::Outcome outcome = executor.run(
        {.array = input.array, .region = Region::whole(input.array.shape()), .label = "PSF", .keep = false});
    if (!outcome.block) throw Failure(outcome.block.error());
    Strides strides;
    for (std::size_t i = 0; i < input.array.rank(); ++i) {
        if (input.array.axes()[i].size > 1) strides.push_back(outcome.block->strides()[i]);
    }
    stack.values = outcome.block->relabelled(Region::whole(shape), strides);
    return stack;
}

/// Its voxel (z, y, x). Only the clean-up needs lengths.
compute::Voxel voxelOf(const Axes& axes, bool needed) {
    compute::Voxel voxel{1, 1, 1};
    for (std::size_t i = 0; i < voxel.size(); ++i) {
        if (axes[i].unit == "um") {
            voxel[i] = axes[i].spacing;
        } else if (needed) {
            throw Failure("--clean-up: the PSF's file does not say how large its voxels are; give --voxel z,y,x in um");
        }
    }
    return voxel;
}

} // namespace

int otfCommand(const OtfOptions& options) {
    checkOutput(options.output);
    const Stack stack = readStack(options.input);
    const compute::Voxel voxel = voxelOf(stack.axes, options.radial.cleanUp);
    const compute::PointSpread psf =
        compute::understoodPsf(stack.values, voxel, {options.background, options.compatible});
    tellDetail(fmt::format("the bead's centre lies at plane {:.2f}, row {:.2f}, column {:.2f}; background {:.1f}",
                           psf.centre[0], psf.centre[1], psf.centre[2], psf.background));
    const compute::RadialOtf otf = compute::radialOtf(psf, options.radial);
    writeArray(options.output, compute::fileOf(otf),
               {{"z", 1, 1, "", {}}, {"y", otf.radii, 1, "", {}}, {"x", 2 * otf.planes, 1, "", {}}});
    tellDetail(fmt::format("{} radii x {} planes -> {}", otf.radii, otf.planes, options.output));
    return kExitDone;
}

} // namespace lazulite::cli
