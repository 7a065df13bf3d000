#include "sampling.h"

#include <algorithm>
#include <cmath>

namespace lazulite::view {

namespace {

/// Pixel centres that fall on the border between two data pixels belong to the later one however the division was
/// rounded.
constexpr double kRounding = 1e-9;

double under(double origin, double step, int pixel) {
    return origin + (pixel + 0.5) * step + kRounding;
}

Sampling covered(double origin, double step, int pixels, std::int64_t size) {
    Sampling sampling;
    const double last = static_cast<double>(size) - 0.5;
    while (sampling.begin < pixels && under(origin, step, sampling.begin) < -0.5) ++sampling.begin;
    sampling.end = sampling.begin;
    while (sampling.end < pixels && under(origin, step, sampling.end) < last) ++sampling.end;
    return sampling;
}

} // namespace

Sampling Sampling::nearest(double origin, double step, int pixels, std::int64_t size, std::int64_t stride) {
    Sampling sampling = covered(origin, step, pixels, size);
    for (int i = sampling.begin; i < sampling.end; ++i) {
        const auto index = static_cast<std::int64_t>(std::floor(under(origin, step, i) + 0.5));
        sampling.offset.push_back(std::clamp<std::int64_t>(index, 0, size - 1) * stride);
    }
    return sampling;
}

Sampling Sampling::linear(double origin, double step, int pixels, std::int64_t size, std::int64_t stride) {
    Sampling sampling = covered(origin, step, pixels, size);
    for (int i = sampling.begin; i < sampling.end; ++i) {
        const double at = std::clamp(under(origin, step, i) - kRounding, 0.0, static_cast<double>(size - 1));
        const auto index = std::min(static_cast<std::int64_t>(at), size - 1);
        const std::int64_t next = std::min(index + 1, size - 1);
        sampling.offset.push_back(index * stride);
        sampling.nextOffset.push_back(next * stride);
        sampling.part.push_back(static_cast<float>(at - static_cast<double>(index)));
    }
    return sampling;
}

} // namespace lazulite::view
