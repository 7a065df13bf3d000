#pragma once

#include "lazulite/compute/kernels/window.h"

/// One voxel out of a window of voxels: projections, binning, smoothing.
namespace lazulite::compute {

/// Result (z, y, x) is what a fold makes of the window's voxels, one after the other.
///
/// Fold::Lanes<T, kMost> is the state of up to kMost results that are made side by side of voxels of type T:
/// tap(k) announces the window's k-th voxel, begin(i, voxel) takes the first one of result i, add(i, voxel) every
/// further one, and end(i, voxels) is the result, a Lanes::Value.
template <typename Fold>
struct Reduce {
    Window window;
    Fold fold{};

    template <typename In>
    struct Voxels {
        using Element = typename In::Element;
        using Value = typename Fold::template Lanes<Element, 1>::Value;

        const In& in;
        const Reduce& kernel;
        Index z;
        Index y;

        template <int kMost>
        LAZULITE_HD void values(Index x, Index count, Value* out) const {
            typename Fold::template Lanes<Element, kMost> lanes(kernel.fold);
            overWindow(kernel.window, in, z, y, x, count, [&](Index tap, Index begin, Index end, const auto& voxel) {
                lanes.tap(tap);
                if (tap == 0) {
                    for (Index i = begin; i < end; ++i) lanes.begin(i, voxel(i));
                } else {
                    for (Index i = begin; i < end; ++i) lanes.add(i, voxel(i));
                }
            });
            for (Index i = 0; i < count; ++i) out[i] = lanes.end(i, kernel.window.voxels());
        }
    };
    template <typename In>
    LAZULITE_HD auto row(const In& in, Index z, Index y) const {
        return Voxels<In>{in, *this, z, y};
    }
};

/// The largest or the smallest number, in the input's type; a NaN only where there is nothing else.
template <bool kLargest>
struct Extreme {
    template <typename T, int kMost>
    struct Lanes {
        using Value = std::conditional_t<std::is_same_v<T, Half>, float, T>;
        Value best[kMost];

        LAZULITE_HD explicit Lanes(const Extreme&) {}
        LAZULITE_HD void tap(Index) {}
        LAZULITE_HD void begin(Index i, T voxel) { best[i] = static_cast<Value>(voxel); }
        LAZULITE_HD void add(Index i, T voxel) {
            const auto value = static_cast<Value>(voxel);
            const bool better = kLargest ? value > best[i] : value < best[i];
            best[i] = better || best[i] != best[i] ? value : best[i];
        }
        LAZULITE_HD Value end(Index i, Index) const { return best[i]; }
    };
};
using Max = Extreme<true>;
using Min = Extreme<false>;

/// The sum or the mean, added in double: exact for integers of up to 32 bits (and 2^21 voxels).
template <bool kMean>
struct Total {
    template <typename T, int kMost>
    struct Lanes {
        using Value = double;
        double sum[kMost];

        LAZULITE_HD explicit Lanes(const Total&) {}
        LAZULITE_HD void tap(Index) {}
        LAZULITE_HD void begin(Index i, T voxel) { sum[i] = static_cast<double>(voxel); }
        LAZULITE_HD void add(Index i, T voxel) { sum[i] += static_cast<double>(voxel); }
        LAZULITE_HD double end(Index i, Index voxels) const {
            return kMean ? sum[i] / static_cast<double>(voxels) : sum[i];
        }
    };
};
using Sum = Total<false>;
using Mean = Total<true>;

/// The standard deviation (squares divided by the number of voxels), taken about the first voxel, so that a large mean
/// costs no digits.
struct Std {
    template <typename T, int kMost>
    struct Lanes {
        using Value = double;
        double pivot[kMost];
        double sum[kMost];
        double squares[kMost];

        LAZULITE_HD explicit Lanes(const Std&) {}
        LAZULITE_HD void tap(Index) {}
        LAZULITE_HD void begin(Index i, T voxel) {
            pivot[i] = static_cast<double>(voxel);
            sum[i] = pivot[i] - pivot[i]; // 0, but NaN of what is no number
            squares[i] = 0;
        }
        LAZULITE_HD void add(Index i, T voxel) {
            const double value = static_cast<double>(voxel) - pivot[i];
            sum[i] += value;
            squares[i] += value * value;
        }
        LAZULITE_HD double end(Index i, Index voxels) const {
            const double mean = sum[i] / static_cast<double>(voxels);
            const double variance = squares[i] / static_cast<double>(voxels) - mean * mean;
            return variance < 0 ? 0 : sqrt(variance);
        }
    };
};

/// The mean under a Gaussian along one axis, whose span is Span::around(radius).
struct Gaussian {
    double sigma = 1; ///< voxels
    Index radius = 0;
    double outermost = 1; ///< weight of the first and the last voxel of the span
    double total = 1;     ///< of all weights

    Gaussian() = default;
    /// The bell ends `reach` voxels from its middle. The farthest that a voxel of an axis of `size` can be away is
    /// size - 1; what of the bell lies beyond falls on a repeated edge, so the outermost voxel stands for it.
    Gaussian(double standardDeviation, Index reach, Index size)
        : sigma(standardDeviation), radius(reach < size ? reach : size - 1), outermost(0), total(0) {
        for (Index k = reach; k >= radius; --k) outermost += bell(k);
        for (Index k = 0; k <= 2 * radius; ++k) total += weight(k);
    }
    LAZULITE_HD double bell(Index away) const {
        if (away == 0) return 1; // also of a bell without width
        const double deviations = static_cast<double>(away) / sigma;
        return exp(-0.5 * deviations * deviations);
    }
    LAZULITE_HD double weight(Index tap) const {
        if (radius > 0 && (tap == 0 || tap == 2 * radius)) return outermost;
        return bell(tap - radius);
    }

    template <typename T, int kMost>
    struct Lanes {
        using Value = RealOf<T>;
        const Gaussian& gaussian;
        Value weight = 0;
        Value sum[kMost];

        LAZULITE_HD explicit Lanes(const Gaussian& of) : gaussian(of) {}
        LAZULITE_HD void tap(Index k) { weight = static_cast<Value>(gaussian.weight(k) / gaussian.total); }
        LAZULITE_HD void begin(Index i, T voxel) { sum[i] = weight * static_cast<Value>(voxel); }
        LAZULITE_HD void add(Index i, T voxel) { sum[i] += weight * static_cast<Value>(voxel); }
        LAZULITE_HD Value end(Index i, Index) const { return sum[i]; }
    };
};

} // namespace lazulite::compute
