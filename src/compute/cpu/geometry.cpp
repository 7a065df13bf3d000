#include "launch.h"
#include "launches.h"

namespace lazulite::compute::cpu {

Result<void> launch(const Deskew& kernel, Inputs inputs, const Destination& out, const Context& context) {
    return gather(kernel, inputs[0], out, context);
}

} // namespace lazulite::compute::cpu
