#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include "fixtures.h"

namespace lazulite::test {
namespace {

/// Opens the file and reads every page and reduced copy of it; what fails fails with words.
void readAll(const std::string& path) {
    constexpr std::int64_t kMostElements = 1 << 22;
    ReadCounts counts;
    const auto file = io::TiffFile::open(path, counts);
    if (!file) {
        EXPECT_FALSE(file.error().message.empty());
        EXPECT_EQ(file.error().path, path);
        return;
    }
    (*file)->tags();
    const auto pages = (*file)->pageCount();
    for (std::int64_t page = 0; page < (pages ? std::min<std::int64_t>(*pages, 100) : 10); ++page) {
        const auto layout = (*file)->page(page);
        if (!layout) continue;
        for (int level = -1; level < layout->subIfds; ++level) {
            const auto shape = level < 0 ? layout : (*file)->subPage(page, level);
            if (!shape) continue;
            const Region region({{0, std::min<std::int64_t>(shape->height, 512)},
                                 {0, std::min<std::int64_t>(shape->width, 512)},
                                 {0, std::min<std::int64_t>(shape->samples, 8)}});
            if (region.elementCount() > kMostElements) continue;
            const Buffer buffer(shape->dtype, region);
            const auto outcome = (*file)->read(page, buffer.destination, {}, counts, level);
            if (!outcome) {
                EXPECT_FALSE(outcome.error().message.empty());
                EXPECT_EQ(outcome.error().path, path);
                EXPECT_EQ(outcome.error().page, page);
            }
        }
    }
}

void put(std::string& bytes, std::size_t at, std::uint64_t value, int size) {
    for (int i = 0; i < size; ++i) bytes.at(at + static_cast<std::size_t>(i)) = static_cast<char>(value >> (8 * i));
}

std::uint64_t get(const std::string& bytes, std::size_t at, int size) {
    std::uint64_t value = 0;
    for (int i = size; i-- > 0;)
        value = (value << 8U) | static_cast<unsigned char>(bytes.at(at + static_cast<std::size_t>(i)));
    return value;
}

/// Where the 12-byte entry of a tag lies in the first directory of a classic little-endian file.
std::size_t entryOf(const std::string& bytes, std::uint64_t tag) {
    const auto directory = static_cast<std::size_t>(get(bytes, 4, 4));
    for (std::size_t i = 0; i < get(bytes, directory, 2); ++i) {
        const std::size_t entry = directory + 2 + 12 * i;
        if (get(bytes, entry, 2) == tag) return entry;
    }
    throw std::out_of_range("no such tag");
}

class BrokenTiff : public testing::Test {
protected:
    Result<std::shared_ptr<io::TiffFile>> open(const std::string& bytes) {
        writeFile(path_, bytes);
        ReadCounts counts;
        return io::TiffFile::open(path_, counts);
    }

