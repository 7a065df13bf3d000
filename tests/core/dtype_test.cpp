#include "lazulite/core/dtype.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

namespace lazulite {
namespace {

TEST(DType, IsFoundByTheNameThatItPrints) {
    for (int i = 0; i <= static_cast<int>(DType::Float64); ++i) {
        const auto type = static_cast<DType>(i);
        EXPECT_EQ(dtypeFromName(toString(type)), type);
        visitType(type, [&](auto tag) { EXPECT_EQ(sizeof(typename decltype(tag)::type), bytesPer(type)); });
    }
    EXPECT_EQ(dtypeFromName("uint24"), std::nullopt);
}

TEST(Half, ConvertsNormalSubnormalAndSpecialValues) {
    EXPECT_EQ(static_cast<float>(Half{0x3C00}), 1.0F);
    EXPECT_EQ(static_cast<float>(Half{0xC000}), -2.0F);
    EXPECT_EQ(static_cast<float>(Half{0x7BFF}), 65504.0F);
    EXPECT_EQ(static_cast<float>(Half{0x0001}), std::ldexp(1.0F, -24));
    EXPECT_EQ(static_cast<float>(Half{0x7C00}), std::numeric_limits<float>::infinity());
    EXPECT_TRUE(std::isnan(static_cast<float>(Half{0x7E00})));
}

} // namespace
} // namespace lazulite
