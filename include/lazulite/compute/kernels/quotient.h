#pragma once

#include "lazulite/compute/kernels/portable.h"

namespace lazulite::compute {

/// dividend / max(value, least). Divisions are dear: what many planes are divided by is made a factor once.
struct Quotient {
    static constexpr int kInputs = 1;

    double dividend = 1;
    double least = -std::numeric_limits<double>::infinity();

    template <typename Real>
    LAZULITE_HD Real operator()(const Real (&in)[kInputs]) const {
        const auto low = static_cast<Real>(least);
        return static_cast<Real>(dividend) / (in[0] < low ? low : in[0]);
    }
};

} // namespace lazulite::compute
