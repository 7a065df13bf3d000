#include <numeric>

#include "kernel_test.h"

namespace lazulite::compute::testing {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

/// The voxels of a window, edges repeated.
std::vector<double> voxelsOf(const Window& window, const Block& in, Index z, Index y, Index x) {
    std::vector<double> voxels;
    for (Index k = 0; k < window.z.count; ++k) {
        for (Index j = 0; j < window.y.count; ++j) {
            for (Index i = 0; i < window.x.count; ++i) {
                voxels.push_back(voxel(in, z * window.z.step + window.z.offset + k,
                                       y * window.y.step + window.y.offset + j,
                                       x * window.x.step + window.x.offset + i));
            }
        }
    }
    return voxels;
}

double meanOf(const std::vector<double>& voxels) {
    return std::accumulate(voxels.begin(), voxels.end(), 0.0) / static_cast<double>(voxels.size());
}

double stdOf(const std::vector<double>& voxels) {
    const double mean = meanOf(voxels);
    double squares = 0;
    for (const double value : voxels) squares += (value - mean) * (value - mean);
    return std::sqrt(squares / static_cast<double>(voxels.size()));
}

double medianOf(std::vector<double> voxels) {
    // NaN lies above every number.
    std::sort(voxels.begin(), voxels.end(),
              [](double a, double b) { return !std::isnan(a) && (std::isnan(b) || a < b); });
    const std::size_t half = voxels.size() / 2;
    if (voxels.size() % 2 != 0 || voxels[half - 1] == voxels[half]) return voxels[half];
    return 0.5 * voxels[half - 1] + 0.5 * voxels[half];
}

struct Layout {
    Window window;
    Region out;
};

/// Along every axis: all of it, a range, blocks, and neighbourhoods.
std::vector<Layout> layoutsOf(const Region& in) {
    const Window same{Span::same(in[0].size()), Span::same(in[1].size()), Span::same(in[2].size())};
    std::vector<Layout> layouts;
    for (std::size_t axis = 0; axis < 3; ++axis) {
        const Index size = in[axis].size();
        const auto add = [&](const Span& span, Index outSize) {
            Layout layout{same, in};
            (axis == 0 ? layout.window.z : axis == 1 ? layout.window.y : layout.window.x) = span;
            layout.out[axis] = {0, outSize};
            layouts.push_back(layout);
        };
        add(Span::range(0, size, size), 1);
        add(Span::range(size / 3, size / 3 + (size + 1) / 2, size), 1);
        if (size >= 3) add(Span::blocks(3, size), size / 3);
        add(Span::around(2, size), size);
    }
    if (in[0].size() > 1 && in[1].size() > 1) {
        layouts.push_back(
            {{Span::blocks(2, in[0].size()), Span::blocks(2, in[1].size()), Span::blocks(4, in[2].size())},
             Region::whole({in[0].size() / 2, in[1].size() / 2, in[2].size() / 4})});
        layouts.push_back(
            {{Span::around(1, in[0].size()), Span::around(1, in[1].size()), Span::around(1, in[2].size())}, in});
    }
    return layouts;
}

class ReduceKernel : public KernelTest {
protected:
    static DType wide() { return computesInDouble(type()) ? DType::Float64 : DType::Float32; }

