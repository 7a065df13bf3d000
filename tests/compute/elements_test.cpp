#include "lazulite/compute/elements.h"

#include "kernel_test.h"

namespace lazulite::compute::testing {
namespace {

TEST(Elements, IntegersRoundToNearestAndSaturate) {
    EXPECT_EQ((toElement<std::uint16_t>(41.6F)), 42);
    EXPECT_EQ((toElement<std::uint16_t>(-3.0F)), 0);
    EXPECT_EQ((toElement<std::uint16_t>(1e9F)), 65535);
    EXPECT_EQ((toElement<std::int8_t>(-200.0F)), -128);
    EXPECT_EQ((toElement<std::int16_t>(-1.6F)), -2);
    EXPECT_EQ((toElement<std::uint32_t>(4294967294.6)), 4294967295U);
    EXPECT_EQ((toElement<std::int32_t>(-1e12)), std::numeric_limits<std::int32_t>::min());
    EXPECT_EQ((toElement<std::uint64_t>(1e30)), std::numeric_limits<std::uint64_t>::max());
    EXPECT_EQ((toElement<std::int64_t>(-2.5)), -2);
}

TEST(Elements, NaNBecomesZeroInIntegers) {
    EXPECT_EQ((toElement<std::uint8_t>(std::numeric_limits<float>::quiet_NaN())), 0);
    EXPECT_EQ((toElement<std::int64_t>(std::numeric_limits<double>::quiet_NaN())), 0);
    EXPECT_NE((toElement<float>(std::numeric_limits<float>::quiet_NaN())), 0);
}

TEST(Elements, EveryHalfComesBackAsItself) {
    for (std::uint32_t bits = 0; bits < 0x10000U; ++bits) {
        const Half half{static_cast<std::uint16_t>(bits)};
        const auto value = static_cast<float>(half);
        if (value != value) continue;
        ASSERT_EQ(toHalf(value).bits, half.bits) << value;
    }
}

TEST(Elements, HalvesRoundToTheNearestEven) {
    EXPECT_EQ(static_cast<float>(toHalf(2049.0F)), 2048.0F);
    EXPECT_EQ(static_cast<float>(toHalf(2051.0F)), 2052.0F);
    EXPECT_EQ(static_cast<float>(toHalf(65519.0F)), 65504.0F);
    EXPECT_EQ(toHalf(65520.0F).bits, 0x7C00);
}

class ElementRows : public KernelTest {};

TEST_P(ElementRows, AreRoundedAsSingleElements) {
    constexpr float kInfinity = std::numeric_limits<float>::infinity();
    const std::vector<float> values{0.0F,       0.5F,          1.5F,           -0.5F,    -1.5F,    127.5F,
                                    -128.5F,    255.4F,        255.6F,         65535.4F, 65536.0F, 32767.5F,
                                    -32768.6F,  3e9F,          -3e9F,          1e30F,    -1e30F,   kInfinity,
                                    -kInfinity, std::nanf(""), -std::nanf(""), 2.5F,     -0.0F};
    const auto at = [&](Index x) { return values[static_cast<std::size_t>(x) % values.size()]; };
    const Region region = volume(1, 2, 61); // a row of several vectors and a rest
    const Block in = blockOf(DType::Float32, region, [&](const auto& place) { return at(place[2]); });
    const Block result = run(Rescale{}, in, region, type());
    visitType(type(), [&](auto t) {
        using T = typename decltype(t)::type;
        using Real = std::conditional_t<std::is_integral_v<T>, RealOf<T>, float>;
        forEachPosition(region, [&](const std::vector<std::int64_t>& place) {
            const double value = result.valueAt(place);
            const auto expected = static_cast<double>(toElement<T>(static_cast<Real>(at(place[2]))));
            ASSERT_TRUE(value == expected || (std::isnan(value) && std::isnan(expected))) << at(place[2]);
        });
    });
}

LAZULITE_KERNEL_TESTS(ElementRows);

} // namespace
} // namespace lazulite::compute::testing
