#include <gtest/gtest.h>

#include <cmath>
#include <numbers>
#include <random>

#include "backends.h"
#include "deconvolution_scenes.h"
#include "reference_deconvolution.h"
#include "support/blocks.h"

namespace lazulite::compute {
namespace {

using testing::at;
using testing::blurFrom;
using testing::pointsOfLight;
using testing::psfStack;

/// The OTF on a grid in double precision, of the same resampled point spread function.
testing::Spectrum otfOn(const Blur& blur, const Size3& grid) {
    const ImagePsf psf = imagePsf(*std::get<0>(blur.source), blur.sampling, grid);
    testing::Spectrum volume(testing::countOf(grid));
    std::size_t i = 0;
    for (Index z = 0; z < psf.size[0]; ++z) {
        for (Index y = 0; y < psf.size[1]; ++y) {
            for (Index x = 0; x < psf.size[2]; ++x, ++i) {
                const auto wrap = [](Index k, Index n) { return (k % n + n) % n; };
                volume[at(grid, wrap(psf.first[0] + z, grid[0]), wrap(psf.first[1] + y, grid[1]),
                          wrap(psf.first[2] + x, grid[2]))] += static_cast<double>(psf.values[i]);
            }
        }
    }
    return testing::transformed(std::move(volume), grid, -1);
}

std::vector<double> above(const Block& image, double background) {
    std::vector<double> values;
    testing::forEachPosition(image.region(), [&](const std::vector<std::int64_t>& place) {
        values.push_back(std::max(0.0, image.valueAt(place) - background));
    });
    return values;
}

class Deconvolution : public OnBackend {
protected:
    /// Cut as for the processor, so that all backends have the same pieces to do.
    Tiling tiling(const Blur& blur, const RichardsonLucy& options, const Size3& size, std::uint64_t most = UINT64_MAX) {
        return tilingFor(*cpuBackend(), blur, options, size, most, [](const std::vector<std::uint64_t>& buffers) {
            std::uint64_t bytes = 0;
            for (const std::uint64_t buffer : buffers) bytes += buffer;
            return bytes;
        });
    }

