#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <functional>
#include <memory>
#include <string>
#include <tuple>
#include <vector>

#include "backends.h"

namespace lazulite::compute::testing {

using lazulite::testing::blockOf;
using lazulite::testing::forEachPosition;
using lazulite::testing::kAllTypes;
using lazulite::testing::randomBlock;

using Reference = std::function<double(Index z, Index y, Index x)>;

/// The element at a position as double, the nearest one where it lies outside.
inline double voxel(const Block& block, Index z, Index y, Index x) {
    const Region& region = block.region();
    return block.valueAt({std::clamp(z, region[0].begin, region[0].end - 1),
                          std::clamp(y, region[1].begin, region[1].end - 1),
                          std::clamp(x, region[2].begin, region[2].end - 1)});
}

inline Region volume(Index planes, Index rows, Index columns) {
    return Region::whole({planes, rows, columns});
}

/// Odd ones, a single plane, a single row, and one that needs more than a piece of a row.
inline const std::vector<Region>& someVolumes() {
    static const std::vector<Region> volumes{volume(5, 3, 7), volume(1, 5, 11), volume(9, 1, 6), volume(3, 2, 1200)};
    return volumes;
}

/// One backend, one type of element.
class KernelTest : public ::testing::TestWithParam<std::tuple<Place, DType>> {
protected:
    void SetUp() override { LAZULITE_SKIP_WITHOUT(std::get<0>(GetParam())); }

    static Backend& backend() { return backendAt(std::get<0>(GetParam())); }
    static DType type() { return std::get<1>(GetParam()); }

    /// What a kernel makes of a block.
    static Block run(const Kernel& kernel, const Block& input, const Region& out) {
        return run(kernel, input, out, input.dtype());
    }
    static Block run(const Kernel& kernel, const Block& input, const Region& out, DType outType) {
        const auto bytes = static_cast<std::size_t>(out.elementCount()) * bytesPer(outType);
        const std::shared_ptr<std::byte[]> data(new std::byte[bytes + 1]);
        const Destination destination{data.get(), outType, out, rowMajorStrides(out.shape(), bytesPer(outType))};
        const auto done = backend().run(kernel, {&input, 1}, destination, {});
        EXPECT_TRUE(done.ok());
        return {std::shared_ptr<const std::byte>(data, data.get()), outType, out};
    }

    /// Every element is the reference's, integers to the count (a tie may fall on either side), reals to what their
    /// arithmetic holds of numbers as large as `magnitude`.
    static void expectNear(const Block& result, double magnitude, const Reference& reference) {
        const DType type = result.dtype();
        const bool wide = computesInDouble(type);
        double tolerance = magnitude * (wide ? 1e-12 : 1e-6);
        if (type == DType::Float16) tolerance += magnitude / 2048;
        double low = -std::numeric_limits<double>::infinity();
        double high = -low;
        if (!isFloat(type)) {
            tolerance += 0.5;
            visitType(type, [&](auto t) {
                using T = typename decltype(t)::type;
                if constexpr (std::is_integral_v<T>) {
                    low = static_cast<double>(std::numeric_limits<T>::min());
                    high = static_cast<double>(std::numeric_limits<T>::max());
                }
            });
        }
        forEachPosition(result.region(), [&](const std::vector<std::int64_t>& at) {
            const double expected = std::clamp(reference(at[0], at[1], at[2]), low, high);
            const double value = result.valueAt(at);
            if (std::isnan(expected) || std::isinf(expected)) {
                ASSERT_EQ(std::isnan(expected), std::isnan(value)) << place(at);
                if (std::isinf(expected)) {
                    ASSERT_EQ(value, expected) << place(at);
                }
            } else {
                ASSERT_NEAR(value, expected, tolerance) << place(at);
            }
        });
    }

    /// A part of the result is the same part of the whole, to the bit.
    static void expectPartsEqual(const Kernel& kernel, const Block& input, const Block& whole) {
        Region part = whole.region();
        for (std::size_t i = 0; i < 3; ++i) {
            part[i].begin += part[i].size() / 3;
            part[i].end -= part[i].size() / 4;
        }
        expectSame(run(kernel, input, part, whole.dtype()), whole.view(part));
    }

    static void expectSame(const Block& a, const Block& b) {
        ASSERT_EQ(a.dtype(), b.dtype());
        ASSERT_EQ(a.region(), b.region());
        forEachPosition(a.region(), [&](const std::vector<std::int64_t>& at) {
            ASSERT_EQ(std::memcmp(addressOf(a, at), addressOf(b, at), bytesPer(a.dtype())), 0) << place(at);
        });
    }

    static double magnitudeOf(const Block& block) {
        double largest = 0;
        forEachPosition(block.region(), [&](const std::vector<std::int64_t>& at) {
            const double value = std::abs(block.valueAt(at));
            if (std::isfinite(value)) largest = std::max(largest, value);
        });
        return largest;
    }

private:
    static std::string place(const std::vector<std::int64_t>& at) {
        return "at z " + std::to_string(at[0]) + ", y " + std::to_string(at[1]) + ", x " + std::to_string(at[2]);
    }
    static const std::byte* addressOf(const Block& block, const std::vector<std::int64_t>& at) {
        std::int64_t offset = 0;
        for (std::size_t i = 0; i < 3; ++i) offset += (at[i] - block.region()[i].begin) * block.strides()[i];
        return block.data() + offset;
    }
};

/// Instantiates a suite for all backends and types.
#define LAZULITE_KERNEL_TESTS(suite)                                                                         \
    INSTANTIATE_TEST_SUITE_P(                                                                                \
        Everywhere, suite, ::testing::Combine(::testing::ValuesIn(kPlaces), ::testing::ValuesIn(kAllTypes)), \
        [](const auto& info) {                                                                               \
            return nameOf(std::get<0>(info.param)) + "_" + std::string(toString(std::get<1>(info.param)));   \
        })

} // namespace lazulite::compute::testing
