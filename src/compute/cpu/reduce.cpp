#include "launch.h"

namespace lazulite::compute::cpu {

template Result<void> launch(const Reduce<Max>&, Inputs, const Destination&, const Context&);
template Result<void> launch(const Reduce<Mean>&, Inputs, const Destination&, const Context&);
template Result<void> launch(const Reduce<Min>&, Inputs, const Destination&, const Context&);
template Result<void> launch(const Reduce<Std>&, Inputs, const Destination&, const Context&);
template Result<void> launch(const Reduce<Sum>&, Inputs, const Destination&, const Context&);

} // namespace lazulite::compute::cpu
