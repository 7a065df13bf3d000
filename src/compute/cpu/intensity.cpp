#include "launch.h"
#include "launches.h"

namespace lazulite::compute::cpu {

Result<void> launch(const Rescale& kernel, Inputs inputs, const Destination& out, const Context& context) {
    return pointwise(kernel, inputs, out, context);
}

} // namespace lazulite::compute::cpu
