#pragma once

#include <string>
#include <vector>

#include "lazulite/compute/richardson_lucy.h"
#include "lazulite/ops/deconvolve.h"

namespace lazulite::ops {

/// A PSF or OTF that met the array it is to be taken out of.
struct FittedBlur {
    compute::Blur blur;
    std::vector<std::string> notes; ///< what a user should know of what was done to it
};

/// Throws Failure where the PSF does not fit the array.
FittedBlur blurOf(const graph::LazyArray& array, const Psf& psf, const DeconvolveOptions& options);

} // namespace lazulite::ops
