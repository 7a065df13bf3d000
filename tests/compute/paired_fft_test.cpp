#include "cpu/fft/paired_fft.h"

#include <gtest/gtest.h>

#include <random>

#include "reference_fft.h"
#include "support/aligned.h"

namespace lazulite::compute::cpu {
namespace {

class PairedFftOf : public ::testing::TestWithParam<Size3> {
protected:
    PairedFftOf()
        : fft_(GetParam()),
          volume_(static_cast<std::size_t>(fft_.layout().elements())),
          rows_(fft_.rowBufferElements()) {
        std::mt19937 random(7);
        std::uniform_real_distribution<double> values(-1, 1);
        for (std::size_t i = 0; i < testing::countOf(GetParam()); ++i) real_.push_back(values(random));
        forEach([&](Index z, Index y, Index x, float& number) {
            number = static_cast<float>(real_[testing::at(GetParam(), z, y, x)]);
        });
    }

    template <typename Visit>
    void forEach(const Visit& visit) {
        const auto [nz, ny, nx] = GetParam();
        const PairedLayout& layout = fft_.layout();
        auto* numbers = reinterpret_cast<float*>(volume_.data());
        for (Index z = 0; z < nz; ++z) {
            for (Index y = 0; y < ny; ++y) {
                for (Index x = 0; x < nx; ++x) {
                    visit(z, y, x, numbers[2 * (z / 2 * layout.pairStride + y * layout.rowStride + x) + z % 2]);
                }
            }
        }
    }

    void forward() {
        for (Index j = 0; j < fft_.layout().pairs; ++j) {
            ASSERT_TRUE(fft_.forward(volume_.data() + j * fft_.layout().pairStride, rows_.data(), {}));
        }
    }
    void inverse() {
        for (Index j = 0; j < fft_.layout().pairs; ++j) {
            ASSERT_TRUE(fft_.inverse(volume_.data() + j * fft_.layout().pairStride, rows_.data(), {}));
        }
    }
    testing::AlignedVector<Complex> buffer() const {
        return testing::AlignedVector<Complex>(static_cast<std::size_t>(fft_.layout().bufferElements()));
    }

