#pragma once

#include "lazulite/compute/kernels/portable.h"

namespace lazulite::compute {

/// Which positions of the input along one axis belong to position o of the result: `count` of them from
/// o * step + offset, moved into [0, size) where they stick out (edges are repeated).
struct Span {
    Index step = 1;
    Index offset = 0;
    Index count = 1;
    Index size = 1; ///< of the input

    LAZULITE_HD Index at(Index o, Index k) const { return clampIndex(o * step + offset + k, 0, size - 1); }

    /// Every position by itself.
    static Span same(Index size) { return {1, 0, 1, size}; }
    /// All positions from begin to end in one.
    static Span range(Index begin, Index end, Index size) { return {0, begin, end - begin, size}; }
    /// `factor` neighbours in one.
    static Span blocks(Index factor, Index size) { return {factor, 0, factor, size}; }
    /// `radius` neighbours on both sides.
    static Span around(Index radius, Index size) { return {1, -radius, 2 * radius + 1, size}; }
};

/// The box of the input that a voxel of the result is made from.
struct Window {
    Span z;
    Span y;
    Span x;

    LAZULITE_HD Index voxels() const { return z.count * y.count * x.count; }
};

/// Goes through the windows of `count` neighbouring voxels of the result, (z, y, x) the first: for every tap of the
/// window calls visit(tap, begin, end, voxel) for runs of them, where voxel(i) is the stored element of the i-th.
template <typename In, typename Visit>
LAZULITE_HD void overWindow(const Window& window, const In& in, Index z, Index y, Index x, Index count,
                            const Visit& visit) {
    const Span& span = window.x;
    Index tap = 0;
    for (Index k = 0; k < window.z.count; ++k) {
        for (Index j = 0; j < window.y.count; ++j) {
            const auto row = in.row(window.z.at(z, k), window.y.at(y, j));
            for (Index i = 0; i < span.count; ++i, ++tap) {
                const Index from = x * span.step + span.offset + i;
                const bool within = from >= 0 && from + (count - 1) * span.step < span.size;
                const auto neighbours = [&](Index lane) { return row.element(from + lane); };
                const auto repeatingEdges = [&](Index lane) { return row.element(span.at(x + lane, i)); };
                if (within && span.step == 1) {
                    visit(tap, Index(0), count, neighbours);
                } else if (within) {
                    visit(tap, Index(0), count, [&](Index lane) { return row.element(from + lane * span.step); });
                } else if (span.step == 1) {
                    const Index inside = clampIndex(-from, 0, count);
                    const Index behind = clampIndex(span.size - from, inside, count);
                    visit(tap, Index(0), inside, repeatingEdges);
                    visit(tap, inside, behind, neighbours);
                    visit(tap, behind, count, repeatingEdges);
                } else {
                    visit(tap, Index(0), count, repeatingEdges);
                }
            }
        }
    }
}

} // namespace lazulite::compute
