#include "lazulite/ops/intensity.h"

#include <gtest/gtest.h>

#include <map>
#include <random>
#include <set>

#include "lazulite/compute/kernels/portable.h"
#include "lazulite/compute/statistics.h"
#include "lazulite/core/error.h"
#include "lazulite/graph/executor.h"
#include "lazulite/ops/arrays.h"
#include "support/blocks.h"
#include "support/expect_close.h"

namespace lazulite::ops {
namespace {

using testing::blockOf;
using testing::BlockSource;
using testing::forEachPosition;
using testing::isClose;
using testing::namedAxes;
using testing::randomBlock;

using Position = std::vector<std::int64_t>;
using Reference = std::function<double(const Position&)>;

constexpr double kInfinity = std::numeric_limits<double>::infinity();

double clipped(double value, double low, double high) {
    return value != value ? value : std::clamp(value, low, high);
}

/// A recording of channels, timepoints and stacks, and what is asked of it.
class Recording {
public:
    Recording(const std::string& axes, const Shape& shape, DType type, bool special = false)
        : source(std::make_shared<BlockSource>(namedAxes(axes, shape),
                                               randomBlock(type, Region::whole(shape), 17, special))),
          raw(LazyArray::fromSource(source)) {}

    double at(const Position& position) const { return source->values().valueAt(position); }

    graph::Outcome run(const LazyArray& array, const Region& region) {
        return executor.run({.array = array, .region = region});
    }

    /// Compares the whole of a step's result with a reference, then random parts of it with the whole.
    void expectLike(const LazyArray& array, const Reference& reference, bool inDouble, double scale = 0) {
        const Region whole = Region::whole(array.shape());
        const graph::Outcome eager = run(array, whole);
        ASSERT_TRUE(eager.block.ok()) << eager.block.error().text();
        forEachPosition(whole, [&](const Position& position) {
            ASSERT_TRUE(isClose(eager.block->valueAt(position), reference(position), array.dtype(), inDouble, scale))
                << "at " << Region::whole(position).toString();
        });
        std::mt19937 random(5);
        for (int i = 0; i < 4; ++i) {
            Region part = whole;
            for (std::size_t axis = 0; axis < part.rank(); ++axis) {
                part[axis].begin = static_cast<std::int64_t>(random()) % part[axis].end;
                part[axis].end -= static_cast<std::int64_t>(random()) % part[axis].size();
            }
            graph::Executor fresh{{.memoryLimit = 16U << 20U, .threads = 2}}; // has nothing cached
            const graph::Outcome lazy = fresh.run({.array = array, .region = part});
            ASSERT_TRUE(lazy.block.ok()) << lazy.block.error().text();
            forEachPosition(part, [&](const Position& position) {
                const double value = lazy.block->valueAt(position);
                if (value == value)
                    ASSERT_EQ(value, eager.block->valueAt(position)) << part.toString();
                else
                    ASSERT_NE(eager.block->valueAt(position), eager.block->valueAt(position));
            });
        }
    }

    std::shared_ptr<BlockSource> source;
    LazyArray raw;
    graph::Executor executor{{.memoryLimit = 16U << 20U, .threads = 2}};
};

/// An image with values between low and high.
std::shared_ptr<BlockSource> image(const std::string& axes, const Shape& shape, double low, double high,
                                   unsigned seed) {
    std::mt19937 random(seed);
    std::uniform_real_distribution<double> between(low, high);
    return std::make_shared<BlockSource>(
        namedAxes(axes, shape),
        blockOf(DType::Float32, Region::whole(shape), [&](const auto&) { return between(random); }),
        "image" + std::to_string(seed));
}

class IntensitySteps : public ::testing::TestWithParam<DType> {
protected:
    static constexpr std::int64_t kZ = 3;
    DType type_ = GetParam();
    bool inDouble_ = compute::computesInDouble(GetParam());
    Recording recording_{"ctzyx", {2, 3, kZ, 5, 7}, GetParam(), true};
    const LazyArray& raw_ = recording_.raw;

