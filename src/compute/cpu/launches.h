#pragma once

#include <span>

#include "lazulite/compute/context.h"
#include "lazulite/compute/kernel.h"
#include "lazulite/core/block.h"

/// What the backend calls. Each family of kernels is compiled in a file of its own, for launch.h is costly to compile.
namespace lazulite::compute::cpu {

using Inputs = std::span<const Block>;

/// Pointwise and gather kernels: defined in launch.h, instantiated for every kernel in its family's file.
template <typename Kernel>
Result<void> launch(const Kernel& kernel, Inputs inputs, const Destination& out, const Context& context);
Result<void> launch(const Expression& kernel, Inputs inputs, const Destination& out, const Context& context);

} // namespace lazulite::compute::cpu
