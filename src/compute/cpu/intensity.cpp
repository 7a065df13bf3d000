#include "launch.h"
#include "launches.h"

namespace lazulite::compute::cpu {

Result<void> launch(const Camera& kernel, Inputs inputs, const Destination& out, const Context& context) {
    return pointwise(kernel, inputs, out, context);
}

Result<void> launch(const CameraResidual& kernel, Inputs inputs, const Destination& out, const Context& context) {
    return pointwise(kernel, inputs, out, context);
}

Result<void> launch(const FlatField& kernel, Inputs inputs, const Destination& out, const Context& context) {
    return pointwise(kernel, inputs, out, context);
}

Result<void> launch(const Rescale& kernel, Inputs inputs, const Destination& out, const Context& context) {
    return pointwise(kernel, inputs, out, context);
}

Result<void> launch(const Subtract& kernel, Inputs inputs, const Destination& out, const Context& context) {
    return pointwise(kernel, inputs, out, context);
}

} // namespace lazulite::compute::cpu