    std::vector<float> run(const Block& image, const Blur& blur, const RichardsonLucy& options, const Tiling& tiling,
                           double background) {
        std::vector<float> values(static_cast<std::size_t>(image.region().elementCount()));
        const Destination out{reinterpret_cast<std::byte*>(values.data()), DType::Float32, image.region(),
                              rowMajorStrides(image.shape(), sizeof(float))};
        const auto outcome = deconvolve(backend(), blur, options, tiling, image, background, out, {});
        EXPECT_TRUE(outcome.ok()) << (outcome.ok() ? "" : outcome.error().text());
        return values;
    }
};

TEST_P(Deconvolution, WithPeriodicEdgesIsTheReferenceIteration) {
    for (const Size3& size : {Size3{5, 9, 7}, Size3{6, 10, 12}, Size3{1, 9, 15}}) {
        for (const bool accelerated : {true, false}) {
            const Block image = pointsOfLight(size);
            const Blur blur = blurFrom(psfStack({size[0] == 1 ? 1 : 5, 7, 7}));
            const RichardsonLucy options{.iterations = 8, .accelerated = accelerated, .edges = Edges::Periodic};
            const std::vector<double> data = above(image, 95);
            const std::vector<double> expected = testing::deconvolved(data, data, otfOn(blur, size), size,
                                                                      {.iterations = 8, .accelerated = accelerated});
            const std::vector<float> values = run(image, blur, options, tiling(blur, options, size), 95);
            for (std::size_t i = 0; i < values.size(); ++i) {
                ASSERT_NEAR(static_cast<double>(values[i]), expected[i], 1e-3 + 2e-4 * expected[i])
                    << i << " of " << size[0] << (accelerated ? " accelerated" : "");
            }
        }
    }
}

TEST_P(Deconvolution, WithOpenEdgesIsTheReferenceIterationOnALargerGrid) {
    for (const Size3& size : {Size3{5, 9, 7}, Size3{6, 10, 11}}) {
        const Block image = pointsOfLight(size);
        const Blur blur = blurFrom(psfStack({5, 7, 7}));
        const RichardsonLucy options{.iterations = 6};
        const Tiling whole = tiling(blur, options, size);
        EXPECT_GE(whole.grid[1], size[1] + 2 * blur.reach[1]);
        const std::vector<double> measured = above(image, 95);
        std::vector<double> data(testing::countOf(whole.grid));
        std::vector<double> start(data.size());
        const auto mirrored = [](Index i, Index n, Index grid) {
            const Index beyond = grid - i < i - (n - 1) ? i - grid : i; // nearer to the end before the beginning
            const Index place = ((beyond % (2 * n)) + 2 * n) % (2 * n);
            return place < n ? place : 2 * n - 1 - place;
        };
        for (Index z = 0; z < whole.grid[0]; ++z) {
            for (Index y = 0; y < whole.grid[1]; ++y) {
                for (Index x = 0; x < whole.grid[2]; ++x) {
                    const std::size_t place = at(whole.grid, z, y, x);
                    start[place] =
                        measured[at(size, mirrored(z, size[0], whole.grid[0]), mirrored(y, size[1], whole.grid[1]),
                                    mirrored(x, size[2], whole.grid[2]))];
                    if (z < size[0] && y < size[1] && x < size[2]) data[place] = measured[at(size, z, y, x)];
                }
            }
        }
        const std::vector<double> expected =
            testing::deconvolved(data, start, otfOn(blur, whole.grid), whole.grid, {.iterations = 6, .image = size});
        const std::vector<float> values = run(image, blur, options, whole, 95);
        std::size_t i = 0;
        testing::forEachPosition(image.region(), [&](const std::vector<std::int64_t>& place) {
            const double truth = expected[at(whole.grid, place[0], place[1], place[2])];
            ASSERT_NEAR(static_cast<double>(values[i++]), truth, 1e-3 + 2e-4 * truth);
        });
    }
}

TEST_P(Deconvolution, ApodizesPeriodicEdgesSoThatTheyMeet) {
    const Size3 size{4, 12, 15};
    constexpr Index kWidth = 4;
    const Block image = pointsOfLight(size);
    const Blur blur = blurFrom(psfStack({5, 7, 7}));
    std::vector<double> data = above(image, 95);
    const auto meet = [&](const std::array<Index, 3>& first, Index n, std::size_t axis) {
        const auto value = [&](Index i) -> double& {
            std::array<Index, 3> place = first;
            place[axis] = i;
            return data[at(size, place[0], place[1], place[2])];
        };
        const double half = (value(n - 1) - value(0)) / 2;
        for (Index l = 0; l < kWidth; ++l) {
            const double taken = half * (1 - std::sin((static_cast<double>(l) + 0.5) / kWidth * std::numbers::pi / 2));
            value(l) += taken;
            value(n - 1 - l) -= taken;
        }
    };
    for (Index z = 0; z < size[0]; ++z) {
        for (Index x = 0; x < size[2]; ++x) meet({z, 0, x}, size[1], 1);
        for (Index y = 0; y < size[1]; ++y) meet({z, y, 0}, size[2], 2);
    }
    const RichardsonLucy options{.iterations = 5, .edges = Edges::Periodic, .apodize = kWidth};
    const std::vector<double> expected = testing::deconvolved(data, data, otfOn(blur, size), size, {.iterations = 5});
    const std::vector<float> values = run(image, blur, options, tiling(blur, options, size), 95);
    for (std::size_t i = 0; i < values.size(); ++i) {
        ASSERT_NEAR(static_cast<double>(values[i]), expected[i], 1e-3 + 2e-4 * expected[i]) << i;
    }
}

TEST_P(Deconvolution, WithTotalVariationIsTheReferenceIteration) {
    const Size3 size{5, 8, 9};
    const Block image = pointsOfLight(size);
    const Sampling sampling{{0.2, 0.1, 0.1}, 0};
    const Blur blur = blurFrom(psfStack({7, 7, 7}), sampling);
    const RichardsonLucy options{.iterations = 6, .edges = Edges::Periodic, .totalVariation = 0.05};
    const std::vector<double> data = above(image, 95);
    double mean = 0;
    for (const double value : data) mean += value / static_cast<double>(data.size());
    const std::vector<double> expected =
        testing::deconvolved(data, data, otfOn(blur, size), size,
                             {.iterations = 6, .totalVariation = 0.05, .quiet = 1e-3 * mean, .steps = {2, 1, 1}});
    const std::vector<float> values = run(image, blur, options, tiling(blur, options, size), 95);
    for (std::size_t i = 0; i < values.size(); ++i) {
        ASSERT_NEAR(static_cast<double>(values[i]), expected[i], 2e-3 + 5e-4 * expected[i]) << i;
    }
}

/// A noisy image of points of light whose truth is known.
struct KnownScene {
    KnownScene(const Blur& blur, const Size3& imageSize, double haze) : size(imageSize) {
        std::mt19937 random(17);
        truth.assign(testing::countOf(size), haze);
        for (Index z = 0; z < size[0]; ++z) {
            for (Index y = 0; y < size[1]; ++y) {
                for (Index x = 0; x < size[2]; ++x) {
                    if (random() % 150 == 0) truth[at(size, z, y, x)] += 2000 + static_cast<double>(random() % 3000);
                }
            }
        }
        const std::vector<double> light = testing::blurred(truth, otfOn(blur, size), size);
        std::size_t i = 0;
        image = testing::blockOf(DType::Float32, Region::whole({size[0], size[1], size[2]}),
                                 [&](const std::vector<std::int64_t>&) {
                                     const double mean = std::max(0.0, light[i++]);
                                     return 100 + static_cast<double>(std::poisson_distribution<int>(mean)(random));
                                 });
    }

