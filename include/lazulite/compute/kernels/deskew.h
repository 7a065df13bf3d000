#pragma once

#include "lazulite/compute/kernels/portable.h"

namespace lazulite::compute {

/// Undoes the shear of a stage scan: every plane is moved along x, by linear interpolation along x alone.
///
/// Output column xo of plane z samples the raw column
///     xin = (xo - width / 2 + shift) - step (z - planes / 2) + columns / 2
/// (halves as reals); inside 0 <= xin < columns - 1 the two neighbours are blended, elsewhere the value is `pad`. This
/// is cudadecon's geometry. An output (z, y, x) needs the raw row (z, y).
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
            LAZULITE_HD Real value(Index x) const {
                const Real left = raw[x + offset];
                return left + fraction * (raw[x + offset + 1] - left);
            }
        };
        const double from = start(z);
        const double whole = floor(from);
        const auto firstInside = static_cast<Index>(ceil(-from));
        const auto firstBehind = static_cast<Index>(ceil(static_cast<double>(columns - 1) - from));
        return Blend{{firstInside, firstBehind, static_cast<Real>(pad)},
                     in.row(z, y),
                     static_cast<Index>(whole),
                     static_cast<Real>(from - whole)};
    }
};

} // namespace lazulite::compute
