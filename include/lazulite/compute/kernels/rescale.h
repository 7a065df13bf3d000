#pragma once

#include "lazulite/compute/kernels/portable.h"

namespace lazulite::compute {

/// value * gain + offset, kept within [low, high]. NaN stays NaN.
struct Rescale {
    static constexpr int kInputs = 1;

    double gain = 1;
    double offset = 0;
    double low = -std::numeric_limits<double>::infinity();
    double high = std::numeric_limits<double>::infinity();

    template <typename Real>
    LAZULITE_HD Real operator()(const Real (&in)[kInputs]) const {
        const Real value = in[0] * static_cast<Real>(gain) + static_cast<Real>(offset);
        const Real raised = value < static_cast<Real>(low) ? static_cast<Real>(low) : value;
        return raised > static_cast<Real>(high) ? static_cast<Real>(high) : raised;
    }
};

} // namespace lazulite::compute
