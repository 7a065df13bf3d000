#include "fixtures.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstring>
#include <random>

namespace lazulite::test {
namespace {

class FixtureTest : public testing::TestWithParam<Fixture> {
protected:
    std::shared_ptr<io::TiffFile> open() const {
        auto file = openTiff(fixturePath(GetParam().file));
        if (GetParam().contiguous) file->setContiguousPages(GetParam().pages).orThrow();
        return file;
    }
};

void expectBlockEquals(const Fixture& fixture, const Block& block, std::int64_t page) {
    const Region& region = block.region();
    for (std::int64_t y = region[0].begin; y < region[0].end; ++y) {
        for (std::int64_t x = region[1].begin; x < region[1].end; ++x) {
            for (std::int64_t s = region[2].begin; s < region[2].end; ++s) {
                const std::uint64_t expected = expectedBits(fixture, page, y, x, s);
                const std::uint64_t got = bitsAt(block, {y, x, s});
                const double apart = std::abs(static_cast<double>(got) - static_cast<double>(expected));
                const bool equal = fixture.tolerance > 0 ? apart <= fixture.tolerance : got == expected;
                ASSERT_TRUE(equal) << "page " << page << " at y " << y << ", x " << x << ", sample " << s << ": got "
                                   << got << ", expected " << expected;
            }
        }
    }
}

TEST_P(FixtureTest, HoldsTheValuesThatTifffileWrote) {
    const auto file = open();
    const Fixture& fixture = GetParam();
    ASSERT_EQ(file->pageCount().valueOrThrow(), fixture.pages);
    for (std::int64_t page = 0; page < fixture.pages; ++page) {
        const io::TiffPage layout =
            (fixture.level < 0 ? file->page(page) : file->subPage(page, fixture.level)).valueOrThrow();
        ASSERT_EQ(layout.dtype, fixture.dtype);
        ASSERT_EQ(Region::whole({layout.height, layout.width, layout.samples}), fixture.whole());
        expectBlockEquals(fixture, readPage(*file, page, fixture.level), page);
        if (HasFatalFailure()) return;
    }
}

TEST_P(FixtureTest, AnyRegionEqualsTheCropOfTheWhole) {
    const auto file = open();
    const Fixture& fixture = GetParam();
    std::mt19937 random(7);
    const auto interval = [&](std::int64_t size) {
        const std::int64_t a = std::uniform_int_distribution<std::int64_t>(0, size - 1)(random);
        const std::int64_t b = std::uniform_int_distribution<std::int64_t>(0, size - 1)(random);
        return Interval{std::min(a, b), std::max(a, b) + 1};
    };
    const std::int64_t page = fixture.pages - 1;
    const Block whole = readPage(*file, page, fixture.level);
    for (int round = 0; round < 40; ++round) {
        const Region region({interval(fixture.height), interval(fixture.width), interval(fixture.samples)});
        const Block part = readBox(*file, page, region, fixture.level);
        const Buffer crop(fixture.dtype, region);
        whole.copyTo(crop.destination);
        ASSERT_EQ(std::memcmp(part.data(), crop.memory.get(), part.bytes()), 0) << region.toString();
    }
}

TEST_P(FixtureTest, ReadsIntoRowsAndColumnsThatLieApart) {
    const auto file = open();
    const Fixture& fixture = GetParam();
    const std::size_t size = bytesPer(fixture.dtype);
    const auto element = static_cast<std::int64_t>(size);
    const auto readTo = [&](Strides strides) {
        const Region spread = Region::whole({fixture.height * fixture.width * fixture.samples * 3});
        const Buffer buffer(fixture.dtype, spread);
        ReadCounts counts;
        file->read(0, {buffer.memory.get(), fixture.dtype, fixture.whole(), strides}, {}, counts, fixture.level)
            .orThrow();
        expectBlockEquals(fixture, Block(buffer.memory, fixture.dtype, fixture.whole(), std::move(strides)), 0);
    };
    const std::int64_t row = fixture.width * fixture.samples * element;
    readTo({row + 2 * element, fixture.samples * element, element});                       // padded rows
    readTo({element, fixture.height * element, fixture.height * fixture.width * element}); // transposed, planar
    readTo({2 * row, 2 * fixture.samples * element, 2 * element});                         // every second element
}

std::string nameOf(const testing::TestParamInfo<Fixture>& info) {
    std::string name = info.param.file.substr(0, info.param.file.find('.'));
    if (info.param.level >= 0) name += "_level" + std::to_string(info.param.level);
    return name;
}

INSTANTIATE_TEST_SUITE_P(Files, FixtureTest, testing::ValuesIn(fixtures()), nameOf);

TEST(TiffLayout, SparseTilesAreZeros) {
    const auto file = openTiff(fixturePath("sparse.tif"));
    const Block block = readPage(*file, 0);
    EXPECT_EQ(block.valueAt({3, 4, 0}), 257.0 * (3 * 17 + 4 * 5 + 12 % 7));
    EXPECT_EQ(block.valueAt({3, 20, 0}), 0);
    EXPECT_EQ(block.valueAt({31, 47, 0}), 0);
}

TEST(TiffLayout, SaysHowThePageLiesInItsFile) {
    const auto file = openTiff(fixturePath("pyramid.ome.tif"));
    const io::TiffPage& page = file->firstPage();
    EXPECT_TRUE(page.tiled);
    EXPECT_EQ(page.chunkWidth, 16);
    EXPECT_EQ(page.compression, 8);
    EXPECT_EQ(page.subIfds, 2);
    EXPECT_EQ(page.subfileType, 0);
    EXPECT_EQ(file->subPage(0, 1).valueOrThrow().subfileType, 1);
    EXPECT_FALSE(file->subPage(0, 2).ok());
}

TEST(TiffLayout, DeliversYCbCrJpegAsRgb) {
    EXPECT_EQ(openTiff(fixturePath("jpeg_ycbcr_420.tif"))->firstPage().photometric, 2);
}

TEST(TiffTagsTest, HoldImageJsDescriptionAndBinaryMetadata) {
    const auto file = openTiff(fixturePath("imagej.tif"));
    const io::TiffTags& tags = file->tags();
    EXPECT_NE(tags.description.find("ImageJ="), std::string::npos);
    EXPECT_NE(tags.description.find("spacing=0.5"), std::string::npos);
    EXPECT_DOUBLE_EQ(tags.xResolution, 10);
    EXPECT_TRUE(tags.bigEndian);
    ASSERT_EQ(tags.imageJCounts.size(), 7U);
    EXPECT_EQ(tags.imageJMetadata.substr(0, 4), "IJIJ");
}

TEST(TiffTagsTest, HoldTheOmeXml) {
    const auto file = openTiff(fixturePath("pyramid.ome.tif"));
    EXPECT_NE(file->tags().description.find("<OME"), std::string::npos);
    EXPECT_EQ(file->tags().software.substr(0, 8), "tifffile");
}

} // namespace
} // namespace lazulite::test