    PairedFft fft_;
    testing::AlignedVector<Complex> volume_;
    testing::AlignedVector<Complex> rows_;
    std::vector<double> real_;
};

TEST_P(PairedFftOf, GivesTheSpectrumOfARealVolume) {
    const auto [nz, ny, nx] = GetParam();
    const testing::Spectrum expected =
        testing::transformed(testing::Spectrum(real_.begin(), real_.end()), GetParam(), -1);
    const double tolerance = 2e-6 * std::sqrt(static_cast<double>(expected.size()));
    forward();
    auto columns = buffer();
    std::vector<int> seen(static_cast<std::size_t>(ny * nx));
    for (const ColumnBlock& block : fft_.blocks()) {
        fft_.load(block, volume_.data(), columns.data());
        for (Index i = 0; i < block.count; ++i) {
            const Index kx = block.kx + i;
            ++seen[static_cast<std::size_t>(block.ky * nx + kx)];
            if ((ny - block.ky) % ny != block.ky || (nx - kx) % nx != kx) {
                ++seen[static_cast<std::size_t>((ny - block.ky) % ny * nx + (nx - kx) % nx)];
            }
            for (Index kz = 0; kz < nz; ++kz) {
                const Complex value = fft_.bufferRow(kz, columns.data())[i];
                const std::complex<double> truth = expected[testing::at(GetParam(), kz, block.ky, kx)];
                ASSERT_NEAR(value.real(), truth.real(), tolerance) << kz << ' ' << block.ky << ' ' << kx;
                ASSERT_NEAR(value.imag(), truth.imag(), tolerance) << kz << ' ' << block.ky << ' ' << kx;
            }
        }
    }
    EXPECT_EQ(seen, std::vector<int>(seen.size(), 1)) << "every column, or its opposite, comes once";
}

TEST_P(PairedFftOf, ThereAndBackIsTheVolumeTimesItsSize) {
    forward();
    auto columns = buffer();
    for (const ColumnBlock& block : fft_.blocks()) {
        fft_.load(block, volume_.data(), columns.data());
        fft_.store(block, columns.data(), volume_.data());
    }
    inverse();
    const auto count = static_cast<double>(real_.size());
    forEach([&](Index z, Index y, Index x, float& number) {
        ASSERT_NEAR(static_cast<double>(number) / count, real_[testing::at(GetParam(), z, y, x)], 2e-6);
    });
}

TEST_P(PairedFftOf, AFilterConvolvesAndItsConjugateCorrelates) {
    const auto [nz, ny, nx] = GetParam();
    std::mt19937 random(9);
    std::uniform_real_distribution<double> values(0, 1);
    std::vector<double> kernel(real_.size());
    for (double& value : kernel) value = values(random);
    const testing::Spectrum otf = testing::transformed(testing::Spectrum(kernel.begin(), kernel.end()), GetParam(), -1);
    std::vector<Complex> filter(static_cast<std::size_t>(fft_.layout().filterElements()));
    for (const ColumnBlock& block : fft_.blocks()) {
        for (Index kz = 0; kz < nz; ++kz) {
            for (Index i = 0; i < block.count; ++i) {
                fft_.filterRow(block, kz, filter.data())[i] =
                    Complex(otf[testing::at(GetParam(), kz, block.ky, block.kx + i)]);
            }
        }
    }
    const auto original = volume_;
    for (const bool conjugate : {false, true}) {
        volume_ = original;
        forward();
        auto columns = buffer();
        for (const ColumnBlock& block : fft_.blocks()) {
            fft_.load(block, volume_.data(), columns.data());
            fft_.multiply(block, filter.data(), conjugate, columns.data());
            fft_.store(block, columns.data(), volume_.data());
        }
        inverse();
        const std::vector<double> expected = testing::blurred(real_, otf, GetParam(), conjugate);
        const auto count = static_cast<double>(real_.size());
        forEach([&](Index z, Index y, Index x, float& number) {
            ASSERT_NEAR(static_cast<double>(number) / count, expected[testing::at(GetParam(), z, y, x)], 1e-6 * count);
        });
    }
}

TEST(FastSizes, HoldTwosForPaddedVolumesAndAreTheNextBelowForPeriodicOnes) {
    EXPECT_EQ(fastSizeFrom(1), 1);
    EXPECT_EQ(fastSizeFrom(256), 256);
    EXPECT_EQ(fastSizeFrom(294), 300) << "2 x 3 x 7 x 7 is slow";
    EXPECT_EQ(fastSizeFrom(270), 280);
    EXPECT_EQ(fastSizeUpTo(294), 294);
    EXPECT_EQ(fastSizeUpTo(299), 294);
    EXPECT_EQ(fastSizeUpTo(11), 10);
    for (Index least = 1; least < 700; ++least) {
        EXPECT_GE(fastSizeFrom(least), least);
        EXPECT_LT(static_cast<double>(fastSizeFrom(least)), 1.25 * static_cast<double>(least) + 1);
    }
}

INSTANTIATE_TEST_SUITE_P(Sizes, PairedFftOf,
                         ::testing::Values(Size3{1, 1, 1}, Size3{1, 8, 9}, Size3{2, 3, 5}, Size3{3, 4, 6},
                                           Size3{5, 7, 9}, Size3{4, 6, 8}, Size3{7, 1, 6}, Size3{6, 5, 1},
                                           Size3{9, 16, 35}, Size3{6, 20, 40}),
                         [](const auto& info) {
                             return std::to_string(info.param[0]) + "x" + std::to_string(info.param[1]) + "x" +
                                    std::to_string(info.param[2]);
                         });

} // namespace
} // namespace lazulite::compute::cpu
