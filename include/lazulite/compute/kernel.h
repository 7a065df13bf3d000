#pragma once

#include <variant>

#include "lazulite/compute/kernels/affine.h"
#include "lazulite/compute/kernels/deskew.h"
#include "lazulite/compute/kernels/median.h"
#include "lazulite/compute/kernels/reduce.h"
#include "lazulite/compute/kernels/rescale.h"
#include "lazulite/compute/kernels/rotate.h"

namespace lazulite::compute {

/// Every kernel that a Backend runs. A kernel is a struct of plain numbers whose body for one voxel, or for one row, is
/// written once for all backends (kernels/portable.h says how).
using Kernel = std::variant< //
    AffineLinear,            //
    AffineNearest,           //
    Deskew,                  //
    DeskewRotate,            //
    Median,                  //
    Reduce<Gaussian>,        //
    Reduce<Max>,             //
    Reduce<Mean>,            //
    Reduce<Min>,             //
    Reduce<Std>,             //
    Reduce<Sum>,             //
    Rescale,                 //
    Rotate>;

} // namespace lazulite::compute
