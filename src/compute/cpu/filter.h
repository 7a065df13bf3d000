#pragma once

#include "fft/paired_fft.h"
#include "lazulite/compute/richardson_lucy.h"

/// The OTF of a blur on the grid of a PairedFft, scaled by 1 / n so that transforms need no scaling of their own.
namespace lazulite::compute::cpu {

/// Fills `filter` (fft.layout().filterElements()). `volume` is work memory of fft.layout().elements(). False: stopped.
bool makeFilter(const Blur& blur, const PairedFft& fft, Complex* volume, Complex* filter, const std::stop_token& stop);

} // namespace lazulite::compute::cpu
