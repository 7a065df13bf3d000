#include <gtest/gtest.h>

#include "backends.h"
#include "support/expect_close.h"

namespace lazulite::compute {
namespace {

using testing::blockOf;
using testing::forEachPosition;
using testing::isClose;
using testing::kAllTypes;
using testing::randomBlock;

using Values = std::vector<double>;
using Reference = std::function<double(const Values&)>;

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
constexpr double kInfinity = std::numeric_limits<double>::infinity();

/// Odd sizes, a single row, a single plane, a single column, more than a piece of a row.
const std::vector<Region> kRegions{Region({{0, 3}, {0, 5}, {0, 7}}), Region({{4, 5}, {2, 9}, {1, 18}}),
                                   Region({{1, 3}, {6, 7}, {0, 2500}}), Region({{0, 2}, {0, 33}, {5, 6}})};

class IntensityKernels : public OnBackend {
protected:
    /// Compares a kernel with `reference`, in double, voxel by voxel, and parts of the result with the whole.
    static void expectLike(const Kernel& kernel, const std::vector<Block>& inputs, DType type,
                           const Reference& reference) {
        const Region whole = inputs[0].region();
        const bool inDouble = computesInDouble(type) || std::any_of(inputs.begin(), inputs.end(), [](const Block& b) {
                                  return computesInDouble(b.dtype());
                              });
        const Block result = run(kernel, inputs, type, whole);
        forEachPosition(whole, [&](const std::vector<std::int64_t>& at) {
            Values values;
            double scale = 0;
            for (const Block& input : inputs) {
                values.push_back(input.valueAt(at));
                if (std::isfinite(values.back())) scale = std::max(scale, std::abs(values.back()));
            }
            ASSERT_TRUE(isClose(result.valueAt(at), reference(values), type, inDouble, scale));
        });
        expectPartsLike(kernel, inputs, result);
    }

    static void expectPartsLike(const Kernel& kernel, const std::vector<Block>& inputs, const Block& whole) {
        Region region = whole.region();
        for (std::size_t axis = 0; axis < 3; ++axis) {
            region[axis].begin += region[axis].size() / 3;
            region[axis].end -= region[axis].size() / 4;
        }
        const Block part = run(kernel, inputs, whole.dtype(), region);
        forEachPosition(region, [&](const std::vector<std::int64_t>& at) {
            const double value = part.valueAt(at);
            if (value == value)
                ASSERT_EQ(value, whole.valueAt(at));
            else
                ASSERT_NE(whole.valueAt(at), whole.valueAt(at));
        });
    }

