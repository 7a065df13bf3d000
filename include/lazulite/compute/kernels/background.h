#pragma once

#include "lazulite/compute/kernels/portable.h"

namespace lazulite::compute {

/// Input 0 less input 1, not below `low`. NaN stays NaN.
struct Subtract {
    static constexpr int kInputs = 2;

    double low = -std::numeric_limits<double>::infinity();

    template <typename Real>
    LAZULITE_HD Real operator()(const Real (&in)[kInputs]) const {
        const Real difference = in[0] - in[1];
        return difference < static_cast<Real>(low) ? static_cast<Real>(low) : difference;
    }
};

} // namespace lazulite::compute