    /// Root of the mean square, over that of the truth.
    double error(const std::vector<float>& values) const {
        double squares = 0, all = 0;
        for (std::size_t i = 0; i < truth.size(); ++i) {
            squares += std::pow(static_cast<double>(values[i]) - truth[i], 2);
            all += truth[i] * truth[i];
        }
        return std::sqrt(squares / all);
    }

    Size3 size;
    std::vector<double> truth;
    Block image;
};

TEST_P(Deconvolution, ByTheWienerButterworthBackProjectorTakesFewIterations) {
    const Blur blur = blurFrom(psfStack({9, 11, 11}));
    const KnownScene scene(blur, {14, 24, 30}, 50);
    const auto errorAfter = [&](int iterations, bool wiener) {
        const RichardsonLucy options{
            .iterations = iterations, .accelerated = false, .edges = Edges::Periodic, .wienerButterworth = wiener};
        const std::vector<float> values = run(scene.image, blur, options, tiling(blur, options, scene.size), 100);
        double sum = 0, truth = 0;
        for (const float value : values) sum += static_cast<double>(value);
        for (const double value : scene.truth) truth += value;
        EXPECT_NEAR(sum / truth, 1, wiener ? 0.1 : 0.01);
        return scene.error(values);
    };
    EXPECT_LT(errorAfter(2, true), errorAfter(6, false));
}

TEST_P(Deconvolution, InPiecesShowsNoSeams) {
    const Blur blur = blurFrom(psfStack({9, 11, 11}));
    const KnownScene scene(blur, {12, 40, 90}, 2);
    const RichardsonLucy options{};
    const Tiling whole = tiling(blur, options, scene.size);
    const std::vector<float> expected = run(scene.image, blur, options, whole, 100);
    const std::uint64_t bytes = cpuBackend()->deconvolverMemory(options, whole.window, whole.grid).buffers.front() * 6;
    const Tiling pieces = tiling(blur, options, scene.size, bytes / 2);
    ASSERT_FALSE(pieces.whole());
    EXPECT_GE(pieces.counts[0] * pieces.counts[1] * pieces.counts[2], 4);
    const std::vector<float> values = run(scene.image, blur, options, pieces, 100);
    double most = 0, squares = 0, highest = 0;
    for (std::size_t i = 0; i < values.size(); ++i) {
        const double difference = std::abs(static_cast<double>(values[i]) - static_cast<double>(expected[i]));
        most = std::max(most, difference);
        squares += difference * difference;
        highest = std::max(highest, static_cast<double>(expected[i]));
    }
    // Against the highest light; the noise of the image itself is some hundredths of it.
    EXPECT_LT(most / highest, 0.005);
    EXPECT_LT(std::sqrt(squares / static_cast<double>(values.size())) / highest, 3e-4);
}

LAZULITE_ON_BACKENDS(Deconvolution);

} // namespace
} // namespace lazulite::compute
