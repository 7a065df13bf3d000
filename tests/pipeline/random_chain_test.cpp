#include <gtest/gtest.h>

#include <cmath>
#include <random>

#include "lazulite/graph/executor.h"
#include "lazulite/pipeline/schema.h"
#include "recording.h"

namespace lazulite::pipeline {
namespace {

using graph::LazyArray;

/// Chains of steps that fit the data that they are put on.
class RandomChain {
public:
    RandomChain(unsigned seed, const testing::TemporaryFolder& folder) : random_(seed), folder_(folder) {}

    /// A step for an array of these axes.
    Step step(const Axes& axes) {
        while (true) {
            Step step = anyStep(axes);
            const bool merges = step.op == "rotate" && last_ == "deskew"; // they become one interpolation
            if (step.op.empty() || merges) continue;
            last_ = step.op;
            const bool values = findStep(step.op)->space == Space::Values;
            const bool tables = step.find("gain") != nullptr;
            if (values && !tables && findAxis(axes, "c") && below(3) == 0) step.channels = {0};
            return step;
        }
    }

    Region region(const Shape& shape) {
        Region region = Region::whole(shape);
        for (std::size_t axis = 0; axis < shape.size(); ++axis) {
            const std::int64_t begin = below(shape[axis]);
            region[axis] = {begin, begin + 1 + below(shape[axis] - begin)};
        }
        return region;
    }

    std::int64_t below(std::int64_t end) { return static_cast<std::int64_t>(random_() % static_cast<unsigned>(end)); }

private:
    Step anyStep(const Axes& axes) {
        const auto size = [&](const char* name) {
            const auto axis = findAxis(axes, name);
            return axis ? axes[*axis].size : 0;
        };
        const auto number = [&](double low, double high) { return std::uniform_real_distribution(low, high)(random_); };
        const auto three = [&](double low, double high) {
            return Value::List{number(low, high), number(low, high), number(low, high)};
        };
        const bool stacks = size("z") > 1;
        const auto word = [&](std::initializer_list<const char*> words) {
            return Value(words.begin()[below(static_cast<std::int64_t>(words.size()))]);
        };
        switch (below(20)) {
            case 0:
                if (!stacks || size("x") > 60) return {};
                return {
                    .op = "deskew",
                    .settings = {
                        {"angle", number(-60, 60)}, {"pad", 3}, {"shift", number(-2, 2)}, {"axis", word({"x", "y"})}}};
            case 1:
                if (!stacks || size("x") > 60) return {};
                return {.op = "deskew-rotate", .settings = {{"angle", number(20, 60)}}};
            case 2:
                if (!stacks || size("z") > 60) return {};
                return {.op = "rotate", .settings = {{"angle", number(20, 60)}}};
            case 3: {
                const Axis& axis = axes[static_cast<std::size_t>(below(static_cast<std::int64_t>(axes.size())))];
                if (axis.size < 4) return {};
                return {.op = "crop", .settings = {{axis.name, word({"1:", ":-1", "1:-1", "-3:"})}}};
            }
            case 4:
                if (size("t") == 0) return {};
                return {.op = "select", .settings = {{"t", static_cast<int>(-1 - below(size("t")))}}};
            case 5:
                return {.op = "project",
                        .settings = {{"axis", word({"z", "y", "x"})},
                                     {"kind", word({"max", "min", "mean", "sum", "std", "median"})}}};
            case 6:
                return {.op = "smooth", .settings = {{"sigma", number(0.3, 2)}}};
            case 7:
                return {.op = "smooth", .settings = {{"kind", "median"}, {"radius", 1}}};
            case 8:
                if (size("y") < 4 || size("x") < 4) return {};
                return {.op = "bin",
                        .settings = {{"factors", Value::List{1, 2, 2}}, {"kind", word({"mean", "sum", "max"})}}};
            case 9:
                return {.op = "background", .settings = {{"percentile", number(0, 50)}}};
            case 10:
                return {.op = "background", .settings = {{"value", 7}}};
            case 11:
                if (size("t") == 0) return {};
                return {.op = "bleach"};
            case 12:
                return {.op = "rescale",
                        .settings = {{"gain", Value::Table{{"ch0", number(0.5, 2)}}},
                                     {"dtype", word({"float32", "uint16", "int16"})}}};
            case 13:
                if (size("c") > 3) return {};
                return {.op = "math", .settings = {{"expression", "ch0 / (1 + abs(ch0))"}, {"alone", below(2) == 0}}};
            case 14: {
                Value::List order;
                for (const Axis& axis : axes)
                    order.insert(order.begin() + below(static_cast<std::int64_t>(order.size()) + 1), axis.name);
                return {.op = "transpose", .settings = {{"order", std::move(order)}}};
            }
            case 15:
                if (size("t") % 2 != 0 || size("t") == 0 || size("p") > 0) return {};
                return {.op = "split-axis", .settings = {{"axis", "t"}, {"into", Value::List{"p", "t"}}, {"size", 2}}};
            case 16:
                return {.op = "affine",
                        .settings = {{"translation", three(-0.3, 0.3)},
                                     {"rotation", three(-20, 20)},
                                     {"interpolation", word({"linear", "nearest"})}}};
            case 17:
                if (size("t") == 0) return {};
                return {.op = "drift", .settings = {{"reference", word({"first", "neighbour"})}}};
            case 18: {
                if (size("t") == 0) return {};
                Value::List shifts;
                for (std::int64_t t = 0; t < size("t"); ++t) shifts.push_back(three(-0.3, 0.3));
                return {.op = "drift", .settings = {{"shifts", std::move(shifts)}}};
            }
            default:
                if (!stacks || elementCount(shapeOf(axes)) > 30000) return {};
                return {.op = "deconvolve",
                        .settings = {
                            {"psf", folder_ / "psf.tif"}, {"psf-voxel", 0.1}, {"background", -1}, {"iterations", 2}}};
        }
    }

