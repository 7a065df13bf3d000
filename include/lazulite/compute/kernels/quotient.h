#pragma once

#include "lazulite/compute/kernels/portable.h"

namespace lazulite::compute {

/// dividend / max(value, least); NaN counts as the least, where there is one. Divisions are dear: what many planes are
/// divided by is made a factor once.
struct Quotient {
    static constexpr int kInputs = 1;
    static constexpr double kNoLeast = -std::numeric_limits<double>::infinity();

    double dividend = 1;
    double least = kNoLeast;

    template <typename Real>
    LAZULITE_HD Real operator()(const Real (&in)[kInputs]) const {
        const auto low = static_cast<Real>(least);
        return static_cast<Real>(dividend) / (in[0] >= low || least == kNoLeast ? in[0] : low);
    }
};

} // namespace lazulite::compute
