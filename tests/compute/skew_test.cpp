#include <numbers>

#include "kernel_test.h"

namespace lazulite::compute::testing {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
constexpr double kInfinity = std::numeric_limits<double>::infinity();

/// The formula of the deskew, word by word.
double deskewed(const Block& raw, const Deskew& kernel, Index z, Index y, Index x) {
    const double nx = static_cast<double>(kernel.columns);
    const double xin = (static_cast<double>(x) - static_cast<double>(kernel.width) / 2 + kernel.shift) -
                       kernel.step * (static_cast<double>(z) - static_cast<double>(kernel.planes) / 2) + nx / 2;
    if (!(xin >= 0 && xin < nx - 1)) return kernel.pad;
    const double left = std::floor(xin);
    const double right = voxel(raw, z, y, static_cast<Index>(left) + 1);
    if (xin == left) return voxel(raw, z, y, static_cast<Index>(left));
    return voxel(raw, z, y, static_cast<Index>(left)) * (1 - (xin - left)) + right * (xin - left);
}

Deskew deskewOf(const Region& raw, double step, double pad = 0) {
    Deskew kernel;
    kernel.step = step;
    kernel.planes = raw[0].size();
    kernel.columns = raw[2].size();
    kernel.width = kernel.columns + static_cast<Index>(std::floor(static_cast<double>(kernel.planes) * std::abs(step)));
    kernel.pad = pad;
    return kernel;
}

Region resultOf(const Deskew& kernel, const Region& raw) {
    return Region({raw[0], raw[1], {0, kernel.width}});
}

Turn turnOf(Index planes, Index columns, double degrees, double spacing) {
    Turn turn;
    const double angle = degrees * std::numbers::pi / 180;
    turn.cosine = std::cos(angle);
    turn.sine = std::sin(angle);
    turn.scale = 1 / spacing;
    turn.planes = planes;
    turn.columns = columns;
    turn.height = static_cast<Index>(static_cast<double>(planes) * spacing);
    turn.width =
        static_cast<Index>(static_cast<double>(columns) * turn.cosine +
                           static_cast<double>(planes) * turn.sine * turn.sine / std::abs(turn.scale * turn.sine));
    return turn;
}

/// Where a voxel of a turned stack lies: {plane, column}.
std::array<double, 2> unturned(const Turn& turn, Index z, Index x) {
    const double depth = static_cast<double>(turn.height - 1 - z) - static_cast<double>(turn.height) / 2;
    const double across = static_cast<double>(x) - static_cast<double>(turn.width) / 2;
    return {turn.scale * turn.cosine * depth + turn.scale * turn.sine * across + static_cast<double>(turn.planes) / 2,
            -turn.sine * depth + turn.cosine * across + static_cast<double>(turn.columns) / 2};
}

class Skew : public KernelTest {};

TEST_P(Skew, DeskewFollowsItsFormulaToTheCount) {
    for (const Region& region : someVolumes()) {
        const Block raw = randomBlock(type(), region, 3);
        for (const double step : {3.279, -1.5, 0.0, 0.031, -2.0}) {
            const Deskew kernel = deskewOf(region, step, 7);
            const Block result = run(kernel, raw, resultOf(kernel, region));
            expectNear(result, magnitudeOf(raw),
                       [&](Index z, Index y, Index x) { return deskewed(raw, kernel, z, y, x); });
            expectPartsEqual(kernel, raw, result);
        }
    }
}

TEST_P(Skew, WidthCropsAboutTheCentreAndShiftMovesTheWindow) {
    const Region region = volume(6, 2, 20);
    const Block raw = randomBlock(type(), region, 4);
    Deskew kernel = deskewOf(region, 1.25, 3);
    const Block whole = run(kernel, raw, resultOf(kernel, region));
    kernel.width -= 6;
    const Block cropped = run(kernel, raw, resultOf(kernel, region));
    forEachPosition(cropped.region(), [&](const std::vector<std::int64_t>& at) {
        ASSERT_EQ(cropped.valueAt(at), whole.valueAt({at[0], at[1], at[2] + 3}));
    });
    kernel.shift = 2;
    const Block shifted = run(kernel, raw, resultOf(kernel, region));
    forEachPosition(cropped.region(), [&](const std::vector<std::int64_t>& at) {
        ASSERT_EQ(shifted.valueAt(at), whole.valueAt({at[0], at[1], at[2] + 5}));
    });
}

TEST_P(Skew, ThePadIsRoundedAndSaturates) {
    const Block raw = randomBlock(type(), volume(3, 1, 4), 5);
    const Deskew kernel = deskewOf(raw.region(), 40, 1e30);
    const Block result = run(kernel, raw, resultOf(kernel, raw.region()));
    visitType(type(), [&](auto t) {
        using T = typename decltype(t)::type;
        EXPECT_EQ(result.valueAt({0, 0, kernel.width - 1}), static_cast<double>(toElement<T>(RealOf<T>(1e30))));
    });
}

TEST_P(Skew, ASkewAlongYIsTheSameWithAxesSwapped) {
    const Region region = volume(5, 9, 3);
    const Block raw = randomBlock(type(), region, 6);
    const auto swapped = [](const Block& block) {
        return block.relabelled(Region({block.region()[0], block.region()[2], block.region()[1]}),
                                {block.strides()[0], block.strides()[2], block.strides()[1]});
    };
    const Block view = swapped(raw);
    const Deskew kernel = deskewOf(view.region(), -1.3);
    const Block result = run(kernel, view, resultOf(kernel, view.region()));
    expectNear(result, magnitudeOf(raw), [&](Index z, Index y, Index x) { return deskewed(view, kernel, z, y, x); });
}

TEST_P(Skew, RotateFollowsItsFormula) {
    for (const Region& region : {volume(9, 3, 14), volume(7, 1, 5), volume(2, 2, 30)}) {
        const Block stack = randomBlock(type(), region, 7);
        for (const double degrees : {31.5, -32.45, 10.0, 58.0}) {
            const Rotate kernel{turnOf(region[0].size(), region[2].size(), degrees, 2.1)};
            const auto reference = [&](Index z, Index y, Index x) {
                const auto [plane, column] = unturned(kernel.turn, z, x);
                const auto k = static_cast<Index>(std::floor(plane));
                const auto i = static_cast<Index>(std::floor(column));
                if (plane < 0 || column < 0 || plane >= static_cast<double>(region[0].size() - 1) ||
                    column >= static_cast<double>(region[2].size() - 1)) {
                    return 0.0;
                }
                const double fz = plane - static_cast<double>(k);
                const double fx = column - static_cast<double>(i);
                return (1 - fz) * ((1 - fx) * voxel(stack, k, y, i) + fx * voxel(stack, k, y, i + 1)) +
                       fz * ((1 - fx) * voxel(stack, k + 1, y, i) + fx * voxel(stack, k + 1, y, i + 1));
            };
            const Block result =
                run(kernel, stack, Region({{0, kernel.turn.height}, region[1], {0, kernel.turn.width}}));
            expectNear(result, magnitudeOf(stack), reference);
            expectPartsEqual(kernel, stack, result);
        }
    }
}

TEST_P(Skew, DeskewRotateBlendsTheTwoRawPlanesEachAtItsOwnPlace) {
    for (const Region& region : {volume(9, 3, 14), volume(12, 1, 5), volume(2, 2, 30)}) {
        const Block raw = randomBlock(type(), region, 8);
        for (const double degrees : {31.5, -32.45}) {
            const Deskew deskew =
                deskewOf(region, 3.4 * std::cos(degrees * std::numbers::pi / 180) * (degrees < 0 ? -1 : 1), 5);
            const DeskewRotate kernel{deskew, turnOf(deskew.planes, deskew.width, degrees, 1.78)};
            const auto reference = [&](Index z, Index y, Index x) {
                const auto [plane, column] = unturned(kernel.turn, z, x);
                if (plane < 0 || column < 0 || plane >= static_cast<double>(deskew.planes - 1) ||
                    column >= static_cast<double>(deskew.width - 1)) {
                    return deskew.pad;
                }
                const auto k = static_cast<Index>(std::floor(plane));
                const double fz = plane - static_cast<double>(k);
                const auto onPlane = [&, column = column](Index p) {
                    const double raw_x =
                        column - static_cast<double>(deskew.width) / 2 -
                        deskew.step * (static_cast<double>(p) - static_cast<double>(deskew.planes) / 2) +
                        static_cast<double>(deskew.columns) / 2;
                    if (raw_x < 0 || raw_x >= static_cast<double>(deskew.columns - 1)) return deskew.pad;
                    const auto i = static_cast<Index>(std::floor(raw_x));
                    const double fx = raw_x - static_cast<double>(i);
                    return (1 - fx) * voxel(raw, p, y, i) + fx * voxel(raw, p, y, i + 1);
                };
                return (1 - fz) * onPlane(k) + fz * onPlane(k + 1);
            };
            const Block result = run(kernel, raw, Region({{0, kernel.turn.height}, region[1], {0, kernel.turn.width}}));
            expectNear(result, magnitudeOf(raw), reference);
            expectPartsEqual(kernel, raw, result);
        }
    }
}

TEST_P(Skew, NumbersThatAreNoneSpreadNoFurtherThanTheirWeight) {
    if (!isFloat(type())) return;
    const Region region = volume(4, 1, 9);
    const Block raw = blockOf(type(), region, [](const std::vector<std::int64_t>& at) {
        return at[2] == 4 ? kNaN : at[2] == 6 ? kInfinity : 1.0;
    });
    // Whole steps: every voxel is one of the input's.
    const Deskew whole = deskewOf(region, 2);
    expectNear(run(whole, raw, resultOf(whole, region)), 1,
               [&](Index z, Index y, Index x) { return deskewed(raw, whole, z, y, x); });
    const Deskew half = deskewOf(region, 1.5);
    expectNear(run(half, raw, resultOf(half, region)), 1,
               [&](Index z, Index y, Index x) { return deskewed(raw, half, z, y, x); });
}

LAZULITE_KERNEL_TESTS(Skew);

} // namespace
} // namespace lazulite::compute::testing
