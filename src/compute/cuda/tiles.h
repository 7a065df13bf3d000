#pragma once

#include <span>
#include <string>

#include "card.h"

namespace lazulite::compute::cuda {

/// Computes what does not fit a card as a whole in tiles that do, and tiles that do not on the processor. Tells the
/// context which it was.
Result<void> runInTiles(Card& card, const Kernel& kernel, std::span<const Block> inputs, const Destination& output,
                        const Context& context);

/// What the context is told where the processor has to help out.
std::string doesNotFit(const Card& card);

} // namespace lazulite::compute::cuda
