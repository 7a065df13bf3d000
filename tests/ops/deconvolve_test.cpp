#include "lazulite/ops/deconvolve.h"

#include <gtest/gtest.h>

#include <cmath>
#include <random>

#include "lazulite/core/error.h"
#include "lazulite/graph/executor.h"
#include "lazulite/graph/operation.h"
#include "lazulite/ops/arrays.h"
#include "lazulite/ops/geometry.h"
#include "lazulite/ops/intensity.h"
#include "lazulite/ops/reduce.h"
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
    EXPECT_EQ(graph::previewOf(result).fingerprint(), cast(array, DType::Float32).fingerprint());
    // Also where steps come after it that were made for its type.
    const LazyArray preview = graph::previewOf(project(result, "z", Projection::Max));
    const Block most = run(preview);
    const Block planes = run(array);
    double expected = 0;
    for (std::int64_t z = 0; z < 16; ++z) expected = std::max(expected, planes.valueAt({0, z, 7, 9}));
    EXPECT_EQ(most.valueAt({0, 0, 7, 9}), expected);
}

TEST_F(Deconvolve, TakesTheMemoryThatItSaid) {
    const Scene scene({40, 60, 70});
    for (const bool accelerated : {true, false}) {
        DeconvolveOptions options = options_;
        options.acceleration = accelerated;
        options.totalVariation = accelerated ? 0 : 0.002;
        const LazyArray result = deconvolve(scene.recording(), gaussianPsf(), options);
        const Region all = Region::whole(result.shape());
        const std::uint64_t said = graph::Executor::peakBytes(result, all);
        graph::Executor executor({.memoryLimit = said, .threads = 2});
        const Block whole = run(executor, result, all);
        const std::uint64_t seen = executor.memory().usage().peak;
        EXPECT_LE(seen, said);
        EXPECT_GE(static_cast<double>(seen), 0.9 * static_cast<double>(said));
    }
}

TEST_F(Deconvolve, IsCutIntoPiecesWhereTheBudgetIsSmall) {
    const Scene scene({24, 60, 130});
    const LazyArray result = deconvolve(scene.recording(), gaussianPsf(), options_);
    const Region all = Region::whole(result.shape());
    const Block expected = run(result);
    graph::Executor small({.memoryLimit = graph::Executor::peakBytes(result, all) / 2, .threads = 2});
    const Block values = run(small, result, all);
    EXPECT_LE(small.memory().usage().peak, small.memory().usage().limit);
    double highest = 0, most = 0;
    forEachPosition(all, [&](const std::vector<std::int64_t>& at) {
        highest = std::max(highest, expected.valueAt(at));
        most = std::max(most, std::abs(expected.valueAt(at) - values.valueAt(at)));
    });
    EXPECT_GT(most, 0) << "the pieces were not cut";
    EXPECT_LT(most, 0.005 * highest);
}

TEST_F(Deconvolve, IsRefusedWithBothNumbersWhereNoPieceFits) {
    const Scene scene({24, 40, 40});
    const LazyArray result = deconvolve(scene.recording(), gaussianPsf(), options_);
    graph::Executor tiny({.memoryLimit = 1U << 20U, .threads = 2});
    const graph::Outcome outcome = tiny.run({.array = result, .region = Region::whole(result.shape())});
    ASSERT_FALSE(outcome.block.ok());
    EXPECT_EQ(outcome.block.error().kind, Error::Kind::TooLarge);
    EXPECT_NE(outcome.block.error().message.find("and the budget is 1"), std::string::npos)
        << outcome.block.error().message;
}

TEST_F(Deconvolve, StopsBetweenIterations) {
    const Scene scene({24, 60, 70});
    DeconvolveOptions many = options_;
    many.iterations = 10000;
    const LazyArray result = deconvolve(scene.recording(), gaussianPsf(), many);
    std::stop_source stop;
    const graph::Outcome outcome = executor_.run({.array = result,
                                                  .region = Region::whole(result.shape()),
                                                  .stop = stop.get_token(),
                                                  .progress = [&](double fraction) {
                                                      if (fraction > 0.0001) stop.request_stop();
                                                  }});
    ASSERT_FALSE(outcome.block.ok());
    EXPECT_EQ(outcome.block.error().kind, Error::Kind::Cancelled);
    EXPECT_EQ(outcome.costs.blocksComputed, 0);
    EXPECT_EQ(executor_.memory().usage().promised, 0U);
}

