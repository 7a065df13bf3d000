#include "launch.h"

namespace lazulite::compute::cpu {

template Result<void> launch(const Camera&, Inputs, const Destination&, const Context&);
template Result<void> launch(const CameraResidual&, Inputs, const Destination&, const Context&);
template Result<void> launch(const FlatField&, Inputs, const Destination&, const Context&);
template Result<void> launch(const Quotient&, Inputs, const Destination&, const Context&);
template Result<void> launch(const Rescale&, Inputs, const Destination&, const Context&);
template Result<void> launch(const Subtract&, Inputs, const Destination&, const Context&);

} // namespace lazulite::compute::cpu
