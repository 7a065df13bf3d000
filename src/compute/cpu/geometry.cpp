#include "launch.h"

namespace lazulite::compute::cpu {

template Result<void> launch(const AffineLinear&, Inputs, const Destination&, const Context&);
template Result<void> launch(const AffineNearest&, Inputs, const Destination&, const Context&);
template Result<void> launch(const Deskew&, Inputs, const Destination&, const Context&);
template Result<void> launch(const DeskewRotate&, Inputs, const Destination&, const Context&);
template Result<void> launch(const Rotate&, Inputs, const Destination&, const Context&);
template Result<void> launch(const Shift&, Inputs, const Destination&, const Context&);

} // namespace lazulite::compute::cpu
