#pragma once

#include <array>

#include "lazulite/compute/kernels/richardson_lucy.h"
#include "widest.h"

/// The pointwise work of deconvolution along rows of numbers.
namespace lazulite::compute::cpu {

/// The numbers of two planes in turn: a pair's row.
inline void interleave(const float* __restrict first, const float* __restrict second, Index count,
                       float* __restrict pairs) {
    for (Index i = 0; i < count; ++i) {
        pairs[2 * i] = first[i];
        pairs[2 * i + 1] = second[i];
    }
}

inline void momentumRow(const float* __restrict estimate, const float* __restrict before, float lambda, Index count,
                        float* __restrict out) {
    for (Index i = 0; i < count; ++i) out[i] = rl::momentum(estimate[i], before[i], lambda);
}

/// The image over the blurred estimate, in its place.
inline void ratioRow(const float* __restrict image, Index count, float* __restrict blurred) {
    for (Index i = 0; i < count; ++i) blurred[i] = rl::ratio(image[i], blurred[i]);
}

/// Rows of what a correction is made from; null where there is none.
struct CorrectionRow {
    const float* correction = nullptr;
    const float* estimate = nullptr;
    const float* weight = nullptr;    ///< 1 / H^T 1
    const float* curvature = nullptr; ///< of the estimate that the iteration started from
    float lambda = 0;
    float mu = 0; ///< weight of the total variation
};

/// A sum of products along rows, kept in several parts so that the compiler vectorises it and rounding stays small.
struct ProductSum {
    static constexpr Index kLanes = 32;

    std::array<float, static_cast<std::size_t>(kLanes)> lanes{};

    double total() const {
        double sum = 0;
        for (const float part : lanes) sum += static_cast<double>(part);
        return sum;
    }
};

/// The next estimate of voxels that the iteration started from.
template <bool Weighted, bool Curved>
class Corrected {
public:
    explicit Corrected(const CorrectionRow& row)
        : correction_(row.correction), weight_(row.weight), curvature_(row.curvature), mu_(row.mu) {}

    float operator()(Index i, float start) const {
        if constexpr (Curved) {
            const float seen = Weighted ? weight_[i] : 1.0F;
            return rl::weightedUpdate(start, correction_[i], rl::regularisedWeight(seen, mu_, curvature_[i]));
        } else if constexpr (Weighted) {
            return rl::weightedUpdate(start, correction_[i], weight_[i]);
        } else {
            return rl::update(start, correction_[i]);
        }
    }

private:
    const float* __restrict correction_;
    const float* __restrict weight_;
    const float* __restrict curvature_;
    float mu_;
};

/// Puts the next estimate over the one before, `next`, and its difference to where the iteration started over the
/// difference before, `change`; adds up the products of the differences.
template <bool Weighted, bool Curved>
void correctAcceleratedRow(const CorrectionRow& row, Index count, float* __restrict next, float* __restrict change,
                           ProductSum& squares, ProductSum& products) {
    const float* __restrict estimate = row.estimate;
    const float lambda = row.lambda;
    const Corrected<Weighted, Curved> corrected(row);
    ProductSum squaresHere = squares; // where nothing else can point to them
    ProductSum productsHere = products;
    const auto part = [&](Index from, Index size) {
        for (Index k = 0; k < size; ++k) {
            const Index i = from + k;
            const float start = rl::momentum(estimate[i], next[i], lambda);
            const float value = corrected(i, start);
            const float difference = value - start;
            squaresHere.lanes[static_cast<std::size_t>(k)] += difference * difference;
            productsHere.lanes[static_cast<std::size_t>(k)] += difference * change[i];
            change[i] = difference;
            next[i] = value;
        }
    };
    Index i = 0;
    for (; i + ProductSum::kLanes <= count; i += ProductSum::kLanes) part(i, ProductSum::kLanes);
    part(i, count - i);
    squares = squaresHere;
    products = productsHere;
}

template <bool Weighted, bool Curved>
void correctRow(const CorrectionRow& row, Index count, float* next) {
    const Corrected<Weighted, Curved> corrected(row);
    for (Index i = 0; i < count; ++i) next[i] = corrected(i, row.estimate[i]);
}

/// Calls work(weighted, curved) with what a row has as constants.
template <typename Work>
void withKind(const CorrectionRow& row, const Work& work) {
    const auto curved = [&](auto weighted) {
        if (row.curvature != nullptr) {
            work(weighted, std::true_type{});
        } else {
            work(weighted, std::false_type{});
        }
    };
    if (row.weight != nullptr) {
        curved(std::true_type{});
    } else {
        curved(std::false_type{});
    }
}

} // namespace lazulite::compute::cpu
