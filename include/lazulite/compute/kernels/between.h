#pragma once

#include "lazulite/compute/kernels/portable.h"

/// What kernels are made of whose voxels lie between those of the input: for neighbouring voxels side by side first
/// where they lie, then what lies there, then the blend. Compilers vectorise the first step and the last.
namespace lazulite::compute {

/// Where neighbouring voxels of the result lie along an axis of the input: `fraction` of the way from `below` to
/// `above`, the next position or, where that has no weight and may lie outside, the same. Coordinates are whole or not
/// negative.
template <typename Real, int kMost>
struct Places {
    std::int32_t below[kMost];
    std::int32_t above[kMost];
    Real fraction[kMost];

    /// Of the `count` columns of the result from x on.
    LAZULITE_HD void find(const Line& line, Index x, Index count) {
        for (int i = 0; i < count; ++i) put(i, line.at(x, i));
    }
    LAZULITE_HD void put(int i, double at) {
        below[i] = static_cast<std::int32_t>(at);
        fraction[i] = static_cast<Real>(at - below[i]);
        above[i] = below[i] + (fraction[i] > 0 ? 1 : 0);
    }
};

/// blend() of voxels that are made of stored elements. Integers are finite, so that one without weight has no effect by
/// itself; not to choose makes it fast.
template <typename Element, typename Real>
LAZULITE_HD Real blendOf(Real left, Real right, Real fraction) {
    if constexpr (std::is_integral_v<Element>) {
        return (1 - fraction) * left + fraction * right;
    } else {
        return blend(left, right, fraction);
    }
}

/// Stored elements on both sides of neighbouring voxels.
template <typename Element, int kMost>
struct Pairs {
    Element first[kMost];
    Element second[kMost];

    /// Voxel i lies between two elements of a row.
    template <typename RowReader>
    LAZULITE_HD void take(int i, const RowReader& row, Index left, Index right) {
        first[i] = row.element(left);
        second[i] = row.element(right);
    }
    template <typename Real>
    LAZULITE_HD Real between(int i, Real fraction) const {
        return blendOf<Element>(static_cast<Real>(first[i]), static_cast<Real>(second[i]), fraction);
    }
};

} // namespace lazulite::compute
