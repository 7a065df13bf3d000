#pragma once

#include "lazulite/compute/elements.h"
#include "lazulite/compute/kernels/portable.h"

namespace lazulite::compute {

/// Moves a volume without turning it: the voxel (z, y, x) of the result is the input's at (z, y, x) + offset, trilinear
/// between voxel centres; `outside` beyond the outermost ones. It is AffineLinear for a matrix that only shifts, whose
/// neighbours' weights are the same everywhere.
struct Shift {
    double offset[3] = {0, 0, 0};
    Index size[3] = {1, 1, 1}; ///< of the input
    double outside = 0;

    LAZULITE_HD Index whole(int axis) const { return floorIndex(offset[axis]); }
    LAZULITE_HD double fraction(int axis) const { return offset[axis] - static_cast<double>(whole(axis)); }
    /// How many further neighbours have weight: 1, or 0 where voxels fall on voxels.
    LAZULITE_HD Index further(int axis) const { return fraction(axis) > 0 ? 1 : 0; }
    /// The positions of the result that lie inside of the input along an axis.
    LAZULITE_HD Index begin(int axis) const { return -whole(axis); }
    LAZULITE_HD Index end(int axis) const { return size[axis] - further(axis) - whole(axis); }

    template <typename In>
    struct Voxels : Row<typename In::Real> {
        using Value = typename In::Real;

        const In& in;
        const Shift& kernel;
        Index z;
        Index y;

        template <int kMost>
        LAZULITE_HD void values(Index x, Index count, Value* out) const {
            const Run run = this->inside(x, count, out);
            if (run.count == 0) return;
            Value* const sums = out + run.first;
            for (Index k = 0; k <= kernel.further(0); ++k) {
                for (Index j = 0; j <= kernel.further(1); ++j) {
                    const auto row = in.row(z + kernel.whole(0) + k, y + kernel.whole(1) + j);
                    for (Index n = 0; n <= kernel.further(2); ++n) {
                        const Index from = x + run.first + kernel.whole(2) + n;
                        const auto weight = static_cast<Value>(share(0, k) * share(1, j) * share(2, n));
                        if (k == 0 && j == 0 && n == 0) {
                            for (Index i = 0; i < run.count; ++i) sums[i] = weight * row[from + i];
                        } else {
                            for (Index i = 0; i < run.count; ++i) sums[i] += weight * row[from + i];
                        }
                    }
                }
            }
        }

        LAZULITE_HD double share(int axis, Index neighbour) const {
            return neighbour == 0 ? 1 - kernel.fraction(axis) : kernel.fraction(axis);
        }
    };
    template <typename In>
    LAZULITE_HD auto row(const In& in, Index z, Index y) const {
        const bool inside = z >= begin(0) && z < end(0) && y >= begin(1) && y < end(1);
        const Row<typename In::Real> columns{inside ? begin(2) : 0, inside ? end(2) : 0,
                                             static_cast<typename In::Real>(outside)};
        return Voxels<In>{columns, in, *this, z, y};
    }
};

} // namespace lazulite::compute
