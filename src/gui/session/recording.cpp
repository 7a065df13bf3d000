#include "session/recording.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include "lazulite/core/error.h"

namespace lazulite::gui {

namespace {

std::string namesOf(const Axes& axes) {
    std::string names;
    for (const Axis& axis : axes) names += (names.empty() ? "" : ", ") + axis.name;
    return names;
}

std::size_t axisNamed(const Axes& axes, const std::string& name, const std::string& where) {
    if (const auto axis = findAxis(axes, name)) return *axis;
    throw Failure(fmt::format("{}: there is no axis \"{}\"; the axes are {}", where, name, namesOf(axes)));
}

void applyPositions(view::ViewState& state, const Axes& axes, const std::map<std::string, std::int64_t>& at) {
    for (const auto& [name, index] : at) {
        const std::size_t axis = axisNamed(axes, name, "--at");
        const std::int64_t size = axes[axis].size;
        if (index < -size || index >= size) {
            throw Failure(fmt::format("--at: {}={} lies outside the axis, which has {} positions (0 to {})", name,
                                      index, size, size - 1));
        }
        state.position[axis] = index < 0 ? index + size : index;
    }
}

void applyPlane(view::ViewState& state, const Axes& axes, const std::string& plane) {
    if (plane.empty()) return;
    if (plane.size() != 2 || plane[0] == plane[1]) {
        throw Failure(fmt::format("--plane: \"{}\" should be two different axes, such as yx, zx or zy", plane));
    }
    for (const char letter : plane) {
        const std::size_t axis = axisNamed(axes, std::string(1, letter), "--plane");
        std::erase(state.order, axis);
        state.order.push_back(axis);
    }
}

void applyColors(view::ViewState& state, const io::FileSeries& series) {
    const auto colors = series.channelColors();
    for (std::size_t i = 0; i < colors.size() && i < state.channels.size(); ++i) {
        if (!colors[i]) continue;
        const auto byte = [&](std::size_t k) {
            return static_cast<int>(std::lround(255 * std::clamp(colors[i]->at(k), 0.0F, 1.0F)));
        };
        if (byte(0) + byte(1) + byte(2) == 0) continue; // black: a writer's way of saying that it knows none
        state.channels[i].colormap = fmt::format("#{:02x}{:02x}{:02x}", byte(0), byte(1), byte(2));
    }
}

void applyLimits(view::ViewState& state, const std::vector<std::array<double, 2>>& limits, const std::string& where) {
    if (limits.empty()) return;
    if (limits.size() != 1 && limits.size() != state.channels.size()) {
        throw Failure(fmt::format("{}: {} pairs for {} channels; give one pair for all, or one a channel", where,
                                  limits.size(), state.channels.size()));
    }
    for (std::size_t i = 0; i < state.channels.size(); ++i) {
        state.channels[i].limits = limits.size() == 1 ? limits.front() : limits[i];
        state.channels[i].provisional = false;
    }
}

} // namespace

graph::LazyArray withChannelAxis(const graph::LazyArray& array, const std::string& name) {
    Axes axes = array.axes();
    const std::size_t chosen = axisNamed(axes, name, "--channel-axis");
    if (name == "c") return array;
    if (const auto former = findAxis(axes, "c")) axes[*former].name = "c2";
    axes[chosen].name = "c";
    return array.withAxes(std::move(axes));
}

graph::LazyArray Recording::shown() const {
    return pipeline && pipeline->pipeline ? pipeline->pipeline->result() : array;
}

void applyViewSettings(view::ViewState& state, const Axes& axes, const pipeline::ViewSettings& settings) {
    applyLimits(state, settings.contrastLimits, "[view] contrast-limits");
    if (settings.ndisplay) state.ndisplay = *settings.ndisplay == 3 && view::hasDepth(state, axes) ? 3 : 2;
}

view::ViewState startState(const Recording& recording, const WindowOptions& options) {
    const graph::LazyArray shown = recording.shown();
    const Axes& axes = shown.axes();
    view::ViewState state = view::ViewState::startFor(axes);
    applyPlane(state, axes, options.plane);
    applyPositions(state, axes, options.at);
    if (recording.series) applyColors(state, *recording.series);
    if (recording.pipeline && recording.pipeline->pipeline) {
        applyViewSettings(state, axes, recording.pipeline->config.view);
    }
    applyLimits(state, options.contrastLimits, "--contrast-limits");
    if (options.ndisplay != 0) state.ndisplay = options.ndisplay == 3 && view::hasDepth(state, axes) ? 3 : 2;
    return state;
}

} // namespace lazulite::gui