TEST_F(Deconvolve, ExplainsThatTheBackgroundLiesAboveAllOfTheVolume) {
    const Scene scene({16, 24, 24});
    DeconvolveOptions options = options_;
    options.background = 5000;
    const LazyArray result = deconvolve(scene.recording(), gaussianPsf(), options);
    const graph::Outcome outcome = executor_.run({.array = result, .region = Region::whole(result.shape())});
    ASSERT_FALSE(outcome.block.ok());
    const std::string text = outcome.block.error().text();
    EXPECT_NE(text.find("background of 5000"), std::string::npos) << text;
    double highest = 0;
    const Block image = run(scene.recording());
    forEachPosition(image.region(), [&](const auto& at) { highest = std::max(highest, image.valueAt(at)); });
    EXPECT_NE(text.find(std::to_string(static_cast<int>(highest))), std::string::npos) << text;
}

TEST_F(Deconvolve, TakesAVoxelThatIsNoNumberOfCountsForADarkOne) {
    const Scene scene({24, 36, 40});
    const Shape shape{24, 36, 40};
    const auto with = [&](double value) {
        auto source = std::make_shared<testing::BlockSource>(
            microscopeAxes("zyx", shape),
            blockOf(DType::Float32, Region::whole(shape), [&](const std::vector<std::int64_t>& at) {
                return at == std::vector<std::int64_t>{5, 6, 7} ? value
                                                                : kBackground + scene.image(at[0], at[1], at[2]);
            }));
        return run(deconvolve(LazyArray::fromSource(source), gaussianPsf(), options_));
    };
    const Block dark = with(0);
    for (const double value : {std::nan(""), HUGE_VAL, -HUGE_VAL, 1e38}) {
        const Block result = with(value);
        forEachPosition(dark.region(), [&](const std::vector<std::int64_t>& at) {
            ASSERT_EQ(result.valueAt(at), dark.valueAt(at)) << value;
        });
    }
}

TEST_F(Deconvolve, LeavesADarkVolumeDark) {
    const Shape shape{1, 8, 20, 20};
    const auto dark = std::make_shared<testing::BlockSource>(
        microscopeAxes("tzyx", shape), blockOf(DType::UInt16, Region::whole(shape), [](const auto&) { return 0.0; }));
    const Block values = run(deconvolve(LazyArray::fromSource(dark), gaussianPsf(), options_));
    forEachPosition(values.region(), [&](const auto& at) { ASSERT_EQ(values.valueAt(at), 0); });
}

TEST_F(Deconvolve, CutsSizesToFastOnesWithPeriodicBoundaries) {
    const Scene scene({17, 23, 26});
    DeconvolveOptions options = options_;
    options.boundary = Boundary::Periodic;
    const LazyArray result = deconvolve(scene.recording(), gaussianPsf(), options);
    EXPECT_EQ(result.shape(), (Shape{1, 16, 21, 25}));
    EXPECT_FALSE(graph::previewOf(result)) << "nothing of the same size stands in";
    run(result);
}

TEST_F(Deconvolve, WorksOnPlanesWithAPlanarPsf) {
    const Shape shape{3, 30, 40};
    const auto planes = std::make_shared<testing::BlockSource>(
        microscopeAxes("tyx", shape), blockOf(DType::Float32, Region::whole(shape), [](const auto& at) {
            return kBackground + (at[1] == 15 && at[2] == 20 ? 500.0 : 5.0);
        }));
    const LazyArray array = LazyArray::fromSource(planes);
    const Block values = run(deconvolve(array, gaussianPsf({1, 15, 15}), options_));
    EXPECT_GT(values.valueAt({1, 15, 20}), 500);
    EXPECT_THROW(deconvolve(array, gaussianPsf(), options_), Failure);
    EXPECT_THROW(deconvolve(Scene({16, 24, 24}).recording(), gaussianPsf({1, 15, 15}), options_), Failure);
}

