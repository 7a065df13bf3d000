#include "filter.h"

#include <oneapi/tbb/parallel_for.h>

#include <algorithm>

#include "thread_buffer.h"

namespace lazulite::compute::cpu {

namespace {

float scaleOf(const PairedFft& fft) {
    const auto [nz, ny, nx] = fft.layout().size;
    return 1.0F / static_cast<float>(nz * ny * nx);
}

Index wrapped(Index offset, Index size) {
    return offset < 0 ? offset + size : offset;
}

/// Puts the point spread function onto an empty grid, its centre on voxel 0.
void place(const ImagePsf& psf, const PairedLayout& layout, Complex* volume) {
    std::fill(volume, volume + layout.elements(), Complex(0));
    auto* numbers = reinterpret_cast<float*>(volume);
    std::size_t i = 0;
    for (Index z = 0; z < psf.size[0]; ++z) {
        const Index plane = wrapped(psf.first[0] + z, layout.size[0]);
        for (Index y = 0; y < psf.size[1]; ++y) {
            const Index row = wrapped(psf.first[1] + y, layout.size[1]);
            for (Index x = 0; x < psf.size[2]; ++x, ++i) {
                const Index column = wrapped(psf.first[2] + x, layout.size[2]);
                numbers[2 * (plane / 2 * layout.pairStride + row * layout.rowStride + column) + plane % 2] =
                    psf.values[i];
            }
        }
    }
}

bool filterOf(const ImagePsf& psf, const PairedFft& fft, Complex* volume, Complex* filter,
              const std::stop_token& stop) {
    const PairedLayout& layout = fft.layout();
    const float scale = scaleOf(fft);
    place(psf, layout, volume);
    oneapi::tbb::parallel_for(Index{0}, layout.pairs, [&](Index j) {
        fft.forward(volume + j * layout.pairStride, threadBuffer<Complex>(fft.rowBufferElements()), stop);
    });
    oneapi::tbb::parallel_for(std::size_t{0}, fft.blocks().size(), [&](std::size_t b) {
        if (stop.stop_requested()) return;
        const ColumnBlock& block = fft.blocks()[b];
        auto* buffer = threadBuffer<Complex>(static_cast<std::size_t>(fft.layout().bufferElements()));
        fft.load(block, volume, buffer);
        for (Index kz = 0; kz < layout.size[0]; ++kz) {
            const Complex* from = fft.bufferRow(kz, buffer);
            Complex* to = fft.filterRow(block, kz, filter);
            for (Index i = 0; i < layout.blockWidth; ++i) to[i] = from[i] * scale;
        }
    });
    return !stop.stop_requested();
}

bool filterOf(const RadialOtf& otf, const Sampling& sampling, const PairedFft& fft, Complex* filter,
              const std::stop_token& stop) {
    const PairedLayout& layout = fft.layout();
    const Size3& size = layout.size;
    const RadialInterpolation interpolation(otf, sampling, size);
    const float scale = scaleOf(fft);
    const auto signedOf = [](Index k, Index n) { return k > n / 2 ? k - n : k; };
    oneapi::tbb::parallel_for(std::size_t{0}, fft.blocks().size(), [&](std::size_t b) {
        if (stop.stop_requested()) return;
        const ColumnBlock& block = fft.blocks()[b];
        for (Index kz = 0; kz < size[0]; ++kz) {
            Complex* to = fft.filterRow(block, kz, filter);
            for (Index i = 0; i < layout.blockWidth; ++i) {
                to[i] = i < block.count ? scale * interpolation.at(signedOf(kz, size[0]), signedOf(block.ky, size[1]),
                                                                   signedOf(block.kx + i, size[2]))
                                        : Complex(0);
            }
        }
    });
    return !stop.stop_requested();
}

} // namespace

bool makeFilter(const Blur& blur, const PairedFft& fft, Complex* volume, Complex* filter, const std::stop_token& stop) {
    if (const auto* psf = std::get_if<std::shared_ptr<const PointSpread>>(&blur.source)) {
        const ImagePsf onImage = imagePsf(**psf, blur.sampling, fft.layout().size, stop);
        return !stop.stop_requested() && filterOf(onImage, fft, volume, filter, stop);
    }
    return filterOf(*std::get<std::shared_ptr<const RadialOtf>>(blur.source), blur.sampling, fft, filter, stop);
}

} // namespace lazulite::compute::cpu