    const TemporaryFolder folder_;
    const std::string path_ = folder_.path("broken.tif");
};

TEST_F(BrokenTiff, CutAtEvery64thByteNeverCrashes) {
    for (const char* name : {"none_u2_le.tif", "none_u2_bigtiles_be.tif", "zlib_p2_u2_le.tif", "lzw_u2_tiles_be.tif",
                             "zstd_p3_f4_tiles.tif", "pyramid.ome.tif", "imagej.tif", "jpeg_ycbcr_420.tif",
                             "lerc_u2.tif", "bits12_packbits.tif", "webp_rgb.tif", "group3.tif"}) {
        const std::string whole = bytesOfFile(fixturePath(name));
        for (std::size_t size = 0; size < whole.size(); size += 64) {
            writeFile(path_, whole.substr(0, size));
            readAll(path_);
        }
    }
}

TEST_F(BrokenTiff, EveryByteOfTheFirstDirectoryMayBeWrong) {
    for (const char* name : {"none_u2_le.tif", "zlib_u2_tiles_le.tif", "lzw_p2_u2_le.tif", "jpeg_ycbcr_420.tif"}) {
        const std::string whole = bytesOfFile(fixturePath(name));
        const auto directory = static_cast<std::size_t>(get(whole, 4, 4));
        for (std::size_t at = directory; at < std::min(directory + 200, whole.size()); ++at) {
            for (const char value : {'\0', '\1', '\x7f', '\xff'}) {
                std::string bytes = whole;
                bytes[at] = value;
                writeFile(path_, bytes);
                readAll(path_);
            }
        }
    }
}

TEST_F(BrokenTiff, ATruncatedPageIsCorruptAndTheOthersAreRead) {
    const std::string whole = bytesOfFile(fixturePath("none_u2_onestrip_le.tif"));
    const auto file = open(whole.substr(0, whole.size() - 1000));
    ASSERT_TRUE(file.ok());
    EXPECT_NO_THROW(readPage(**file, 0));
    const Buffer buffer(DType::UInt16, Region::whole({29, 37, 1}));
    ReadCounts counts;
    const auto outcome = (*file)->read(6, buffer.destination, {}, counts);
    ASSERT_FALSE(outcome.ok());
    EXPECT_EQ(outcome.error().kind, Error::Kind::Corrupt);
    EXPECT_EQ(outcome.error().path, path_);
    EXPECT_EQ(outcome.error().page, 6);
}

TEST_F(BrokenTiff, ALoopOfDirectoriesEndsWithAnError) {
    std::string bytes = bytesOfFile(fixturePath("none_u2_onestrip_le.tif"));
    auto directory = static_cast<std::size_t>(get(bytes, 4, 4));
    const std::size_t first = directory;
    const auto pointerOf = [&](std::size_t at) { return at + 2 + 12 * get(bytes, at, 2); };
    for (int page = 0; page < 3; ++page) directory = static_cast<std::size_t>(get(bytes, pointerOf(directory), 4));
    put(bytes, pointerOf(directory), first, 4);
    const auto file = open(bytes);
    ASSERT_TRUE(file.ok());
    EXPECT_EQ((*file)->pageCount().error().kind, Error::Kind::Corrupt);
    EXPECT_TRUE((*file)->page(3).ok());
    EXPECT_EQ((*file)->page(4).error().kind, Error::Kind::Corrupt);
    EXPECT_EQ((*file)->pageCount().error().kind, Error::Kind::Corrupt) << "asked again";
}

TEST_F(BrokenTiff, AnAbsurdlyLargePageIsRefusedWithoutAllocating) {
    for (const char* name : {"none_u2_onestrip_le.tif", "zlib_u2_strips_le.tif", "lzw_u2_tiles_le.tif"}) {
        std::string bytes = bytesOfFile(fixturePath(name));
        for (const std::uint64_t tag : {256, 257}) {
            const std::size_t entry = entryOf(bytes, tag);
            put(bytes, entry + 2, 4, 2);
            put(bytes, entry + 8, 0x80000000U, 4);
        }
        const auto file = open(bytes);
        ASSERT_FALSE(file.ok());
        EXPECT_EQ(file.error().kind, Error::Kind::Corrupt);
    }
}

TEST_F(BrokenTiff, AStripThatCannotHoldWhatThePageClaimsIsRefusedWithoutAllocating) {
    std::string bytes = bytesOfFile(fixturePath("zlib_u2_strips_le.tif"));
    for (const std::uint64_t tag : {256, 257, 278}) {
        const std::size_t entry = entryOf(bytes, tag);
        put(bytes, entry + 2, 4, 2);
        put(bytes, entry + 8, 1U << 20U, 4);
    }
    const auto file = open(bytes);
    ASSERT_TRUE(file.ok());
    const Buffer buffer(DType::UInt16, Region({{0, 4}, {0, 4}, {0, 1}}));
    ReadCounts counts;
    EXPECT_EQ((*file)->read(0, buffer.destination, {}, counts).error().kind, Error::Kind::Corrupt);
}

TEST_F(BrokenTiff, TooFewStripsAreCorrupt) {
    std::string bytes = bytesOfFile(fixturePath("none_u2_le.tif"));
    put(bytes, entryOf(bytes, 273) + 4, 4, 4);
    const auto file = open(bytes);
    ASSERT_FALSE(file.ok());
    EXPECT_NE(file.error().message.find("needs 5 strips but lists 4"), std::string::npos) << file.error().message;
}

TEST_F(BrokenTiff, MoreStripsThanTheFileCanHoldAreCorrupt) {
    std::string bytes = bytesOfFile(fixturePath("none_u2_le.tif"));
    put(bytes, entryOf(bytes, 273) + 4, 0xFFFFFFFFU, 4);
    put(bytes, entryOf(bytes, 279) + 4, 0xFFFFFFFFU, 4);
    EXPECT_FALSE(open(bytes).ok());
}

TEST_F(BrokenTiff, AnUnknownCompressionIsUnsupportedAndNamed) {
    std::string bytes = bytesOfFile(fixturePath("none_u2_le.tif"));
    put(bytes, entryOf(bytes, 259) + 8, 34712, 2);
    const auto file = open(bytes);
    ASSERT_FALSE(file.ok());
    EXPECT_EQ(file.error().kind, Error::Kind::Unsupported);
    EXPECT_NE(file.error().message.find("34712"), std::string::npos) << file.error().message;
}

TEST_F(BrokenTiff, DamagedDataOfEveryCodecAreErrors) {
    for (const char* name : {"zlib_u2_strips_le.tif", "zstd_u2_strips_le.tif", "lzw_u2_strips_le.tif", "lzma_u2_le.tif",
                             "lerc_u2.tif", "webp_rgb.tif", "jpeg_gray.tif"}) {
        std::string bytes = bytesOfFile(fixturePath(name));
        const auto layout = openTiff(fixturePath(name))->firstPage();
        std::size_t data = bytes.size() / 2;
        for (std::size_t at = bytes.size() / 4; at < data; ++at) bytes[at] = static_cast<char>(at * 7);
        writeFile(path_, bytes);
        readAll(path_);
        EXPECT_GT(layout.width, 0);
    }
    std::string bytes = bytesOfFile(fixturePath("zlib_u2_strips_le.tif"));
    const auto strip = static_cast<std::size_t>(get(bytes, get(bytes, entryOf(bytes, 273) + 8, 4), 4));
    bytes[strip + 20] = static_cast<char>(bytes[strip + 20] ^ 0x55);
    const auto file = open(bytes);
    const Buffer buffer(DType::UInt16, Region({{0, 4}, {0, 37}, {0, 1}}));
    ReadCounts counts;
    EXPECT_EQ((*file)->read(0, buffer.destination, {}, counts).error().kind, Error::Kind::Corrupt);
}

TEST_F(BrokenTiff, WhatIsNoFileOrNoTiffIsSaidSo) {
    ReadCounts counts;
    EXPECT_EQ(io::TiffFile::open(folder_.path("nothing.tif"), counts).error().kind, Error::Kind::Missing);
    mkdir(folder_.path("folder.tif").c_str(), 0700);
    const auto folder = io::TiffFile::open(folder_.path("folder.tif"), counts);
    EXPECT_EQ(folder.error().kind, Error::Kind::Unreadable);
    EXPECT_NE(folder.error().message.find("folder"), std::string::npos);
    mkfifo(folder_.path("pipe.tif").c_str(), 0600);
    EXPECT_EQ(io::TiffFile::open(folder_.path("pipe.tif"), counts).error().kind, Error::Kind::Unreadable);
    EXPECT_EQ(open("").error().message, "the file is empty");
    EXPECT_EQ(open("PNG, or something else").error().kind, Error::Kind::Corrupt);
    EXPECT_EQ(counts.filesOpened, 0) << "what cannot be opened was not opened";
}

TEST_F(BrokenTiff, AFileWithoutPermissionIsUnreadable) {
    if (geteuid() == 0) GTEST_SKIP() << "root may read everything";
    writeFile(path_, bytesOfFile(fixturePath("none_u2_le.tif")));
    chmod(path_.c_str(), 0);
    ReadCounts counts;
    const auto file = io::TiffFile::open(path_, counts);
    EXPECT_EQ(file.error().kind, Error::Kind::Unreadable);
    EXPECT_NE(file.error().message.find("permissions"), std::string::npos);
}

TEST_F(BrokenTiff, NamesOf255BytesAndNamesThatAreNotUtf8Work) {
    const std::string bytes = bytesOfFile(fixturePath("none_u2_le.tif"));
    for (const std::string& name : {std::string(251, 'n') + ".tif", std::string("caf\xe9\xff.tif")}) {
        writeFile(folder_.path(name), bytes);
        EXPECT_EQ(readPage(*openTiff(folder_.path(name)), 1).valueAt({0, 0, 0}), 131 * 257);
    }
}

} // namespace
} // namespace lazulite::test
