#include "pyramid.h"

#include <algorithm>

#include "lazulite/view/viewer.h"

namespace lazulite::view {

namespace {

/// A pixel that is larger than the canvas's by no more than the rounding of an odd size is not larger.
constexpr double kRounding = 1.02;

/// A copy that is smaller along other axes, too, holds averages of several planes and none of this one.
bool isOfThePlane(const graph::LazyArray& copy, const PlaneTarget& target) {
    if (copy.rank() != target.array.rank()) return false;
    for (std::size_t i = 0; i < copy.rank(); ++i) {
        const bool displayed = i == target.rowAxis() || i == target.columnAxis();
        if (!displayed && copy.axes()[i].size != target.array.axes()[i].size) return false;
    }
    return true;
}

std::uint64_t bytesToShow(const PlaneTarget& target) {
    std::uint64_t bytes = 0;
    for (std::size_t i = 0; i < target.visible.size(); ++i) {
        if (target.visible[i]) bytes += graph::Executor::peakBytes(target.stored(), target.region(i));
    }
    return bytes;
}

} // namespace

graph::LazyArray chooseCopy(const PlaneTarget& target, const std::vector<graph::LazyArray>& reduced,
                            const ViewState& state, int width, int height, std::uint64_t memory,
                            const PlaneTarget* shown) {
    const PlaneTransform canvas = planeTransform(state, target.array.axes(), width, height);
    const auto fineEnough = [&](const PlaneTarget& copy) {
        const std::array<double, 2> step = copy.step();
        return (step[0] <= 1 || step[0] <= canvas.rowStep * kRounding) &&
               (step[1] <= 1 || step[1] <= canvas.columnStep * kRounding);
    };
    PlaneTarget chosen = target;
    chosen.reduced = {};
    for (const graph::LazyArray& copy : reduced) {
        if (!isOfThePlane(copy, target)) continue;
        PlaneTarget smaller = target;
        smaller.reduced = copy;
        if (fineEnough(smaller) || bytesToShow(chosen) > memory) chosen = std::move(smaller);
    }
    if (shown == nullptr) return chosen.reduced;
    PlaneTarget same = target;
    same.reduced = shown->reduced;
    const bool finer = shown->step()[0] <= chosen.step()[0] && shown->step()[1] <= chosen.step()[1];
    return finer && same.samePlane(*shown) ? shown->reduced : chosen.reduced;
}

PlaneTransform overCopy(const PlaneTransform& transform, std::array<double, 2> step) {
    return {(transform.rowOrigin + 0.5) / step[0] - 0.5, transform.rowStep / step[0],
            (transform.columnOrigin + 0.5) / step[1] - 0.5, transform.columnStep / step[1]};
}

} // namespace lazulite::view
