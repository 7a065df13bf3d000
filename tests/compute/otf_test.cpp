#include <gtest/gtest.h>

#include <limits>
#include <random>

#include "lazulite/compute/point_spread.h"
#include "lazulite/core/error.h"
#include "reference_fft.h"
#include "support/blocks.h"

namespace lazulite::compute {
namespace {

using testing::at;
using testing::blockOf;

/// A bead with rings and noise, well off the middle.
Block bead(const Size3& size, DType type = DType::UInt16) {
    std::mt19937 random(11);
    return blockOf(type, Region::whole({size[0], size[1], size[2]}), [&](const std::vector<std::int64_t>& place) {
        const double z = static_cast<double>(place[0]) - 0.5 * static_cast<double>(size[0]) + 0.7;
        const double y = static_cast<double>(place[1]) - 0.6 * static_cast<double>(size[1]) + 0.2;
        const double x = static_cast<double>(place[2]) - 0.5 * static_cast<double>(size[2]) - 0.3;
        const double r2 = y * y + x * x;
        const double light = 8000 * std::exp(-z * z / 12 - r2 / 6) + 400 * std::exp(-z * z / 30) * std::exp(-r2 / 60);
        return 120 + light + static_cast<double>(random() % 9);
    });
}

struct Reference {
    std::array<double, 3> centre{};
    double background = 0;
    testing::Spectrum values; ///< (kr, kz)
    Index radii = 0;
};

/// The formulas of the OTF from a PSF stack, one after another, in double precision.
Reference referenceOtf(const Block& stack, bool compatible, int fixOrigin, bool cleanUp) {
    const Shape shape = stack.shape();
    const Size3 size{shape[0], shape[1], shape[2]};
    const auto [nz, ny, nx] = size;
    std::vector<double> volume;
    testing::forEachPosition(stack.region(),
                             [&](const std::vector<std::int64_t>& p) { volume.push_back(stack.valueAt(p)); });
    const auto peak = std::max_element(volume.begin(), volume.end()) - volume.begin();
    const Index pz = peak / (ny * nx), py = peak / nx % ny, px = peak % nx;
    const auto parabola = [](double a, double b, double c) {
        const double place = 0.5 * (a - c) / (a - 2 * b + c);
        return a - 2 * b + c == 0 || std::abs(place) > 1.5 ? 0.0 : place;
    };
    const auto value = [&](Index z, Index y, Index x) {
        return volume[at(size, (z + nz) % nz, (y + ny) % ny, (x + nx) % nx)];
    };
    Reference result;
    const double top = value(pz, py, px);
    result.centre = {static_cast<double>(pz) + parabola(value(pz - 1, py, px), top, value(pz + 1, py, px)),
                     static_cast<double>(py) + parabola(value(pz, py - 1, px), top, value(pz, py + 1, px)),
                     static_cast<double>(px) + parabola(value(pz, py, px - 1), top, value(pz, py, px + 1))};
    if (compatible) result.centre[0] += 0.6;
    const auto plane = static_cast<Index>(std::floor(result.centre[0]));
    double sum = 0;
    double rows = 0;
    for (Index y = 0; static_cast<double>(y) < result.centre[1] - 20; ++y, ++rows) {
        for (Index x = 0; x < nx; ++x) sum += value(plane, y, x);
    }
    result.background = sum / ((compatible ? result.centre[1] - 20 : rows) * static_cast<double>(nx));
    testing::Spectrum spectrum(volume.begin(), volume.end());
    for (auto& number : spectrum) number -= result.background;
    spectrum = testing::transformed(std::move(spectrum), size, -1);

    result.radii = nx / 2 + 1;
    result.values.assign(static_cast<std::size_t>(result.radii * nz), 0);
    std::vector<double> counts(result.values.size());
    const auto frequency = [](Index k, Index n) { return static_cast<double>(k > n / 2 ? k - n : k); };
    for (Index z = 0; z < nz; ++z) {
        for (Index y = 0; y < ny; ++y) {
            for (Index x = 0; x <= nx / 2; ++x) {
                const double kz = frequency(z, nz), ky = frequency(y, ny), kx = static_cast<double>(x);
                const auto ring = static_cast<Index>(std::floor(std::hypot(ky, kx) + 0.5));
                if (ring >= result.radii) continue;
                const double phase =
                    2 * std::numbers::pi *
                    (kz * result.centre[0] / static_cast<double>(nz) + ky * result.centre[1] / static_cast<double>(ny) +
                     kx * result.centre[2] / static_cast<double>(nx));
                result.values[static_cast<std::size_t>(ring * nz + z)] +=
                    spectrum[at(size, z, y, x)] * std::polar(1.0, phase);
                ++counts[static_cast<std::size_t>(ring * nz + z)];
            }
        }
    }
    for (std::size_t i = 0; i < counts.size(); ++i) result.values[i] /= std::max(1.0, counts[i]);
    const testing::Spectrum means = result.values;
    for (Index r = 0; r < result.radii; ++r) {
        for (Index k = 0; k < nz; ++k) {
            const auto& here = means[static_cast<std::size_t>(r * nz + k)];
            const auto& there = means[static_cast<std::size_t>(r * nz + (nz - k) % nz)];
            result.values[static_cast<std::size_t>(r * nz + k)] = (here + std::conj(there)) / 2.0;
        }
    }
    if (cleanUp) {
        const double lambda = 0.52, na = 1.25, index = 1.3;
        for (Index r = 0; r < result.radii; ++r) {
            const double kr = static_cast<double>(r) / (static_cast<double>(ny) * 0.1);
            for (Index k = 0; k < nz; ++k) {
                bool inside = kr <= 2 * na / lambda;
                if (inside) {
                    const double edge =
                        index / lambda *
                        (std::cos(std::asin((na - kr * lambda) / index)) - std::cos(std::asin(na / index)));
                    const auto from = static_cast<Index>(std::lround(edge * static_cast<double>(nz) * 0.1 + 1));
                    inside = k < from || k > nz - from;
                }
                if (!inside) result.values[static_cast<std::size_t>(r * nz + k)] = 0;
            }
        }
    }
    const auto intercept = [&](int count, Index k) { // of the least squares of a line through kr = 1..count
        std::complex<double> s0 = 0, s1 = 0;
        double x1 = 0, x2 = 0;
        for (int r = 1; r <= count; ++r) {
            const auto& v = result.values[static_cast<std::size_t>(r * nz + k)];
            s0 += v;
            s1 += static_cast<double>(r) * v;
            x1 += r;
            x2 += r * r;
        }
        return (s0 * x2 - s1 * x1) / (count * x2 - x1 * x1);
    };
    int count = fixOrigin;
    while (count > 0 && std::abs(intercept(count, 0)) <= std::abs(result.values[static_cast<std::size_t>(nz)])) --count;
    for (Index k = 0; k < nz && fixOrigin > 0; ++k) result.values[static_cast<std::size_t>(k)] = intercept(count, k);
    double highest = 0;
    for (const auto& v : result.values) highest = std::max(highest, std::abs(v));
    for (auto& v : result.values) v /= highest;
    return result;
}

struct RadialCase {
    Size3 size;
    bool compatible;
    int fixOrigin;
    bool cleanUp;
};

class RadialOtfOf : public ::testing::TestWithParam<RadialCase> {};

TEST_P(RadialOtfOf, IsTheFormula) {
    const auto& [size, compatible, fixOrigin, cleanUp] = GetParam();
    const Block stack = bead(size);
    const Reference expected = referenceOtf(stack, compatible, fixOrigin, cleanUp);
    const PointSpread psf = understoodPsf(stack, {0.1, 0.1, 0.1}, {.compatible = compatible});
    for (std::size_t axis = 0; axis < 3; ++axis) EXPECT_NEAR(psf.centre[axis], expected.centre[axis], 1e-6);
    EXPECT_NEAR(psf.background, expected.background, 1e-6 * expected.background);
    const RadialOtf otf = radialOtf(psf, {.fixOrigin = fixOrigin, .cleanUp = cleanUp});
    ASSERT_EQ(otf.radii, expected.radii);
    ASSERT_EQ(otf.planes, size[0]);
    for (std::size_t i = 0; i < otf.values.size(); ++i) {
        ASSERT_NEAR(static_cast<double>(otf.values[i].real()), expected.values[i].real(), 1e-5) << i;
        ASSERT_NEAR(static_cast<double>(otf.values[i].imag()), expected.values[i].imag(), 1e-5) << i;
    }
}

INSTANTIATE_TEST_SUITE_P(Stacks, RadialOtfOf,
                         ::testing::Values(RadialCase{{9, 51, 24}, false, 10, false},
                                           RadialCase{{8, 48, 25}, true, 10, false},
                                           RadialCase{{11, 49, 27}, true, 6, true},
                                           RadialCase{{9, 50, 24}, false, 0, true}));

TEST(RadialOtfFile, IsReadAsItIsWritten) {
    const RadialOtf otf = radialOtf(understoodPsf(bead({9, 51, 24}), {0.2, 0.1, 0.1}, {}), {});
    const Block file = fileOf(otf);
    EXPECT_EQ(file.shape(), (Shape{1, 13, 18}));
    EXPECT_EQ(file.dtype(), DType::Float32);
    EXPECT_EQ(static_cast<float>(file.valueAt({0, 3, 5})), otf.values[3 * 9 + 2].imag());
    EXPECT_TRUE(isRadialOtf(file));
    const RadialOtf back = radialOtfFromFile(file, {0.2, 0.1, 0.1});
    EXPECT_EQ(back.values, otf.values);
    EXPECT_NEAR(back.radialStep, otf.radialStep, 1e-12);
    EXPECT_NEAR(back.axialStep, otf.axialStep, 1e-12);
}

TEST(RadialOtfFile, IsToldFromAPlaneOfAnImage) {
    EXPECT_FALSE(
        isRadialOtf(blockOf(DType::Float32, Region::whole({1, 24, 24}), [](const std::vector<std::int64_t>& at) {
            return 100 +
                   std::exp(-0.1 * static_cast<double>((at[1] - 12) * (at[1] - 12) + (at[2] - 12) * (at[2] - 12)));
        })));
    EXPECT_FALSE(isRadialOtf(blockOf(DType::Float32, Region::whole({1, 4, 6}), [](const auto&) { return 0.0; })));
    EXPECT_FALSE(isRadialOtf(bead({9, 20, 24})));
}

TEST(RadialOtfFile, RefusesWhatIsNone) {
    EXPECT_THROW(radialOtfFromFile(bead({9, 20, 24}), {0.1, 0.1, 0.1}), Failure);
    const Block broken = blockOf(DType::Float32, Region::whole({1, 5, 8}), [](const std::vector<std::int64_t>& place) {
        return place[2] == 3 ? std::numeric_limits<double>::quiet_NaN() : 1.0;
    });
    EXPECT_THROW(radialOtfFromFile(broken, {0.1, 0.1, 0.1}), Failure);
}

TEST(RadialOtfOnAGrid, IsBilinearInRadiusAndDepth) {
    RadialOtf otf{4, 5, {}, 1.0, 0.5};
    std::mt19937 random(3);
    for (int i = 0; i < 20; ++i) {
        otf.values.emplace_back(static_cast<float>(random() % 100), static_cast<float>(random() % 100));
    }
    const Size3 grid{6, 7, 9};
    const Sampling sampling{{0.45, 0.2, 0.15}, 0};
    const RadialInterpolation interpolation(otf, sampling, grid);
    for (Index kz = -3; kz <= 3; ++kz) {
        for (Index ky = -3; ky <= 3; ++ky) {
            for (Index kx = -4; kx <= 4; ++kx) {
                const double rho =
                    std::hypot(static_cast<double>(ky) / (7 * 0.2), static_cast<double>(kx) / (9 * 0.15));
                const double depth = static_cast<double>(kz) / (6 * 0.45) / 0.5;
                std::complex<double> expected = 0;
                if (rho < 3 && std::abs(depth) <= 2.5) {
                    const double zeta = depth < 0 ? depth + 5 : depth;
                    for (const int dr : {0, 1}) {
                        for (const int dz : {0, 1}) {
                            const auto r = static_cast<Index>(std::floor(rho)) + dr;
                            const auto z = static_cast<Index>(std::floor(zeta)) + dz;
                            const double weight = (1 - std::abs(rho - static_cast<double>(r))) *
                                                  (1 - std::abs(zeta - static_cast<double>(z)));
                            expected +=
                                weight * std::complex<double>(otf.values[static_cast<std::size_t>(r * 5 + z % 5)]);
                        }
                    }
                }
                const std::complex<double> value(interpolation.at(kz, ky, kx));
                ASSERT_NEAR(value.real(), expected.real(), 1e-4) << kz << ' ' << ky << ' ' << kx;
                ASSERT_NEAR(value.imag(), expected.imag(), 1e-4);
            }
        }
    }
}

TEST(PointSpreadStack, ThatCannotBlurIsRefusedWithTheReason) {
    const auto failureOf = [](const Block& stack, std::optional<double> background = {}) -> std::string {
        try {
            understoodPsf(stack, {0.1, 0.1, 0.1}, {.background = background});
        } catch (const Failure& failure) {
            return failure.what();
        }
        return {};
    };
    const auto with = [](double special) {
        return blockOf(DType::Float32, Region::whole({3, 4, 5}), [&](const std::vector<std::int64_t>& place) {
            return place == std::vector<std::int64_t>{1, 2, 3} ? special : 1.0;
        });
    };
    EXPECT_NE(failureOf(with(std::numeric_limits<double>::quiet_NaN())).find("z 1, y 2, x 3"), std::string::npos);
    EXPECT_NE(failureOf(with(std::numeric_limits<double>::infinity())).find("no number"), std::string::npos);
    EXPECT_NE(failureOf(with(1.0)).find("background"), std::string::npos) << "all equal";
    EXPECT_NE(failureOf(with(50.0), 2.0).find("sums to"), std::string::npos);
    EXPECT_NE(failureOf(with(50.0), 60.0).find("its highest value is 50, the background 60"), std::string::npos);
    EXPECT_EQ(failureOf(with(50.0)), "");
}

TEST(PointSpreadStack, ReachesAsFarAsItsLightDoes) {
    const PointSpread psf = understoodPsf(bead({21, 70, 40}), {0.1, 0.1, 0.1}, {});
    // One hundredth of the peak: exp(-z^2 / 12) at 7.4, with the halo a little further.
    EXPECT_GE(psf.reach[0], 7);
    EXPECT_LE(psf.reach[0], 10);
    EXPECT_GE(psf.reach[2], 5);
    EXPECT_LE(psf.reach[2], 13);
    EXPECT_EQ(reachOn(psf, {{0.2, 0.1, 0.1}, 0})[0], (psf.reach[0] + 1) / 2);
    EXPECT_EQ(reachOn(psf, {{0.1, 0.1, 0.1}, 2.0})[2], psf.reach[2] + 2 * psf.reach[0]);
}

/// A Gaussian whose continuous values are known everywhere.
struct Gaussian {
    double sz = 0.35, sy = 0.22, sx = 0.25; // um
    double operator()(double z, double y, double x) const {
        return std::exp(-z * z / (2 * sz * sz) - y * y / (2 * sy * sy) - x * x / (2 * sx * sx));
    }
};

Block sampled(const Gaussian& gaussian, const Size3& size, const std::array<double, 3>& centre, const Voxel& voxel) {
    return blockOf(DType::Float32, Region::whole({size[0], size[1], size[2]}),
                   [&](const std::vector<std::int64_t>& place) {
                       return 1000 * gaussian((static_cast<double>(place[0]) - centre[0]) * voxel[0],
                                              (static_cast<double>(place[1]) - centre[1]) * voxel[1],
                                              (static_cast<double>(place[2]) - centre[2]) * voxel[2]);
                   });
}

/// Compares with the Gaussian itself, sampled at the image's voxels.
void expectGaussian(const ImagePsf& psf, const Gaussian& gaussian, const Sampling& sampling) {
    std::vector<double> expected;
    double sum = 0;
    for (Index z = psf.first[0]; z < psf.first[0] + psf.size[0]; ++z) {
        for (Index y = psf.first[1]; y < psf.first[1] + psf.size[1]; ++y) {
            for (Index x = psf.first[2]; x < psf.first[2] + psf.size[2]; ++x) {
                const double along = static_cast<double>(x) + sampling.shear * static_cast<double>(z);
                expected.push_back(gaussian(static_cast<double>(z) * sampling.voxel[0],
                                            static_cast<double>(y) * sampling.voxel[1], along * sampling.voxel[2]));
                sum += expected.back();
            }
        }
    }
    ASSERT_EQ(expected.size(), psf.values.size());
    const double peak = *std::max_element(expected.begin(), expected.end()) / sum;
    double total = 0;
    for (std::size_t i = 0; i < expected.size(); ++i) {
        ASSERT_NEAR(static_cast<double>(psf.values[i]), expected[i] / sum, 0.01 * peak) << i;
        total += static_cast<double>(psf.values[i]);
    }
    EXPECT_NEAR(total, 1, 1e-5);
}

TEST(PointSpreadOnAnImage, IsCentredBetweenItsVoxels) {
    const Voxel voxel{0.1, 0.1, 0.1};
    const PointSpread psf =
        understoodPsf(sampled({}, {25, 21, 20}, {12.3, 9.6, 10.45}, voxel), voxel, {.background = 0.0});
    const Sampling sampling{voxel, 0};
    const ImagePsf image = imagePsf(psf, sampling, {64, 64, 64});
    EXPECT_EQ(image.first, (Size3{-12, -10, -10}));
    EXPECT_EQ(image.size, (Size3{25, 21, 20}));
    expectGaussian(image, {}, sampling);
}

TEST(PointSpreadOnAnImage, IsResampledToOtherVoxels) {
    const Voxel voxel{0.1, 0.1, 0.1};
    const PointSpread psf =
        understoodPsf(sampled({}, {31, 31, 31}, {15.2, 14.7, 15.4}, voxel), voxel, {.background = 0.0});
    for (const Voxel& other : {Voxel{0.26, 0.104, 0.104}, Voxel{0.07, 0.15, 0.08}}) {
        expectGaussian(imagePsf(psf, {other, 0}, {90, 90, 90}), {}, {other, 0});
    }
}

TEST(PointSpreadOnAnImage, IsSkewedAsTheDataAre) {
    const Voxel voxel{0.1, 0.1, 0.1};
    const PointSpread psf = understoodPsf(sampled({}, {31, 31, 41}, {15, 15, 20}, voxel), voxel, {.background = 0.0});
    for (const double shear : {4.26, -1.7}) {
        const Sampling sampling{{0.26, 0.1, 0.1}, shear};
        expectGaussian(imagePsf(psf, sampling, {64, 64, 200}), {}, sampling);
    }
}

TEST(PointSpreadOnAnImage, IsCutAboutItsPeakWhereTheGridIsSmaller) {
    const Voxel voxel{0.1, 0.1, 0.1};
    const PointSpread psf = understoodPsf(sampled({}, {31, 31, 31}, {15, 15, 15}, voxel), voxel, {.background = 0.0});
    const ImagePsf image = imagePsf(psf, {voxel, 0}, {8, 9, 1});
    EXPECT_EQ(image.first, (Size3{-4, -4, 0}));
    EXPECT_EQ(image.size, (Size3{8, 9, 1}));
}

TEST(PointSpreadStack, ThatIsNoisyIsTakenAsFarAsItsLightReachesAndFreedOfWhatIsLeftOfTheBackground) {
    // The rows above the bead, which the background is measured in, are brighter than the rest.
    std::mt19937 random(4);
    std::normal_distribution<double> noise(0, 6);
    const Block stack =
        blockOf(DType::UInt16, Region::whole({25, 70, 50}), [&](const std::vector<std::int64_t>& place) {
            const double z = static_cast<double>(place[0] - 12), y = static_cast<double>(place[1] - 40),
                         x = static_cast<double>(place[2] - 25);
            return (place[1] < 20 ? 103 : 100) + 5000 * std::exp(-z * z / 8 - y * y / 4 - x * x / 4) + noise(random);
        });
    const PointSpread psf = understoodPsf(stack, {0.1, 0.1, 0.1}, {});
    EXPECT_TRUE(psf.trimmed);
    EXPECT_NEAR(psf.background, 103, 0.5);
    EXPECT_NEAR(psf.pedestal, -3, 0.5);
    EXPECT_LT(psf.extent[1], 15);
    const ImagePsf image = imagePsf(psf, {{0.1, 0.1, 0.1}, 0}, {64, 128, 128});
    EXPECT_EQ(image.size[1], 2 * psf.extent[1] + 1);
    const double light = std::pow(std::numbers::pi, 1.5) * std::sqrt(8.0 * 4 * 4) * 5000; // its integral
    const double peak = static_cast<double>(*std::max_element(image.values.begin(), image.values.end()));
    EXPECT_NEAR(peak, 5000 / light, 0.05 * 5000 / light);
    EXPECT_FALSE(understoodPsf(bead({9, 51, 24}, DType::Float32), {0.1, 0.1, 0.1}, {}).pedestal == 0)
        << "it is noisy too";
    EXPECT_FALSE(understoodPsf(sampled({}, {9, 9, 9}, {4, 4, 4}, {0.1, 0.1, 0.1}), {0.1, 0.1, 0.1}, {}).trimmed);
}

} // namespace
} // namespace lazulite::compute
