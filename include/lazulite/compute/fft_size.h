#pragma once

#include <array>

#include "lazulite/compute/kernels/portable.h"

namespace lazulite::compute {

using Size3 = std::array<Index, 3>; ///< z, y, x

/// The smallest size from `least` on whose prime factors are 2, 3, 5 and 7: FFTs of it are fast.
Index fastSizeFrom(Index least);
/// The largest such size up to `most` (at least 1).
Index fastSizeUpTo(Index most);

Size3 fastSizeFrom(const Size3& least);
Size3 fastSizeUpTo(const Size3& most);

} // namespace lazulite::compute
