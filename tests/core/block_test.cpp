#include "lazulite/core/block.h"

#include <gtest/gtest.h>

#include <cstring>
#include <numeric>

namespace lazulite {
namespace {

Block countingBlock(const Region& region) {
    const auto count = static_cast<std::size_t>(region.elementCount());
    std::shared_ptr<std::uint16_t[]> values(new std::uint16_t[count]);
    std::iota(values.get(), values.get() + count, std::uint16_t{0});
    return {std::shared_ptr<const std::byte>(values, reinterpret_cast<const std::byte*>(values.get())), DType::UInt16,
            region};
}

TEST(Block, AViewSharesTheBufferAndKeepsAbsolutePositions) {
    const Block block = countingBlock(Region({{10, 13}, {0, 4}, {5, 10}}));
    const Block view = block.view(Region({{11, 12}, {1, 3}, {7, 9}}));
    EXPECT_EQ(view.valueAt({11, 1, 7}), block.valueAt({11, 1, 7}));
    EXPECT_EQ(view.valueAt({11, 2, 8}), 1 * 20 + 2 * 5 + 3);
    EXPECT_FALSE(view.contiguous());
    EXPECT_TRUE(block.view(Region({{11, 12}, {0, 4}, {5, 10}})).contiguous());
}

TEST(Block, CopiesAnyPartIntoAnyLayout) {
    const Block block = countingBlock(Region({{0, 3}, {0, 4}, {0, 5}}));
    const Region part({{1, 3}, {1, 4}, {2, 5}});
    std::vector<std::uint16_t> dense(18);
    block.copyTo({reinterpret_cast<std::byte*>(dense.data()), DType::UInt16, part, rowMajorStrides(part.shape(), 2)});
    std::vector<std::uint16_t> transposed(18);
    const Strides columnMajor = {2, 4, 12}; // the first axis is the fastest
    block.copyTo({reinterpret_cast<std::byte*>(transposed.data()), DType::UInt16, part, columnMajor});
    for (int z = 0; z < 2; ++z) {
        for (int y = 0; y < 3; ++y) {
            for (int x = 0; x < 3; ++x) {
                const double expected = block.valueAt({z + 1, y + 1, x + 2});
                EXPECT_EQ(dense[static_cast<std::size_t>(z * 9 + y * 3 + x)], expected);
                EXPECT_EQ(transposed[static_cast<std::size_t>(z + y * 2 + x * 6)], expected);
            }
        }
    }
}

TEST(Destination, ZerosOnlyItsOwnPart) {
    std::vector<std::uint16_t> memory(12, 7);
    const Destination whole{
        reinterpret_cast<std::byte*>(memory.data()), DType::UInt16, Region({{0, 3}, {0, 4}}), {8, 2}};
    whole.at(Region({{1, 3}, {1, 3}})).fillZero();
    EXPECT_EQ(memory, (std::vector<std::uint16_t>{7, 7, 7, 7, 7, 0, 0, 7, 7, 0, 0, 7}));
}

} // namespace
} // namespace lazulite
