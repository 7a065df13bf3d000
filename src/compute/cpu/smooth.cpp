#include "launch.h"

namespace lazulite::compute::cpu {

template Result<void> launch(const Median&, Inputs, const Destination&, const Context&);
template Result<void> launch(const Reduce<Gaussian>&, Inputs, const Destination&, const Context&);

} // namespace lazulite::compute::cpu
