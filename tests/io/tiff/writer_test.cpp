#include "lazulite/io/tiff_writer.h"

#include <gtest/gtest.h>
#include <tiffio.h>

#include <algorithm>
#include <chrono>
#include <cstring>
#include <filesystem>
#include <functional>
#include <thread>

#include "fixtures.h"
#include "lazulite/io/npy_writer.h"
#include "lazulite/io/output_files.h"
#include "lazulite/io/tiff_description.h"

namespace lazulite::test {
namespace {

using Compression = io::TiffWriteOptions::Compression;

/// Pages of noise on a slope, the same for the same numbers.
Block pages(DType dtype, std::int64_t count, std::int64_t height, std::int64_t width, std::int64_t samples) {
    const Buffer buffer(dtype, Region::whole({count, height, width, samples}));
    auto* bytes = reinterpret_cast<unsigned char*>(buffer.memory.get());
    std::uint32_t state = 12345;
    for (std::size_t i = 0, size = buffer.destination.bytes(); i < size; ++i) {
        state = state * 1664525U + 1013904223U;
        bytes[i] = static_cast<unsigned char>((i >> 6U) + (state >> 29U));
    }
    return buffer.block();
}

class TiffWriting : public testing::Test {
protected:
    std::size_t filesLeft() const {
        return static_cast<std::size_t>(std::distance(std::filesystem::directory_iterator(folder_.path("")), {}));
    }

