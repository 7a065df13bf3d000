#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "lazulite/compute/context.h"
#include "lazulite/compute/fft_size.h"
#include "lazulite/core/block.h"

namespace lazulite::compute {

/// How far the content of `moved` lies from that of `still`, in voxels along z, y and x: the place of the peak of their
/// phase correlation (Kuglin and Hines 1975; magnitudes are taken by their square root, so that noise counts less), to
/// a fraction of a voxel by parabolas through it and its neighbours. Blocks are of equal size (rank 3); the edges are
/// faded out, so that what comes in on one side does not count. Volumes without content lie where they are. On the
/// processor. Errors: Cancelled, TooLarge.
Result<std::array<double, 3>> displacementBetween(const Block& still, const Block& moved, const Context& context);

/// The sizes of the buffers that this takes from the context.
std::vector<std::uint64_t> displacementBuffers(const Size3& size);

} // namespace lazulite::compute
