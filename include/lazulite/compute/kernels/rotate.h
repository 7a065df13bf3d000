#pragma once

#include "lazulite/compute/kernels/deskew.h"
#include "lazulite/compute/kernels/portable.h"

namespace lazulite::compute {

/// Where the voxels of a stack that is turned about y lie in the stack before: cudadecon's rotation to the cover slip.
///
/// With Z = (height - 1 - z) - height / 2 and X = x - width / 2 (halves as reals), the voxel (z, y, x) of the result
/// lies at
///     plane = scale cosine Z + scale sine X + planes / 2,  column = -sine Z + cosine X + columns / 2
/// of the input, whose planes lie 1 / scale columns apart.
struct Turn {
    double cosine = 1;
    double sine = 0;
    double scale = 1;
    Index planes = 1;  ///< of the input
    Index columns = 1; ///< of the input
    Index height = 1;  ///< planes of the result
    Index width = 1;   ///< columns of the result

    LAZULITE_HD Line plane(Index z) const {
        return {scale * cosine * depth(z) - scale * sine * 0.5 * static_cast<double>(width) +
                    0.5 * static_cast<double>(planes),
                scale * sine};
    }
    LAZULITE_HD Line column(Index z) const {
        return {0.5 * static_cast<double>(columns) - cosine * 0.5 * static_cast<double>(width) - sine * depth(z),
                cosine};
    }

    /// The columns of plane z of the result that lie between planes and between columns of the input.
    template <typename Value>
    LAZULITE_HD Row<Value> inside(Index z, Value outside) const {
        Row<Value> row{0, width, outside};
        narrow(plane(z), 0, justBelow(static_cast<double>(planes - 1)), row.begin, row.end);
        narrow(column(z), 0, justBelow(static_cast<double>(columns - 1)), row.begin, row.end);
        return row;
    }

private:
    LAZULITE_HD double depth(Index z) const {
        return static_cast<double>(height - 1 - z) - 0.5 * static_cast<double>(height);
    }
};

/// Turns a deskewed stack, bilinear in z and x; 0 outside of it. An output (z, y, x) needs the planes floor(plane) and
/// the next of row y, with the columns floor(column) and the next.
struct Rotate {
    Turn turn;

    template <typename In>
    LAZULITE_HD auto row(const In& in, Index z, Index y) const {
        using Real = typename In::Real;
        struct Sample : Row<Real> {
            const In& in;
            Index y;
            Line planes;
            Line columns;
            LAZULITE_HD Real value(Index x) const {
                const double plane = planes.at(x);
                const double column = columns.at(x);
                const Index k = floorIndex(plane);
                const Index i = floorIndex(column);
                const auto fraction = static_cast<Real>(column - static_cast<double>(i));
                const auto upper = in.row(k, y);
                const auto lower = in.row(k + 1, y);
                return blend(blend(upper[i], upper[i + 1], fraction), blend(lower[i], lower[i + 1], fraction),
                             static_cast<Real>(plane - static_cast<double>(k)));
            }
        };
        return Sample{turn.inside(z, Real(0)), in, y, turn.plane(z), turn.column(z)};
    }
};

/// Deskew and rotation in one interpolation of the raw stack: a voxel of the result lies between two raw planes; each
/// is sampled along x where its own shear puts the voxel, then the two are blended. (Blending deskewed voxels of
/// unlike planes, as two passes do, blurs along x twice.) The turn's input is the deskewed stack. Outside of it, and
/// where a plane does not reach, the value is the deskew's pad. An output needs the planes floor(plane) and the next of
/// row y; of plane k the columns floor(column + deskew.start(k)) and the next.
struct DeskewRotate {
    Deskew deskew;
    Turn turn;

    template <typename In>
    LAZULITE_HD auto row(const In& in, Index z, Index y) const {
        using Real = typename In::Real;
        struct Sample : Row<Real> {
            const In& in;
            const Deskew& deskew;
            Index y;
            Line planes;
            Line columns;
            LAZULITE_HD Real onPlane(Index k, double column) const {
                const double raw = column + deskew.start(k);
                if (!(raw >= 0 && raw < static_cast<double>(deskew.columns - 1))) return this->outside;
                const Index i = floorIndex(raw);
                const auto voxels = in.row(k, y);
                return blend(voxels[i], voxels[i + 1], static_cast<Real>(raw - static_cast<double>(i)));
            }
            LAZULITE_HD Real value(Index x) const {
                const double plane = planes.at(x);
                const double column = columns.at(x);
                const Index k = floorIndex(plane);
                return blend(onPlane(k, column), onPlane(k + 1, column),
                             static_cast<Real>(plane - static_cast<double>(k)));
            }
        };
        return Sample{turn.inside(z, static_cast<Real>(deskew.pad)), in, deskew, y, turn.plane(z), turn.column(z)};
    }
};

} // namespace lazulite::compute
