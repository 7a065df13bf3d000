#include "lazulite/view/colour_scale.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "lazulite/view/colormaps.h"

namespace lazulite::view {

ColourScale::ColourScale(const ChannelSettings& settings) {
    const double width = settings.limits[1] - settings.limits[0];
    low_ = static_cast<float>(settings.limits[0]);
    // Limits that coincide show a threshold: everything above is bright.
    factor_ = width > 0 ? static_cast<float>(kLast / width) : std::numeric_limits<float>::max();
    const Colormap map = colormapOrGray(settings.colormap);
    const double gamma = settings.gamma > 0 ? settings.gamma : 1.0;
    const double opacity = std::clamp(settings.opacity, 0.0, 1.0);
    for (int i = 0; i < kSteps; ++i) {
        const double t = static_cast<double>(i) / kLast;
        const double bent = gamma == 1.0 ? t : std::pow(t, gamma);
        const auto level = static_cast<std::size_t>(std::lround(255 * bent));
        std::uint32_t colour = 0xFF000000U;
        for (std::size_t k = 0; k < 3; ++k) {
            const auto part = static_cast<std::uint32_t>(std::lround(map[level][k] * opacity));
            colour |= part << (8U * k);
        }
        colours_[static_cast<std::size_t>(i)] = colour;
        levels_[static_cast<std::size_t>(i)] =
            static_cast<std::uint8_t>(std::lround(static_cast<double>(level) * opacity));
    }
}

} // namespace lazulite::view
