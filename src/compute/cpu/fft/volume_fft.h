#pragma once

#include "lazulite/compute/fft_size.h"
#include "plan.h"

namespace lazulite::compute::cpu {

/// A plain transform of a dense complex volume (z, y, x), in place, on one core, not scaled: for small things that are
/// transformed once.
void transformVolume(Complex* volume, const Size3& size, bool forward);

} // namespace lazulite::compute::cpu
