#pragma once

#include <cstdint>
#include <cstring>
#include <functional>
#include <vector>

#include "lazulite/core/block.h"

namespace lazulite::testing {

using ValueAt = std::function<double(const std::vector<std::int64_t>&)>;

/// The shape with every axis but the last `count` cut to one.
inline Shape lastAxes(const Axes& axes, std::size_t count) {
    Shape shape = shapeOf(axes);
    for (std::size_t i = 0; i + count < shape.size(); ++i) shape[i] = 1;
    return shape;
}

/// Sets every element of the destination (no halves) to what `value` gives for its position.
inline void fillFrom(const Destination& destination, const ValueAt& value, std::vector<std::int64_t> position = {},
                     std::byte* data = nullptr) {
    if (data == nullptr) data = destination.data;
    const std::size_t axis = position.size();
    if (axis == destination.region.rank()) {
        visitType(destination.dtype, [&](auto type) {
            using T = typename decltype(type)::type;
            if constexpr (!std::is_same_v<T, Half>) {
                const T element = static_cast<T>(value(position));
                std::memcpy(data, &element, sizeof(T));
            }
        });
        return;
    }
    position.push_back(0);
    for (std::int64_t i = destination.region[axis].begin; i < destination.region[axis].end; ++i) {
        position.back() = i;
        fillFrom(destination, value, position, data);
        data += destination.strides[axis];
    }
}

} // namespace lazulite::testing
