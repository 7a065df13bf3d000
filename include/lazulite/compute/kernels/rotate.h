#pragma once

#include "lazulite/compute/kernels/between.h"
#include "lazulite/compute/kernels/deskew.h"

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
    static constexpr bool kMixesPlanes = true;

    Turn turn;

    template <typename In>
    struct Voxels : Row<typename In::Real> {
        using Element = typename In::Element;
        using Value = typename In::Real;

        const In& in;
        Index y;
        Line planes;
        Line columns;

        template <int kMost>
        LAZULITE_HD void values(Index x, Index count, Value* out) const {
            const Run run = this->inside(x, count, out);
            Places<Value, kMost> plane;
            Places<Value, kMost> column;
            plane.find(planes, x + run.first, run.count);
            column.find(columns, x + run.first, run.count);
            Pairs<Element, kMost> voxels[2]; // of both planes
            for (int i = 0; i < run.count; ++i) {
                voxels[0].take(i, in.row(plane.below[i], y), column.below[i], column.above[i]);
                voxels[1].take(i, in.row(plane.above[i], y), column.below[i], column.above[i]);
            }
            for (int i = 0; i < run.count; ++i) {
                const Value fraction = column.fraction[i];
                out[run.first + i] =
                    blendOf<Element>(voxels[0].between(i, fraction), voxels[1].between(i, fraction), plane.fraction[i]);
            }
        }
    };
    template <typename In>
    LAZULITE_HD auto row(const In& in, Index z, Index y) const {
        return Voxels<In>{turn.inside(z, typename In::Real(0)), in, y, turn.plane(z), turn.column(z)};
    }
};

/// Deskew and rotation in one interpolation of the raw stack: a voxel of the result lies between two raw planes; each
/// is sampled along x where its own shear puts the voxel, then the two are blended. (Blending deskewed voxels of
/// unlike planes, as two passes do, blurs along x twice.) The turn's input is the deskewed stack. Outside of it, and
/// where a plane does not reach, the value is the deskew's pad. An output needs the planes floor(plane) and the next of
/// row y; of plane k the columns floor(column + deskew.start(k)) and the next.
struct DeskewRotate {
    static constexpr bool kMixesPlanes = true;

    Deskew deskew;
    Turn turn;

    template <typename In>
    struct Voxels : Row<typename In::Real> {
        using Element = typename In::Element;
        using Value = typename In::Real;

        const In& in;
        const Deskew& deskew;
        Index y;
        Line planes;
        Line columns;

        template <int kMost>
        LAZULITE_HD void values(Index x, Index count, Value* out) const {
            constexpr double kBeyond = -1; // where a plane does not reach
            const Run run = this->inside(x, count, out);
            Places<Value, kMost> plane;
            plane.find(planes, x + run.first, run.count);
            Places<Value, kMost> column[2]; // on both planes
            for (int k = 0; k < 2; ++k) {
                for (int i = 0; i < run.count; ++i) {
                    const double raw = columns.at(x + run.first, i) + deskew.start(plane.below[i] + k);
                    const bool within = raw >= 0 && raw < static_cast<double>(deskew.columns - 1);
                    column[k].put(i, within ? raw : kBeyond);
                }
            }
            Pairs<Element, kMost> voxels[2];
            for (int i = 0; i < run.count; ++i) {
                for (int k = 0; k < 2; ++k) {
                    if (column[k].below[i] < 0) {
                        voxels[k].first[i] = voxels[k].second[i] = {};
                    } else {
                        voxels[k].take(i, in.row(plane.below[i] + k, y), column[k].below[i], column[k].above[i]);
                    }
                }
            }
            const Value pad = this->outside;
            for (int i = 0; i < run.count; ++i) {
                const auto onPlane = [&](int k) {
                    const Value between = voxels[k].between(i, column[k].fraction[i]);
                    return column[k].below[i] < 0 ? pad : between;
                };
                out[run.first + i] = blend(onPlane(0), onPlane(1), plane.fraction[i]);
            }
        }
    };
    template <typename In>
    LAZULITE_HD auto row(const In& in, Index z, Index y) const {
        return Voxels<In>{
            turn.inside(z, static_cast<typename In::Real>(deskew.pad)), in, deskew, y, turn.plane(z), turn.column(z)};
    }
};

} // namespace lazulite::compute
