#pragma once

#include <stop_token>

#include "fft/paired_fft.h"

namespace lazulite::compute::cpu {

/// Fills `back` (fft.layout().filterElements()) with the filter whose conjugate is the Wiener-Butterworth back
/// projector of an OTF (Guo et al. 2020): a Wiener filter up to the resolution of the point spread function (its full
/// width at half maximum) and a Butterworth filter beyond, which at the cutoff leave what the OTF has there. `volume`
/// is work memory of a volume. False: stopped.
bool makeWienerButterworth(const PairedFft& fft, const Complex* otf, Complex* volume, Complex* back,
                           const std::stop_token& stop);

} // namespace lazulite::compute::cpu
