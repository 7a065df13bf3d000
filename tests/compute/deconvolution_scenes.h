#pragma once

#include <cmath>
#include <memory>
#include <random>
#include <string>

#include "lazulite/compute/richardson_lucy.h"
#include "support/blocks.h"

namespace lazulite::testing {

using compute::Blur;
using compute::PointSpread;
using compute::Sampling;
using compute::Size3;

/// An uneven blob around the middle of a stack, not centred on a voxel, on a background.
inline Block psfStack(const Size3& size, double background = 100) {
    return blockOf(DType::UInt16, Region::whole({size[0], size[1], size[2]}),
                   [&](const std::vector<std::int64_t>& place) {
                       double exponent = 0;
                       const double offsets[3] = {0.2, -0.3, 0.4};
                       const double widths[3] = {1.3, 0.9, 1.1};
                       for (std::size_t axis = 0; axis < 3; ++axis) {
                           const double away =
                               static_cast<double>(place[axis]) - static_cast<double>(size[axis] / 2) - offsets[axis];
                           exponent += away * away / (2 * widths[axis] * widths[axis]);
                       }
                       const double skewed = 1 + 0.1 * static_cast<double>(place[2] - size[2] / 2);
                       return background + 6000 * std::exp(-exponent) * std::max(0.0, skewed);
                   });
}

inline Blur blurFrom(const Block& stack, const Sampling& sampling = {{0.1, 0.1, 0.1}, 0}) {
    auto psf = std::make_shared<PointSpread>(compute::understoodPsf(stack, {0.1, 0.1, 0.1}, {.background = 100}));
    Blur blur;
    blur.sampling = sampling;
    blur.reach = reachOn(*psf, sampling);
    blur.source = std::shared_ptr<const PointSpread>(std::move(psf));
    const Shape size = stack.shape();
    blur.identity = std::to_string(size[0]) + " " + std::to_string(size[1]) + " " + std::to_string(size[2]);
    return blur;
}

/// Points of light on a dark ground.
inline Block pointsOfLight(const Size3& size, DType type = DType::UInt16) {
    std::mt19937 random(3);
    return blockOf(type, Region::whole({size[0], size[1], size[2]}), [&](const std::vector<std::int64_t>&) {
        const auto bright = random() % 40 == 0;
        return 90.0 + static_cast<double>(random() % 30) + (bright ? 900.0 : 0.0);
    });
}

} // namespace lazulite::testing
