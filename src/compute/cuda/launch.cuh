#pragma once

#include "launches.h"

/// Has the threads of a graphics card do what bodies.h says.
namespace lazulite::compute::cuda {

constexpr unsigned kThreadsOfBlock = kNeighbours * static_cast<unsigned>(Blocks::kRowsOfBlock);

inline const dim3 kBlock(kNeighbours, static_cast<unsigned>(Blocks::kRowsOfBlock));

inline dim3 gridOf(const Blocks& blocks) {
    return {static_cast<unsigned>(blocks.columns), static_cast<unsigned>(blocks.rows)};
}

inline __device__ Thread thisThread() {
    return Blocks::thread(blockIdx.x, blockIdx.y, gridDim.y, threadIdx.y, threadIdx.x);
}

template <typename Body>
__global__ void __launch_bounds__(kThreadsOfBlock) runThreads(const __grid_constant__ Body body) {
    body(thisThread());
}

template <typename Body>
void runOnCard(const Body& body, cudaStream_t stream) {
    runThreads<<<gridOf(Blocks::of(body.box, kMostRowsOfBlocks)), kBlock, 0, stream>>>(body);
}

template <typename Kernel>
void launch(const Kernel& kernel, Arrays inputs, const DeviceArray& out, cudaStream_t stream) {
    withBody(kernel, inputs, out, [stream](const auto& body) { runOnCard(body, stream); });
}

} // namespace lazulite::compute::cuda
