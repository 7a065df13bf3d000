#pragma once

#include "lazulite/core/dtype.h"

namespace lazulite::ops {

/// What sums and means of elements are stored as: float32, or float64 where a float32 would lose digits of a single
/// element.
inline DType promoted(DType type) {
    const bool wide = bytesPer(type) > 2 && type != DType::Float32;
    return wide ? DType::Float64 : DType::Float32;
}

} // namespace lazulite::ops
