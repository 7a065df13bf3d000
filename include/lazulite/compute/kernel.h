#pragma once

#include <variant>

#include "lazulite/compute/kernels/background.h"
#include "lazulite/compute/kernels/camera.h"
#include "lazulite/compute/kernels/deskew.h"
#include "lazulite/compute/kernels/expression.h"
#include "lazulite/compute/kernels/flat_field.h"
#include "lazulite/compute/kernels/rescale.h"

namespace lazulite::compute {

/// Every kernel that a Backend runs. A kernel is a struct of plain numbers whose body for one voxel, or for one row, is
/// written once for all backends (kernels/portable.h says how).
using Kernel = std::variant< //
    Camera,                  //
    CameraResidual,          //
    Deskew,                  //
    Expression,              //
    FlatField,               //
    Rescale,                 //
    Subtract>;

} // namespace lazulite::compute
