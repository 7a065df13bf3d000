#pragma once

#include <array>
#include <vector>

#include "lazulite/compute/kernels/richardson_lucy.h"

namespace lazulite::compute {

/// Numbers along z, y and x.
using AlongAxes = std::array<std::vector<double>, 3>;

/// The Wiener-Butterworth back projector of an OTF (Guo et al. 2020): a Wiener filter up to the resolution of the point
/// spread function (its full width at half maximum) and a Butterworth filter beyond, which at the cutoff leave what the
/// OTF has there.
struct BackProjectorDesign {
    rl::WienerButterworth filter;
    std::array<double, 3> cutoff{}; ///< in frequencies of the grid
};

/// `psf`: the point spread function on the lines through its centre, which lies at element 0; they are as long as the
/// grid and go on at their far ends. `magnitudes`: |H| at the frequencies 0 .. n / 2 of each axis.
BackProjectorDesign designBackProjector(const AlongAxes& psf, const AlongAxes& magnitudes);

} // namespace lazulite::compute
