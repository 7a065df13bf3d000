#pragma once

#include <cstdint>

#include "lazulite/core/axis.h"
#include "lazulite/core/error.h"
#include "lazulite/pipeline/config.h"

namespace lazulite::pipeline {

/// The index that a value means on an axis: an index (negative: from the end) or a label. The error lists what there
/// is.
Result<std::int64_t> positionOn(const Axis& axis, const Value& value);

/// The channel that a name in a table or in `channels` means: an index, "ch0", a label, or a label's number ("488" for
/// "488 nm"). An array without an axis of channels has one, 0.
Result<std::int64_t> channelOf(const Axes& axes, const Value& name);

/// Its label, or "channel 1" where it has none.
std::string channelName(const Axes& axes, std::int64_t channel);

} // namespace lazulite::pipeline
