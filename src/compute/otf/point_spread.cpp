#include "lazulite/compute/point_spread.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "lazulite/core/error.h"
#include "lazulite/core/region.h"

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

/// Means of three neighbours along an axis; beyond the edges there is nothing.
void smooth(std::vector<float>& values, const Size3& size, std::size_t axis) {
    if (size[axis] < 2) return;
    const std::array<Index, 3> steps{size[1] * size[2], size[2], 1};
    const std::vector<float> before = values;
    for (std::size_t i = 0; i < values.size(); ++i) {
        const Index place = static_cast<Index>(i) / steps[axis] % size[axis];
        const Index step = steps[axis];
        const float left = place > 0 ? before[i - static_cast<std::size_t>(step)] : 0;
        const float right = place + 1 < size[axis] ? before[i + static_cast<std::size_t>(step)] : 0;
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

/// The standard deviation of the noise beyond the reach, from second differences, which smooth light has next to none
/// of; 0 where too little lies there.
double noiseOf(const PointSpread& psf) {
    constexpr std::size_t kLeastSamples = 256;
    constexpr Index kMostSamples = 100000;
    constexpr double kOfMedian = 1 / (0.6745 * 2.4495); // of second differences of normally distributed noise
    const Index step = 1 + psf.size[0] * psf.size[1] * psf.size[2] / kMostSamples;
    std::vector<float> differences;
    for (Index i = 1; i + 1 < static_cast<Index>(psf.values.size()); i += step) {
        const std::array<Index, 3> place{i / (psf.size[1] * psf.size[2]), i / psf.size[2] % psf.size[1],
                                         i % psf.size[2]};
        if (place[2] == 0 || place[2] + 1 == psf.size[2]) continue;
        bool beyond = false;
        for (std::size_t axis = 0; axis < 3; ++axis) {
            const double away = std::abs(static_cast<double>(place[axis]) - psf.centre[axis]);
            beyond = beyond || away > static_cast<double>(psf.reach[axis]) + 1;
        }
        if (!beyond) continue;
        const float* value = psf.values.data() + i;
        differences.push_back(std::abs(value[-1] - 2 * value[0] + value[1]));
    }
    if (differences.size() < kLeastSamples) return 0;
    const auto middle = differences.begin() + static_cast<std::ptrdiff_t>(differences.size() / 2);
    std::nth_element(differences.begin(), middle, differences.end());
    return kOfMedian * static_cast<double>(*middle);
}

/// Calls visit(value, on the surface) for the voxels of the box that the extent spans.
template <typename Visit>
void forEachTaken(const PointSpread& psf, const Visit& visit) {
    std::array<Interval, 3> box;
    for (std::size_t axis = 0; axis < 3; ++axis) {
        const auto middle = static_cast<Index>(std::lround(psf.centre[axis]));
        box[axis] = {std::max<Index>(0, middle - psf.extent[axis]),
                     std::min(psf.size[axis], middle + psf.extent[axis] + 1)};
    }
    const auto surface = [&](std::size_t axis, Index place) {
        return box[axis].size() > 1 && (place == box[axis].begin || place == box[axis].end - 1);
    };
    for (Index z = box[0].begin; z < box[0].end; ++z) {
        for (Index y = box[1].begin; y < box[1].end; ++y) {
            for (Index x = box[2].begin; x < box[2].end; ++x) {
                visit(static_cast<double>(psf.values[static_cast<std::size_t>(at(psf.size, z, y, x))]),
                      surface(0, z) || surface(1, y) || surface(2, x));
            }
        }
    }
}

/// How much of the stack is taken.
void setExtent(PointSpread& psf, double highest, bool backgroundGiven) {
    constexpr double kMostNoise = 1e-4; // of the peak
    psf.extent = psf.size;
    psf.trimmed = noiseOf(psf) > kMostNoise * highest;
    if (!psf.trimmed) return;
    for (std::size_t axis = 0; axis < 3; ++axis)
        psf.extent[axis] = std::min(psf.size[axis], psf.reach[axis] * 3 / 2 + 2);
    if (backgroundGiven) return;
    double sum = 0;
    double count = 0;
    forEachTaken(psf, [&](double value, bool surface) {
        if (!surface) return;
        sum += value;
        count += 1;
    });
    psf.pedestal = count > 0 ? sum / count : 0;
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
    for (float& value : psf.values) value -= static_cast<float>(psf.background);
    const float highest = psf.values[static_cast<std::size_t>(peak)];
    if (highest <= 0) {
        throw Failure(
            fmt::format("the PSF holds nothing above its background: its highest value is {:.6g}, the "
                        "background {:.6g}; give another background or another PSF",
                        static_cast<double>(highest) + psf.background, psf.background));
    }
    psf.reach = measuredReach(psf);
    setExtent(psf, static_cast<double>(highest), options.background.has_value());
    double sum = 0;
    forEachTaken(psf, [&](double value, bool) { sum += value - psf.pedestal; });
    if (sum <= 0) {
        throw Failure(
            fmt::format("the PSF sums to {:.6g} when its background of {:.6g} is taken off, so it blurs "
                        "nothing; give a lower background or another PSF",
                        sum, psf.background));
    }
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
