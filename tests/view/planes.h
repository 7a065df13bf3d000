#pragma once

#include <cstring>
#include <memory>
#include <vector>

#include "lazulite/core/block.h"

namespace lazulite::testing {

/// A dense block of these values.
template <typename T>
Block blockOf(DType dtype, const Shape& shape, const std::vector<T>& values) {
    std::shared_ptr<std::byte> data(new std::byte[values.size() * sizeof(T)], std::default_delete<std::byte[]>());
    std::memcpy(data.get(), values.data(), values.size() * sizeof(T));
    return {data, dtype, Region::whole(shape)};
}

/// A plane whose element (row, column) is 100 * row + column.
inline Block countingPlane(std::int64_t rows, std::int64_t columns) {
    std::vector<std::uint16_t> values;
    for (std::int64_t r = 0; r < rows; ++r) {
        for (std::int64_t c = 0; c < columns; ++c) values.push_back(static_cast<std::uint16_t>(100 * r + c));
    }
    return blockOf(DType::UInt16, {rows, columns}, values);
}

} // namespace lazulite::testing
