#pragma once

#include <array>
#include <cstddef>
#include <span>

#include "lazulite/compute/kernels/portable.h"

namespace lazulite::compute::cuda {

/// An array (z, y, x) on a card.
struct DeviceArray {
    std::byte* data = nullptr; ///< the element at `begin`
    DType dtype = DType::UInt8;
    std::array<Index, 3> begin{}; ///< absolute indices
    std::array<Index, 3> size{};
    std::array<Index, 3> strides{}; ///< bytes
};

using Arrays = std::span<const DeviceArray>;

} // namespace lazulite::compute::cuda
