#include "lazulite/compute/point_spread.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "lazulite/core/error.h"

namespace lazulite::compute {

namespace {

constexpr double kReachShare = 0.01; ///< of the peak
constexpr Index kRowsFromBead = 20;  ///< the background is measured so far from the centre

Index at(const Size3& size, Index z, Index y, Index x) {
    return (z * size[1] + y) * size[2] + x;
}

std::vector<float> valuesOf(const Block& stack) {
    const Region& region = stack.region();
    std::vector<float> values(static_cast<std::size_t>(region.elementCount()));
    auto out = values.begin();
    visitType(stack.dtype(), [&](auto t) {
        using T = typename decltype(t)::type;
        const Strides& strides = stack.strides();
        for (Index z = 0; z < region[0].size(); ++z) {
            for (Index y = 0; y < region[1].size(); ++y) {
                for (Index x = 0; x < region[2].size(); ++x) {
                    const std::byte* place = stack.data() + z * strides[0] + y * strides[1] + x * strides[2];
                    *out++ = static_cast<float>(*reinterpret_cast<const T*>(place));
                }
            }
        }
    });
    return values;
}

/// The vertex of the parabola through (-1, before), (0, here), (1, behind); 0 where there is none nearby.
double vertex(double before, double here, double behind) {
    constexpr double kFarthest = 1.5;
    const double curve = before + behind - 2 * here;
    if (curve == 0) return 0;
    const double place = -0.5 * (behind - before) / curve;
    return std::abs(place) > kFarthest ? 0 : place;
}

std::array<double, 3> centreOf(const PointSpread& psf, Index peak) {
    const std::array<Index, 3> steps{psf.size[1] * psf.size[2], psf.size[2], 1};
    std::array<double, 3> centre{};
    for (std::size_t axis = 0; axis < 3; ++axis) {
        const Index size = psf.size[axis];
        const Index place = peak / steps[axis] % size;
        const auto neighbour = [&](Index other) {
            const Index wrapped = (other + size) % size;
            return static_cast<double>(psf.values[static_cast<std::size_t>(peak + (wrapped - place) * steps[axis])]);
        };
        centre[axis] =
            static_cast<double>(place) + vertex(neighbour(place - 1), neighbour(place), neighbour(place + 1));
    }
    return centre;
}

/// The mean of the plane of the bead over the rows that lie well above it.
double backgroundOf(const PointSpread& psf, bool compatible) {
    const double rowsAbove = psf.centre[1] - static_cast<double>(kRowsFromBead);
    const auto rows = std::clamp<Index>(static_cast<Index>(std::ceil(rowsAbove)), 0, psf.size[1]);
    if (rows == 0) { // a small stack: what is lowest
        return *std::min_element(psf.values.begin(), psf.values.end());
    }
    const Index plane = std::clamp<Index>(static_cast<Index>(std::floor(psf.centre[0])), 0, psf.size[0] - 1);
    const float* first = psf.values.data() + at(psf.size, plane, 0, 0);
    double sum = 0;
    for (Index i = 0; i < rows * psf.size[2]; ++i) sum += static_cast<double>(first[i]);
    return sum / ((compatible ? rowsAbove : static_cast<double>(rows)) * static_cast<double>(psf.size[2]));
}

/// Means of three neighbours along an axis, edges repeated.
void smooth(std::vector<float>& values, const Size3& size, std::size_t axis) {
    if (size[axis] < 2) return;
    const std::array<Index, 3> steps{size[1] * size[2], size[2], 1};
    const std::vector<float> before = values;
    for (std::size_t i = 0; i < values.size(); ++i) {
        const Index place = static_cast<Index>(i) / steps[axis] % size[axis];
        const Index step = steps[axis];
        const float left = before[place > 0 ? i - static_cast<std::size_t>(step) : i];
        const float right = before[place + 1 < size[axis] ? i + static_cast<std::size_t>(step) : i];
        values[i] = (left + before[i] + right) / 3;
    }
}

Size3 measuredReach(const PointSpread& psf) {
    std::vector<float> smoothed = psf.values;
    for (std::size_t axis = 0; axis < 3; ++axis) smooth(smoothed, psf.size, axis);
    const float threshold = static_cast<float>(kReachShare) * *std::max_element(smoothed.begin(), smoothed.end());
    Size3 reach{};
    std::size_t i = 0;
    for (Index z = 0; z < psf.size[0]; ++z) {
        for (Index y = 0; y < psf.size[1]; ++y) {
            for (Index x = 0; x < psf.size[2]; ++x, ++i) {
                if (smoothed[i] < threshold) continue;
                const std::array<Index, 3> place{z, y, x};
                for (std::size_t axis = 0; axis < 3; ++axis) {
                    const double away = std::abs(static_cast<double>(place[axis]) - psf.centre[axis]);
                    reach[axis] = std::max(reach[axis], static_cast<Index>(std::ceil(away)));
                }
            }
        }
    }
    for (std::size_t axis = 0; axis < 3; ++axis) reach[axis] = std::min(reach[axis], psf.size[axis] - 1);
    return reach;
}

} // namespace

PointSpread understoodPsf(const Block& stack, const Voxel& voxel, const PointSpreadOptions& options) {
    constexpr double kCompatibleOffset = 0.6; // planes
    PointSpread psf;
    const Shape shape = stack.shape();
    psf.size = {shape[0], shape[1], shape[2]};
    psf.voxel = voxel;
    psf.values = valuesOf(stack);
    Index peak = 0;
    for (std::size_t i = 0; i < psf.values.size(); ++i) {
        if (!std::isfinite(psf.values[i])) {
            const auto index = static_cast<Index>(i);
            throw Failure(fmt::format(
                "the PSF holds a value that is no number (z {}, y {}, x {}); mend the file or measure another",
                index / (psf.size[1] * psf.size[2]), index / psf.size[2] % psf.size[1], index % psf.size[2]));
        }
        if (psf.values[i] > psf.values[static_cast<std::size_t>(peak)]) peak = static_cast<Index>(i);
    }
    psf.centre = centreOf(psf, peak);
    if (options.compatible) psf.centre[0] += kCompatibleOffset;
    psf.background = options.background ? *options.background : backgroundOf(psf, options.compatible);
    double sum = 0;
    for (float& value : psf.values) sum += static_cast<double>(value -= static_cast<float>(psf.background));
    const float highest = psf.values[static_cast<std::size_t>(peak)];
    if (highest <= 0) {
        throw Failure(
            fmt::format("the PSF holds nothing above its background: its highest value is {:.6g}, the "
                        "background {:.6g}; give another background or another PSF",
                        static_cast<double>(highest) + psf.background, psf.background));
    }
    if (sum <= 0) {
        throw Failure(
            fmt::format("the PSF sums to {:.6g} when its background of {:.6g} is taken off, so it blurs "
                        "nothing; give a lower background or another PSF",
                        sum, psf.background));
    }
    psf.reach = measuredReach(psf);
    return psf;
}

Size3 reachOn(const PointSpread& psf, const Sampling& sampling) {
    Size3 reach{};
    for (std::size_t axis = 0; axis < 3; ++axis) {
        const double length = static_cast<double>(psf.reach[axis]) * psf.voxel[axis];
        reach[axis] = static_cast<Index>(std::ceil(length / sampling.voxel[axis] - 1e-6));
    }
    reach[2] += static_cast<Index>(std::ceil(std::abs(sampling.shear) * static_cast<double>(reach[0]) - 1e-6));
    return reach;
}

} // namespace lazulite::compute
