#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace lazulite::view {

/// Which data positions the pixels of a canvas line show, along one direction: made once a picture, so that the loops
/// over pixels hold no arithmetic on coordinates.
struct Sampling {
    int begin = 0; ///< canvas pixels [begin, end) lie on the data
    int end = 0;
    std::vector<std::ptrdiff_t> offset;     ///< bytes to the data element of pixel begin + i
    std::vector<std::ptrdiff_t> nextOffset; ///< Linear: bytes to its neighbour on the other side
    std::vector<float> part;                ///< Linear: the neighbour's share, 0 ... 1

    /// `origin` + (pixel + 0.5) * `step` is the position under a pixel's centre; positions are [-0.5, size - 0.5).
    static Sampling nearest(double origin, double step, int pixels, std::int64_t size, std::int64_t stride);
    static Sampling linear(double origin, double step, int pixels, std::int64_t size, std::int64_t stride);
};

} // namespace lazulite::view
