#include "back_projector.h"

#include <oneapi/tbb/parallel_for.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "lazulite/compute/kernels/richardson_lucy.h"
#include "thread_buffer.h"

namespace lazulite::compute::cpu {

namespace {

double voxelsOf(const PairedFft& fft) {
    const auto [nz, ny, nx] = fft.layout().size;
    return static_cast<double>(nz * ny * nx);
}

/// The point spread function of an OTF, its centre on voxel 0.
bool backToSpace(const PairedFft& fft, const Complex* otf, Complex* volume, const std::stop_token& stop) {
    const PairedLayout& layout = fft.layout();
    oneapi::tbb::parallel_for(std::size_t{0}, fft.blocks().size(), [&](std::size_t b) {
        if (stop.stop_requested()) return;
        const ColumnBlock& block = fft.blocks()[b];
        auto* buffer = threadBuffer<Complex>(static_cast<std::size_t>(layout.bufferElements()));
        std::fill_n(buffer, layout.bufferElements(), Complex(0));
        for (Index kz = 0; kz < layout.size[0]; ++kz) {
            const Complex* from = otf + (block.index * layout.size[0] + kz) * layout.blockWidth;
            std::copy_n(from, block.count, buffer + kz * layout.bufferStride);
        }
        fft.store(block, buffer, volume);
    });
    oneapi::tbb::parallel_for(Index{0}, layout.pairs, [&](Index j) {
        fft.inverse(volume + j * layout.pairStride, threadBuffer<Complex>(fft.rowBufferElements()), stop);
    });
    return !stop.stop_requested();
}

/// Full width at half maximum of a line through the centre, which lies at element 0 and goes on at the far end.
template <typename At>
double fullWidth(Index size, const At& at) {
    const double half = 0.5 * at(0);
    const auto distance = [&](Index direction) {
        for (Index i = 1; 2 * i <= size; ++i) {
            const double before = at(((i - 1) * direction + size) % size);
            const double here = at((i * direction + size) % size);
            if (here < half) return static_cast<double>(i - 1) + (before - half) / (before - here);
        }
        return 0.5 * static_cast<double>(size);
    };
    return distance(1) + distance(-1);
}

/// Along z, y and x.
std::array<double, 3> widthsOf(const PairedLayout& layout, const Complex* volume) {
    const auto* numbers = reinterpret_cast<const float*>(volume);
    const auto value = [&](Index z, Index y, Index x) {
        return static_cast<double>(numbers[2 * (z / 2 * layout.pairStride + y * layout.rowStride + x) + z % 2]);
    };
    return {fullWidth(layout.size[0], [&](Index i) { return value(i, 0, 0); }),
            fullWidth(layout.size[1], [&](Index i) { return value(0, i, 0); }),
            fullWidth(layout.size[2], [&](Index i) { return value(0, 0, i); })};
}

/// |H| at a frequency of one axis, between its values.
double magnitudeAt(const PairedFft& fft, const Complex* otf, std::size_t axis, double frequency) {
    const PairedLayout& layout = fft.layout();
    const Index highest = layout.size[axis] / 2;
    const auto magnitude = [&](Index k) {
        std::array<Index, 3> place{};
        place[axis] = std::min(k, highest);
        const auto block = std::find_if(fft.blocks().begin(), fft.blocks().end(), [&](const ColumnBlock& candidate) {
            return candidate.ky == place[1] && place[2] >= candidate.kx && place[2] < candidate.kx + candidate.count;
        });
        const Complex* row = otf + (block->index * layout.size[0] + place[0]) * layout.blockWidth;
        return static_cast<double>(std::abs(row[place[2] - block->kx])) * voxelsOf(fft);
    };
    const auto below = static_cast<Index>(std::floor(frequency));
    const double fraction = frequency - static_cast<double>(below);
    return (1 - fraction) * magnitude(below) + fraction * magnitude(below + 1);
}

} // namespace

bool makeWienerButterworth(const PairedFft& fft, const Complex* otf, Complex* volume, Complex* back,
                           const std::stop_token& stop) {
    constexpr double kLeastGain = 1e-3;
    const PairedLayout& layout = fft.layout();
    if (!backToSpace(fft, otf, volume, stop)) return false;
    const std::array<double, 3> widths = widthsOf(layout, volume);
    std::array<double, 3> cutoff{};
    double gain = 0;
    int axes = 0;
    for (std::size_t axis = 0; axis < 3; ++axis) {
        if (layout.size[axis] == 1) {
            cutoff[axis] = 1;
            continue;
        }
        cutoff[axis] = static_cast<double>(layout.size[axis]) / widths[axis];
        gain += magnitudeAt(fft, otf, axis, cutoff[axis]);
        ++axes;
    }
    // Both filters are set by what the OTF leaves at the resolution limit.
    gain = std::max(kLeastGain, axes > 0 ? gain / axes : 1.0);
    const double wiener = gain / (gain * gain + gain);
    rl::WienerButterworth filter;
    filter.alpha = static_cast<float>(gain);
    filter.epsilon2 = static_cast<float>(std::max(0.0, wiener * wiener / (gain * gain) - 1));
    const auto voxels = static_cast<float>(voxelsOf(fft));
    const auto place = [&](Index k, std::size_t axis) {
        const Index frequency = 2 * k > layout.size[axis] ? k - layout.size[axis] : k;
        const double over = static_cast<double>(frequency) / cutoff[axis];
        return static_cast<float>(over * over);
    };
    oneapi::tbb::parallel_for(std::size_t{0}, fft.blocks().size(), [&](std::size_t b) {
        if (stop.stop_requested()) return;
        const ColumnBlock& block = fft.blocks()[b];
        for (Index kz = 0; kz < layout.size[0]; ++kz) {
            const Complex* from = otf + (block.index * layout.size[0] + kz) * layout.blockWidth;
            Complex* to = fft.filterRow(block, kz, back);
            const float outer = place(kz, 0) + place(block.ky, 1);
            for (Index i = 0; i < layout.blockWidth; ++i) {
                const float square = std::norm(from[i] * voxels);
                to[i] = i < block.count ? from[i] * filter.gain(square, outer + place(block.kx + i, 2)) : Complex(0);
            }
        }
    });
    return !stop.stop_requested();
}

} // namespace lazulite::compute::cpu
