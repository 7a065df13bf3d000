#include "blur.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numbers>

#include "lazulite/core/error.h"
#include "lazulite/core/units.h"

namespace lazulite::ops {

namespace {

constexpr std::array<const char*, 3> kNames{"z", "y", "x"};

std::string sizeText(const compute::Size3& size) {
    return fmt::format("{} x {} x {}", size[0], size[1], size[2]);
}

std::string voxelText(const compute::Voxel& voxel) {
    return fmt::format("{} x {} x {} um", numberText(voxel[0], 4), numberText(voxel[1], 4), numberText(voxel[2], 4));
}

compute::Size3 sizeOf(const LazyArray& array) {
    compute::Size3 size{};
    for (std::size_t axis = 0; axis < 3; ++axis) {
        const auto index = findAxis(array.axes(), kNames[axis]);
        size[axis] = index ? array.axes()[*index].size : 1;
    }
    return size;
}

/// How the array samples space, along its planes and, where it is skewed, from plane to plane.
compute::Sampling samplingOf(const LazyArray& array, const DeconvolveOptions& options) {
    compute::Sampling sampling;
    for (std::size_t axis = 0; axis < 3; ++axis) {
        const auto index = findAxis(array.axes(), kNames[axis]);
        if (!index || array.axes()[*index].size == 1) {
            sampling.voxel[axis] = 0; // single: any
            continue;
        }
        const auto micrometres = micrometresPer(array.axes()[*index].unit);
        if (!micrometres || !(array.axes()[*index].spacing > 0)) {
            throw Failure(
                fmt::format("deconvolve: the data do not say how large their voxels are along {}; give "
                            "--voxel z,y,x in um",
                            kNames[axis]));
        }
        sampling.voxel[axis] = array.axes()[*index].spacing * *micrometres;
    }
    if (!options.skewAngle || sampling.voxel[0] == 0) return sampling;
    double radians = *options.skewAngle * std::numbers::pi / 180;
    if (radians < 0) radians += std::numbers::pi;
    if (std::abs(std::sin(radians)) < 1e-3) {
        throw Failure(fmt::format("deconvolve: a skew of {} degrees leaves no depth", *options.skewAngle));
    }
    sampling.shear = std::cos(radians) * sampling.voxel[0] / sampling.voxel[2];
    sampling.voxel[0] *= std::abs(std::sin(radians));
    return sampling;
}

void checkVoxel(const compute::Voxel& voxel) {
    for (const double length : voxel) {
        if (!(length > 0) || !std::isfinite(length)) {
            throw Failure(
                fmt::format("deconvolve: a PSF with voxels of {} makes no sense; give psf-voxel = [z, y, x] in um",
                            voxelText(voxel)));
        }
    }
}

void checkPlanes(std::int64_t psfPlanes, std::int64_t planes) {
    if (psfPlanes == 1 && planes > 1) {
        throw Failure(
            fmt::format("deconvolve: the PSF is a single plane, but the data are stacks of {} planes; give a "
                        "PSF that was measured as a stack",
                        planes));
    }
    if (psfPlanes > 1 && planes == 1) {
        throw Failure(
            fmt::format("deconvolve: the PSF is a stack of {} planes, but the data are single planes; give a "
                        "PSF of one plane, such as the middle one of the stack",
                        psfPlanes));
    }
}

/// The stack as rank 3.
Block asStack(const Block& block) {
    Shape shape = block.shape();
    Strides strides = block.strides();
    while (shape.size() > 3 && shape.front() == 1) {
        shape.erase(shape.begin());
        strides.erase(strides.begin());
    }
    while (shape.size() < 3) {
        shape.insert(shape.begin(), 1);
        strides.insert(strides.begin(), 0);
    }
    if (shape.size() > 3) {
        throw Failure("deconvolve: the PSF has more axes than z, y and x; save one stack of one channel as a file");
    }
    return block.relabelled(Region::whole(shape), std::move(strides));
}

compute::RadialOptions radialOptions(const DeconvolveOptions& options) {
    return {.fixOrigin = options.fixOrigin,
            .cleanUp = options.cleanUp,
            .wavelength = options.wavelength,
            .na = options.na,
            .immersionIndex = options.immersionIndex};
}

/// What became of a PSF on the voxels of the data.
void note(const compute::PointSpread& psf, const compute::Sampling& sampling, const compute::Size3& image,
          std::vector<std::string>& notes) {
    bool resampled = sampling.shear != 0;
    for (std::size_t axis = 0; axis < 3; ++axis) {
        if (std::abs(psf.voxel[axis] / sampling.voxel[axis] - 1) > 1e-6) resampled = true;
    }
    if (resampled) {
        notes.push_back(fmt::format("PSF resampled from voxels of {} to {}{}", voxelText(psf.voxel),
                                    voxelText(sampling.voxel), sampling.shear != 0 ? ", and skewed as the data" : ""));
    }
    if (psf.trimmed) {
        notes.push_back(
            fmt::format("used within {} voxels of its peak, for beyond there is only noise", sizeText(psf.extent)));
    }
    for (std::size_t axis = 0; axis < 3; ++axis) {
        const auto taken = static_cast<double>(std::min(psf.size[axis], 2 * psf.extent[axis] + 1));
        if (taken * psf.voxel[axis] / sampling.voxel[axis] <= static_cast<double>(image[axis]) + 1) continue;
        notes.push_back(
            fmt::format("PSF ({} voxels) is larger than the data ({}): what does not fit is cut off "
                        "about its peak",
                        sizeText(psf.size), sizeText(image)));
        break;
    }
}

} // namespace

bool holdsOtf(const Block& plane) {
    return compute::isRadialOtf(plane);
}

FittedBlur blurOf(const LazyArray& array, const Psf& psf, const DeconvolveOptions& options) {
    FittedBlur fitted;
    if (!psf.stack) throw Failure("deconvolve: there is no PSF; give one");
    checkVoxel(psf.voxel);
    const compute::Size3 image = sizeOf(array);
    compute::Sampling sampling = samplingOf(array, options);
    for (std::size_t axis = 0; axis < 3; ++axis) {
        if (sampling.voxel[axis] == 0) sampling.voxel[axis] = psf.voxel[axis];
    }
    const bool radial = psf.isOtf || options.otf == OtfKind::Radial;
    fitted.blur.sampling = sampling;
    fitted.blur.identity =
        fmt::format("{} {} voxel={} {} {} on {} {} {} shear={} background={}", psf.identity,
                    psf.isOtf ? "otf" : (radial ? "radial" : "full"), psf.voxel[0], psf.voxel[1], psf.voxel[2],
                    sampling.voxel[0], sampling.voxel[1], sampling.voxel[2], sampling.shear,
                    options.psfBackground ? fmt::format("{}", *options.psfBackground) : "auto");
    if (radial && !psf.isOtf) {
        fitted.blur.identity += fmt::format(" origin={} clean={} {} {} {}", options.fixOrigin, options.cleanUp,
                                            options.wavelength, options.na, options.immersionIndex);
    }
    if (psf.isOtf) {
        auto otf = std::make_shared<compute::RadialOtf>(compute::radialOtfFromFile(psf.stack, psf.voxel));
        checkPlanes(otf->planes, image[0]);
        fitted.blur.reach = compute::reachOn(*otf, sampling);
        fitted.blur.source = std::move(otf);
        return fitted;
    }
    auto stack = std::make_shared<compute::PointSpread>(
        compute::understoodPsf(asStack(psf.stack), psf.voxel, {.background = options.psfBackground}));
    checkPlanes(stack->size[0], image[0]);
    if (!radial) note(*stack, sampling, image, fitted.notes);
    fitted.blur.reach = compute::reachOn(*stack, sampling);
    if (radial) {
        fitted.blur.source =
            std::make_shared<const compute::RadialOtf>(compute::radialOtf(*stack, radialOptions(options)));
    } else {
        fitted.blur.source = std::shared_ptr<const compute::PointSpread>(std::move(stack));
    }
    return fitted;
}

} // namespace lazulite::ops
