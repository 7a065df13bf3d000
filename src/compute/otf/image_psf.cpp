#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>

#include "../cpu/fft/volume_fft.h"
#include "lazulite/compute/point_spread.h"

namespace lazulite::compute {

namespace {

constexpr double kSame = 1e-6; ///< voxels that differ by less are the same

/// Signed frequency of element k.
double frequency(Index k, Index size) {
    return static_cast<double>(k > size / 2 ? k - size : k);
}

/// The stack moved so that its centre lies on voxel `target`, by phases: exact for what its voxels can show.
std::vector<float> centredOn(const PointSpread& psf, const Size3& target) {
    std::vector<cpu::Complex> spectrum(psf.values.begin(), psf.values.end());
    cpu::transformVolume(spectrum.data(), psf.size, true);
    std::array<std::vector<std::complex<double>>, 3> phases;
    for (std::size_t axis = 0; axis < 3; ++axis) {
        const Index size = psf.size[axis];
        const double moved = psf.centre[axis] - static_cast<double>(target[axis]);
        for (Index k = 0; k < size; ++k) {
            const double angle = 2 * std::numbers::pi * frequency(k, size) * moved / static_cast<double>(size);
            // The highest frequency of an even size stands for both signs.
            phases[axis].push_back(2 * k == size ? std::complex<double>(std::cos(angle)) : std::polar(1.0, angle));
        }
    }
    const auto count = static_cast<double>(psf.values.size());
    std::size_t i = 0;
    for (const auto& z : phases[0]) {
        for (const auto& y : phases[1]) {
            for (const auto& x : phases[2]) {
                spectrum[i] = cpu::Complex(std::complex<double>(spectrum[i]) * (z * y * x / count));
                ++i;
            }
        }
    }
    cpu::transformVolume(spectrum.data(), psf.size, false);
    std::vector<float> values(spectrum.size());
    std::transform(spectrum.begin(), spectrum.end(), values.begin(), [](cpu::Complex value) { return value.real(); });
    return values;
}

/// Weights of the neighbours of a place between voxels.
struct Taps {
    static constexpr Index kLobes = 3;
    Index first = 0;
    std::array<double, 2 * kLobes> weights{};

    explicit Taps(double place) {
        const double whole = std::floor(place + kSame);
        first = static_cast<Index>(whole) - kLobes + 1;
        const double fraction = std::max(0.0, place - whole);
        if (fraction < kSame) {
            weights[kLobes - 1] = 1;
            return;
        }
        double sum = 0;
        for (std::size_t i = 0; i < weights.size(); ++i) {
            const double t = std::numbers::pi * (static_cast<double>(i) - (kLobes - 1) - fraction);
            weights[i] = kLobes * std::sin(t) * std::sin(t / kLobes) / (t * t);
            sum += weights[i];
        }
        for (double& weight : weights) weight /= sum;
    }
};

/// Offsets along an axis that lie inside the stack, the extent and the grid.
struct Span {
    Index first = 0;
    Index last = 0;
};

Span spanOf(Index centre, Index size, Index extent, double step, Index grid) {
    const auto offsets = [&](Index voxels) {
        return static_cast<Index>(std::floor(static_cast<double>(std::min(voxels, extent)) / step + kSame));
    };
    const Index before = offsets(centre);
    const Index behind = offsets(size - 1 - centre);
    return {-std::min(before, grid / 2), std::min(behind, (grid - 1) / 2)};
}

/// Resamples along one axis of a dense volume: element i of the result samples `place(outer, i)`, where outer counts
/// the elements of the slower axes.
template <typename Place>
std::vector<float> resampledAlong(const std::vector<float>& values, Index outer, Index size, Index inner, Index newSize,
                                  const Place& place) {
    std::vector<float> result(static_cast<std::size_t>(outer * newSize * inner), 0.0F);
    for (Index o = 0; o < outer; ++o) {
        for (Index i = 0; i < newSize; ++i) {
            const Taps taps(place(o, i));
            float* to = result.data() + (o * newSize + i) * inner;
            for (std::size_t t = 0; t < taps.weights.size(); ++t) {
                const Index from = taps.first + static_cast<Index>(t);
                if (from < 0 || from >= size || taps.weights[t] == 0) continue;
                const auto weight = static_cast<float>(taps.weights[t]);
                const float* row = values.data() + (o * size + from) * inner;
                for (Index k = 0; k < inner; ++k) to[k] += weight * row[k];
            }
        }
    }
    return result;
}

} // namespace

ImagePsf imagePsf(const PointSpread& psf, const Sampling& sampling, const Size3& grid) {
    Size3 middle{};
    std::array<double, 3> step{};
    for (std::size_t axis = 0; axis < 3; ++axis) {
        middle[axis] = std::clamp<Index>(std::lround(psf.centre[axis]), 0, psf.size[axis] - 1);
        step[axis] = sampling.voxel[axis] / psf.voxel[axis];
    }
    std::vector<float> values = centredOn(psf, middle);
    for (float& value : values) value -= static_cast<float>(psf.pedestal);

    const Span z = spanOf(middle[0], psf.size[0], psf.extent[0], step[0], grid[0]);
    const Span y = spanOf(middle[1], psf.size[1], psf.extent[1], step[1], grid[1]);
    // Planes that are sheared sample columns further away.
    const auto sheared = static_cast<Index>(
        std::ceil(std::abs(sampling.shear) * static_cast<double>(std::max(-z.first, z.last)) - kSame));
    Span x = spanOf(middle[2], psf.size[2], psf.extent[2], step[2], std::numeric_limits<Index>::max());
    x = {-std::min(sheared - x.first, grid[2] / 2), std::min(sheared + x.last, (grid[2] - 1) / 2)};
    ImagePsf result{
        {z.first, y.first, x.first}, {z.last - z.first + 1, y.last - y.first + 1, x.last - x.first + 1}, {}};
    const auto along = [&](std::size_t axis, Index i, double moved) {
        return static_cast<double>(middle[axis]) + (static_cast<double>(result.first[axis] + i) + moved) * step[axis];
    };
    values = resampledAlong(values, 1, psf.size[0], psf.size[1] * psf.size[2], result.size[0],
                            [&](Index, Index i) { return along(0, i, 0); });
    values = resampledAlong(values, result.size[0], psf.size[1], psf.size[2], result.size[1],
                            [&](Index, Index i) { return along(1, i, 0); });
    values = resampledAlong(values, result.size[0] * result.size[1], psf.size[2], 1, result.size[2],
                            [&](Index row, Index i) {
                                const Index plane = result.first[0] + row / result.size[1];
                                return along(2, i, sampling.shear * static_cast<double>(plane));
                            });
    double sum = 0;
    for (const float value : values) sum += static_cast<double>(value);
    for (float& value : values) value = static_cast<float>(static_cast<double>(value) / sum);
    result.values = std::move(values);
    return result;
}

} // namespace lazulite::compute
