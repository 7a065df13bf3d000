#pragma once

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
    LAZULITE_HD auto row(const In& in, Index z, Index y) const {
        using Real = typename In::Real;
        struct Blend : Row<Real> {
            decltype(in.row(z, y)) raw;
            Index offset;
            Real fraction;
            LAZULITE_HD Real value(Index x) const { return blend(raw[x + offset], raw[x + offset + 1], fraction); }
        };
        const double from = start(z);
        const Index offset = floorIndex(from);
        return Blend{{-offset, columns - 1 - offset, static_cast<Real>(pad)},
                     in.row(z, y),
                     offset,
                     static_cast<Real>(from - static_cast<double>(offset))};
    }
};

} // namespace lazulite::compute
