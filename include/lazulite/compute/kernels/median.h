#pragma once

#include <bit>

#include "lazulite/compute/elements.h"
#include "lazulite/compute/kernels/window.h"

namespace lazulite::compute {

/// An unsigned number for every element, in the same order; NaN counts as larger than every number.
template <typename T>
struct OrderKey {
    using Key =
        std::conditional_t<sizeof(T) == 1, std::uint8_t,
                           std::conditional_t<sizeof(T) == 2, std::uint16_t,
                                              std::conditional_t<sizeof(T) == 4, std::uint32_t, std::uint64_t>>>;
    static constexpr Key kSign = static_cast<Key>(Key{1} << (8 * sizeof(T) - 1));
    static constexpr bool kReal = !std::is_integral_v<T>;
    /// The bits of infinity; above them (without the sign) lie NaNs.
    static constexpr Key kInfinity = static_cast<Key>(sizeof(T) == 2   ? 0x7C00
                                                      : sizeof(T) == 4 ? 0x7F800000
                                                                       : 0x7FF0000000000000);

    LAZULITE_HD static Key of(T element) {
        const auto bits = std::bit_cast<Key>(element);
        if constexpr (kReal) {
            if (static_cast<Key>(bits & static_cast<Key>(~kSign)) > kInfinity) return static_cast<Key>(-1);
            return (bits & kSign) != 0 ? static_cast<Key>(~bits) : static_cast<Key>(bits | kSign);
        } else {
            return std::is_signed_v<T> ? static_cast<Key>(bits ^ kSign) : bits;
        }
    }
    LAZULITE_HD static T element(Key key) {
        if constexpr (kReal) {
            return std::bit_cast<T>((key & kSign) != 0 ? static_cast<Key>(key ^ kSign) : static_cast<Key>(~key));
        } else {
            return std::bit_cast<T>(std::is_signed_v<T> ? static_cast<Key>(key ^ kSign) : key);
        }
    }
};

/// The mean of two elements; of integers rounded to the nearest (even) one.
template <typename T>
LAZULITE_HD T middleOf(T a, T b) {
    if (std::bit_cast<typename OrderKey<T>::Key>(a) == std::bit_cast<typename OrderKey<T>::Key>(b)) return a;
    if constexpr (std::is_integral_v<T>) {
        const auto below = static_cast<T>((a & b) + ((a ^ b) >> 1));
        return static_cast<T>(below + (((a ^ b) & 1) & (below & 1)));
    } else {
        using Real = RealOf<T>;
        return toElement<T>(Real(0.5) * static_cast<Real>(a) + Real(0.5) * static_cast<Real>(b));
    }
}

/// The median of the window's voxels, in the input's type; of an even number the mean of the two in the middle.
///
/// It is found bit by bit: a number is at most the median's key where no more than half of the voxels lie below it. So
/// nothing is sorted or stored, and neighbouring results are made side by side.
struct Median {
    Window window;

    template <typename In>
    struct Voxels {
        using Value = typename In::Element;
        using Order = OrderKey<Value>;
        using Key = typename Order::Key;

        const In& in;
        const Window& window;
        Index z;
        Index y;

        template <int kMost>
        LAZULITE_HD void values(Index x, Index count, Value* out) const {
            const Index voxels = window.voxels();
            const auto half = static_cast<std::uint32_t>((voxels - 1) / 2);
            Key found[kMost];
            std::uint32_t below[kMost];
            for (Index i = 0; i < count; ++i) found[i] = 0;
            for (Key bit = Order::kSign; bit != 0; bit = static_cast<Key>(bit >> 1)) {
                for (Index i = 0; i < count; ++i) below[i] = 0;
                overWindow(window, in, z, y, x, count, [&](Index, Index begin, Index end, const auto& voxel) {
                    for (Index i = begin; i < end; ++i) {
                        below[i] += Order::of(voxel(i)) < static_cast<Key>(found[i] | bit) ? 1 : 0;
                    }
                });
                for (Index i = 0; i < count; ++i) {
                    found[i] = below[i] <= half ? static_cast<Key>(found[i] | bit) : found[i];
                }
            }
            if (voxels % 2 != 0) {
                for (Index i = 0; i < count; ++i) out[i] = Order::element(found[i]);
                return;
            }
            Key next[kMost];
            for (Index i = 0; i < count; ++i) {
                below[i] = 0;
                next[i] = static_cast<Key>(-1);
            }
            overWindow(window, in, z, y, x, count, [&](Index, Index begin, Index end, const auto& voxel) {
                for (Index i = begin; i < end; ++i) {
                    const Key key = Order::of(voxel(i));
                    below[i] += key <= found[i] ? 1 : 0;
                    next[i] = key > found[i] && key < next[i] ? key : next[i];
                }
            });
            for (Index i = 0; i < count; ++i) {
                const Key upper = below[i] > half + 1 ? found[i] : next[i];
                out[i] = middleOf(Order::element(found[i]), Order::element(upper));
            }
        }
    };
    template <typename In>
    LAZULITE_HD auto row(const In& in, Index z, Index y) const {
        return Voxels<In>{in, window, z, y};
    }
};

} // namespace lazulite::compute
