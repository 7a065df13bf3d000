#include "support/fake_device.h"

#include <fftw3.h>

#include <algorithm>
#include <array>

#include "cuda/passes.h"

namespace lazulite::testing {

using compute::Index;
using compute::cuda::Blocks;
using compute::cuda::DeviceArray;
using compute::cuda::Sums;
using compute::cuda::Thread;

namespace {

// The library measures plans in the background while plans are made here. FFTW's own lock is put in place before main,
// for nobody may be planning then.
[[maybe_unused]] const bool plannerLocked = [] {
    fftwf_make_planner_thread_safe();
    return true;
}();

/// Calls work(thread, block) for every thread of a card's grid, one after the other.
template <typename Work>
void overThreads(const Blocks& blocks, const Work& work) {
    for (Index row = 0; row < blocks.rows; ++row) {
        for (Index column = 0; column < blocks.columns; ++column) {
            for (Index y = 0; y < Blocks::kRowsOfBlock; ++y) {
                for (Index x = 0; x < compute::cuda::kNeighbours; ++x) {
                    work(Blocks::thread(column, row, blocks.rows, y, x), row * blocks.columns + column);
                }
            }
        }
    }
}

template <typename Body>
void runThreads(const Body& body) {
    constexpr Index kFewRows = 2; // so that threads have several
    overThreads(Blocks::of(body.box, kFewRows), [&](const Thread& thread, Index) { body(thread); });
}

} // namespace

void runOnThreads(const compute::Kernel& kernel, std::span<const DeviceArray> inputs, const DeviceArray& output) {
    std::visit(
        [&](const auto& chosen) {
            compute::cuda::withBody(chosen, inputs, output, [](const auto& body) { runThreads(body); });
        },
        kernel);
}

void runOnThreads(const compute::cuda::Pass& pass) {
    std::visit([](const auto& body) { runThreads(body); }, pass);
}

void sumOnThreads(const compute::cuda::SummingPass& pass, Sums* found) {
    std::visit(
        [&]<typename Body>(const Body& body) {
            const Blocks blocks = compute::cuda::summingBlocks(body.box);
            std::fill_n(found, blocks.columns * blocks.rows, Sums{});
            overThreads(blocks, [&](const Thread& thread, Index block) {
                found[block] = compute::cuda::joined<Body>(found[block], body(thread));
            });
        },
        pass);
}

void transformOnGrid(std::byte* volume, const compute::Size3& grid, bool forward) {
    const std::array<int, 3> size{static_cast<int>(grid[0]), static_cast<int>(grid[1]), static_cast<int>(grid[2])};
    auto* numbers = reinterpret_cast<float*>(volume);
    auto* spectrum = reinterpret_cast<fftwf_complex*>(volume);
    const fftwf_plan plan = forward
                                ? fftwf_plan_dft_r2c_3d(size[0], size[1], size[2], numbers, spectrum, FFTW_ESTIMATE)
                                : fftwf_plan_dft_c2r_3d(size[0], size[1], size[2], spectrum, numbers, FFTW_ESTIMATE);
    fftwf_execute(plan);
    fftwf_destroy_plan(plan);
}

} // namespace lazulite::testing
