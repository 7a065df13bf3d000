#include "session/carry_over.h"

#include <algorithm>
#include <optional>

namespace lazulite::gui {

namespace {

std::vector<std::string> channelLabels(const Axes& axes) {
    const auto axis = channelAxis(axes);
    return axis ? axes[*axis].labels : std::vector<std::string>{};
}

/// Which channel of `from` a channel of `to` is.
std::optional<std::size_t> formerChannel(std::size_t channel, const Axes& from, const Axes& to) {
    const std::vector<std::string> known = channelLabels(from);
    const std::vector<std::string> labels = channelLabels(to);
    if (known.empty() || channel >= labels.size()) return channel;
    const auto found = std::ranges::find(known, labels[channel]);
    if (found == known.end()) return std::nullopt;
    return static_cast<std::size_t>(found - known.begin());
}

/// Axes that are new come first, so that what was displayed stays displayed.
std::vector<std::size_t> carriedOrder(const view::ViewState& state, const Axes& from, const Axes& to,
                                      const std::vector<std::size_t>& start) {
    std::vector<std::size_t> order;
    for (const std::size_t axis : start) {
        if (!findAxis(from, to[axis].name)) order.push_back(axis);
    }
    for (const std::size_t axis : state.order) {
        if (const auto now = findAxis(to, from[axis].name)) order.push_back(*now);
    }
    const bool displayed = findAxis(to, from[state.rowAxis()].name) && findAxis(to, from[state.columnAxis()].name);
    return displayed ? order : start;
}

bool sameAxis(const Axes& from, std::size_t before, const Axes& to, std::size_t now) {
    return from[before].name == to[now].name;
}

bool inside(double place, const Axis& axis) {
    return place >= -0.5 && place <= static_cast<double>(axis.size) - 0.5;
}

} // namespace

view::ViewState carriedOver(const view::ViewState& state, const Axes& from, const Axes& to) {
    view::ViewState carried = view::ViewState::startFor(to);
    if (state.order.size() < 2 || state.order.size() != from.size()) return carried;
    for (std::size_t i = 0; i < to.size(); ++i) {
        const auto before = findAxis(from, to[i].name);
        if (!before) continue;
        carried.position[i] =
            std::clamp<std::int64_t>(state.position[*before], 0, std::max<std::int64_t>(0, to[i].size - 1));
    }
    carried.order = carriedOrder(state, from, to, carried.order);
    for (std::size_t i = 0; i < carried.channels.size(); ++i) {
        const auto former = formerChannel(i, from, to);
        if (former && *former < state.channels.size()) carried.channels[i] = state.channels[*former];
    }
    carried.interpolation = state.interpolation;
    carried.scaleBar = state.scaleBar;
    if (state.ndisplay == 3 && view::hasDepth(carried, to)) carried.ndisplay = 3;
    if (carried.order.size() < 2) return carried;
    const bool samePlane = sameAxis(from, state.rowAxis(), to, carried.rowAxis()) &&
                           sameAxis(from, state.columnAxis(), to, carried.columnAxis());
    if (!samePlane) return carried;
    carried.camera3d = state.camera3d;
    if (inside(state.camera2d.row, to[carried.rowAxis()]) && inside(state.camera2d.column, to[carried.columnAxis()]))
        carried.camera2d = state.camera2d;
    return carried;
}

} // namespace lazulite::gui
