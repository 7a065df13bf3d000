#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace lazulite {

using Shape = std::vector<std::int64_t>;

/// One dimension of an array: what it is called, how long it is and what a step along it means.
struct Axis {
    std::string name;                ///< t, c, z, y, x, p, s (colour samples), or the user's own
    std::int64_t size = 1;           ///< number of elements
    double spacing = 1.0;            ///< distance between neighbours, in `unit`
    std::string unit;                ///< "um", "s", or empty where nothing is known (then spacing is 1)
    std::vector<std::string> labels; ///< one a position ("488 nm"), or empty

    /// The value of a position as people read it: its label, else "12.5 s", else "" when no unit is known.
    std::string valueText(std::int64_t position) const;

    bool operator==(const Axis&) const = default;
};

using Axes = std::vector<Axis>;

Shape shapeOf(const Axes& axes);

/// The index of the axis of that name, or nothing.
std::optional<std::size_t> findAxis(const Axes& axes, std::string_view name);

/// The number of elements: the product of the sizes. 0 where a size is 0. Throws Failure past 2^62.
std::int64_t elementCount(const Shape& shape);

/// The axis that channels lie on ("c", else "w" wavelength), or nothing.
std::optional<std::size_t> channelAxis(const Axes& axes);

} // namespace lazulite
