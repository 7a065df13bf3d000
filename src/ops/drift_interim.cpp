#include "lazulite/core/error.h"
#include "lazulite/ops/deconvolve.h"

namespace lazulite::ops {

LazyArray correctDrift(const LazyArray&, DriftReference, std::int64_t) {
    throw Failure("drift: is being written");
}

} // namespace lazulite::ops
