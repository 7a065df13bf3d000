#pragma once

#include <cmath>
#include <complex>
#include <numbers>
#include <vector>

#include "lazulite/compute/fft_size.h"

/// Fourier transforms in double precision by their definition, for small volumes.
namespace lazulite::testing {

using compute::Index;
using compute::Size3;
using Spectrum = std::vector<std::complex<double>>;

inline std::size_t countOf(const Size3& size) {
    return static_cast<std::size_t>(size[0] * size[1] * size[2]);
}

inline std::size_t at(const Size3& size, Index z, Index y, Index x) {
    return static_cast<std::size_t>((z * size[1] + y) * size[2] + x);
}

inline void transformLine(std::complex<double>* data, Index size, Index stride, double sign) {
    std::vector<std::complex<double>> result(static_cast<std::size_t>(size));
    for (Index k = 0; k < size; ++k) {
        for (Index i = 0; i < size; ++i) {
            const double angle =
                sign * 2 * std::numbers::pi * static_cast<double>(k * i % size) / static_cast<double>(size);
            result[static_cast<std::size_t>(k)] += data[i * stride] * std::polar(1.0, angle);
        }
    }
    for (Index k = 0; k < size; ++k) data[k * stride] = result[static_cast<std::size_t>(k)];
}

/// Not scaled; sign -1 is forward.
inline Spectrum transformed(Spectrum volume, const Size3& size, double sign) {
    for (Index z = 0; z < size[0]; ++z) {
        for (Index y = 0; y < size[1]; ++y) transformLine(&volume[at(size, z, y, 0)], size[2], 1, sign);
        for (Index x = 0; x < size[2]; ++x) transformLine(&volume[at(size, z, 0, x)], size[1], size[2], sign);
    }
    for (Index y = 0; y < size[1]; ++y) {
        for (Index x = 0; x < size[2]; ++x) {
            transformLine(&volume[at(size, 0, y, x)], size[0], size[1] * size[2], sign);
        }
    }
    return volume;
}

/// Circular convolution with an OTF, or correlation (`conjugate`).
inline std::vector<double> blurred(const std::vector<double>& volume, const Spectrum& otf, const Size3& size,
                                   bool conjugate = false) {
    Spectrum spectrum = transformed(Spectrum(volume.begin(), volume.end()), size, -1);
    for (std::size_t i = 0; i < spectrum.size(); ++i) spectrum[i] *= conjugate ? std::conj(otf[i]) : otf[i];
    spectrum = transformed(std::move(spectrum), size, 1);
    std::vector<double> result;
    for (const auto& value : spectrum) result.push_back(value.real() / static_cast<double>(spectrum.size()));
    return result;
}

} // namespace lazulite::testing
