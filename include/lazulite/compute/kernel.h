#pragma once

#include <variant>

#include "lazulite/compute/kernels/affine.h"
#include "lazulite/compute/kernels/background.h"
#include "lazulite/compute/kernels/camera.h"
#include "lazulite/compute/kernels/deskew.h"
#include "lazulite/compute/kernels/expression.h"
#include "lazulite/compute/kernels/flat_field.h"
#include "lazulite/compute/kernels/median.h"
#include "lazulite/compute/kernels/quotient.h"
#include "lazulite/compute/kernels/reduce.h"
#include "lazulite/compute/kernels/rescale.h"
#include "lazulite/compute/kernels/rotate.h"
#include "lazulite/compute/kernels/shift.h"

namespace lazulite::compute {

/// Every kernel that a Backend runs. A kernel is a struct of plain numbers whose body for one voxel, or for one row, is
/// written once for all backends (kernels/portable.h says how).
using Kernel = std::variant< //
    AffineLinear,            //
    AffineNearest,           //
    Camera,                  //
    CameraResidual,          //
    Deskew,                  //
    DeskewRotate,            //
    Expression,              //
    FlatField,               //
    Median,                  //
    Quotient,                //
    Reduce<Gaussian>,        //
    Reduce<Max>,             //
    Reduce<Mean>,            //
    Reduce<Min>,             //
    Reduce<Std>,             //
    Reduce<Sum>,             //
    Rescale,                 //
    Rotate,                  //
    Shift,                   //
    Subtract>;

} // namespace lazulite::compute