    const TemporaryFolder folder_;
    const std::string path_ = folder_.path("out.tif");
};

TEST_F(TiffWriting, WhatIsWrittenIsReadAgainWithEveryTypeAndCompression) {
    for (const DType dtype : {DType::UInt8, DType::UInt16, DType::UInt32, DType::UInt64, DType::Int8, DType::Int16,
                              DType::Int32, DType::Int64, DType::Float16, DType::Float32, DType::Float64}) {
        for (const Compression compression :
             {Compression::None, Compression::Deflate, Compression::Zstd, Compression::Lzw}) {
            for (const std::int64_t samples : {1, 3}) {
                const Block block = pages(dtype, 3, 150, 111, samples);
                io::TiffWriter writer(path_, {.height = 150,
                                              .width = 111,
                                              .samples = samples,
                                              .dtype = dtype,
                                              .compression = compression,
                                              .description = "a description"});
                writer.append(block);
                writer.finish();
                const auto file = openTiff(path_);
                ASSERT_EQ(file->pageCount().valueOrThrow(), 3);
                EXPECT_EQ(file->firstPage().dtype, dtype);
                EXPECT_EQ(file->tags().description, "a description");
                for (std::int64_t page = 0; page < 3; ++page) {
                    const Block read = readPage(*file, page);
                    ASSERT_EQ(std::memcmp(read.data(), block.data() + page * static_cast<std::int64_t>(read.bytes()),
                                          read.bytes()),
                              0)
                        << toString(dtype) << ", compression " << file->firstPage().compression << ", page " << page;
                }
            }
        }
    }
}

TEST_F(TiffWriting, LibtiffReadsItTheSameWay) {
    for (const Compression compression :
         {Compression::None, Compression::Deflate, Compression::Zstd, Compression::Lzw}) {
        const Block block = pages(DType::UInt16, 2, 700, 501, 1);
        io::TiffWriter writer(path_, {.height = 700, .width = 501, .dtype = DType::UInt16, .compression = compression});
        writer.append(block);
        writer.finish();
        TIFF* tiff = TIFFOpen(path_.c_str(), "r");
        ASSERT_NE(tiff, nullptr);
        ASSERT_EQ(TIFFSetDirectory(tiff, 1), 1);
        std::vector<std::uint16_t> row(501);
        for (std::uint32_t y = 0; y < 700; ++y) {
            ASSERT_EQ(TIFFReadScanline(tiff, row.data(), y), 1);
            ASSERT_EQ(std::memcmp(row.data(), block.data() + (700 + y) * 1002, 1002), 0) << "row " << y;
        }
        TIFFClose(tiff);
    }
}

TEST_F(TiffWriting, ABlockThatDoesNotLieDenselyIsWrittenInItsOwnOrder) {
    const Block whole = pages(DType::UInt16, 4, 40, 30, 1);
    const Block part = whole.view(Region({{1, 3}, {5, 25}, {2, 12}, {0, 1}}));
    io::TiffWriter writer(path_, {.height = 20, .width = 10, .dtype = DType::UInt16});
    writer.append(part);
    writer.finish();
    const auto file = openTiff(path_);
    EXPECT_EQ(readPage(*file, 1).valueAt({19, 9, 0}), whole.valueAt({2, 24, 11, 0}));
    EXPECT_EQ(readPage(*file, 0).valueAt({3, 4, 0}), whole.valueAt({1, 8, 6, 0}));
}

TEST_F(TiffWriting, TheImageJDescriptionAndResolutionAreReadAgain) {
    io::TiffWriter writer(path_, {.height = 8,
                                  .width = 9,
                                  .dtype = DType::UInt8,
                                  .description = io::imageJDescription({.channels = 2,
                                                                        .slices = 3,
                                                                        .frames = 1,
                                                                        .spacing = 0.3,
                                                                        .unit = "um",
                                                                        .interval = 0,
                                                                        .displayMin = 10,
                                                                        .displayMax = 200}),
                                  .xResolution = 1 / 0.104,
                                  .yResolution = 10});
    writer.append(pages(DType::UInt8, 6, 8, 9, 1));
    writer.finish();
    const auto file = openTiff(path_);
    EXPECT_EQ(
        file->tags().description,
        "ImageJ=1.54f\nimages=6\nchannels=2\nslices=3\nhyperstack=true\nmode=composite\nunit=micron\nspacing=0.3\n"
        "loop=false\nmin=10\nmax=200\n");
    EXPECT_NEAR(file->tags().xResolution, 1 / 0.104, 1e-12);
    EXPECT_EQ(file->tags().yResolution, 10);
    EXPECT_EQ(file->tags().resolutionUnit, 1);
}

TEST_F(TiffWriting, AnUnfinishedFileLeavesNothingBehindAndTheOldOneAlone) {
    writeFile(path_, "what was there");
    {
        io::TiffWriter writer(path_, {.height = 8, .width = 8, .dtype = DType::UInt8});
        writer.append(pages(DType::UInt8, 1, 8, 8, 1));
        EXPECT_EQ(filesLeft(), 2U);
    }
    EXPECT_EQ(filesLeft(), 1U);
    EXPECT_EQ(bytesOfFile(path_), "what was there");
}

TEST_F(TiffWriting, ALongNameIsNoObstacleAndALinkStaysALink) {
    const std::string longest = folder_.path(std::string(251, 'n') + ".tif");
    std::filesystem::create_symlink(longest, path_);
    writeFile(longest, "old");
    io::TiffWriter writer(path_, {.height = 8, .width = 8, .dtype = DType::UInt8});
    writer.append(pages(DType::UInt8, 1, 8, 8, 1));
    writer.finish();
    EXPECT_TRUE(std::filesystem::is_symlink(path_));
    EXPECT_EQ(openTiff(longest)->pageCount().valueOrThrow(), 1);
}

TEST_F(TiffWriting, NoRoomAndNoFolderAreSaid) {
    const auto messageOf = [](auto&& work) -> std::string {
        try {
            work();
        } catch (const Failure& failure) {
            return failure.what();
        }
        return "no failure";
    };
    EXPECT_NE(messageOf([] {
                  io::TiffWriter writer("/dev/full", {.height = 8, .width = 8, .dtype = DType::UInt8});
                  writer.append(pages(DType::UInt8, 1, 8, 8, 1));
              }).find("/dev/full: cannot write the file: No space left on device"),
              std::string::npos);
    EXPECT_TRUE(std::filesystem::is_character_file("/dev/full"));
    const std::string nowhere = folder_.path("no/such/out.tif");
    EXPECT_NE(messageOf([&] {
                  io::TiffWriter(nowhere, {.height = 8, .width = 8, .dtype = DType::UInt8});
              }).find("create the folder"),
              std::string::npos);
    EXPECT_NE(messageOf([&] { io::NpyWriter("/dev/full", DType::UInt8, {1000000}); }).find("No space left"),
              std::string::npos);
    EXPECT_NE(messageOf([&] { io::TiffWriter(folder_.path("."), {.height = 8, .width = 8}); }).find("directory"),
              std::string::npos);
}

TEST_F(TiffWriting, WhatDoesNotFitThePagesIsRefused) {
    io::TiffWriter writer(path_, {.height = 8, .width = 8, .dtype = DType::UInt8});
    EXPECT_THROW(writer.append(pages(DType::UInt8, 1, 7, 7, 1)), Failure) << "no whole rows";
    EXPECT_THROW(writer.append(pages(DType::UInt16, 1, 8, 4, 1)), Failure);
    EXPECT_THROW(writer.finish(), Failure) << "no page";
    writer.append(pages(DType::UInt8, 1, 12, 8, 1));
    EXPECT_EQ(writer.pages(), 1);
    EXPECT_THROW(writer.finish(), Failure) << "half a page";
}

TEST_F(TiffWriting, RowsMayComeInAnyPortionsAndOnAnyThreads) {
    constexpr std::int64_t kHeight = 700; // with the width: several strips a page, the last one shorter
    constexpr std::int64_t kWidth = 501;
    const Block whole =
        pages(DType::UInt16, 3, kHeight, kWidth, 1).relabelled(Region::whole({3 * kHeight, kWidth}), {2 * kWidth, 2});
    const auto onThreads = [](std::size_t count, const std::function<void(std::size_t)>& task) {
        std::vector<std::jthread> threads;
        for (std::size_t i = 0; i < count; ++i) threads.emplace_back(task, i);
    };
    for (const Compression compression :
         {Compression::None, Compression::Deflate, Compression::Zstd, Compression::Lzw}) {
        for (const std::int64_t portion : {std::int64_t{7}, kHeight - 1, 2 * kHeight + 5}) {
            io::TiffWriter writer(path_, {.height = kHeight,
                                          .width = kWidth,
                                          .dtype = DType::UInt16,
                                          .compression = compression,
                                          .level = 1,
                                          .forEach = onThreads});
            for (std::int64_t row = 0; row < 3 * kHeight; row += portion)
                writer.append(whole.view(Region({{row, std::min(row + portion, 3 * kHeight)}, {0, kWidth}})));
            const std::uint64_t bytes = writer.finish();
            EXPECT_EQ(bytes, std::filesystem::file_size(path_));
            const auto file = openTiff(path_);
            for (std::int64_t page = 0; page < 3; ++page) {
                const Block read = readPage(*file, page);
                ASSERT_EQ(std::memcmp(read.data(), whole.data() + page * static_cast<std::int64_t>(read.bytes()),
                                      read.bytes()),
                          0)
                    << "portions of " << portion << " rows, page " << page;
            }
        }
    }
}

TEST_F(TiffWriting, AHigherLevelMakesASmallerFile) {
    const Buffer buffer(DType::UInt32, Region::whole({4, 200, 200}));
    auto* values = reinterpret_cast<std::uint32_t*>(buffer.memory.get());
    for (std::uint32_t i = 0; i < 4 * 200 * 200; ++i) values[i] = (i % 200) * (i / 200) % 1009;
    const Block block = buffer.block();
    for (const Compression compression : {Compression::Deflate, Compression::Zstd}) {
        const auto sizeAt = [&](int level) {
            io::TiffWriter writer(
                path_,
                {.height = 200, .width = 200, .dtype = DType::UInt32, .compression = compression, .level = level});
            writer.append(block);
            return writer.finish();
        };
        EXPECT_LT(sizeAt(12), sizeAt(1));
    }
}

TEST_F(TiffWriting, LabelsAndNotesOfImageJAreReadAgain) {
    io::TiffWriter writer(path_, {.height = 8,
                                  .width = 9,
                                  .dtype = DType::UInt8,
                                  .description = io::imageJDescription({.slices = 2, .notes = {{"made-by", "a test"}}}),
                                  .info = "two lines\nof 1 \u00b5m",
                                  .labels = {"first \u03bb", "second \U0001d11e"}});
    writer.append(pages(DType::UInt8, 2, 8, 9, 1));
    writer.finish();
    const auto file = openTiff(path_);
    EXPECT_NE(file->tags().description.find("\nmade-by=a test\n"), std::string::npos);
    EXPECT_EQ(file->tags().imageJCounts, (std::vector<std::uint32_t>{20, 34, 14, 18}));
    EXPECT_EQ(file->tags().imageJMetadata.substr(0, 20), std::string("JIJIofni\1\0\0\0lbal\2\0\0\0", 20));
    EXPECT_EQ(file->tags().imageJMetadata.substr(20 + 34 + 12, 2), "\xbb\x03") << "a Greek letter as UTF-16";
    EXPECT_EQ(file->tags().imageJMetadata.substr(20 + 34 + 14 + 14, 4), "\x34\xd8\x1e\xdd") << "a surrogate pair";
}

TEST_F(TiffWriting, WhatAKilledProgramLeftIsRemovedAndWhatIsBeingWrittenIsNot) {
    std::string left;
    {
        io::TiffWriter writer(path_, {.height = 8, .width = 8, .dtype = DType::UInt8});
        left = std::filesystem::directory_iterator(folder_.path(""))->path().string();
        EXPECT_EQ(io::removeAbandoned(folder_.path("")), 0U);
        writer.append(pages(DType::UInt8, 1, 8, 8, 1));
        writer.finish();
    }
    writeFile(left, "half a file"); // nobody holds it
    writeFile(folder_.path("notes.part"), "not ours");
    const auto otherMachine = folder_.path(".lazulite-another-1-1.part");
    writeFile(otherMachine, "perhaps alive");
    EXPECT_EQ(io::removeAbandoned(folder_.path("")), 1U);
    EXPECT_FALSE(std::filesystem::exists(left));
    EXPECT_EQ(filesLeft(), 3U);
    using namespace std::chrono_literals;
    std::filesystem::last_write_time(otherMachine, std::filesystem::file_time_type::clock::now() - 48h);
    EXPECT_EQ(io::removeAbandoned(folder_.path("")), 1U) << "not touched for two days";
    EXPECT_EQ(io::removeAbandoned(folder_.path("no/such")), 0U);
}

TEST_F(TiffWriting, BigTiffIsWrittenWhereItIsAskedFor) {
    const Block block = pages(DType::Int32, 5, 90, 70, 1);
    for (const Compression compression : {Compression::None, Compression::Zstd}) {
        io::TiffWriter writer(path_, {.height = 90,
                                      .width = 70,
                                      .dtype = DType::Int32,
                                      .compression = compression,
                                      .description = "big",
                                      .xResolution = 2,
                                      .yResolution = 2,
                                      .bigTiff = true});
        writer.append(block);
        writer.finish();
        EXPECT_EQ(bytesOfFile(path_).substr(0, 4), std::string("II\x2b\0", 4));
        const auto file = openTiff(path_);
        EXPECT_EQ(file->tags().xResolution, 2);
        EXPECT_EQ(readPage(*file, 4).valueAt({89, 69, 0}), block.valueAt({4, 89, 69, 0}));
    }
}

TEST(NpyWriting, HoldsNumPysHeaderAndTheElements) {
    const TemporaryFolder folder;
    const Block block = pages(DType::UInt16, 2, 5, 7, 1).relabelled(Region::whole({2, 5, 7}), {70, 14, 2});
    io::NpyWriter writer(folder.path("a.npy"), DType::UInt16, {2, 5, 7});
    writer.append(block.view(Region({{0, 1}, {0, 5}, {0, 7}})));
    EXPECT_THROW(writer.finish(), Failure) << "half of it is missing";
    writer.append(block.view(Region({{1, 2}, {0, 5}, {0, 7}})));
    EXPECT_THROW(writer.append(block), Failure) << "too much";
    writer.finish();
    const std::string bytes = bytesOfFile(folder.path("a.npy"));
    EXPECT_EQ(bytes.substr(0, 8), std::string("\x93NUMPY\x01\x00", 8));
    EXPECT_NE(bytes.find("{'descr': '<u2', 'fortran_order': False, 'shape': (2, 5, 7), }"), std::string::npos);
    ASSERT_EQ(bytes.size(), 128U + 140U);
    EXPECT_EQ(std::memcmp(bytes.data() + 128, block.data(), 140), 0);
}

TEST(NpyWriting, WritesAVectorToAStream) {
    const TemporaryFolder folder;
    std::FILE* stream = std::fopen(folder.path("b.npy").c_str(), "wb");
    io::NpyWriter writer(stream, DType::UInt8, {6});
    writer.append(pages(DType::UInt8, 6, 1, 1, 1));
    writer.finish();
    std::fclose(stream);
    const std::string bytes = bytesOfFile(folder.path("b.npy"));
    EXPECT_NE(bytes.find("'|u1'"), std::string::npos);
    EXPECT_NE(bytes.find("(6,)"), std::string::npos);
    EXPECT_EQ(bytes.size() % 64, 6U);
}

} // namespace
} // namespace lazulite::test
