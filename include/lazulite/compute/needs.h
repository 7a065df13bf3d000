#pragma once

#include "lazulite/compute/kernel.h"
#include "lazulite/core/region.h"

/// Which box of its input a kernel reads for a box of its result. It follows from the very numbers that the kernel's
/// body computes with, so nothing is missing and hardly anything is too much. Boxes are (z, y, x); empty: nothing.
namespace lazulite::compute {

Region neededBy(const Deskew& kernel, const Region& out);
Region neededBy(const Rotate& kernel, const Region& out);
Region neededBy(const DeskewRotate& kernel, const Region& out);
Region neededBy(const AffineLinear& kernel, const Region& out);
Region neededBy(const AffineNearest& kernel, const Region& out);
Region neededBy(const Shift& kernel, const Region& out);
Region neededBy(const Window& window, const Region& out);

/// Of any kernel; a pointwise one needs of each input what it makes.
Region neededByAny(const Kernel& kernel, const Region& out);

} // namespace lazulite::compute
