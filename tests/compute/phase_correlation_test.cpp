#include "lazulite/compute/phase_correlation.h"

#include <gtest/gtest.h>

#include <cmath>
#include <random>

#include "support/blocks.h"

namespace lazulite::compute {
namespace {

/// Cells at fixed places, seen through a window that lies `by` further; with noise.
Block scene(const Size3& size, const std::array<double, 3>& by, DType type = DType::UInt16, double noise = 8) {
    std::mt19937 places(5);
    struct Cell {
        std::array<double, 3> centre;
        double light;
    };
    std::vector<Cell> cells;
    for (int i = 0; i < 40; ++i) {
        Cell cell;
        for (std::size_t axis = 0; axis < 3; ++axis) {
            cell.centre[axis] = std::uniform_real_distribution<double>(0, static_cast<double>(size[axis]))(places);
            if (size[axis] == 1) cell.centre[axis] = 0;
        }
        cell.light = std::uniform_real_distribution<double>(100, 900)(places);
        cells.push_back(cell);
    }
    std::mt19937 random(static_cast<unsigned>(1000 * (by[0] + by[1] + by[2]) + 50000));
    std::normal_distribution<double> noiseOf(0, noise);
    return testing::blockOf(type, Region::whole({size[0], size[1], size[2]}), [&](const std::vector<std::int64_t>& at) {
        double light = 200;
        for (const Cell& cell : cells) {
            double square = 0;
            for (std::size_t axis = 0; axis < 3; ++axis) {
                square += std::pow(static_cast<double>(at[axis]) - by[axis] - cell.centre[axis], 2);
            }
            light += cell.light * std::exp(-square / 5);
        }
        return light + noiseOf(random);
    });
}

TEST(PhaseCorrelation, FindsHowFarAVolumeMoved) {
    const Size3 size{18, 40, 45};
    const Block still = scene(size, {0, 0, 0});
    for (const auto& moved : {std::array<double, 3>{0, 0, 0}, {1, -3, 5}, {-2, 6, -7}, {0.5, 2.25, -1.4}}) {
        const auto found = displacementBetween(still, scene(size, moved), {});
        ASSERT_TRUE(found.ok());
        for (std::size_t axis = 0; axis < 3; ++axis) EXPECT_NEAR((*found)[axis], moved[axis], 0.2) << axis;
    }
}

TEST(PhaseCorrelation, WorksOnPlanesAndOnEveryType) {
    const Size3 size{1, 50, 44};
    for (const DType type : {DType::UInt8, DType::Int32, DType::Float16, DType::Float64}) {
        const double noise = type == DType::UInt8 ? 1 : 8;
        const auto found =
            displacementBetween(scene(size, {0, 0, 0}, type, noise), scene(size, {0, 4, -6}, type, noise), {});
        ASSERT_TRUE(found.ok());
        EXPECT_EQ((*found)[0], 0);
        EXPECT_NEAR((*found)[1], 4, 0.2) << toString(type);
        EXPECT_NEAR((*found)[2], -6, 0.2) << toString(type);
    }
}

TEST(PhaseCorrelation, MovesNothingWhereThereIsNothing) {
    const Block dark = testing::blockOf(DType::UInt16, Region::whole({6, 9, 10}), [](const auto&) { return 7.0; });
    const Block cells = scene({6, 9, 10}, {0, 0, 0});
    const std::array<double, 3> nowhere{};
    EXPECT_EQ(*displacementBetween(dark, dark, {}), nowhere);
    EXPECT_EQ(*displacementBetween(dark, cells, {}), nowhere);
}

TEST(PhaseCorrelation, Stops) {
    std::stop_source stop;
    stop.request_stop();
    const Block cells = scene({6, 9, 10}, {0, 0, 0});
    const auto found = displacementBetween(cells, cells, {.stop = stop.get_token()});
    ASSERT_FALSE(found.ok());
    EXPECT_EQ(found.error().kind, Error::Kind::Cancelled);
}

} // namespace
} // namespace lazulite::compute
