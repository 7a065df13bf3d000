#pragma once

#include <span>

#include "card.h"

namespace lazulite::compute::cuda {

/// Computes what does not fit a card as a whole in tiles that do, and tiles that do not on the processor. Tells the
/// context which it was.
Result<void> runInTiles(Card& card, const Kernel& kernel, std::span<const Block> inputs, const Destination& output,
                        const Context& context);

} // namespace lazulite::compute::cuda
