#pragma once

#include "lazulite/compute/kernels/functions.h"
#include "lazulite/compute/kernels/portable.h"

namespace lazulite::compute {

/// (raw - offset) / gain. Inputs: raw, offset, 1 / gain.
struct Camera {
    static constexpr int kInputs = 3;

    template <typename Real>
    LAZULITE_HD Real operator()(const Real (&in)[kInputs]) const {
        return (in[0] - in[1]) * in[2];
    }
};

/// max(raw - offset - 0.9 a (1 - exp(-b (before - offset))), 0) / gain: LLSpy's model of what a Flash 4 camera keeps of
/// the frame before. Inputs: raw, before, offset, 1 / gain, kShare a, kPerCount b. Where the residual is no number
/// there is none.
struct CameraResidual {
    static constexpr int kInputs = 6;
    static constexpr int kFrames = 2;
    static constexpr bool kManySteps = true;
    static constexpr double kShare = 0.9;
    static constexpr double kPerCount = 1.4426950408889634; ///< 1 / ln 2: e^x as a power of 2

    bool first = false; ///< there is no frame before

    template <typename Real>
    LAZULITE_HD Real operator()(const Real (&in)[kInputs]) const {
        // What is no number takes no residual away.
        const Real nothing = first ? std::numeric_limits<Real>::quiet_NaN() : Real(0);
        const Real x = std::fma(in[5], in[2] - in[1], nothing);
        const Real residual = in[4] * lessPowerOfTwo(x);
        const Real light = in[0] - in[2];
        const Real signal = std::isunordered(x, residual) ? light : light - residual;
        return signal < 0 ? Real(0) : signal * in[3];
    }
};

} // namespace lazulite::compute
