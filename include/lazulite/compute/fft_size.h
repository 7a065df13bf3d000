#pragma once

#include <array>

#include "lazulite/compute/kernels/portable.h"

namespace lazulite::compute {

using Size3 = std::array<Index, 3>; ///< z, y, x

/// The size from `least` on that a padded volume costs least with: its prime factors are 2, 3, 5 and 7, mostly 2.
Index fastSizeFrom(Index least);

/// The largest size up to `most` (at least 1) whose prime factors are 2, 3, 5 and 7.
Index fastSizeUpTo(Index most);
Size3 fastSizeUpTo(const Size3& most);

} // namespace lazulite::compute
