#include <gtest/gtest.h>

#include <random>

#include "lazulite/compute/backend.h"
#include "reference_deconvolution.h"
#include "support/blocks.h"

namespace lazulite::compute {
namespace {

using testing::at;

/// An uneven blob around the middle of a stack, not centred on a voxel, on a background.
Block psfStack(const Size3& size, double background = 100) {
    return testing::blockOf(
        DType::UInt16, Region::whole({size[0], size[1], size[2]}), [&](const std::vector<std::int64_t>& place) {
            double exponent = 0;
            const double offsets[3] = {0.2, -0.3, 0.4};
            const double widths[3] = {1.3, 0.9, 1.1};
            for (std::size_t axis = 0; axis < 3; ++axis) {
                const double away =
                    static_cast<double>(place[axis]) - static_cast<double>(size[axis] / 2) - offsets[axis];
                exponent += away * away / (2 * widths[axis] * widths[axis]);
            }
            const double skewed = 1 + 0.1 * static_cast<double>(place[2] - size[2] / 2);
            return background + 6000 * std::exp(-exponent) * std::max(0.0, skewed);
        });
}

Blur blurFrom(const Block& stack, const Sampling& sampling = {{0.1, 0.1, 0.1}, 0}) {
    auto psf = std::make_shared<PointSpread>(understoodPsf(stack, {0.1, 0.1, 0.1}, {.background = 100}));
    Blur blur;
    blur.sampling = sampling;
    blur.reach = reachOn(*psf, sampling);
    blur.source = std::shared_ptr<const PointSpread>(std::move(psf));
    blur.identity = "test";
    return blur;
}

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

/// Points of light on a dark ground.
Block pointsOfLight(const Size3& size, DType type = DType::UInt16) {
    std::mt19937 random(3);
    return testing::blockOf(type, Region::whole({size[0], size[1], size[2]}), [&](const std::vector<std::int64_t>&) {
        const auto bright = random() % 40 == 0;
        return 90.0 + static_cast<double>(random() % 30) + (bright ? 900.0 : 0.0);
    });
}

std::vector<double> above(const Block& image, double background) {
    std::vector<double> values;
    testing::forEachPosition(image.region(), [&](const std::vector<std::int64_t>& place) {
        values.push_back(std::max(0.0, image.valueAt(place) - background));
    });
    return values;
}

class Deconvolution : public ::testing::TestWithParam<std::string> {
protected:
    Backend& backend() { return *cpuBackend(); }

    Tiling tiling(const Blur& blur, const RichardsonLucy& options, const Size3& size, std::uint64_t most = UINT64_MAX) {
        return tilingFor(backend(), blur, options, size, most, [](const std::vector<std::uint64_t>& buffers) {
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

TEST_F(Deconvolution, WithPeriodicEdgesIsTheReferenceIteration) {
    for (const Size3& size : {Size3{5, 9, 7}, Size3{6, 10, 12}, Size3{1, 9, 15}}) {
        for (const bool accelerated : {true, false}) {
            const Block image = pointsOfLight(size);
            const Blur blur = blurFrom(psfStack({size[0] == 1 ? 1 : 5, 7, 7}));
            const RichardsonLucy options{.iterations = 8, .accelerated = accelerated, .edges = Edges::Periodic};
            const std::vector<double> data = above(image, 95);
            const std::vector<double> expected =
                testing::deconvolved(data, data, otfOn(blur, size), size, {8, accelerated, {}});
            const std::vector<float> values = run(image, blur, options, tiling(blur, options, size), 95);
            for (std::size_t i = 0; i < values.size(); ++i) {
                ASSERT_NEAR(static_cast<double>(values[i]), expected[i], 1e-3 + 2e-4 * expected[i])
                    << i << " of " << size[0] << (accelerated ? " accelerated" : "");
            }
        }
    }
}

TEST_F(Deconvolution, WithOpenEdgesIsTheReferenceIterationOnALargerGrid) {
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
            testing::deconvolved(data, start, otfOn(blur, whole.grid), whole.grid, {6, true, size});
        const std::vector<float> values = run(image, blur, options, whole, 95);
        std::size_t i = 0;
        testing::forEachPosition(image.region(), [&](const std::vector<std::int64_t>& place) {
            const double truth = expected[at(whole.grid, place[0], place[1], place[2])];
            ASSERT_NEAR(static_cast<double>(values[i++]), truth, 1e-3 + 2e-4 * truth);
        });
    }
}

} // namespace
} // namespace lazulite::compute
