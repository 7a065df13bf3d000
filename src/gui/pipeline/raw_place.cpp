#include "pipeline/raw_place.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "lazulite/core/axis.h"
#include "lazulite/graph/operation.h"

namespace lazulite::gui {

namespace {

struct Step {
    graph::LazyArray array;
    Region region;
};

/// The region of the first input that a region of an array is made from.
std::optional<Step> stepDown(const Step& from) {
    const graph::Operation* operation = from.array.operation();
    if (operation == nullptr) return std::nullopt;
    if (const graph::ViewOperation* view = operation->asView()) {
        const auto pieces = view->pieces(from.region);
        if (pieces.empty()) return std::nullopt;
        const graph::Piece& middle = pieces[pieces.size() / 2];
        return Step{from.array.inputs()[middle.input], middle.in};
    }
    for (const graph::Need& need : operation->asCompute()->required(from.region)) {
        if (need.input == 0 && !need.region.empty()) return Step{from.array.inputs()[0], need.region};
    }
    return std::nullopt;
}

using Position = std::vector<std::int64_t>;

Position middleOf(const Region& region) {
    Position middle;
    for (const Interval& interval : region) middle.push_back((interval.begin + interval.end - 1) / 2);
    return middle;
}

/// How far away from a place of `raw` an element of an array lies, squared.
double distance(const graph::LazyArray& array, const graph::LazyArray& raw, const Position& position,
                const Position& wanted) {
    const auto place = rawPlaceOf(array, raw, position);
    if (!place) return std::numeric_limits<double>::infinity();
    double square = 0;
    for (std::size_t i = 0; i < wanted.size(); ++i) {
        const auto away = static_cast<double>((*place)[i] - wanted[i]);
        square += away * away;
    }
    return square;
}

/// Moves a position along an axis to where it comes nearest, first by large steps, then by smaller ones.
void approach(const graph::LazyArray& array, const graph::LazyArray& raw, const Position& wanted, std::size_t axis,
              Position& position) {
    constexpr std::int64_t kSteps = 8;
    const std::int64_t size = array.axes()[axis].size;
    double nearest = distance(array, raw, position, wanted);
    std::int64_t reach = size;
    for (std::int64_t step = std::max<std::int64_t>(1, size / kSteps);; step = (step + 1) / 2) {
        const std::int64_t middle = position[axis];
        Position tried = position;
        for (std::int64_t at = middle - reach / step * step; at <= middle + reach && nearest > 0; at += step) {
            if (at < 0 || at >= size) continue;
            tried[axis] = at;
            const double away = distance(array, raw, tried, wanted);
            if (away >= nearest) continue;
            nearest = away;
            position = tried;
        }
        if (step == 1) return;
        reach = step;
    }
}

Region oneElement(const std::vector<std::int64_t>& position) {
    std::vector<Interval> intervals;
    for (const std::int64_t at : position) intervals.push_back({at, at + 1});
    return Region(std::move(intervals));
}

} // namespace

std::optional<Position> rawPlaceOf(const graph::LazyArray& array, const graph::LazyArray& raw,
                                   const Position& position) {
    if (!array || position.size() != array.rank()) return std::nullopt;
    Step step{array, oneElement(position)};
    while (step.array.fingerprint() != raw.fingerprint()) {
        auto next = stepDown(step);
        if (!next) return std::nullopt;
        // From the middle again, so that a wide need (an average, a halo) does not grow into a place far away.
        next->region = oneElement(middleOf(next->region));
        step = std::move(*next);
    }
    return middleOf(step.region);
}

Position middleOf(const view::ViewState& state, const Axes& axes) {
    Position position = state.position;
    const auto place = [&](std::size_t axis, double at) {
        const std::int64_t last = std::max<std::int64_t>(0, axes[axis].size - 1);
        position[axis] = state.camera2d.fitted || state.ndisplay == 3
                             ? axes[axis].size / 2
                             : std::clamp<std::int64_t>(std::llround(at), 0, last);
    };
    place(state.rowAxis(), state.camera2d.row);
    place(state.columnAxis(), state.camera2d.column);
    return position;
}

view::ViewState atSamePlace(view::ViewState carried, const graph::LazyArray& to, const view::ViewState& state,
                            const graph::LazyArray& from, const graph::LazyArray& raw) {
    if (state.order.size() < 2 || carried.order.size() < 2) return carried;
    const auto wanted = rawPlaceOf(from, raw, middleOf(state, from.axes()));
    if (!wanted) return carried;
    Position position = middleOf(carried, to.axes());
    if (distance(to, raw, position, *wanted) == 0) return carried;
    const auto channel = channelAxis(to.axes());
    for (int pass = 0; pass < 2; ++pass) { // axes may depend on each other
        for (std::size_t axis = 0; axis < position.size(); ++axis) {
            if (channel != axis) approach(to, raw, *wanted, axis, position);
        }
    }
    for (std::size_t axis = 0; axis < position.size(); ++axis) {
        if (!carried.isDisplayed(axis)) carried.position[axis] = position[axis];
    }
    if (!carried.camera2d.fitted) {
        carried.camera2d.row = static_cast<double>(position[carried.rowAxis()]);
        carried.camera2d.column = static_cast<double>(position[carried.columnAxis()]);
    }
    return carried;
}

} // namespace lazulite::gui
