#include <gtest/gtest.h>

#include <cmath>
#include <nlohmann/json.hpp>
#include <numbers>
#include <vector>

#include "progress_bar.h"
#include "sample/files.h"
#include "sample/recording.h"

namespace lazulite::cli::sample {
namespace {

constexpr RecordingOptions kSmall{.size = {48, 120, 160}, .timepoints = 3, .seed = 5};

std::vector<std::uint16_t> exposed(const RecordingOptions& options, std::int64_t t, std::size_t channel) {
    std::vector<std::uint16_t> stack(static_cast<std::size_t>(options.size[0] * options.size[1] * options.size[2]));
    Recording(options).expose(t, channel, stack);
    return stack;
}

TEST(Sample, RawAndRealPlacesAreEachOthersInverse) {
    const Optics optics;
    const auto raw = optics.toRaw(optics.toReal(12.5, 100.25, 31.75));
    EXPECT_NEAR(raw[0], 12.5, 1e-9);
    EXPECT_NEAR(raw[1], 100.25, 1e-9);
    EXPECT_NEAR(raw[2], 31.75, 1e-9);
}

TEST(Sample, PlanesShiftAsTheDeskewFormulaSays) {
    const Optics optics;
    // f = cos(angle) dz / dx pixels a plane; planes lie dz sin(angle) apart.
    EXPECT_NEAR(optics.planeShift() / optics.pixel, std::cos(31.5 * std::numbers::pi / 180) * 0.4 / 0.104, 1e-12);
    EXPECT_NEAR(optics.planeDepth(), 0.4 * std::sin(31.5 * std::numbers::pi / 180), 1e-12);
}

TEST(Sample, ASpotLiesWhereTheTruthSaysAndHasTheOpticsWidth) {
    const Optics optics;
    constexpr std::int64_t kPlanes = 40;
    constexpr std::int64_t kSide = 120;
    Scene scene{
        .spots = {{optics.toReal(20.3, 60.6, 55.2), 1000}}, .balls = {}, .spread = {0.12, 0.33}, .background = 0};
    std::vector<float> pixels(kSide * kSide);
    double sum = 0;
    std::array<double, 3> centre{};
    std::array<double, 3> real{};
    std::array<double, 3> square{};
    for (std::int64_t plane = 0; plane < kPlanes; ++plane) {
        drawPlane(scene, optics, plane, kSide, kSide, pixels);
        for (std::int64_t i = 0; i < kSide * kSide; ++i) {
            const double light = pixels[static_cast<std::size_t>(i)];
            const std::array<double, 3> raw{double(plane), double(i / kSide), double(i % kSide)};
            const Point point = optics.toReal(raw[0], raw[1], raw[2]);
            const std::array<double, 3> place{point.z, point.y, point.x};
            sum += light;
            for (std::size_t k = 0; k < 3; ++k) {
                centre[k] += light * raw[k];
                real[k] += light * place[k];
                square[k] += light * place[k] * place[k];
            }
        }
    }
    EXPECT_NEAR(centre[0] / sum, 20.3, 1e-2);
    EXPECT_NEAR(centre[1] / sum, 60.6, 1e-2);
    EXPECT_NEAR(centre[2] / sum, 55.2, 1e-2);
    const auto sigma = [&](std::size_t k) { return std::sqrt(square[k] / sum - (real[k] / sum) * (real[k] / sum)); };
    EXPECT_NEAR(sigma(0), 0.33, 5e-3);
    EXPECT_NEAR(sigma(1), 0.12, 2e-3);
    EXPECT_NEAR(sigma(2), 0.12, 2e-3);
}

TEST(Sample, ABallIsRoundInRealSpace) {
    const Optics optics;
    constexpr std::int64_t kPlanes = 48;
    constexpr std::int64_t kRows = 100;
    constexpr std::int64_t kColumns = 260;
    Scene scene{
        .spots = {}, .balls = {{optics.toReal(24, 50, 130), 2.5, 0, 100, 0}}, .spread = {0.1, 0.1}, .background = 0};
    std::vector<float> pixels(kRows * kColumns);
    double sum = 0;
    std::array<double, 3> mean{};
    std::array<double, 3> square{};
    for (std::int64_t plane = 0; plane < kPlanes; ++plane) {
        drawPlane(scene, optics, plane, kRows, kColumns, pixels);
        for (std::int64_t i = 0; i < kRows * kColumns; ++i) {
            const double light = pixels[static_cast<std::size_t>(i)];
            const Point point = optics.toReal(double(plane), double(i / kColumns), double(i % kColumns));
            const std::array<double, 3> place{point.z, point.y, point.x};
            sum += light;
            for (std::size_t k = 0; k < 3; ++k) {
                mean[k] += light * place[k];
                square[k] += light * place[k] * place[k];
            }
        }
    }
    std::array<double, 3> spread{};
    for (std::size_t k = 0; k < 3; ++k) spread[k] = std::sqrt(square[k] / sum - (mean[k] / sum) * (mean[k] / sum));
    EXPECT_NEAR(spread[1], spread[0], 0.02 * spread[0]);
    EXPECT_NEAR(spread[2], spread[0], 0.02 * spread[0]);
    EXPECT_NEAR(spread[0], 2.5 / std::sqrt(5.0), 0.05); // a full ball: radius / sqrt 5, a little more by blur
}

TEST(Sample, TheCameraHasTheMeanAndNoiseThatItNames) {
    const Camera camera;
    constexpr std::int64_t kCount = 400000;
    for (const float electrons : {4.0F, 50.0F, 800.0F}) {
        const std::vector<float> light(kCount, electrons);
        std::vector<std::uint16_t> counts(kCount);
        camera.expose(light.data(), counts.data(), kCount, 77);
        double sum = 0;
        double square = 0;
        for (const std::uint16_t value : counts) {
            sum += value;
            square += double(value) * value;
        }
        const double mean = sum / kCount;
        const double variance = square / kCount - mean * mean;
        const double wanted = camera.gain * camera.gain * (electrons + camera.readNoise * camera.readNoise) + 1.0 / 12;
        EXPECT_NEAR(mean, camera.offset + camera.gain * electrons, 0.15) << electrons;
        EXPECT_NEAR(variance, wanted, 0.04 * wanted) << electrons;
    }
}

TEST(Sample, TheSameSeedGivesTheSameBytesOnAnyNumberOfThreads) {
    RecordingOptions one = kSmall;
    one.threads = 1;
    RecordingOptions many = kSmall;
    many.threads = 4;
    const auto expected = exposed(one, 1, 0);
    EXPECT_EQ(exposed(many, 1, 0), expected);
    EXPECT_NE(exposed(many, 1, 1), expected);
    EXPECT_NE(exposed(many, 2, 0), expected);
    many.seed = 6;
    EXPECT_NE(exposed(many, 1, 0), expected);
}

TEST(Sample, BeadsKeepClearOfFacesCellsAndEachOther) {
    const Recording recording({.size = {64, 256, 280}, .timepoints = 30, .seed = 3});
    ASSERT_GE(recording.beads().size(), 5U);
    ASSERT_GE(recording.cells().size(), 3U);
    for (const Bead& bead : recording.beads()) {
        const auto [plane, row, column] = recording.optics().toRaw(bead.centre);
        EXPECT_TRUE(plane > 5 && plane < 58 && row > 10 && row < 245 && column > 10 && column < 269);
        for (std::int64_t t = 0; t < 30; ++t) {
            for (const Cell& cell : recording.cells()) {
                const Point centre = cell.centreAt(t);
                const double apart =
                    std::hypot(centre.x - bead.centre.x, centre.y - bead.centre.y, centre.z - bead.centre.z);
                EXPECT_GT(apart, cell.radius + 1.0);
            }
        }
    }
}

TEST(Sample, CellsMove) {
    const Recording recording(kSmall);
    const Cell& cell = recording.cells().front();
    EXPECT_NE(cell.centreAt(0).x, cell.centreAt(1).x);
    EXPECT_EQ(cell.centreAt(0).x, cell.home.x);
}

TEST(Sample, ThePointSpreadPeaksInItsMiddleVoxel) {
    const Recording recording(kSmall);
    const auto [planes, rows, columns] = Recording::kPsfSize;
    for (std::size_t channel = 0; channel < kChannels; ++channel) {
        const auto psf = recording.pointSpread(channel);
        const auto at = [&, rows = rows, columns = columns](std::int64_t z, std::int64_t y, std::int64_t x) {
            return static_cast<double>(psf[static_cast<std::size_t>((z * rows + y) * columns + x)]);
        };
        const std::int64_t z = planes / 2;
        const std::int64_t y = rows / 2;
        const std::int64_t x = columns / 2;
        const double peak = at(z, y, x) - 100;
        EXPECT_GT(peak, 20000);
        // One voxel (0.1 um) from the middle a Gaussian of that width is left.
        const PointSpread spread = recording.optics().spread[channel];
        EXPECT_NEAR((at(z, y, x + 1) - 100) / peak, std::exp(-0.5 * std::pow(0.1 / spread.lateral, 2)), 0.05);
        EXPECT_NEAR((at(z + 1, y, x) - 100) / peak, std::exp(-0.5 * std::pow(0.1 / spread.axial, 2)), 0.05);
    }
}

TEST(Sample, NamesAndTextsAreThoseOfTheMicroscope) {
    const Recording recording({.timepoints = 3});
    EXPECT_EQ(stackName(recording, 2, 1), "sample_CamA_ch1_stack0002_560nm_0005000msec_0016971725msecAbs.tif");
    const std::string settings = settingsText(recording);
    for (const char* line : {"S PZT Offset, Interval (um), # of Pixels for Excitation (0) :\t55\t0.4\t64\r\n",
                             "Angle between stage and bessel beam (deg) = 31.500000", "Z motion :\tSample piezo",
                             "ROI :\tLeft=885 Top=897 Right=1164 Bot=1152", "Magnification = 62.5"}) {
        EXPECT_NE(settings.find(line), std::string::npos) << line;
    }
    const auto truth = nlohmann::json::parse(truthText(recording));
    const auto& bead = truth["beads"][0];
    const auto raw = recording.optics().toRaw(recording.beads()[0].centre);
    EXPECT_DOUBLE_EQ(bead["raw"]["z"].get<double>(), raw[0]);
    EXPECT_DOUBLE_EQ(bead["um"]["x"].get<double>(), recording.beads()[0].centre.x);
    EXPECT_EQ(truth["cells"][0]["at"].size(), 3U);
}

TEST(ProgressLine, FillsAndNeverPassesTheTerminal) {
    EXPECT_EQ(progressLine("go", 0.5, 28), "go  [#######.......]   50 %");
    for (const double fraction : {-1.0, 0.0, 0.333, 1.0, 7.0, std::nan("")}) {
        for (const std::size_t columns : {10U, 20U, 80U, 300U})
            EXPECT_LT(progressLine("listing", fraction, columns).size(), columns);
    }
}

TEST(ProgressLine, TellsMoreBehindTheBarWhereThereIsRoom) {
    EXPECT_EQ(progressLine("go", 0.5, 40, "2/4  1 MB/s"), "go  [######.......]   50 %  2/4  1 MB/s");
    EXPECT_EQ(progressLine("go", 0.5, 28, "2/4  1 MB/s"), progressLine("go", 0.5, 28));
    for (const std::size_t columns : {10U, 20U, 40U, 80U, 300U})
        EXPECT_LT(progressLine("exporting", 0.4, columns, "12/1000  120 MB/s  2 h 05 min left").size(), columns);
}

} // namespace
} // namespace lazulite::cli::sample
