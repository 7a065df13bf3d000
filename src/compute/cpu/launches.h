#pragma once

#include <span>

#include "lazulite/compute/context.h"
#include "lazulite/compute/kernel.h"
#include "lazulite/core/block.h"

/// One function a kernel, each family in a file of its own: launch.h is costly to compile.
namespace lazulite::compute::cpu {

using Inputs = std::span<const Block>;

Result<void> launch(const Camera& kernel, Inputs inputs, const Destination& out, const Context& context);
Result<void> launch(const CameraResidual& kernel, Inputs inputs, const Destination& out, const Context& context);
Result<void> launch(const Deskew& kernel, Inputs inputs, const Destination& out, const Context& context);
Result<void> launch(const Expression& kernel, Inputs inputs, const Destination& out, const Context& context);
Result<void> launch(const FlatField& kernel, Inputs inputs, const Destination& out, const Context& context);
Result<void> launch(const Rescale& kernel, Inputs inputs, const Destination& out, const Context& context);
Result<void> launch(const Subtract& kernel, Inputs inputs, const Destination& out, const Context& context);

} // namespace lazulite::compute::cpu
