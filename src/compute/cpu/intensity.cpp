#include "launch.h"

namespace lazulite::compute::cpu {

template Result<void> launch(const Rescale&, Inputs, const Destination&, const Context&);

} // namespace lazulite::compute::cpu
