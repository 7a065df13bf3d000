#include "sliders/play_settings.h"

#include <algorithm>

namespace lazulite::gui {

namespace {

PlayStep bounce(PlayStep now, std::int64_t first, std::int64_t span, std::int64_t steps) {
    // Going there and back is a loop of 2 * span positions.
    const std::int64_t period = 2 * span;
    const std::int64_t offset = now.position - first;
    const std::int64_t phase = (now.direction > 0 ? offset : period - offset) % period;
    const std::int64_t next = (phase + steps) % period;
    if (next < span) return {first + next, 1, false};
    return {first + period - next, -1, false};
}

} // namespace

PlayStep advance(const PlaySettings& settings, std::int64_t size, PlayStep now, std::int64_t steps) {
    const std::int64_t first = std::clamp<std::int64_t>(settings.first, 0, size - 1);
    const std::int64_t last = settings.last < 0 ? size - 1 : std::clamp<std::int64_t>(settings.last, first, size - 1);
    const std::int64_t span = last - first;
    now.position = std::clamp(now.position, first, last);
    if (span == 0) return {first, now.direction, true};
    if (settings.loop == LoopMode::BackAndForth) return bounce(now, first, span, steps);
    const std::int64_t next = now.position + now.direction * steps;
    if (next >= first && next <= last) return {next, now.direction, false};
    if (settings.loop == LoopMode::Once) return {now.direction > 0 ? last : first, now.direction, true};
    const std::int64_t count = span + 1;
    return {first + ((next - first) % count + count) % count, now.direction, false};
}

} // namespace lazulite::gui
