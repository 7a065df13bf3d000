#pragma once

#include <algorithm>

#include "launches.h"

/// Has the threads of a graphics card do what bodies.h says.
namespace lazulite::compute::cuda {

constexpr int kRowsOfBlock = 8;

template <typename Body>
__global__ void __launch_bounds__(kNeighbours* kRowsOfBlock) runThreads(const __grid_constant__ Body body) {
    body(Thread{static_cast<Index>(blockIdx.y) * kRowsOfBlock + threadIdx.y,
                static_cast<Index>(gridDim.y) * kRowsOfBlock,
                static_cast<Index>(blockIdx.x) * kNeighbours * kVoxelsOfThread + threadIdx.x});
}

template <typename Body>
void runOnCard(const Body& body, cudaStream_t stream) {
    constexpr Index kMostBlocks = 65535; // along y
    constexpr Index kColumns = Index{kNeighbours} * kVoxelsOfThread;
    const Index rows = body.box.size[0] * body.box.size[1];
    const dim3 grid(static_cast<unsigned>((body.box.size[2] + kColumns - 1) / kColumns),
                    static_cast<unsigned>(std::min(kMostBlocks, (rows + kRowsOfBlock - 1) / kRowsOfBlock)));
    runThreads<<<grid, dim3(kNeighbours, kRowsOfBlock), 0, stream>>>(body);
}

template <typename Kernel>
void launch(const Kernel& kernel, Arrays inputs, const DeviceArray& out, cudaStream_t stream) {
    withBody(kernel, inputs, out, [stream](const auto& body) { runOnCard(body, stream); });
}

} // namespace lazulite::compute::cuda
