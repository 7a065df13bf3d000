#pragma once

#include "lazulite/graph/lazy_array.h"

namespace lazulite::ops {

/// The array whose volumes hold the same light before they were deskewed, rotated or cropped in space: what a
/// background is measured in, since geometry fills corners with zeros. Its axes other than z, y and x are those of
/// `array`; `array` itself where nothing was done.
graph::LazyArray beforeGeometry(const graph::LazyArray& array);

} // namespace lazulite::ops