    double at(const Position& p) const { return recording_.at(p); }
    /// A number of each volume, by channel and timepoint.
    std::map<Position, double> numbersOfVolumes(const std::function<double(const Block&)>& number) const {
        std::map<Position, double> numbers;
        forEachPosition(Region::whole({2, 3}), [&](const Position& p) {
            const Block part =
                recording_.source->values().view(Region({{p[0], p[0] + 1}, {p[1], p[1] + 1}, {0, kZ}, {0, 5}, {0, 7}}));
            numbers[p] = number(
                part.relabelled(Region::whole({kZ, 5, 7}), {part.strides()[2], part.strides()[3], part.strides()[4]}));
        });
        return numbers;
    }
    /// What integers stop at, where the background is subtracted.
    double floor_ = isFloat(GetParam()) ? -kInfinity : 0;
};

TEST_P(IntensitySteps, RescaleKeepsTheTypeUnlessToldOtherwise) {
    const RescaleOptions options{.gain = 0.5, .offset = -3.25, .low = -40, .high = 90};
    const auto reference = [&](const Position& p) { return clipped(at(p) * 0.5 - 3.25, -40, 90); };
    recording_.expectLike(rescale(raw_, options), reference, inDouble_);
    RescaleOptions cast = options;
    cast.dtype = DType::Int16;
    recording_.expectLike(rescale(raw_, cast), reference, inDouble_);
}

TEST_P(IntensitySteps, CastRoundsAndSaturates) {
    for (const DType to : testing::kAllTypes) {
        recording_.expectLike(
            cast(raw_, to), [&](const Position& p) { return at(p); }, inDouble_ || compute::computesInDouble(to));
    }
    EXPECT_EQ(cast(raw_, type_).fingerprint(), raw_.fingerprint());
}

TEST_P(IntensitySteps, FlatFieldTakesImagesOfThePlaneOrOfTheChannels) {
    const auto flat = image("cyx", {2, 5, 7}, 0, 500, 1);
    const auto dark = image("yx", {5, 7}, 10, 20, 2);
    std::array<double, 2> most{};
    forEachPosition(Region::whole({2, 5, 7}), [&](const Position& p) {
        most[static_cast<std::size_t>(p[0])] =
            std::max(most[static_cast<std::size_t>(p[0])], flat->values().valueAt(p));
    });
    const auto corrected = [&](const Position& p, double darkness) {
        const double share = flat->values().valueAt({p[0], p[3], p[4]}) / most[static_cast<std::size_t>(p[0])];
        return clipped(at(p) - darkness, 0, kInfinity) / std::max(share, 0.2) + darkness;
    };
    recording_.expectLike(
        flatField(raw_, LazyArray::fromSource(flat), LazyArray::fromSource(dark)),
        [&](const Position& p) {
            return corrected(p, dark->values().valueAt({p[3], p[4]}));
        },
        inDouble_, 300);
    recording_.expectLike(
        flatField(raw_, LazyArray::fromSource(flat), {}), [&](const Position& p) { return corrected(p, 0); },
        inDouble_);
}

TEST_P(IntensitySteps, CameraTakesOffsetAndGainAsNumbersOrImages) {
    const auto offset = image("yx", {5, 7}, 90, 110, 3);
    const auto gain = image("yx", {5, 7}, 0.3, 2, 4);
    recording_.expectLike(
        camera(raw_, {.offset = 20.5}), [&](const Position& p) { return at(p) - 20.5; }, inDouble_, 300);
    recording_.expectLike(
        camera(raw_, {.offsetImage = LazyArray::fromSource(offset), .gain = LazyArray::fromSource(gain)}),
        [&](const Position& p) {
            return (at(p) - offset->values().valueAt({p[3], p[4]})) / gain->values().valueAt({p[3], p[4]});
        },
        inDouble_, 1000);
}

TEST_P(IntensitySteps, CameraTakesTheResidualOfTheFrameBeforeAway) {
    const auto a = image("yx", {5, 7}, 0, 12, 5);
    const auto b = image("yx", {5, 7}, 0, 0.02, 6);
    const CameraOptions options{
        .offset = 10, .residualA = LazyArray::fromSource(a), .residualB = LazyArray::fromSource(b)};
    recording_.expectLike(
        camera(raw_, options),
        [&](const Position& p) {
            Position before = p;
            before[1] = p[2] > 0 ? p[1] : p[1] - 1;
            before[2] = p[2] > 0 ? p[2] - 1 : kZ - 1;
            double residual = 0;
            if (before[1] >= 0) {
                residual = 0.9 * a->values().valueAt({p[3], p[4]}) *
                           (1 - std::exp(-b->values().valueAt({p[3], p[4]}) * (at(before) - 10)));
            }
            return clipped(at(p) - 10 - (residual == residual ? residual : 0), 0, kInfinity);
        },
        inDouble_, 300);
}

TEST_P(IntensitySteps, ABackgroundOfIntegersStopsAtZero) {
    const auto background = image("yx", {5, 7}, 0, 100, 7);
    recording_.expectLike(
        subtractBackground(raw_, 33.5), [&](const Position& p) { return clipped(at(p) - 33.5, floor_, kInfinity); },
        inDouble_, 300);
    recording_.expectLike(
        subtractBackground(raw_, LazyArray::fromSource(background)),
        [&](const Position& p) {
            return clipped(at(p) - background->values().valueAt({p[3], p[4]}), floor_, kInfinity);
        },
        inDouble_, 300);
}

TEST_P(IntensitySteps, APercentileIsThatOfEachVolume) {
    const auto percentiles = numbersOfVolumes([](const Block& v) { return *compute::percentileOf(v, 30, {}); });
    recording_.expectLike(
        subtractPercentile(raw_, 30),
        [&](const Position& p) {
            return clipped(at(p) - percentiles.at({p[0], p[1]}), floor_, kInfinity);
        },
        inDouble_, 300);
}

TEST_P(IntensitySteps, BleachCorrectionScalesToTheReferenceOfTheChannel) {
    const auto bright =
        numbersOfVolumes([](const Block& v) { return *compute::meanAbove(v, compute::momentsOf(v, {})->mean, {}); });
    recording_.expectLike(
        bleachCorrection(raw_, -2),
        [&](const Position& p) {
            return at(p) * (bright.at({p[0], 1}) / bright.at({p[0], p[1]}));
        },
        inDouble_, 300);
}

TEST_P(IntensitySteps, MathMakesANewChannelOfFloats) {
    const LazyArray array = math(raw_, "(ch1 - 10) / max(abs(ch0), 1)", "ratio");
    EXPECT_EQ(array.shape(), (Shape{3, 3, kZ, 5, 7}));
    EXPECT_EQ(array.axes()[0].labels, (std::vector<std::string>{"ch0", "ch1", "ratio"}));
    EXPECT_EQ(array.dtype(), DType::Float32);
    recording_.expectLike(
        array,
        [&](const Position& p) {
            if (p[0] < 2) return at(p);
            const double zero = std::abs(at({0, p[1], p[2], p[3], p[4]}));
            return (at({1, p[1], p[2], p[3], p[4]}) - 10) / (zero != zero ? zero : std::max(zero, 1.0));
        },
        inDouble_, 300);
}

INSTANTIATE_TEST_SUITE_P(Types, IntensitySteps, ::testing::ValuesIn(testing::kAllTypes),
                         [](const auto& param) { return std::string(toString(param.param)); });

/// What is read, what is refused, and shapes out of the ordinary; one type will do.
class IntensityOfStacks : public ::testing::Test {
protected:
    Recording recording_{"ctzyx", {2, 3, 4, 5, 7}, DType::UInt16};
    const LazyArray& raw_ = recording_.raw;