    /// An image in the plane, repeated along z, whose values lie in [low, high].
    static Block image(const Region& region, double low, double high, unsigned seed) {
        std::mt19937 random(seed);
        std::uniform_real_distribution<double> between(low, high);
        Region plane = region;
        plane[0] = {0, 1};
        const Block block = blockOf(DType::Float32, plane, [&](const auto&) { return between(random); });
        return block.relabelled(region, {0, block.strides()[1], block.strides()[2]});
    }
};

double clipped(double value, double low, double high) {
    return value != value ? value : std::clamp(value, low, high);
}

TEST_P(IntensityKernels, RescaleFromEveryTypeToEveryType) {
    for (const DType from : kAllTypes) {
        for (const DType to : kAllTypes) {
            SCOPED_TRACE(std::string(toString(from)) + " to " + std::string(toString(to)));
            const Block input = randomBlock(from, kRegions[0], 5, true);
            expectLike(Rescale{}, {input}, to, [](const Values& v) { return v[0]; });
            if (::testing::Test::HasFailure()) return;
        }
    }
}

TEST_P(IntensityKernels, RescaleMultipliesAddsAndClips) {
    for (const Region& region : kRegions) {
        for (const DType type : kAllTypes) {
            const Rescale kernel{.gain = -1.5, .offset = 20.25, .low = -60, .high = 100};
            expectLike(kernel, {randomBlock(type, region, 6, true)}, type,
                       [](const Values& v) { return clipped(v[0] * -1.5 + 20.25, -60, 100); });
        }
    }
}

TEST_P(IntensityKernels, IntegersSaturateAtTheirOwnExtremes) {
    for (const DType type : kAllTypes) {
        if (isFloat(type)) continue;
        const Block input = randomBlock(type, kRegions[1], 8);
        expectLike(Rescale{.gain = 3}, {input}, type, [](const Values& v) { return v[0] * 3; });
        expectLike(Rescale{.gain = -2}, {input}, type, [](const Values& v) { return v[0] * -2; });
    }
}

TEST_P(IntensityKernels, SubtractStopsAtItsFloor) {
    for (const Region& region : kRegions) {
        for (const DType type : kAllTypes) {
            const std::vector<Block> inputs{randomBlock(type, region, 9, true), image(region, 0, 200, 1)};
            expectLike(Subtract{}, inputs, type, [](const Values& v) { return v[0] - v[1]; });
            expectLike(Subtract{.low = 0}, inputs, type,
                       [](const Values& v) { return clipped(v[0] - v[1], 0, kInfinity); });
        }
    }
}

TEST_P(IntensityKernels, AQuotientIsOfNoLessThanTheLeast) {
    for (const Region& region : kRegions) {
        for (const DType type : {DType::Float32, DType::Float64}) {
            const std::vector<Block> inputs{image(region, 1, 400, 2)};
            expectLike(Quotient{}, inputs, type, [](const Values& v) { return 1 / v[0]; });
            expectLike(Quotient{.dividend = 400, .least = 80}, inputs, type,
                       [](const Values& v) { return 400 / std::max(v[0], 80.0); });
        }
    }
}

TEST_P(IntensityKernels, AQuotientTakesNaNForTheLeastWhereThereIsOne) {
    const Region region({{0, 1}, {0, 1}, {0, 1}});
    const Block nothing = blockOf(DType::Float32, region, [](const auto&) { return kNaN; });
    EXPECT_EQ(run(Quotient{.dividend = 400, .least = 80}, {nothing}, DType::Float32, region).valueAt({0, 0, 0}), 5);
    EXPECT_TRUE(std::isnan(run(Quotient{}, {nothing}, DType::Float32, region).valueAt({0, 0, 0})));
}

TEST_P(IntensityKernels, FlatFieldMultipliesTheLightAboveTheDark) {
    for (const Region& region : kRegions) {
        for (const DType type : kAllTypes) {
            const std::vector<Block> inputs{randomBlock(type, region, 10, true), image(region, 1, 5, 2),
                                            image(region, 90, 110, 3)};
            expectLike(FlatField{}, inputs, type,
                       [](const Values& v) { return clipped(v[0] - v[2], 0, kInfinity) * v[1] + v[2]; });
        }
    }
}

TEST_P(IntensityKernels, CameraTakesOffsetAndGainAway) {
    for (const Region& region : kRegions) {
        for (const DType type : kAllTypes) {
            const std::vector<Block> inputs{randomBlock(type, region, 11, true), image(region, 90, 110, 4),
                                            image(region, 0.5, 4, 5)};
            expectLike(Camera{}, inputs, type, [](const Values& v) { return (v[0] - v[1]) * v[2]; });
        }
    }
}

TEST_P(IntensityKernels, CameraTakesTheResidualOfTheFrameBeforeAway) {
    const auto reference = [](const Values& v, double share) {
        const double residual = share * v[4] * (1 - std::exp2(-v[5] * (v[1] - v[2])));
        return clipped(v[0] - v[2] - (residual == residual ? residual : 0), 0, kInfinity) * v[3];
    };
    for (const Region& region : kRegions) {
        for (const DType type : kAllTypes) {
            const std::vector<Block> inputs{randomBlock(type, region, 12, true),
                                            randomBlock(DType::UInt16, region, 13),
                                            image(region, 90, 110, 6),
                                            image(region, 0.5, 4, 7),
                                            image(region, 0, 12, 8),
                                            image(region, 0, 0.02, 9)};
            expectLike(CameraResidual{}, inputs, type, [&](const Values& v) { return reference(v, 1); });
            expectLike(CameraResidual{.first = true}, inputs, type, [&](const Values& v) { return reference(v, 0); });
        }
    }
}

/// The formula has a residual for a frame before that is infinite: all of a, or light without end.
TEST_P(IntensityKernels, WhereTheResidualIsNoNumberThereIsNone) {
    const Region region({{0, 1}, {0, 1}, {0, 8}});
    const auto row = [&](std::vector<double> values) {
        return blockOf(DType::Float32, region, [=](const auto& at) { return values[static_cast<std::size_t>(at[2])]; });
    };
    const Block raw = row({150, 150, 150, 150, 150, 150, 150, kNaN});
    const Block before = row({1000, kNaN, 1000, 1000, kInfinity, -kInfinity, -kInfinity, 1000});
    const Block a = row({9, 9, kNaN, 9, 9, 0, 9, 9});
    const Block b = row({1, 1, 1, kNaN, 1, 1, 1, 1});
    const Block offset = row(std::vector<double>(8, 100));
    const Block gain = row(std::vector<double>(8, 0.5));
    const Block result = run(CameraResidual{}, {raw, before, offset, gain, a, b}, DType::Float32, region);
    const auto at = [&](std::int64_t x) { return result.valueAt({0, 0, x}); };
    for (const std::int64_t none : {1, 2, 3, 5}) EXPECT_EQ(at(none), 25) << none;
    for (const std::int64_t full : {0, 4}) EXPECT_NEAR(at(full), (50 - 9) / 2.0, 1e-5) << full;
    EXPECT_EQ(at(6), kInfinity);
    EXPECT_TRUE(std::isnan(at(7)));
}

TEST_P(IntensityKernels, AStopIsHeeded) {
    std::stop_source stop;
    stop.request_stop();
    const Block input = randomBlock(DType::UInt16, kRegions[0], 1);
    std::vector<std::byte> memory(input.bytes());
    const Destination out{memory.data(), DType::UInt16, input.region(), input.strides()};
    const Result<void> outcome = backend().run(Rescale{}, std::vector{input}, out, {.stop = stop.get_token()});
    EXPECT_EQ(outcome.error().kind, Error::Kind::Cancelled);
}

LAZULITE_ON_BACKENDS(IntensityKernels);

} // namespace
} // namespace lazulite::compute
