#include "pipeline/raw_place.h"

#include <utility>

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

std::vector<std::int64_t> middleOf(const Region& region) {
    std::vector<std::int64_t> middle;
    for (const Interval& interval : region) middle.push_back((interval.begin + interval.end - 1) / 2);
    return middle;
}

Region oneElement(const std::vector<std::int64_t>& position) {
    std::vector<Interval> intervals;
    for (const std::int64_t at : position) intervals.push_back({at, at + 1});
    return Region(std::move(intervals));
}

} // namespace

std::optional<std::vector<std::int64_t>> rawPlaceOf(const graph::LazyArray& array, const graph::LazyArray& raw,
                                                    const std::vector<std::int64_t>& position) {
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

} // namespace lazulite::gui
