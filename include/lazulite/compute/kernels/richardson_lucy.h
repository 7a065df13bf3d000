#pragma once

#include "lazulite/compute/kernels/portable.h"

/// What an iteration of Richardson-Lucy, accelerated as by Biggs and Andrews (1997), does to a voxel.
namespace lazulite::compute::rl {

constexpr float kTiny = 1.19e-7F;         ///< stands for 0 where something is divided by it
constexpr float kTooMany = 1e30F;         ///< counts that no camera has
constexpr float kMostRatio = 10.0F;       ///< a voxel changes at most so much in an iteration
constexpr float kLeastRegularised = 0.1F; ///< the least that regularisation leaves of what a correction is divided by
constexpr double kQuiet = 1e-3;           ///< of the mean: differences below it are taken for noise
constexpr float kLeastWeight = 0.01F;     ///< less of a voxel's light than this is seen: it is left as it is

/// The image as it is deconvolved: counts above the background. NaN, Inf and what transforms cannot add up become 0, or
/// they would take the whole volume with them.
LAZULITE_HD inline float aboveBackground(float counts, float background) {
    const float above = counts - background;
    return above > 0 && above < kTooMany ? above : 0;
}

/// Where element i of a line of n lies that is continued by its reflections (edges repeated) on a grid, whose far half
/// stands for what lies before the line.
LAZULITE_HD inline Index reflectedOnGrid(Index i, Index n, Index grid) {
    const Index behind = i - (n - 1);
    const Index before = grid - i;
    const Index along = before < behind ? -before : i;
    const Index place = (along % (2 * n) + 2 * n) % (2 * n);
    return place < n ? place : 2 * n - 1 - place;
}

/// The estimate that an iteration starts from: Y = max(0, X + lambda (X - X_before)), X itself where lambda is 0.
LAZULITE_HD inline float momentum(float estimate, float before, float lambda) {
    const float ahead = estimate + lambda * (estimate - before);
    const float kept = ahead > 0 ? ahead : 0;
    return lambda == 0 ? estimate : kept;
}

/// The image over the blurred estimate: q = d / b + eps within [-10, 10].
LAZULITE_HD inline float ratio(float image, float blurred) {
    const float quotient = image / (blurred == 0 ? kTiny : blurred) + kTiny;
    const float raised = quotient < -kMostRatio ? -kMostRatio : quotient;
    return raised > kMostRatio ? kMostRatio : raised;
}

/// X' = max(0, Y c): `correction` is the ratio, blurred backwards.
LAZULITE_HD inline float update(float estimate, float correction) {
    const float next = estimate * correction;
    return next > 0 ? next : 0;
}

/// What the correction is multiplied by where just a part of a voxel's light is seen: 1 / H^T 1. 0: left as it is.
LAZULITE_HD inline float weightFor(float seen) {
    return seen > kLeastWeight ? 1.0F / seen : 0.0F;
}

/// The update where the image does not reach everywhere: X' = max(0, Y c w).
LAZULITE_HD inline float weightedUpdate(float estimate, float correction, float weight) {
    const float next = estimate * correction * weight;
    const float kept = next > 0 ? next : 0;
    return weight == 0 ? estimate : kept;
}

/// div(grad Y / |grad Y|), where the estimate is curved: forward differences and their adjoint, as in Dey et al.,
/// Microscopy Research and Technique 69 (2006). `at(dz, dy, dx)` gives the neighbours, those beyond an edge repeated;
/// `steps` the lengths between them along z, y and x; differences well below `quiet` count as none.
template <typename At>
LAZULITE_HD inline float curvature(const At& at, const float (&steps)[3], float quiet) {
    // The unit gradient's component along an axis, at the voxel and at the one before it along that axis.
    const float quietSquare = quiet * quiet;
    const auto component = [&](int axis, int z, int y, int x) {
        const float here = at(z, y, x);
        const float gz = (at(z + 1, y, x) - here) / steps[0];
        const float gy = (at(z, y + 1, x) - here) / steps[1];
        const float gx = (at(z, y, x + 1) - here) / steps[2];
        const float along = axis == 0 ? gz : (axis == 1 ? gy : gx);
        return along / (sqrtf(gz * gz + gy * gy + gx * gx + quietSquare) * steps[axis]);
    };
    return component(0, 0, 0, 0) - component(0, -1, 0, 0) + component(1, 0, 0, 0) - component(1, 0, -1, 0) +
           component(2, 0, 0, 0) - component(2, 0, 0, -1);
}

/// The weight of a correction when the total variation is kept small too: w / (1 - mu w curvature).
LAZULITE_HD inline float regularisedWeight(float weight, float mu, float curvature) {
    const float left = 1.0F - mu * weight * curvature;
    return weight / (left > kLeastRegularised ? left : kLeastRegularised);
}

/// What an OTF's value is multiplied by to make the back projector of Guo et al., Nature Biotechnology 38 (2020): a
/// Wiener filter up to a cutoff and a Butterworth filter beyond. `square` is |H|^2 with H = 1 at the origin, `place`
/// the square of the frequency over the cutoff.
struct WienerButterworth {
    static constexpr int kOrder = 10;

    float alpha = 0;    ///< of the Wiener filter
    float epsilon2 = 0; ///< of the Butterworth filter: the square of what it takes off at the cutoff

    LAZULITE_HD float gain(float square, float place) const {
        float steep = place;
        for (int i = 1; i < kOrder; ++i) steep *= place;
        return (1.0F + alpha) / ((square + alpha) * sqrtf(1.0F + epsilon2 * steep));
    }
};

/// The square of a frequency k of a line of n over a cutoff.
LAZULITE_HD inline float overCutoff(Index k, Index n, double cutoff) {
    const Index frequency = 2 * k > n ? k - n : k;
    const double over = static_cast<double>(frequency) / cutoff;
    return static_cast<float>(over * over);
}

/// Apodization: half the difference between the first and the last voxel of a line is taken off the last ones and
/// added to the first ones, less with every voxel `l` from the edge, so that opposite edges meet.
LAZULITE_HD inline float apodization(float halfDifference, Index l, Index width) {
    constexpr double kHalfPi = 1.57079632679489661923;
    const double phase = (static_cast<double>(l) + 0.5) / static_cast<double>(width) * kHalfPi;
    return static_cast<float>(static_cast<double>(halfDifference) * (1.0 - sin(phase)));
}

} // namespace lazulite::compute::rl
