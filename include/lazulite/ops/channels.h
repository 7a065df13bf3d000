#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include "lazulite/core/dtype.h"
#include "lazulite/graph/lazy_array.h"

namespace lazulite::ops {

using graph::LazyArray;

/// The smallest type that holds the values of both, by NumPy's rules: an unsigned and a signed integer meet in a larger
/// signed one (in float64 where there is none), an integer of n bits and a float in a float of more than n bits, at
/// most float64.
DType commonType(DType a, DType b);

/// Makes a step's result of one channel, `channel`, whose axis of channels has the size 1; `index` is which one it is.
using ChannelStep = std::function<LazyArray(const LazyArray& channel, std::int64_t index)>;

/// The array with some of its channels (by position) put through a step, each on its own, and the others as they are.
/// Where the types differ afterwards, all become their commonType. Copies nothing and reads nothing. An array without
/// an axis of channels is its channel 0.
///
/// Throws Failure where there is no such channel, where the step makes another number of channels, or where its results
/// lie on another grid (sizes, spacing) than each other or than the channels that stay.
LazyArray onChannels(const LazyArray& array, const std::vector<std::int64_t>& channels, const ChannelStep& step);

} // namespace lazulite::ops
