#include <algorithm>
#include <cmath>
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

/// A part of a stack, and where voxels that the stack counts from 0 lie in it.
struct Part {
    Size3 begin{};
    Size3 size{};
    std::vector<float> values;
};

/// The box of the stack, its remaining background taken off.
Part cut(const PointSpread& psf, const std::array<Interval, 3>& box) {
    Part part;
    for (std::size_t axis = 0; axis < 3; ++axis) {
        part.begin[axis] = box[axis].begin;
        part.size[axis] = box[axis].size();
    }
    part.values.reserve(static_cast<std::size_t>(part.size[0] * part.size[1] * part.size[2]));
    for (Index z = box[0].begin; z < box[0].end; ++z) {
        for (Index y = box[1].begin; y < box[1].end; ++y) {
            const float* row = psf.values.data() + (z * psf.size[1] + y) * psf.size[2];
            for (Index x = box[2].begin; x < box[2].end; ++x) {
                part.values.push_back(row[x] - static_cast<float>(psf.pedestal));
            }
        }
    }
    return part;
}

/// Moves a part's content by less than a voxel, by phases: exact for what its voxels can show. False: stopped.
bool move(Part& part, const std::array<double, 3>& by, const std::stop_token& stop) {
    if (by == std::array<double, 3>{}) return true;
    std::vector<cpu::Complex> spectrum(part.values.begin(), part.values.end());
    if (!cpu::transformVolume(spectrum.data(), part.size, true, stop)) return false;
    std::array<std::vector<std::complex<double>>, 3> phases;
    for (std::size_t axis = 0; axis < 3; ++axis) {
        const Index size = part.size[axis];
        for (Index k = 0; k < size; ++k) {
            const double angle = -2 * std::numbers::pi * frequency(k, size) * by[axis] / static_cast<double>(size);
            // The highest frequency of an even size stands for both signs.
            phases[axis].push_back(2 * k == size ? std::complex<double>(std::cos(angle)) : std::polar(1.0, angle));
        }
    }
    const auto count = static_cast<double>(part.values.size());
    std::size_t i = 0;
    for (const auto& z : phases[0]) {
        for (const auto& y : phases[1]) {
            for (const auto& x : phases[2]) {
                spectrum[i] = cpu::Complex(std::complex<double>(spectrum[i]) * (z * y * x / count));
                ++i;
            }
        }
    }
    if (!cpu::transformVolume(spectrum.data(), part.size, false, stop)) return false;
    std::transform(spectrum.begin(), spectrum.end(), part.values.begin(),
                   [](cpu::Complex value) { return value.real(); });
    return true;
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

ImagePsf imagePsf(const PointSpread& psf, const Sampling& sampling, const Size3& grid, std::stop_token stop) {
    constexpr Index kMargin = 8; ///< voxels around what is sampled: for the taps, and for what moving carries round
    Size3 middle{};
    std::array<double, 3> step{};
    std::array<double, 3> toMiddle{};
    for (std::size_t axis = 0; axis < 3; ++axis) {
        middle[axis] = std::clamp<Index>(std::lround(psf.centre[axis]), 0, psf.size[axis] - 1);
        step[axis] = sampling.voxel[axis] / psf.voxel[axis];
        toMiddle[axis] = psf.size[axis] > 1 ? static_cast<double>(middle[axis]) - psf.centre[axis] : 0;
    }
    const Span z = spanOf(middle[0], psf.size[0], psf.extent[0], step[0], grid[0]);
    const Span y = spanOf(middle[1], psf.size[1], psf.extent[1], step[1], grid[1]);
    // Planes that are sheared sample columns further away.
    const auto sheared = static_cast<Index>(
        std::ceil(std::abs(sampling.shear) * static_cast<double>(std::max(-z.first, z.last)) - kSame));
    const Span own = spanOf(middle[2], psf.size[2], psf.extent[2], step[2], grid[2] + 2 * sheared);
    const Span x{-std::min(sheared - own.first, grid[2] / 2), std::min(sheared + own.last, (grid[2] - 1) / 2)};
    ImagePsf result{
        {z.first, y.first, x.first}, {z.last - z.first + 1, y.last - y.first + 1, x.last - x.first + 1}, {}};

    std::array<Interval, 3> box;
    const std::array<Span, 3> spans{z, y, own};
    for (std::size_t axis = 0; axis < 3; ++axis) {
        const auto place = [&](Index offset) {
            return middle[axis] + static_cast<Index>(std::lround(static_cast<double>(offset) * step[axis]));
        };
        box[axis] = {std::max<Index>(0, place(spans[axis].first) - kMargin),
                     std::min(psf.size[axis], place(spans[axis].last) + kMargin + 1)};
    }
    Part part = cut(psf, box);
    if (!move(part, toMiddle, stop)) return {};
    const auto along = [&](std::size_t axis, Index i, double moved) {
        return static_cast<double>(middle[axis] - part.begin[axis]) +
               (static_cast<double>(result.first[axis] + i) + moved) * step[axis];
    };
    std::vector<float> values = std::move(part.values);
    values = resampledAlong(values, 1, part.size[0], part.size[1] * part.size[2], result.size[0],
                            [&](Index, Index i) { return along(0, i, 0); });
    if (stop.stop_requested()) return {};
    values = resampledAlong(values, result.size[0], part.size[1], part.size[2], result.size[1],
                            [&](Index, Index i) { return along(1, i, 0); });
    if (stop.stop_requested()) return {};
    values = resampledAlong(values, result.size[0] * result.size[1], part.size[2], 1, result.size[2],
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