    template <typename Make>
    static void check(DType outType, double growth, const Make& kernelOf,
                      const std::function<double(const std::vector<double>&)>& reference) {
        for (const Region& region : {volume(5, 4, 9), volume(1, 5, 11), volume(6, 1, 700)}) {
            const Block in = randomBlock(type(), region, 21);
            for (const Layout& layout : layoutsOf(region)) {
                const Kernel kernel = kernelOf(layout.window);
                const Block result = run(kernel, in, layout.out, outType);
                expectNear(result, growth * magnitudeOf(in),
                           [&](Index z, Index y, Index x) { return reference(voxelsOf(layout.window, in, z, y, x)); });
                expectPartsEqual(kernel, in, result);
            }
        }
    }
};

TEST_P(ReduceKernel, MaxAndMin) {
    check(
        type(), 1, [](const Window& window) { return Reduce<Max>{window}; },
        [](const auto& voxels) { return *std::max_element(voxels.begin(), voxels.end()); });
    check(
        type(), 1, [](const Window& window) { return Reduce<Min>{window}; },
        [](const auto& voxels) { return *std::min_element(voxels.begin(), voxels.end()); });
}

TEST_P(ReduceKernel, SumAndMean) {
    check(
        wide(), 700, [](const Window& window) { return Reduce<Sum>{window}; },
        [](const auto& voxels) { return std::accumulate(voxels.begin(), voxels.end(), 0.0); });
    check(
        wide(), 1, [](const Window& window) { return Reduce<Mean>{window}; }, meanOf);
}

TEST_P(ReduceKernel, MeansInTheInputsTypeAreRounded) {
    check(
        type(), 1, [](const Window& window) { return Reduce<Mean>{window}; }, meanOf);
}

TEST_P(ReduceKernel, StandardDeviation) {
    check(
        wide(), 1, [](const Window& window) { return Reduce<Std>{window}; }, stdOf);
}

TEST_P(ReduceKernel, MedianOfOddAndEvenNumbers) {
    check(
        type(), 1, [](const Window& window) { return Median{window}; }, medianOf);
}

TEST_P(ReduceKernel, ExtremesAndMediansOfIntegersAreExact) {
    if (isFloat(type())) return;
    // 64-bit integers that no double tells apart.
    visitType(type(), [&](auto t) {
        using T = typename decltype(t)::type;
        if constexpr (std::is_integral_v<T>) {
            constexpr T kTop = std::numeric_limits<T>::max();
            const auto values = std::make_shared<std::array<T, 3>>(
                std::array<T, 3>{static_cast<T>(kTop - 2), kTop, static_cast<T>(kTop - 1)});
            const Block in(std::shared_ptr<const std::byte>(values, reinterpret_cast<const std::byte*>(values->data())),
                           type(), volume(1, 1, 3));
            const Window all{Span::same(1), Span::same(1), Span::range(0, 3, 3)};
            const auto only = [&](const Kernel& kernel) {
                return *reinterpret_cast<const T*>(run(kernel, in, volume(1, 1, 1)).data());
            };
            EXPECT_EQ(only(Reduce<Max>{all}), kTop);
            EXPECT_EQ(only(Reduce<Min>{all}), static_cast<T>(kTop - 2));
            EXPECT_EQ(only(Median{all}), static_cast<T>(kTop - 1));
        }
    });
}

TEST_P(ReduceKernel, GaussianIsTheNormalisedBellWithEdgesRepeated) {
    for (const Region& region : {volume(5, 4, 9), volume(1, 5, 40)}) {
        const Block in = randomBlock(type(), region, 22);
        for (std::size_t axis = 0; axis < 3; ++axis) {
            for (const double sigma : {0.4, 1.7, 30.0}) { // the last one reaches beyond the data from everywhere
                const auto radius = static_cast<Index>(4 * sigma + 0.5);
                const Gaussian gaussian(sigma, radius, region[axis].size());
                const auto window = [&](Index reach) {
                    std::array<Span, 3> spans;
                    for (std::size_t i = 0; i < 3; ++i)
                        spans[i] = Span::around(i == axis ? reach : 0, region[i].size());
                    return Window{spans[0], spans[1], spans[2]};
                };
                const Reduce<Gaussian> kernel{window(gaussian.radius), gaussian};
                double total = 0;
                std::vector<double> weights;
                for (Index k = -radius; k <= radius; ++k) {
                    weights.push_back(std::exp(-static_cast<double>(k * k) / (2 * sigma * sigma)));
                    total += weights.back();
                }
                const auto reference = [&](Index z, Index y, Index x) {
                    const std::vector<double> voxels = voxelsOf(window(radius), in, z, y, x);
                    return std::inner_product(voxels.begin(), voxels.end(), weights.begin(), 0.0) / total;
                };
                for (const DType out : {type(), wide()}) {
                    const Block result = run(kernel, in, region, out);
                    expectNear(result, 2 * magnitudeOf(in), reference);
                    expectPartsEqual(kernel, in, result);
                }
            }
        }
    }
}

TEST_P(ReduceKernel, NumbersThatAreNoneDoNotHideOthers) {
    if (!isFloat(type())) return;
    const Block in = blockOf(type(), volume(5, 1, 3), [](const std::vector<std::int64_t>& at) {
        return at[2] == 0 ? (at[0] == 0 ? kNaN : static_cast<double>(at[0])) : at[2] == 1 ? kNaN : 1.0;
    });
    const Window along{Span::range(0, 5, 5), Span::same(1), Span::same(3)};
    const Region out = volume(1, 1, 3);
    EXPECT_EQ(run(Reduce<Max>{along}, in, out).valueAt({0, 0, 0}), 4);
    EXPECT_EQ(run(Reduce<Min>{along}, in, out).valueAt({0, 0, 0}), 1);
    EXPECT_EQ(run(Median{along}, in, out).valueAt({0, 0, 0}), 3);
    for (const Kernel& kernel : {Kernel(Reduce<Max>{along}), Kernel(Reduce<Min>{along}), Kernel(Median{along})}) {
        EXPECT_TRUE(std::isnan(run(kernel, in, out).valueAt({0, 0, 1})));
    }
    EXPECT_TRUE(std::isnan(run(Reduce<Mean>{along}, in, out).valueAt({0, 0, 0})));
    EXPECT_TRUE(std::isnan(run(Reduce<Std>{along}, in, out).valueAt({0, 0, 0})));
    EXPECT_EQ(run(Reduce<Std>{along}, in, out).valueAt({0, 0, 2}), 0);
}

LAZULITE_KERNEL_TESTS(ReduceKernel);

class StdKernel : public OnBackend {};

TEST_P(StdKernel, ALargeMeanCostsNoDigits) {
    const Block in = blockOf(DType::Float64, volume(4, 1, 1),
                             [](const std::vector<std::int64_t>& at) { return 1e9 + static_cast<double>(at[0] % 2); });
    double value = 0;
    const Destination out{reinterpret_cast<std::byte*>(&value), DType::Float64, volume(1, 1, 1), {8, 8, 8}};
    const Reduce<Std> kernel{{Span::range(0, 4, 4), Span::same(1), Span::same(1)}};
    ASSERT_TRUE(backend().run(kernel, {&in, 1}, out, {}).ok());
    EXPECT_NEAR(value, 0.5, 1e-12);
}

LAZULITE_ON_BACKENDS(StdKernel);

} // namespace
} // namespace lazulite::compute::testing
