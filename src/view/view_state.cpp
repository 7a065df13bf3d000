#include "lazulite/view/view_state.h"

#include <algorithm>
#include <string_view>

namespace lazulite::view {

namespace {

/// Channels and colour samples lie together in one picture: they are neither displayed as a direction nor slid along.
bool isOutsideSpace(const Axes& axes, std::size_t axis) {
    return channelAxis(axes) == axis || sampleAxis(axes) == axis;
}

std::vector<std::string> startColours(std::size_t channels) {
    static const std::vector<std::string> kTwo{"magenta", "green"};
    static const std::vector<std::string> kMany{"cyan", "magenta", "yellow", "blue", "green", "red"};
    if (channels == 1) return {"gray"};
    const std::vector<std::string>& cycle = channels == 2 ? kTwo : kMany;
    std::vector<std::string> colours;
    for (std::size_t i = 0; i < channels; ++i) colours.push_back(cycle[i % cycle.size()]);
    return colours;
}

std::vector<ChannelSettings> startChannels(const Axes& axes) {
    const auto axis = channelAxis(axes);
    const std::size_t count = axis ? static_cast<std::size_t>(std::max<std::int64_t>(1, axes[*axis].size)) : 1;
    const std::vector<std::string> colours = startColours(count);
    std::vector<ChannelSettings> channels(count);
    for (std::size_t i = 0; i < count; ++i) {
        const bool labelled = axis && i < axes[*axis].labels.size() && !axes[*axis].labels[i].empty();
        channels[i].name = labelled ? axes[*axis].labels[i] : "channel " + std::to_string(i);
        channels[i].colormap = colours[i];
    }
    return channels;
}

/// Sample and channel axes first, then what slides, then z, y, x (or the last axes where none is called so).
std::vector<std::size_t> startOrder(const Axes& axes) {
    constexpr std::string_view kSpace[] = {"z", "y", "x"};
    std::vector<std::size_t> order;
    std::vector<std::size_t> sliding;
    std::vector<std::size_t> spatial;
    for (std::size_t i = 0; i < axes.size(); ++i) {
        if (isOutsideSpace(axes, i)) {
            order.push_back(i);
        } else if (std::find(std::begin(kSpace), std::end(kSpace), axes[i].name) == std::end(kSpace)) {
            sliding.push_back(i);
        }
    }
    for (const std::string_view name : kSpace) {
        if (const auto axis = findAxis(axes, name)) spatial.push_back(*axis);
    }
    order.insert(order.end(), sliding.begin(), sliding.end());
    order.insert(order.end(), spatial.begin(), spatial.end());
    return order;
}

} // namespace

bool ViewState::isDisplayed(std::size_t axis) const {
    const auto shown = std::min(order.size(), static_cast<std::size_t>(ndisplay));
    return std::find(order.end() - static_cast<std::ptrdiff_t>(shown), order.end(), axis) != order.end();
}

ViewState ViewState::startFor(const Axes& axes) {
    ViewState state;
    for (const Axis& axis : axes) state.position.push_back(std::max<std::int64_t>(0, axis.size / 2));
    if (const auto channel = channelAxis(axes)) state.position[*channel] = 0;
    if (const auto sample = sampleAxis(axes)) state.position[*sample] = 0;
    state.order = startOrder(axes);
    state.channels = startChannels(axes);
    return state;
}

std::optional<std::size_t> sampleAxis(const Axes& axes) {
    const auto axis = findAxis(axes, "s");
    if (!axis || (axes[*axis].size != 3 && axes[*axis].size != 4)) return std::nullopt;
    return axis;
}

std::vector<std::size_t> sliderAxes(const ViewState& state, const Axes& axes) {
    std::vector<std::size_t> sliders;
    for (std::size_t i = 0; i < axes.size(); ++i) {
        const bool depth = state.ndisplay == 3 && hasDepth(state, axes) && state.depthAxis() == i;
        const bool plane = state.order.size() >= 2 && (state.rowAxis() == i || state.columnAxis() == i);
        if (axes[i].size > 1 && !depth && !plane && !isOutsideSpace(axes, i)) sliders.push_back(i);
    }
    return sliders;
}

bool hasDepth(const ViewState& state, const Axes& axes) {
    return state.order.size() >= 3 && !isOutsideSpace(axes, state.depthAxis());
}

void roll(ViewState& state, const Axes& axes) {
    // Axes of one element would show as a line: they keep their places.
    std::vector<std::size_t*> turning;
    std::vector<std::size_t*> space;
    for (std::size_t& axis : state.order) {
        if (isOutsideSpace(axes, axis) || axes[axis].size < 2) continue;
        turning.push_back(&axis);
        const std::string& name = axes[axis].name;
        if (name == "z" || name == "y" || name == "x") space.push_back(&axis);
    }
    // Time and position would read every file of the recording; they turn only where there is no depth.
    if (space.size() == 3) turning = space;
    if (turning.size() < 2) return;
    const std::size_t last = *turning.back();
    for (std::size_t i = turning.size() - 1; i > 0; --i) *turning[i] = *turning[i - 1];
    *turning.front() = last;
    state.camera2d = Camera2D{};
    state.camera3d = Camera3D{};
}

void transposeDisplayed(ViewState& state) {
    if (state.order.size() < 2) return;
    std::swap(state.order[state.order.size() - 2], state.order[state.order.size() - 1]);
    state.camera2d = Camera2D{};
}

} // namespace lazulite::view
