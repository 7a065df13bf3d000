#include "cuda_transforms.h"

#include <algorithm>
#include <array>

namespace lazulite::compute::cuda {

namespace {

constexpr int kRank = 3;

using Sizes = std::array<long long, kRank>;

Sizes sizesOf(const Size3& grid) {
    return {grid[0], grid[1], grid[2]};
}

} // namespace

CudaTransforms::~CudaTransforms() {
    for (const auto& [grid, plans] : plans_) {
        cufftDestroy(plans.forward);
        cufftDestroy(plans.back);
    }
}

std::uint64_t CudaTransforms::estimatedBytes(const Size3& grid) {
    std::array<int, kRank> sizes{static_cast<int>(grid[0]), static_cast<int>(grid[1]), static_cast<int>(grid[2])};
    std::uint64_t most = 0;
    for (const cufftType type : {CUFFT_R2C, CUFFT_C2R}) {
        std::size_t bytes = 0;
        const cufftResult known = cufftEstimateMany(kRank, sizes.data(), nullptr, 1, 0, nullptr, 1, 0, type, 1, &bytes);
        if (known == CUFFT_SUCCESS) most = std::max<std::uint64_t>(most, bytes);
    }
    return most;
}

cufftResult CudaTransforms::make(const Size3& grid, Plans& plans) const {
    Sizes sizes = sizesOf(grid);
    for (const auto& [handle, type] : {std::pair(&plans.forward, CUFFT_R2C), std::pair(&plans.back, CUFFT_C2R)}) {
        std::size_t bytes = 0;
        cufftResult result = cufftCreate(handle);
        if (result == CUFFT_SUCCESS) result = cufftSetAutoAllocation(*handle, 0);
        if (result == CUFFT_SUCCESS) result = cufftSetStream(*handle, stream_);
        if (result == CUFFT_SUCCESS) {
            result = cufftMakePlanMany64(*handle, kRank, sizes.data(), nullptr, 1, 0, nullptr, 1, 0, type, 1, &bytes);
        }
        if (result != CUFFT_SUCCESS) return result;
        plans.bytes = std::max<std::uint64_t>(plans.bytes, bytes);
    }
    return CUFFT_SUCCESS;
}

cufftResult CudaTransforms::prepare(const Size3& grid, std::uint64_t& bytes) {
    constexpr std::size_t kMostPlans = 16; // each holds some memory of the card
    auto found = plans_.find(grid);
    if (found == plans_.end()) {
        if (plans_.size() == kMostPlans) {
            cufftDestroy(plans_.begin()->second.forward);
            cufftDestroy(plans_.begin()->second.back);
            plans_.erase(plans_.begin());
        }
        found = plans_.emplace(grid, Plans{}).first;
        if (const cufftResult made = make(grid, found->second); made != CUFFT_SUCCESS) {
            cufftDestroy(found->second.forward);
            cufftDestroy(found->second.back);
            plans_.erase(found);
            return made;
        }
    }
    bytes = std::max<std::uint64_t>(1, found->second.bytes);
    return CUFFT_SUCCESS;
}

cufftResult CudaTransforms::run(std::byte* volume, const Size3& grid, std::byte* work, bool forward) {
    const auto found = plans_.find(grid);
    if (found == plans_.end()) return CUFFT_INVALID_PLAN;
    const cufftHandle plan = forward ? found->second.forward : found->second.back;
    if (const cufftResult set = cufftSetWorkArea(plan, work); set != CUFFT_SUCCESS) return set;
    auto* numbers = reinterpret_cast<cufftReal*>(volume);
    auto* spectrum = reinterpret_cast<cufftComplex*>(volume);
    return forward ? cufftExecR2C(plan, numbers, spectrum) : cufftExecC2R(plan, spectrum, numbers);
}

} // namespace lazulite::compute::cuda
