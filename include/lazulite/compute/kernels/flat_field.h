#pragma once

#include "lazulite/compute/kernels/portable.h"

namespace lazulite::compute {

/// Evens out the illumination: max(raw - dark, 0) / (flat / flatMax, floored at 0.2) + dark. Inputs: raw, flat, dark.
/// Without the floor, the noise of corners that get little light would be blown up.
struct FlatField {
    static constexpr int kInputs = 3;
    static constexpr double kFloor = 0.2;

    double flatMax = 1; ///< the largest value of the flat image, above 0

    template <typename Real>
    LAZULITE_HD Real operator()(const Real (&in)[kInputs]) const {
        const auto brightest = static_cast<Real>(flatMax);
        const auto least = static_cast<Real>(kFloor * flatMax);
        const Real light = in[0] - in[2];
        const Real flat = in[1] > least ? in[1] : least;
        return (light < 0 ? Real(0) : light) * (brightest / flat) + in[2]; // divisions are dear: a single one
    }
};

} // namespace lazulite::compute
