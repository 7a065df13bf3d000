#include "../launch.cuh"

namespace lazulite::compute::cuda {

namespace {

/// Adds up in an order that never changes, so that the same data give the same result every time.
template <typename Body>
__global__ void __launch_bounds__(kThreadsOfBlock) sumThreads(const __grid_constant__ Body body, Sums* found) {
    __shared__ double first[kThreadsOfBlock];
    __shared__ double second[kThreadsOfBlock];
    const Sums mine = body(thisThread());
    const unsigned i = threadIdx.y * kNeighbours + threadIdx.x;
    first[i] = mine.first;
    second[i] = mine.second;
    for (unsigned half = kThreadsOfBlock / 2; half > 0; half /= 2) {
        __syncthreads();
        if (i >= half) continue;
        const Sums both = joined<Body>({first[i], second[i]}, {first[i + half], second[i + half]});
        first[i] = both.first;
        second[i] = both.second;
    }
    if (i == 0) found[blockIdx.y * gridDim.x + blockIdx.x] = {first[0], second[0]};
}

} // namespace

void launch(const Pass& pass, cudaStream_t stream) {
    std::visit([stream](const auto& body) { runOnCard(body, stream); }, pass);
}

void launch(const SummingPass& pass, Sums* found, cudaStream_t stream) {
    std::visit(
        [&](const auto& body) {
            const Blocks blocks = summingBlocks(body.box);
            sumThreads<<<gridOf(blocks), kBlock, 0, stream>>>(body, found);
        },
        pass);
}

} // namespace lazulite::compute::cuda