    static Region plane(std::int64_t c, std::int64_t t, std::int64_t z) {
        return Region({{c, c + 1}, {t, t + 1}, {z, z + 1}, {0, 5}, {0, 7}});
    }
    std::vector<Region> readsOf(const LazyArray& array, const Region& region) {
        recording_.source->reads.clear();
        EXPECT_TRUE(recording_.run(array, region).block.ok());
        return recording_.source->reads;
    }
};

TEST_F(IntensityOfStacks, APlaneReadsItsPlaneAlone) {
    const auto flat = image("yx", {5, 7}, 1, 2, 1);
    const LazyArray still = LazyArray::fromSource(flat);
    for (const LazyArray& array :
         {rescale(raw_, {.gain = 2}), cast(raw_, DType::Float32), camera(raw_, {.offset = 100}),
          subtractBackground(raw_, 3), subtractBackground(raw_, still)}) {
        EXPECT_LE(readsOf(array, plane(1, 2, 3)).size(), 1U);
    }
    EXPECT_EQ(flat->reads.size(), 1U) << "the image is kept";
    EXPECT_EQ(readsOf(flatField(raw_, still, {}), plane(0, 1, 1)), (std::vector{plane(0, 1, 1)}));
}

TEST_F(IntensityOfStacks, ARowReadsThatRowOfTheImageToo) {
    const auto background = image("yx", {50, 7}, 0, 10, 1);
    Recording tall{"zyx", {3, 50, 7}, DType::UInt16};
    tall.run(subtractBackground(tall.raw, LazyArray::fromSource(background)), Region({{1, 2}, {4, 5}, {0, 7}}));
    EXPECT_EQ(tall.source->reads, (std::vector{Region({{1, 2}, {4, 5}, {0, 7}})}));
    EXPECT_EQ(background->reads, (std::vector{Region({{4, 5}, {0, 7}})}));
}

TEST_F(IntensityOfStacks, TheResidualReadsTheFrameBeforeAndNoOther) {
    const LazyArray weight = LazyArray::fromSource(image("yx", {5, 7}, 0, 0.1, 2));
    const LazyArray array = camera(raw_, {.residualA = weight, .residualB = weight});
    EXPECT_EQ(readsOf(array, plane(1, 2, 2)), (std::vector{plane(1, 2, 2), plane(1, 2, 1)}));
    EXPECT_EQ(readsOf(array, plane(0, 1, 0)), (std::vector{plane(0, 1, 0), plane(0, 0, 3)}));
    EXPECT_EQ(readsOf(array, plane(1, 0, 0)), (std::vector{plane(1, 0, 0)}));
}

TEST_F(IntensityOfStacks, ThePercentileIsFoundOnceForAllPlanesOfAVolume) {
    const LazyArray array = subtractPercentile(raw_, 50);
    EXPECT_EQ(recording_.run(array, plane(0, 0, 1)).costs.blocksComputed, 2);
    EXPECT_EQ(recording_.run(array, plane(0, 0, 2)).costs.blocksComputed, 1);
    std::int64_t pages = 0;
    for (const Region& read : recording_.source->reads) pages += read[2].size();
    EXPECT_LE(pages, 4 + 2);
}

TEST_F(IntensityOfStacks, BleachCorrectionReadsItsOwnVolumeAndTheReference) {
    const LazyArray array = bleachCorrection(raw_, 0);
    EXPECT_FALSE(readsOf(array, plane(1, 2, 0)).empty());
    for (const Region& read : recording_.source->reads) {
        EXPECT_EQ(read[0], (Interval{1, 2}));
        EXPECT_NE(read[1], (Interval{1, 2}));
    }
}

TEST_F(IntensityOfStacks, AChangedImageReachesTheResult) {
    const auto background = image("yx", {5, 7}, 0, 10, 1);
    const LazyArray array = subtractBackground(raw_, LazyArray::fromSource(background));
    recording_.run(array, plane(0, 0, 0));
    recording_.run(array, plane(0, 0, 0));
    EXPECT_EQ(background->reads.size(), 1U);
    background->version = 2;
    recording_.run(array, plane(0, 0, 0));
    EXPECT_EQ(background->reads.size(), 2U);
    const LazyArray other = subtractBackground(raw_, LazyArray::fromSource(image("yx", {5, 7}, 0, 10, 2)));
    EXPECT_NE(array.fingerprint(), other.fingerprint());
}

TEST_F(IntensityOfStacks, EveryParameterCounts) {
    const LazyArray still = LazyArray::fromSource(image("yx", {5, 7}, 1, 2, 1));
    const std::vector<LazyArray> arrays{
        rescale(raw_, {.gain = 2}),
        rescale(raw_, {.offset = 2}),
        rescale(raw_, {.low = 2}),
        rescale(raw_, {.high = 2}),
        rescale(raw_, {.dtype = DType::Float32}),
        cast(raw_, DType::Float64),
        flatField(raw_, still, {}),
        flatField(raw_, still, still),
        camera(raw_, {.offset = 1}),
        camera(raw_, {.offset = 2}),
        camera(raw_, {.offsetImage = still}),
        camera(raw_, {.offset = 1, .gain = still}),
        camera(raw_, {.offset = 1, .residualA = still, .residualB = still}),
        subtractBackground(raw_, 1),
        subtractBackground(raw_, still),
        subtractPercentile(raw_, 1),
        subtractPercentile(raw_, 2),
        bleachCorrection(raw_, 0),
        bleachCorrection(raw_, 1),
        math(raw_, "ch0 + ch1", "sum"),
        math(raw_, "ch1 + ch0", "sum"),
        math(raw_, "ch0 + ch1", "sum", true),
    };
    std::set<graph::Fingerprint> prints;
    for (const LazyArray& array : arrays) prints.insert(array.fingerprint());
    EXPECT_EQ(prints.size(), arrays.size());
}

TEST_F(IntensityOfStacks, MathReadsTheChannelsThatItNames) {
    const LazyArray one = math(raw_, "ch1 * 2", "double", true);
    EXPECT_EQ(one.shape(), (Shape{1, 3, 4, 5, 7}));
    EXPECT_EQ(one.axes()[0].labels, (std::vector<std::string>{"double"}));
    EXPECT_EQ(readsOf(one, plane(0, 1, 2)), (std::vector{plane(1, 1, 2)}));
    EXPECT_EQ(readsOf(math(raw_, "ch1 * 2", "double"), plane(0, 0, 3)), (std::vector{plane(0, 0, 3)}));
}

TEST_F(IntensityOfStacks, MathWithoutAnAxisOfChannelsMakesOne) {
    Recording plain{"zyx", {2, 3, 4}, DType::UInt8};
    const LazyArray array = math(plain.raw, "sqrt(ch0)", "root");
    EXPECT_EQ(array.shape(), (Shape{2, 2, 3, 4}));
    plain.expectLike(
        array,
        [&](const Position& p) {
            const double value = plain.at({p[1], p[2], p[3]});
            return p[0] == 0 ? value : std::sqrt(value);
        },
        false);
    EXPECT_EQ(math(plain.raw, "ch0", "same", true).shape(), (Shape{1, 2, 3, 4}));
}

TEST_F(IntensityOfStacks, MathFindsChannelsByTheirLabels) {
    Axes axes = raw_.axes();
    axes[0].labels = {"488 nm", "560 nm"};
    const LazyArray array = math(raw_.withAxes(axes), "\"560 nm\" - \"488 nm\"", "difference", true);
    recording_.expectLike(
        array,
        [&](const Position& p) {
            return recording_.at({1, p[1], p[2], p[3], p[4]}) - recording_.at({0, p[1], p[2], p[3], p[4]});
        },
        false);
}

TEST_F(IntensityOfStacks, PlanesAndRowsAreEnough) {
    for (const auto& [axes, shape] : std::vector<std::pair<std::string, Shape>>{
             {"yx", {5, 7}}, {"x", {9}}, {"tyx", {3, 1, 7}}, {"yxz", {4, 1, 3}}, {"pzyx", {2, 1, 5, 1}}}) {
        Recording small{axes, shape, DType::UInt8};
        small.expectLike(
            rescale(small.raw, {.gain = 2}), [&](const Position& p) { return std::min(small.at(p) * 2, 255.0); },
            false);
    }
    Recording time{"tyx", {3, 4, 7}, DType::UInt16};
    const LazyArray zero = LazyArray::fromSource(image("yx", {4, 7}, 0, 0, 3));
    const LazyArray one = LazyArray::fromSource(image("yx", {4, 7}, 1, 1, 4));
    // With b = 0 nothing remains of the frame before, with a large signal and b = 1 the whole of 0.9 a.
    time.expectLike(
        camera(time.raw, {.residualA = one, .residualB = zero}), [&](const Position& p) { return time.at(p); }, false);
    time.expectLike(
        camera(cast(time.raw, DType::Float32), {.residualA = one, .residualB = one}),
        [&](const Position& p) {
            const double residual = p[0] == 0 ? 0 : 0.9 * (1 - std::exp(-time.at({p[0] - 1, p[1], p[2]})));
            return std::max(time.at(p) - residual, 0.0);
        },
        false);
}

TEST_F(IntensityOfStacks, AVolumeWithoutLightIsLeftAsItIs) {
    const auto dark = std::make_shared<BlockSource>(
        namedAxes("tyx", {2, 3, 4}),
        blockOf(DType::Float32, Region::whole({2, 3, 4}),
                [](const Position& p) { return p[0] == 0 ? static_cast<double>(p[2] + 1) : 0; }),
        "dark");
    Recording any{"yx", {1, 1}, DType::UInt8};
    const graph::Outcome outcome =
        any.run(bleachCorrection(LazyArray::fromSource(dark), 0), Region({{1, 2}, {0, 3}, {0, 4}}));
    EXPECT_EQ(outcome.block->valueAt({1, 2, 3}), 0);
}

TEST_F(IntensityOfStacks, WhatMakesNoSenseIsRefused) {
    const LazyArray other = LazyArray::fromSource(image("yx", {5, 8}, 1, 2, 1));
    EXPECT_THROW(subtractBackground(raw_, other), Failure);
    EXPECT_THROW(subtractBackground(raw_, LazyArray::fromSource(image("pyx", {2, 5, 7}, 1, 2, 1))), Failure);
    EXPECT_THROW(flatField(raw_, other, {}), Failure);
    EXPECT_THROW(flatField(raw_, {}, {}), Failure);
    EXPECT_THROW(camera(raw_, {.gain = other}), Failure);
    EXPECT_THROW(camera(raw_, {.residualA = LazyArray::fromSource(image("yx", {5, 7}, 1, 2, 1))}), Failure);
    EXPECT_THROW(rescale(raw_, {.low = 2, .high = 1}), Failure);
    EXPECT_THROW(rescale(raw_, {.gain = kInfinity}), Failure);
    EXPECT_THROW(subtractBackground(raw_, kInfinity), Failure);
    EXPECT_THROW(subtractPercentile(raw_, 100.5), Failure);
    EXPECT_THROW(bleachCorrection(raw_, 3), Failure);
    EXPECT_THROW(bleachCorrection(select(raw_, "t", 0)), Failure);
    EXPECT_THROW(math(raw_, "ch2", "none"), Failure);
    const LazyArray black = LazyArray::fromSource(image("yx", {5, 7}, 0, 0, 9));
    EXPECT_EQ(recording_.run(flatField(raw_, black, {}), plane(0, 0, 0)).block.error().message,
              "flat-field: the flat image has no value above 0");
}

TEST_F(IntensityOfStacks, MistakesAreToldWithWhatAndWhere) {
    const auto messageOf = [](const auto& step) {
        try {
            step();
        } catch (const Failure& failure) {
            return failure.error().message;
        }
        return std::string("nothing was thrown");
    };
    EXPECT_EQ(messageOf([&] { math(raw_, "ch0 / ch3", "ratio"); }),
              "math: column 7 of the expression: there is no channel ch3; the data have ch0 and ch1");
    EXPECT_EQ(messageOf([&] {
                  camera(raw_, {.gain = LazyArray::fromSource(image("yx", {5, 8}, 1, 2, 1))});
              }),
              "camera: the gain map has 8 positions along x and the data have 7: crop or bin one of them");
}

} // namespace
} // namespace lazulite::ops
