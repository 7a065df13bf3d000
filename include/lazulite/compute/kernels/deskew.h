#pragma once

#include <utility>

#include "lazulite/compute/kernels/portable.h"

namespace lazulite::compute {

/// Undoes the shear of a stage scan: every plane is moved along x, by linear interpolation along x alone.
///
/// Output column xo of plane z samples the raw column
///     xin = (xo - width / 2 + shift) - step (z - planes / 2) + columns / 2
/// (halves as reals); inside 0 <= xin < columns - 1 the two neighbours are blended, elsewhere the value is `pad`. This
/// is cudadecon's geometry. An output (z, y, x) needs raw columns floor(xin) and the next of row (z, y).
struct Deskew {
    double step = 0;   ///< columns that a plane lies further than the one before
    double shift = 0;  ///< columns
    Index planes = 1;  ///< of the raw stack
    Index columns = 1; ///< of the raw stack
    Index width = 1;   ///< columns of the result
    double pad = 0;

    /// Where column 0 of plane z samples the raw row.
    LAZULITE_HD double start(Index z) const {
        return shift - 0.5 * static_cast<double>(width) -
               step * (static_cast<double>(z) - 0.5 * static_cast<double>(planes)) + 0.5 * static_cast<double>(columns);
    }

    template <typename In>
    struct Voxels : Row<typename In::Real> {
        using Value = typename In::Real;
        using RawRow = decltype(std::declval<const In&>().row(0, 0));

        RawRow raw;
        Index offset;
        Value fraction;

        template <int kMost>
        LAZULITE_HD void values(Index x, Index count, Value* out) const {
            const Run run = this->inside(x, count, out);
            const Index from = x + run.first + offset;
            for (Index i = 0; i < run.count; ++i) {
                out[run.first + i] = blend(raw[from + i], raw[from + i + 1], fraction);
            }
        }
    };
    template <typename In>
    LAZULITE_HD auto row(const In& in, Index z, Index y) const {
        using Real = typename In::Real;
        const double from = start(z);
        const Index offset = floorIndex(from);
        return Voxels<In>{{-offset, columns - 1 - offset, static_cast<Real>(pad)},
                          in.row(z, y),
                          offset,
                          static_cast<Real>(from - static_cast<double>(offset))};
    }
};

} // namespace lazulite::compute
