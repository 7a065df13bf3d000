#include "kernel_test.h"

namespace lazulite::compute::testing {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

using Matrix = std::array<std::array<double, 4>, 3>;

Affine affineOf(const Region& region, const Matrix& matrix, double outside = 0) {
    Affine affine;
    for (std::size_t i = 0; i < 3; ++i) {
        std::copy(matrix[i].begin(), matrix[i].end(), std::begin(affine.matrix[i]));
        affine.size[i] = region[i].size();
    }
    affine.width = region[2].size();
    affine.outside = outside;
    return affine;
}

std::array<double, 3> pulled(const Affine& affine, Index z, Index y, Index x) {
    std::array<double, 3> at{};
    for (std::size_t i = 0; i < 3; ++i) {
        at[i] = affine.matrix[i][0] * static_cast<double>(z) + affine.matrix[i][1] * static_cast<double>(y) +
                affine.matrix[i][2] * static_cast<double>(x) + affine.matrix[i][3];
    }
    return at;
}

/// Trilinear, written down by its eight corners.
double linear(const Block& in, const Affine& affine, Index z, Index y, Index x) {
    const std::array<double, 3> at = pulled(affine, z, y, x);
    for (std::size_t i = 0; i < 3; ++i) {
        if (at[i] < 0 || at[i] > static_cast<double>(affine.size[i] - 1)) return affine.outside;
    }
    double sum = 0;
    for (int corner = 0; corner < 8; ++corner) {
        double weight = 1;
        std::array<Index, 3> place{};
        for (std::size_t i = 0; i < 3; ++i) {
            const double below = std::floor(at[i]);
            const bool above = ((corner >> i) & 1) != 0;
            weight *= above ? at[i] - below : 1 - (at[i] - below);
            place[i] = static_cast<Index>(below) + (above ? 1 : 0);
        }
        if (weight > 0) sum += weight * voxel(in, place[0], place[1], place[2]);
    }
    return sum;
}

constexpr Matrix kIdentity{{{1, 0, 0, 0}, {0, 1, 0, 0}, {0, 0, 1, 0}}};
// Fractions of powers of two, so that coordinates are exact and no voxel falls on one side of a face by rounding.
constexpr Matrix kAnything{
    {{0.875, 0.125, -0.0625, 0.3125}, {-0.125, 1.125, 0.09375, -0.375}, {0.25, -0.15625, 0.8125, 1.125}}};
constexpr Matrix kBackwards{{{1, 0, 0, 0}, {0, 1, 0, 0.25}, {0, 0, -1, 6.5}}};
constexpr Matrix kShift{{{1, 0, 0, 0.5}, {0, 1, 0, -0.25}, {0, 0, 1, 1.75}}};

class AffineKernel : public KernelTest {};

TEST_P(AffineKernel, LinearIsTrilinear) {
    for (const Region& region : someVolumes()) {
        const Block in = randomBlock(type(), region, 11);
        for (const Matrix& matrix : {kIdentity, kAnything, kBackwards, kShift}) {
            const AffineLinear kernel{affineOf(region, matrix, 9)};
            const Block result = run(kernel, in, region);
            expectNear(result, magnitudeOf(in), [&](Index z, Index y, Index x) { return linear(in, kernel, z, y, x); });
            expectPartsEqual(kernel, in, result);
        }
    }
}

TEST_P(AffineKernel, AShiftIsTheMatrixThatOnlyShifts) {
    constexpr std::array<std::array<double, 3>, 5> kOffsets{
        {{0, 0, 0}, {0.5, -0.25, 1.75}, {-1, 0, 2.5}, {0, 0.125, 0}, {90, 0, 0}}};
    for (const Region& region : someVolumes()) {
        const Block in = randomBlock(type(), region, 14);
        for (const auto& offset : kOffsets) {
            Matrix matrix = kIdentity;
            Shift kernel;
            for (std::size_t i = 0; i < 3; ++i) {
                matrix[i][3] = kernel.offset[i] = offset[i];
                kernel.size[i] = region[i].size();
            }
            kernel.outside = 9;
            const Affine affine = affineOf(region, matrix, 9);
            const Block result = run(kernel, in, region);
            expectNear(result, magnitudeOf(in), [&](Index z, Index y, Index x) { return linear(in, affine, z, y, x); });
            expectPartsEqual(kernel, in, result);
        }
    }
}

TEST_P(AffineKernel, NearestTakesTheVoxelAsItIsStored) {
    for (const Region& region : someVolumes()) {
        const Block in = randomBlock(type(), region, 12, true);
        expectSame(run(AffineNearest{affineOf(region, kIdentity)}, in, region), in);
        for (const Matrix& matrix : {kAnything, kBackwards, kShift}) {
            const AffineNearest kernel{affineOf(region, matrix, 4)};
            const Block result = run(kernel, in, region);
            const auto reference = [&](Index z, Index y, Index x) {
                const std::array<double, 3> at = pulled(kernel, z, y, x);
                std::array<Index, 3> place{};
                for (std::size_t i = 0; i < 3; ++i) {
                    if (at[i] < -0.5 || at[i] > static_cast<double>(kernel.size[i]) - 0.5) return 4.0;
                    place[i] = static_cast<Index>(std::floor(at[i] + 0.5));
                }
                return voxel(in, place[0], place[1], place[2]);
            };
            forEachPosition(region, [&](const std::vector<std::int64_t>& at) {
                const double expected = reference(at[0], at[1], at[2]);
                const double value = result.valueAt(at);
                ASSERT_TRUE(value == expected || (std::isnan(value) && std::isnan(expected)));
            });
            expectPartsEqual(kernel, in, result);
        }
    }
}

TEST_P(AffineKernel, LinearIdentityKeepsEveryNumber) {
    const Region region = volume(4, 5, 6);
    const Block in = randomBlock(type(), region, 13, true);
    const Block result = run(AffineLinear{affineOf(region, kIdentity)}, in, region);
    forEachPosition(region, [&](const std::vector<std::int64_t>& at) {
        const double expected = in.valueAt(at);
        const double value = result.valueAt(at);
        ASSERT_TRUE(value == expected || (std::isnan(value) && std::isnan(expected)));
    });
}

TEST_P(AffineKernel, ANeighbourWithoutWeightDoesNotMatter) {
    if (!isFloat(type())) return;
    const Region region = volume(3, 3, 6);
    const Block in =
        blockOf(type(), region, [](const std::vector<std::int64_t>& at) { return at[0] == 1 ? kNaN : 2.0; });
    Matrix along = kIdentity;
    along[2][3] = 0.5;
    const Shift shift{{0, 0, 0.5}, {3, 3, 6}, 1};
    for (const Block& result : {run(AffineLinear{affineOf(region, along, 1)}, in, region), run(shift, in, region)}) {
        expectNear(result, 2, [](Index z, Index, Index x) { return x == 5 ? 1.0 : z == 1 ? kNaN : 2.0; });
    }
}

LAZULITE_KERNEL_TESTS(AffineKernel);

} // namespace
} // namespace lazulite::compute::testing
