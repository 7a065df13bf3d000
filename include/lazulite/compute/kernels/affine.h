#pragma once

#include "lazulite/compute/elements.h"
#include "lazulite/compute/kernels/between.h"

namespace lazulite::compute {

/// A pull transform in voxels: the voxel (z, y, x) of the result lies at coordinate i = matrix[i] . (z, y, x, 1) of the
/// input along axis i (0: z, 1: y, 2: x).
struct Affine {
    double matrix[3][4] = {{1, 0, 0, 0}, {0, 1, 0, 0}, {0, 0, 1, 0}};
    Index size[3] = {1, 1, 1}; ///< of the input
    Index width = 1;           ///< columns of the result
    double outside = 0;

    LAZULITE_HD Line line(int axis, Index z, Index y) const {
        const double* row = matrix[axis];
        return {row[0] * static_cast<double>(z) + row[1] * static_cast<double>(y) + row[3], row[2]};
    }

    /// The columns of a row that lie at most `margin` voxels outside of the input's outermost voxel centres.
    template <typename Value>
    LAZULITE_HD Row<Value> inside(const Line (&lines)[3], double margin, Value outsideValue) const {
        Row<Value> row{0, width, outsideValue};
        for (int axis = 0; axis < 3; ++axis) {
            narrow(lines[axis], -margin, static_cast<double>(size[axis] - 1) + margin, row.begin, row.end);
        }
        return row;
    }

    /// The voxel nearest to a coordinate along an axis, of -0.5 at least.
    LAZULITE_HD std::int32_t nearest(int axis, double at) const {
        const auto last = static_cast<double>(size[axis] - 1);
        return static_cast<std::int32_t>(at + 0.5 < last ? at + 0.5 : last);
    }
};

/// Trilinear between voxel centres; `outside` beyond the outermost ones. A voxel that falls on one of the input's is
/// that one.
struct AffineLinear : Affine {
    template <typename In>
    struct Voxels : Row<typename In::Real> {
        using Element = typename In::Element;
        using Value = typename In::Real;

        const In& in;
        Line lines[3];

        template <int kMost>
        LAZULITE_HD void values(Index x, Index count, Value* out) const {
            const Run run = this->inside(x, count, out);
            Places<Value, kMost> at[3];
            for (int axis = 0; axis < 3; ++axis) at[axis].find(lines[axis], x + run.first, run.count);
            Pairs<Element, kMost> voxels[2][2]; // of the planes and rows below and above
            for (int i = 0; i < run.count; ++i) {
                for (int k = 0; k < 2; ++k) {
                    for (int j = 0; j < 2; ++j) {
                        const auto row = in.row(k == 0 ? at[0].below[i] : at[0].above[i], //
                                                j == 0 ? at[1].below[i] : at[1].above[i]);
                        voxels[k][j].take(i, row, at[2].below[i], at[2].above[i]);
                    }
                }
            }
            for (int i = 0; i < run.count; ++i) {
                const auto onPlane = [&](int k) {
                    const Value fraction = at[2].fraction[i];
                    return blendOf<Element>(voxels[k][0].between(i, fraction), voxels[k][1].between(i, fraction),
                                            at[1].fraction[i]);
                };
                out[run.first + i] = blendOf<Element>(onPlane(0), onPlane(1), at[0].fraction[i]);
            }
        }
    };
    template <typename In>
    LAZULITE_HD auto row(const In& in, Index z, Index y) const {
        using Real = typename In::Real;
        const Line lines[3] = {line(0, z, y), line(1, z, y), line(2, z, y)};
        return Voxels<In>{inside(lines, 0, static_cast<Real>(outside)), in, {lines[0], lines[1], lines[2]}};
    }
};

/// The nearest voxel, as it is stored to the bit; `outside` where the point lies in none.
struct AffineNearest : Affine {
    template <typename In>
    struct Voxels : Row<typename In::Element> {
        using Value = typename In::Element;

        const In& in;
        const Affine& affine;
        Line lines[3];

        template <int kMost>
        LAZULITE_HD void values(Index x, Index count, Value* out) const {
            const Run run = this->inside(x, count, out);
            std::int32_t nearest[3][kMost];
            for (int axis = 0; axis < 3; ++axis) {
                for (int i = 0; i < run.count; ++i) {
                    nearest[axis][i] = affine.nearest(axis, lines[axis].at(x + run.first, i));
                }
            }
            for (int i = 0; i < run.count; ++i) {
                out[run.first + i] = in.row(nearest[0][i], nearest[1][i]).element(nearest[2][i]);
            }
        }
    };
    template <typename In>
    LAZULITE_HD auto row(const In& in, Index z, Index y) const {
        const Line lines[3] = {line(0, z, y), line(1, z, y), line(2, z, y)};
        const auto beyond = toElement<typename In::Element>(outside);
        return Voxels<In>{inside(lines, 0.5, beyond), in, *this, {lines[0], lines[1], lines[2]}};
    }
};

} // namespace lazulite::compute
