#pragma once

#include "lazulite/compute/elements.h"
#include "lazulite/compute/kernels/portable.h"

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

    /// The voxel nearest to a coordinate along an axis.
    LAZULITE_HD Index nearest(int axis, double at) const { return clampIndex(floorIndex(at + 0.5), 0, size[axis] - 1); }
};

/// Trilinear between voxel centres; `outside` beyond the outermost ones. A voxel that falls on one of the input's is
/// that one.
struct AffineLinear : Affine {
    template <typename In>
    LAZULITE_HD auto row(const In& in, Index z, Index y) const {
        using Real = typename In::Real;
        struct Sample : Row<Real> {
            const In& in;
            Line lines[3];

            struct Place {
                Index below;
                Index above; ///< the same where it would have no weight
                Real fraction;
            };
            LAZULITE_HD Place place(int axis, Index x) const {
                const double at = lines[axis].at(x);
                const Index below = floorIndex(at);
                const double fraction = at - static_cast<double>(below);
                return {below, fraction > 0 ? below + 1 : below, static_cast<Real>(fraction)};
            }
            LAZULITE_HD Real value(Index x) const {
                const Place z = place(0, x);
                const Place y = place(1, x);
                const Place column = place(2, x);
                const auto along = [&](Index plane, Index line) {
                    const auto voxels = in.row(plane, line);
                    return blend(voxels[column.below], voxels[column.above], column.fraction);
                };
                const auto across = [&](Index plane) {
                    return blend(along(plane, y.below), along(plane, y.above), y.fraction);
                };
                return blend(across(z.below), across(z.above), z.fraction);
            }
        };
        const Line lines[3] = {line(0, z, y), line(1, z, y), line(2, z, y)};
        return Sample{inside(lines, 0, static_cast<Real>(outside)), in, {lines[0], lines[1], lines[2]}};
    }
};

/// The nearest voxel, as it is stored to the bit; `outside` where the point lies in none.
struct AffineNearest : Affine {
    template <typename In>
    LAZULITE_HD auto row(const In& in, Index z, Index y) const {
        using Element = typename In::Element;
        struct Sample : Row<Element> {
            const In& in;
            const Affine& affine;
            Line lines[3];
            LAZULITE_HD Element value(Index x) const {
                const auto nearest = [&](int axis) { return affine.nearest(axis, lines[axis].at(x)); };
                return in.row(nearest(0), nearest(1)).element(nearest(2));
            }
        };
        const Line lines[3] = {line(0, z, y), line(1, z, y), line(2, z, y)};
        return Sample{inside(lines, 0.5, toElement<Element>(outside)), in, *this, {lines[0], lines[1], lines[2]}};
    }
};

} // namespace lazulite::compute
