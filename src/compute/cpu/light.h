#pragma once

#include <stop_token>

#include "lazulite/compute/richardson_lucy.h"

namespace lazulite::compute::cpu {

/// Cancelled where it was stopped.
Result<Light> lightOf(const Block& image, double background, const std::stop_token& stop);

} // namespace lazulite::compute::cpu
