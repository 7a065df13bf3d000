#include "lazulite/compute/needs.h"

#include <algorithm>

namespace lazulite::compute {

namespace {

const Region kNothing(std::vector<Interval>(3));

/// The bounds of a coordinate over a box.
struct Bounds {
    double low = std::numeric_limits<double>::infinity();
    double high = -std::numeric_limits<double>::infinity();

    void add(double value) {
        low = std::min(low, value);
        high = std::max(high, value);
    }
    /// Whether some of it lies in [0, last].
    bool meets(double last) const { return high >= 0 && low <= last; }
    /// What lies in [0, size), with the next position after each.
    Interval pairs(Index size) const {
        return {floorIndex(std::max(low, 0.0)),
                std::min(size, floorIndex(std::min(high, static_cast<double>(size))) + 2)};
    }
};

/// The corners of an interval.
std::array<Index, 2> endsOf(const Interval& interval) {
    return {interval.begin, interval.end - 1};
}

void extend(Interval& whole, const Interval& part) {
    if (whole.empty()) {
        whole = part;
    } else {
        whole = {std::min(whole.begin, part.begin), std::max(whole.end, part.end)};
    }
}

} // namespace

Region neededBy(const Deskew& kernel, const Region& out) {
    Interval planes;
    Interval columns;
    for (Index z = out[0].begin; z < out[0].end; ++z) {
        const Index offset = floorIndex(kernel.start(z));
        const Interval raw{std::max<Index>(out[2].begin + offset, 0),
                           std::min(out[2].end + offset, kernel.columns - 1)};
        if (raw.empty()) continue;
        extend(planes, {z, z + 1});
        extend(columns, {raw.begin, raw.end + 1});
    }
    return planes.empty() ? kNothing : Region({planes, out[1], columns});
}

Region neededBy(const Rotate& kernel, const Region& out) {
    Bounds planes;
    Bounds columns;
    for (const Index z : endsOf(out[0])) {
        for (const Index x : endsOf(out[2])) {
            planes.add(kernel.turn.plane(z).at(x));
            columns.add(kernel.turn.column(z).at(x));
        }
    }
    const Turn& turn = kernel.turn;
    if (!planes.meets(static_cast<double>(turn.planes - 1)) || !columns.meets(static_cast<double>(turn.columns - 1))) {
        return kNothing;
    }
    return Region({planes.pairs(turn.planes), out[1], columns.pairs(turn.columns)});
}

Region neededBy(const DeskewRotate& kernel, const Region& out) {
    Bounds planes;
    Bounds columns;
    for (const Index z : endsOf(out[0])) {
        for (const Index x : endsOf(out[2])) {
            const double plane = kernel.turn.plane(z).at(x);
            planes.add(plane);
            columns.add(kernel.turn.column(z).at(x) + kernel.deskew.start(0) - kernel.deskew.step * plane);
        }
    }
    // Planes are sampled at most one plane away from the point, where its column lies one step aside.
    const double aside = std::abs(kernel.deskew.step) + 1;
    columns.low -= aside;
    columns.high += aside;
    const Index last = kernel.deskew.columns - 1;
    if (!planes.meets(static_cast<double>(kernel.turn.planes - 1)) || !columns.meets(static_cast<double>(last))) {
        return kNothing;
    }
    return Region({planes.pairs(kernel.turn.planes), out[1], columns.pairs(kernel.deskew.columns)});
}

namespace {

std::array<Bounds, 3> boundsOf(const Affine& kernel, const Region& out) {
    std::array<Bounds, 3> bounds;
    for (const Index z : endsOf(out[0])) {
        for (const Index y : endsOf(out[1])) {
            for (const Index x : endsOf(out[2])) {
                for (int axis = 0; axis < 3; ++axis) {
                    bounds[static_cast<std::size_t>(axis)].add(kernel.line(axis, z, y).at(x));
                }
            }
        }
    }
    return bounds;
}

} // namespace

Region neededBy(const AffineLinear& kernel, const Region& out) {
    const std::array<Bounds, 3> bounds = boundsOf(kernel, out);
    std::vector<Interval> needed;
    for (std::size_t axis = 0; axis < 3; ++axis) {
        const auto last = static_cast<double>(kernel.size[axis] - 1);
        if (!bounds[axis].meets(last)) return kNothing;
        needed.push_back({floorIndex(std::max(bounds[axis].low, 0.0)),
                          static_cast<Index>(std::ceil(std::min(bounds[axis].high, last))) + 1});
    }
    return Region(std::move(needed));
}

Region neededBy(const AffineNearest& kernel, const Region& out) {
    const std::array<Bounds, 3> bounds = boundsOf(kernel, out);
    std::vector<Interval> needed;
    for (std::size_t axis = 0; axis < 3; ++axis) {
        const Bounds& along = bounds[axis];
        if (along.high < -0.5 || along.low > static_cast<double>(kernel.size[axis]) - 0.5) return kNothing;
        const int number = static_cast<int>(axis);
        const auto size = static_cast<double>(kernel.size[axis]);
        needed.push_back({kernel.nearest(number, std::max(along.low, -0.5)),
                          kernel.nearest(number, std::min(along.high, size)) + 1});
    }
    return Region(std::move(needed));
}

Region neededBy(const Shift& kernel, const Region& out) {
    std::vector<Interval> needed;
    for (int axis = 0; axis < 3; ++axis) {
        const Interval& along = out[static_cast<std::size_t>(axis)];
        const Interval inside{std::max(along.begin, kernel.begin(axis)), std::min(along.end, kernel.end(axis))};
        if (inside.empty()) return kNothing;
        needed.push_back({inside.begin + kernel.whole(axis), inside.end + kernel.whole(axis) + kernel.further(axis)});
    }
    return Region(std::move(needed));
}

Region neededBy(const Window& window, const Region& out) {
    std::vector<Interval> needed;
    for (const auto& [span, interval] :
         {std::pair(window.z, out[0]), std::pair(window.y, out[1]), std::pair(window.x, out[2])}) {
        needed.push_back({span.at(interval.begin, 0), span.at(interval.end - 1, span.count - 1) + 1});
    }
    return Region(std::move(needed));
}

Region neededByAny(const Kernel& kernel, const Region& out) {
    return std::visit(
        [&](const auto& chosen) {
            if constexpr (
                requires { chosen.kInputs; } || requires { chosen(static_cast<const float*>(nullptr)); }) {
                return out;
            } else if constexpr (requires { chosen.window; }) {
                return neededBy(chosen.window, out);
            } else {
                return neededBy(chosen, out);
            }
        },
        kernel);
}

} // namespace lazulite::compute
