#pragma once

#include "lazulite/compute/kernel.h"
#include "lazulite/core/region.h"

/// Which box of its input a kernel reads for a box of its result. It follows from the very numbers that the kernel's
/// body computes with, so nothing is missing and hardly anything is too much. Boxes are (z, y, x); empty: nothing.
namespace lazulite::ops {

Region neededBy(const compute::Deskew& kernel, const Region& out);
Region neededBy(const compute::Rotate& kernel, const Region& out);
Region neededBy(const compute::DeskewRotate& kernel, const Region& out);
Region neededBy(const compute::AffineLinear& kernel, const Region& out);
Region neededBy(const compute::AffineNearest& kernel, const Region& out);
Region neededBy(const compute::Window& window, const Region& out);

} // namespace lazulite::ops
