#pragma once

#include <stop_token>

#include "lazulite/compute/fft_size.h"
#include "plan.h"

namespace lazulite::compute::cpu {

/// A plain transform of a dense complex volume (z, y, x), in place, on one core, not scaled: for small things that are
/// transformed once. False: stopped.
bool transformVolume(Complex* volume, const Size3& size, bool forward, const std::stop_token& stop = {});

} // namespace lazulite::compute::cpu
