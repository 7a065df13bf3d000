#include "lazulite/ops/deconvolve.h"

#include <gtest/gtest.h>

#include <cmath>
#include <random>

#include "lazulite/core/error.h"
#include "lazulite/graph/executor.h"
#include "lazulite/graph/operation.h"
#include "lazulite/ops/arrays.h"
#include "lazulite/ops/geometry.h"
#include "support/blocks.h"

namespace lazulite::ops {
namespace {

using testing::blockOf;
using testing::forEachPosition;

constexpr double kBackground = 100;

Axes microscopeAxes(const std::string& names, const Shape& sizes) {
    Axes axes = testing::namedAxes(names, sizes);
    for (Axis& axis : axes) {
        if (axis.name == "z" || axis.name == "y" || axis.name == "x") axis = {axis.name, axis.size, 0.1, "um", {}};
    }
    return axes;
}

double gaussian(double z, double y, double x) {
    return std::exp(-(z * z / (2 * 1.5 * 1.5) + y * y / (2 * 1.1 * 1.1) + x * x / (2 * 1.1 * 1.1)));
}

Psf gaussianPsf(const std::array<std::int64_t, 3>& size = {13, 15, 15}, const std::string& identity = "gaussian") {
    const Region region = Region::whole({size[0], size[1], size[2]});
    return {blockOf(DType::Float32, region,
                    [&](const std::vector<std::int64_t>& at) {
                        return kBackground + 5000 * gaussian(static_cast<double>(at[0] - size[0] / 2),
                                                             static_cast<double>(at[1] - size[1] / 2),
                                                             static_cast<double>(at[2] - size[2] / 2));
                    }),
            {0.1, 0.1, 0.1},
            identity};
}

/// Beads at known places, blurred by the PSF above, on the background.
struct Scene {
    explicit Scene(const std::array<std::int64_t, 3>& shape) : size(shape) {
        std::mt19937 random(5);
        const auto inside = [&](std::size_t axis) {
            return 6 + static_cast<std::int64_t>(random() % static_cast<unsigned>(size[axis] - 12));
        };
        for (int i = 0; i < 25; ++i) beads.push_back({inside(0), inside(1), inside(2)});
    }

    double truth(std::int64_t z, std::int64_t y, std::int64_t x) const {
        double light = 0;
        for (const auto& bead : beads) light += bead == std::array{z, y, x} ? 8000 : 0;
        return light;
    }
    double image(std::int64_t z, std::int64_t y, std::int64_t x) const {
        static const double sum = [] {
            double total = 0;
            for (int i = -8; i <= 8; ++i) {
                for (int j = -8; j <= 8; ++j) {
                    for (int k = -8; k <= 8; ++k) total += gaussian(i, j, k);
                }
            }
            return total;
        }();
        double light = 0;
        for (const auto& bead : beads) {
            light += 8000 / sum *
                     gaussian(static_cast<double>(z - bead[0]), static_cast<double>(y - bead[1]),
                              static_cast<double>(x - bead[2]));
        }
        return light;
    }

    LazyArray recording(std::int64_t timepoints = 1) const {
        const Shape shape{timepoints, size[0], size[1], size[2]};
        auto source = std::make_shared<testing::BlockSource>(
            microscopeAxes("tzyx", shape),
            blockOf(DType::UInt16, Region::whole(shape),
                    [&](const std::vector<std::int64_t>& at) { return kBackground + image(at[1], at[2], at[3]); }));
        return LazyArray::fromSource(source);
    }

    std::array<std::int64_t, 3> size;
    std::vector<std::array<std::int64_t, 3>> beads;
};

class Deconvolve : public ::testing::Test {
protected:
    Block run(graph::Executor& executor, const LazyArray& array, const Region& region) {
        const graph::Outcome outcome = executor.run({.array = array, .region = region});
        EXPECT_TRUE(outcome.block.ok()) << outcome.block.error().text();
        return outcome.block ? *outcome.block : Block();
    }
    Block run(const LazyArray& array) { return run(executor_, array, Region::whole(array.shape())); }

    DeconvolveOptions options_{.iterations = 10, .background = kBackground};
    graph::Executor executor_{{.memoryLimit = 512U << 20U, .threads = 2}};
};

TEST_F(Deconvolve, GoesNearerToTheTruthAndKeepsTheLight) {
    const Scene scene({24, 36, 40});
    const LazyArray result = deconvolve(scene.recording(), gaussianPsf(), options_);
    EXPECT_EQ(result.shape(), scene.recording().shape());
    EXPECT_EQ(result.dtype(), DType::Float32);
    EXPECT_EQ(result.axes()[1].spacing, 0.1);
    const Block values = run(result);
    double before = 0, after = 0, light = 0, given = 0;
    forEachPosition(values.region(), [&](const std::vector<std::int64_t>& at) {
        const double truth = scene.truth(at[1], at[2], at[3]);
        const double image = scene.image(at[1], at[2], at[3]);
        before += std::pow(image - truth, 2);
        after += std::pow(values.valueAt(at) - truth, 2);
        light += values.valueAt(at);
        given += image;
    });
    EXPECT_LT(after, 0.75 * before);
    EXPECT_NEAR(light / given, 1, 0.01);
}

TEST_F(Deconvolve, IsAskedOncePerVolumeForAllItsSlices) {
    const Scene scene({16, 24, 24});
    const LazyArray result = deconvolve(scene.recording(2), gaussianPsf(), options_);
    const auto slice = [](std::int64_t t, std::int64_t z) {
        return Region({{t, t + 1}, {z, z + 1}, {0, 24}, {0, 24}});
    };
    const graph::Outcome first = executor_.run({.array = result, .region = slice(1, 3)});
    EXPECT_EQ(first.costs.blocksComputed, 1);
    EXPECT_EQ(first.costs.reads.pagesRead, 16);
    const graph::Outcome next = executor_.run({.array = result, .region = slice(1, 4)});
    EXPECT_EQ(next.costs.blocksComputed, 0);
    EXPECT_EQ(next.costs.reads.pagesRead, 0);
}

TEST_F(Deconvolve, TakesItsBackgroundFromTheLastRawPlane) {
    const Scene scene({16, 24, 24});
    DeconvolveOptions automatic = options_;
    automatic.background.reset();
    const Block expected = run(deconvolve(scene.recording(), gaussianPsf(), options_));
    const Block values = run(deconvolve(scene.recording(), gaussianPsf(), automatic));
    forEachPosition(values.region(),
                    [&](const std::vector<std::int64_t>& at) { ASSERT_EQ(values.valueAt(at), expected.valueAt(at)); });
    // A deskewed stack has corners of zeros; the raw planes behind it tell.
    const LazyArray deskewed = deskew(scene.recording(), {.angle = 31.5});
    const Block wide = run(deconvolve(deskewed, gaussianPsf(), options_));
    const Block found = run(deconvolve(crop(deskewed, "t", 0, 1), gaussianPsf(), automatic));
    EXPECT_EQ(found.valueAt({0, 8, 12, 14}), wide.valueAt({0, 8, 12, 14}));
}

TEST_F(Deconvolve, ShowsItsInputWhileItIsComputed) {
    const Scene scene({16, 24, 24});
    const LazyArray array = scene.recording();
    const LazyArray result = deconvolve(array, gaussianPsf(), options_);
    EXPECT_EQ(graph::previewOf(result).fingerprint(), array.fingerprint());
}

} // namespace
} // namespace lazulite::ops
