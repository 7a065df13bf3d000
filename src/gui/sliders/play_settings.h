#pragma once

#include <cstdint>

namespace lazulite::gui {

enum class LoopMode { Once, Loop, BackAndForth };

/// How an axis is played.
struct PlaySettings {
    double framesPerSecond = 10;
    bool reverse = false;
    LoopMode loop = LoopMode::Loop;
    bool everyFrame = true; ///< waits for each picture; otherwise keeps to the clock and leaves frames out
    std::int64_t first = 0;
    std::int64_t last = -1; ///< -1: the axis's end

    bool operator==(const PlaySettings&) const = default;
};

/// Where playing stands and which way it goes.
struct PlayStep {
    std::int64_t position = 0;
    int direction = 1; ///< +1 or -1; turns at the ends when going back and forth
    bool ended = false;
};

/// The step that follows after `steps` frames, for an axis of `size` positions.
PlayStep advance(const PlaySettings& settings, std::int64_t size, PlayStep now, std::int64_t steps);

} // namespace lazulite::gui
