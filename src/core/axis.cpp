#include "lazulite/core/axis.h"

#include <fmt/format.h>

#include "lazulite/core/error.h"
#include "lazulite/core/units.h"

namespace lazulite {

std::string Axis::valueText(std::int64_t position) const {
    if (position >= 0 && position < static_cast<std::int64_t>(labels.size())) {
        return labels[static_cast<std::size_t>(position)];
    }
    if (unit.empty()) return {};
    return quantityText(static_cast<double>(position) * spacing, unit);
}

Shape shapeOf(const Axes& axes) {
    Shape shape;
    shape.reserve(axes.size());
    for (const Axis& axis : axes) shape.push_back(axis.size);
    return shape;
}

std::optional<std::size_t> findAxis(const Axes& axes, std::string_view name) {
    for (std::size_t i = 0; i < axes.size(); ++i) {
        if (axes[i].name == name) return i;
    }
    return std::nullopt;
}

std::int64_t elementCount(const Shape& shape) {
    constexpr std::int64_t kMost = std::int64_t{1} << 62;
    std::int64_t count = 1;
    for (const std::int64_t size : shape) {
        if (size <= 0) return 0;
        if (count > kMost / size) {
            throw Failure({Error::Kind::TooLarge, "an array of more than 2^62 elements cannot be handled", {}, {}});
        }
        count *= size;
    }
    return count;
}

std::optional<std::size_t> channelAxis(const Axes& axes) {
    const auto channel = findAxis(axes, "c");
    return channel ? channel : findAxis(axes, "w");
}

} // namespace lazulite
