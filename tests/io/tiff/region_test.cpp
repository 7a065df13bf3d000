#include <gtest/gtest.h>

#include "fixtures.h"

namespace lazulite::test {
namespace {

/// A classic little-endian TIFF of `pages` uncompressed uint16 pages, each a directory followed by its strips' data.
std::string plainStack(std::uint32_t pages, std::uint32_t height, std::uint32_t width, std::uint32_t rowsPerStrip) {
    std::string bytes("II*\0", 4);
    const auto put = [&](std::uint32_t value, int size) {
        for (int i = 0; i < size; ++i) bytes.push_back(static_cast<char>(value >> (8 * i)));
    };
    const std::uint32_t strips = (height + rowsPerStrip - 1) / rowsPerStrip;
    const std::uint32_t tables = strips > 1 ? 8 * strips : 0;
    const std::uint32_t directory = 2 + 8 * 12 + 4;
    const std::uint32_t pageBytes = height * width * 2;
    put(8, 4);
    for (std::uint32_t page = 0; page < pages; ++page) {
        const auto start = static_cast<std::uint32_t>(bytes.size());
        const std::uint32_t data = start + directory + tables;
        const auto entry = [&](std::uint32_t tag, std::uint32_t count, std::uint32_t value) {
            put(tag, 2);
            put(4, 2);
            put(count, 4);
            put(value, 4);
        };
        put(8, 2);
        entry(256, 1, width);
        entry(257, 1, height);
        entry(258, 1, 16);
        entry(259, 1, 1);
        entry(262, 1, 1);
        entry(273, strips, strips > 1 ? start + directory : data);
        entry(278, 1, rowsPerStrip);
        entry(279, strips, strips > 1 ? start + directory + 4 * strips : pageBytes);
        put(page + 1 < pages ? data + pageBytes : 0, 4);
        if (strips > 1) {
            for (std::uint32_t i = 0; i < strips; ++i) put(data + i * rowsPerStrip * width * 2, 4);
            for (std::uint32_t i = 0; i < strips; ++i) {
                put(std::min(rowsPerStrip, height - i * rowsPerStrip) * width * 2, 4);
            }
        }
        for (std::uint32_t y = 0; y < height; ++y) {
            for (std::uint32_t x = 0; x < width; ++x) put(page * 1000 + y * 10 + x, 2);
        }
    }
    return bytes;
}

TEST(TiffRegion, OneRowOfAPlainPageReadsOneRow) {
    const TemporaryFolder folder;
    for (const std::uint32_t rowsPerStrip : {500U, 7U, 1U}) {
        const std::string path = folder.path("rows" + std::to_string(rowsPerStrip) + ".tif");
        writeFile(path, plainStack(1, 500, 3000, rowsPerStrip));
        const auto file = openTiff(path);
        readPage(*file, 0);
        const Buffer row(DType::UInt16, Region({{250, 251}, {0, 3000}, {0, 1}}));
        ReadCounts counts;
        file->read(0, row.destination, {}, counts).orThrow();
        EXPECT_EQ(counts.bytesRead, 6000);
        EXPECT_EQ(counts.pagesRead, 1);
        EXPECT_EQ(counts.filesOpened, 0);
        EXPECT_EQ(row.block().valueAt({250, 2999, 0}), 2500 + 2999);
    }
}

TEST(TiffRegion, ANarrowColumnOfAWidePageLeavesTheRestUnread) {
    const TemporaryFolder folder;
    writeFile(folder.path("wide.tif"), plainStack(1, 100, 10000, 100));
    const auto file = openTiff(folder.path("wide.tif"));
    const Buffer column(DType::UInt16, Region({{0, 100}, {5000, 5008}, {0, 1}}));
    ReadCounts counts;
    file->read(0, column.destination, {}, counts).orThrow();
    EXPECT_LT(counts.bytesRead, 100 * 16 + 5000);
    EXPECT_EQ(column.block().valueAt({99, 5007, 0}), 990 + 5007);
}

TEST(TiffRegion, OnlyTheStripsThatTheRegionMeetsAreRead) {
    const auto file = openTiff(fixturePath("zlib_u2_strips_le.tif"));
    ReadCounts whole;
    const Buffer page(DType::UInt16, Region::whole({29, 37, 1}));
    file->read(0, page.destination, {}, whole).orThrow();
    ReadCounts part;
    const Buffer strip(DType::UInt16, Region({{8, 13}, {0, 37}, {0, 1}}));
    file->read(0, strip.destination, {}, part).orThrow();
    EXPECT_LT(part.bytesRead * 2, whole.bytesRead);
}

TEST(TiffRegion, OpeningReadsTheHeaderAndNothingOfThePixels) {
    const TemporaryFolder folder;
    writeFile(folder.path("stack.tif"), plainStack(50, 200, 200, 200));
    ReadCounts counts;
    const auto file = io::TiffFile::open(folder.path("stack.tif"), counts).valueOrThrow();
    EXPECT_EQ(counts.filesOpened, 1);
    EXPECT_EQ(counts.pagesRead, 0);
    EXPECT_LE(counts.bytesRead, 4096);
}

TEST(TiffRegion, TheLastPageIsFoundByDirectoriesAloneAndOnlyOnce) {
    const TemporaryFolder folder;
    writeFile(folder.path("stack.tif"), plainStack(300, 40, 40, 40));
    const auto file = openTiff(folder.path("stack.tif"));
    const Buffer page(DType::UInt16, Region::whole({40, 40, 1}));
    ReadCounts first;
    file->read(299, page.destination, {}, first).orThrow();
    EXPECT_EQ(first.pagesRead, 1);
    EXPECT_LE(first.bytesRead, 300 * 110 + 3200 + 1024);
    EXPECT_EQ(page.block().valueAt({39, 39, 0}), (299 * 1000 + 429) % 65536);
    ReadCounts again;
    file->read(298, page.destination, {}, again).orThrow();
    EXPECT_LE(again.bytesRead, 3200 + 1024);
}

TEST(TiffRegion, APageBehindTheLastOneIsAMismatch) {
    const auto file = openTiff(fixturePath("none_u2_le.tif"));
    const Buffer page(DType::UInt16, Region::whole({29, 37, 1}));
    ReadCounts counts;
    const auto outcome = file->read(2, page.destination, {}, counts);
    ASSERT_FALSE(outcome.ok());
    EXPECT_EQ(outcome.error().kind, Error::Kind::Mismatch);
    EXPECT_EQ(outcome.error().page, 2);
}

TEST(TiffRegion, AnotherTypeOrSizeThanThePagesIsAMismatch) {
    const auto file = openTiff(fixturePath("none_u2_le.tif"));
    ReadCounts counts;
    const Buffer floats(DType::Float32, Region::whole({29, 37, 1}));
    EXPECT_EQ(file->read(0, floats.destination, {}, counts).error().kind, Error::Kind::Mismatch);
    const Buffer large(DType::UInt16, Region::whole({30, 37, 1}));
    EXPECT_EQ(file->read(0, large.destination, {}, counts).error().kind, Error::Kind::Mismatch);
}

TEST(TiffRegion, AStoppedReadIsCancelled) {
    const auto file = openTiff(fixturePath("zlib_u2_strips_le.tif"));
    const Buffer page(DType::UInt16, Region::whole({29, 37, 1}));
    ReadCounts counts;
    std::stop_source stop;
    stop.request_stop();
    EXPECT_EQ(file->read(0, page.destination, stop.get_token(), counts).error().kind, Error::Kind::Cancelled);
    EXPECT_EQ(counts.bytesRead, 0);
}

TEST(TiffRegion, ContiguousPagesMustFitTheFile) {
    const auto file = openTiff(fixturePath("imagej_contiguous.tif"));
    EXPECT_EQ(file->setContiguousPages(7).error().kind, Error::Kind::Corrupt);
    EXPECT_EQ(openTiff(fixturePath("zlib_u2_strips_le.tif"))->setContiguousPages(1).error().kind, Error::Kind::Corrupt);
    ASSERT_TRUE(file->setContiguousPages(6).ok());
    EXPECT_EQ(file->pageCount().valueOrThrow(), 6);
    EXPECT_EQ(file->page(5).valueOrThrow(), file->firstPage());
}

} // namespace
} // namespace lazulite::test