TEST_F(Deconvolve, TellsWhatItDidToThePsf) {
    const LazyArray array = Scene({16, 24, 24}).recording();
    EXPECT_TRUE(psfNotes(array, gaussianPsf(), options_).empty());
    Psf other = gaussianPsf();
    other.voxel = {0.3, 0.104, 0.104};
    const auto resampled = psfNotes(array, other, options_);
    ASSERT_FALSE(resampled.empty());
    EXPECT_NE(resampled[0].find("0.3 x 0.104 x 0.104 um to 0.1 x 0.1 x 0.1 um"), std::string::npos) << resampled[0];
    const auto cut = psfNotes(array, gaussianPsf({13, 41, 41}), options_);
    ASSERT_EQ(cut.size(), 1U);
    EXPECT_NE(cut[0].find("13 x 41 x 41 voxels) is larger than the data (16 x 24 x 24)"), std::string::npos) << cut[0];
    run(deconvolve(array, gaussianPsf({13, 41, 41}), options_));
}

TEST_F(Deconvolve, RefusesWhatMakesNoSense) {
    const LazyArray array = Scene({16, 24, 24}).recording();
    const auto failure = [&](const LazyArray& data, const Psf& psf, const DeconvolveOptions& options) -> std::string {
        try {
            deconvolve(data, psf, options);
        } catch (const Failure& refused) {
            return refused.what();
        }
        return "accepted";
    };
    DeconvolveOptions none = options_;
    none.iterations = 0;
    EXPECT_NE(failure(array, gaussianPsf(), none).find("iterations"), std::string::npos);
    EXPECT_NE(failure(array, Psf{}, options_).find("no PSF"), std::string::npos);
    Psf flat = gaussianPsf();
    flat.voxel = {0.1, 0, 0.1};
    EXPECT_NE(failure(array, flat, options_).find("psf-voxel"), std::string::npos);
    const LazyArray unknown = array.withAxes(testing::namedAxes("tzyx", array.shape()));
    EXPECT_NE(failure(unknown, gaussianPsf(), options_).find("--voxel"), std::string::npos);
    Psf noOtf = gaussianPsf();
    noOtf.isOtf = true;
    EXPECT_NE(failure(array, noOtf, options_).find("radial OTF"), std::string::npos);
}

TEST_F(Deconvolve, WithARadialOtfDoesTheSameForARoundPsf) {
    const Scene scene({20, 32, 36});
    Psf psf = gaussianPsf({21, 33, 33});
    const Block expected = run(deconvolve(scene.recording(), psf, options_));
    DeconvolveOptions radial = options_;
    radial.otf = OtfKind::Radial;
    radial.fixOrigin = 0;
    radial.psfBackground = kBackground;
    const Block values = run(deconvolve(scene.recording(), psf, radial));
    double highest = 0, most = 0;
    forEachPosition(values.region(), [&](const auto& at) {
        highest = std::max(highest, expected.valueAt(at));
        most = std::max(most, std::abs(expected.valueAt(at) - values.valueAt(at)));
    });
    EXPECT_LT(most, 0.1 * highest);
}

TEST_F(Deconvolve, InSkewedSpaceIsDeconvolutionOfTheDeskewed) {
    // A bead in a stack that a stage scanned at 45 degrees: its image is the PSF, sheared by as many columns a plane as
    // a plane lies deep (voxels of 0.1 along the light sheet, planes 0.1 x sqrt 2 along the stage).
    const Shape shape{1, 17, 24, 60};
    Axes axes = microscopeAxes("tzyx", shape);
    axes[1].spacing = 0.1 * std::sqrt(2.0);
    const auto light = [](const std::vector<std::int64_t>& at) {
        const double z = static_cast<double>(at[1] - 8);
        const double x = static_cast<double>(at[3] - 30) + z;
        return kBackground + 1000 * gaussian(z, static_cast<double>(at[2] - 12), x);
    };
    const auto source =
        std::make_shared<testing::BlockSource>(axes, blockOf(DType::Float32, Region::whole(shape), light));
    DeconvolveOptions skewed = options_;
    skewed.iterations = 30;
    skewed.skewAngle = 45;
    const auto peakOf = [&](const DeconvolveOptions& options) {
        return run(deconvolve(LazyArray::fromSource(source), gaussianPsf(), options)).valueAt({0, 8, 12, 30});
    };
    DeconvolveOptions upright = skewed;
    upright.skewAngle.reset();
    EXPECT_GT(peakOf(skewed), 3 * peakOf(upright));
    EXPECT_EQ(psfNotes(LazyArray::fromSource(source), gaussianPsf(), skewed).size(), 1U);
}

} // namespace
} // namespace lazulite::ops
