#pragma once

#include "lazulite/compute/kernels/portable.h"

namespace lazulite::compute {

/// Evens out the illumination: max(raw - dark, 0) * gain + dark. Inputs: raw, gain, dark.
struct FlatField {
    static constexpr int kInputs = 3;

    template <typename Real>
    LAZULITE_HD Real operator()(const Real (&in)[kInputs]) const {
        const Real light = in[0] - in[2];
        return (light < 0 ? Real(0) : light) * in[1] + in[2];
    }
};

} // namespace lazulite::compute
