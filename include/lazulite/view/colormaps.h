#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace lazulite::view {

using Rgb = std::array<std::uint8_t, 3>;

/// The colours from the lowest value shown to the highest.
using Colormap = std::array<Rgb, 256>;

/// The names that findColormap() knows, in the order of a menu. A colour written "#rrggbb" is one more for each colour.
const std::vector<std::string>& colormapNames();

/// The colormap of that name; "#rrggbb" runs from black to that colour. Nothing where the name is unknown.
std::optional<Colormap> findColormap(std::string_view name);

/// The same, with gray in place of an unknown name.
Colormap colormapOrGray(std::string_view name);

} // namespace lazulite::view
