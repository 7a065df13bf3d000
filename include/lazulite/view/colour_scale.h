#pragma once

#include <array>
#include <cstdint>

#include "lazulite/view/view_state.h"

namespace lazulite::view {

/// From a value to its colour: limits, gamma, colormap and opacity of one channel, made once a picture.
///
/// t = clamp((value - low) / (high - low), 0, 1), in steps of 1/4095; colour = opacity * colormap[round(255 *
/// t^gamma)].
class ColourScale {
public:
    static constexpr int kSteps = 4096;

    explicit ColourScale(const ChannelSettings& settings);

    /// The step of a value, 0 ... kSteps-1; 0 for NaN.
    int step(float value) const {
        const float scaled = (value - low_) * factor_;
        // Written so that NaN fails the first comparison.
        return scaled > 0.0F ? static_cast<int>((scaled < kLast ? scaled : kLast) + 0.5F) : 0;
    }

    /// Red in the lowest byte, then green, blue and 255.
    std::uint32_t rgbaOfStep(int step) const { return colours_[static_cast<std::size_t>(step)]; }
    std::uint32_t rgba(float value) const { return rgbaOfStep(step(value)); }

    /// The brightness 0 ... 255 of a value without the colormap: for the samples of RGB data.
    std::uint8_t level(float value) const { return levels_[static_cast<std::size_t>(step(value))]; }

    bool operator==(const ColourScale& other) const = default;

private:
    static constexpr float kLast = kSteps - 1;

    float low_;
    float factor_;
    std::array<std::uint32_t, kSteps> colours_;
    std::array<std::uint8_t, kSteps> levels_;
};

} // namespace lazulite::view