    std::mt19937 random_;
    const testing::TemporaryFolder& folder_;
    std::string last_;
};

/// The whole array, as data that a step can be put on.
LazyArray computed(graph::Executor& executor, const LazyArray& array, const std::string& name) {
    const graph::Outcome outcome =
        executor.run({.array = array, .region = Region::whole(array.shape()), .keep = false});
    if (!outcome.block.ok()) {
        ADD_FAILURE() << outcome.block.error().text();
        return array;
    }
    return LazyArray::fromSource(std::make_shared<testing::BlockSource>(array.axes(), *outcome.block, name));
}

TEST(RandomChains, GiveTheSameLazilyAsStepByStep) {
    const testing::TemporaryFolder folder;
    writePsf(folder / "psf.tif");
    for (unsigned seed = 0; seed < 40; ++seed) {
        RandomChain chain(seed, folder);
        Axes axes = recordingAxes();
        axes[0].size = 2;
        const LazyArray raw = LazyArray::fromSource(recordingOf(axes, seed % 3 == 0 ? DType::Float32 : DType::UInt16));
        graph::Executor eagerExecutor({.memoryLimit = 256U << 20U, .threads = 2});
        graph::Executor lazyExecutor({.memoryLimit = 256U << 20U, .threads = 2});
        LazyArray eager = raw;
        Config config;
        for (std::int64_t i = 1 + chain.below(4); i > 0; --i) {
            config.steps.push_back(chain.step(eager.axes()));
            Config single;
            single.steps = {config.steps.back()};
            const Built built = buildPipeline(single, eager, {});
            ASSERT_TRUE(built.ok()) << built.messages.front().toString() << "\n" << writeConfig(config).text;
            eager = computed(eagerExecutor, built.pipeline.result(), "stage " + std::to_string(i));
        }
        const std::string text = writeConfig(config).text;
        const Built built = buildPipeline(config, raw, {});
        ASSERT_TRUE(built.ok()) << built.messages.front().toString() << "\n" << text;
        const LazyArray lazy = built.pipeline.result();
        ASSERT_EQ(lazy.axes(), eager.axes()) << text;
        ASSERT_EQ(lazy.dtype(), eager.dtype()) << text;
        for (int i = 0; i < 4; ++i) {
            const Region region = chain.region(lazy.shape());
            const graph::Outcome expected = eagerExecutor.run({.array = eager, .region = region});
            const graph::Outcome got = lazyExecutor.run({.array = lazy, .region = region});
            ASSERT_TRUE(got.block.ok()) << got.block.error().text() << "\n" << text;
            // Transforms of another plan differ in their last digits, and a whole number by one where it is rounded.
            const bool transforms = text.find("deconvolve") != std::string::npos;
            const double tolerance = !transforms ? 0 : isFloat(lazy.dtype()) ? 1e-4 : 1;
            double worst = 0;
            testing::forEachPosition(region, [&](const std::vector<std::int64_t>& at) {
                const double a = expected.block->valueAt(at);
                const double b = got.block->valueAt(at);
                if (a == b || (std::isnan(a) && std::isnan(b))) return;
                worst = std::max(worst, std::abs(a - b) / (isFloat(lazy.dtype()) ? std::max(1.0, std::abs(a)) : 1));
            });
            EXPECT_LE(worst, tolerance) << region.toString() << "\n" << text;
        }
    }
}

} // namespace
} // namespace lazulite::pipeline
