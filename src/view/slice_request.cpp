#include "slice_request.h"

#include <fmt/format.h>

namespace lazulite::view {

PlaneTarget PlaneTarget::ofPreview() const {
    return {preview, {}, position, order, visible, {}};
}

std::array<double, 2> PlaneTarget::step() const {
    const auto ratio = [this](std::size_t axis) {
        return static_cast<double>(array.axes()[axis].size) / static_cast<double>(stored().axes()[axis].size);
    };
    return {ratio(rowAxis()), ratio(columnAxis())};
}

bool PlaneTarget::samePlane(const PlaneTarget& other) const {
    return array.fingerprint() == other.array.fingerprint() && stored().fingerprint() == other.stored().fingerprint() &&
           samePlace(other);
}

bool PlaneTarget::samePlace(const PlaneTarget& other) const {
    if (array.axes() != other.array.axes()) return false;
    if (rowAxis() != other.rowAxis() || columnAxis() != other.columnAxis()) return false;
    return problemPosition(0) == other.problemPosition(0);
}

Region PlaneTarget::region(std::size_t channel) const {
    const Axes& axes = array.axes();
    const auto channels = channelAxis(axes);
    const auto samples = sampleAxis(axes);
    Region region = Region::whole(stored().shape());
    for (std::size_t i = 0; i < axes.size(); ++i) {
        if (i == rowAxis() || i == columnAxis() || samples == i) continue;
        const std::int64_t at = channels == i ? static_cast<std::int64_t>(channel) : position[i];
        region[i] = {at, at + 1};
    }
    return region;
}

graph::Request PlaneTarget::request(std::size_t channel, graph::Priority priority) const {
    graph::Request request;
    request.array = stored();
    request.region = region(channel);
    request.priority = priority;
    request.label = "slice";
    const Axes& axes = array.axes();
    bool manyBlocks = false;
    for (std::size_t i = 0; i < axes.size(); ++i) {
        const Interval& part = request.region[i];
        if (part.size() == 1 && axes[i].size > 1) request.label += fmt::format(" {}={}", axes[i].name, part.begin);
        manyBlocks = manyBlocks || part.size() > request.array.blockShape()[i];
    }
    // A plane that cuts through many files shows the good ones; one that is a single frame is good or is not.
    request.fillHoles = manyBlocks;
    return request;
}

Block PlaneTarget::asPlane(const Block& block) const {
    const Shape shape = block.shape();
    const Strides& strides = block.strides();
    std::vector<Interval> intervals{{0, shape[rowAxis()]}, {0, shape[columnAxis()]}};
    Strides steps{strides[rowAxis()], strides[columnAxis()]};
    if (const auto samples = sampleAxis(array.axes())) {
        intervals.push_back({0, shape[*samples]});
        steps.push_back(strides[*samples]);
    }
    return block.relabelled(Region(std::move(intervals)), std::move(steps));
}

std::vector<std::int64_t> PlaneTarget::problemPosition(std::size_t channel) const {
    std::vector<std::int64_t> key = position;
    key[rowAxis()] = 0;
    key[columnAxis()] = 0;
    if (const auto samples = sampleAxis(array.axes())) key[*samples] = 0;
    if (const auto channels = channelAxis(array.axes())) key[*channels] = static_cast<std::int64_t>(channel);
    return key;
}

} // namespace lazulite::view
