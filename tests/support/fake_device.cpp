#include "support/fake_device.h"

#include "cuda/bodies.h"

namespace lazulite::testing {

using compute::Index;
using compute::cuda::DeviceArray;
using compute::cuda::Thread;

namespace {

/// Every thread of a card's grid, one after the other; few rows each, so that threads have several.
template <typename Body>
void runThreads(const Body& body) {
    const Index rowStep = 3;
    for (Index row = 0; row < rowStep; ++row) {
        for (Index piece = 0; piece < body.box.size[2];
             piece += compute::cuda::kNeighbours * compute::cuda::kVoxelsOfThread) {
            for (Index i = 0; i < compute::cuda::kNeighbours; ++i) body(Thread{row, rowStep, piece + i});
        }
    }
}

} // namespace

void runOnThreads(const compute::Kernel& kernel, std::span<const DeviceArray> inputs, const DeviceArray& output) {
    std::visit(
        [&](const auto& chosen) {
            compute::cuda::withBody(chosen, inputs, output, [](const auto& body) { runThreads(body); });
        },
        kernel);
}

} // namespace lazulite::testing
