#include "back_projector.h"

#include <oneapi/tbb/parallel_for.h>

#include <algorithm>
#include <complex>

#include "../back_projector_design.h"
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

/// The point spread function through its centre.
AlongAxes linesOf(const PairedLayout& layout, const Complex* volume) {
    const auto* numbers = reinterpret_cast<const float*>(volume);
    AlongAxes lines;
    for (std::size_t axis = 0; axis < 3; ++axis) {
        for (Index i = 0; i < layout.size[axis]; ++i) {
            Size3 at{};
            at[axis] = i;
            const Index place = at[0] / 2 * layout.pairStride + at[1] * layout.rowStride + at[2];
            lines[axis].push_back(static_cast<double>(numbers[2 * place + at[0] % 2]));
        }
    }
    return lines;
}

/// |H| along the axes.
AlongAxes magnitudesOf(const PairedFft& fft, const Complex* otf) {
    const PairedLayout& layout = fft.layout();
    AlongAxes magnitudes;
    for (std::size_t axis = 0; axis < 3; ++axis) {
        for (Index k = 0; k <= layout.size[axis] / 2; ++k) {
            Size3 at{};
            at[axis] = k;
            const auto block =
                std::find_if(fft.blocks().begin(), fft.blocks().end(), [&](const ColumnBlock& candidate) {
                    return candidate.ky == at[1] && at[2] >= candidate.kx && at[2] < candidate.kx + candidate.count;
                });
            const Complex* row = otf + (block->index * layout.size[0] + at[0]) * layout.blockWidth;
            magnitudes[axis].push_back(static_cast<double>(std::abs(row[at[2] - block->kx])) * voxelsOf(fft));
        }
    }
    return magnitudes;
}

} // namespace

bool makeWienerButterworth(const PairedFft& fft, const Complex* otf, Complex* volume, Complex* back,
                           const std::stop_token& stop) {
    const PairedLayout& layout = fft.layout();
    if (!backToSpace(fft, otf, volume, stop)) return false;
    const BackProjectorDesign design = designBackProjector(linesOf(layout, volume), magnitudesOf(fft, otf));
    const auto voxels = static_cast<float>(voxelsOf(fft));
    const auto place = [&](Index k, std::size_t axis) {
        return rl::overCutoff(k, layout.size[axis], design.cutoff[axis]);
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
                to[i] =
                    i < block.count ? from[i] * design.filter.gain(square, outer + place(block.kx + i, 2)) : Complex(0);
            }
        }
    });
    return !stop.stop_requested();
}

} // namespace lazulite::compute::cpu
