#include <gtest/gtest.h>

#include <chrono>
#include <filesystem>
#include <thread>

#include "io/series/series_fixture.h"
#include "lazulite/io/tiff_writer.h"

namespace lazulite::io::test {
namespace {

class Movie : public testing::Test {
protected:
    void SetUp() override {
        for (int t = 0; t < 4; ++t) folder_.writeStack(name(t), 3, static_cast<std::uint16_t>(t * 1000));
        series_ = open(folder_.path());
        source_ = series_->source();
    }
    static std::string name(int t) { return "m_t" + std::to_string(t) + ".tif"; }
    static Region plane(std::int64_t t, std::int64_t z) { return Region({{t, t + 1}, {z, z + 1}, {0, 6}, {0, 5}}); }

    Folder folder_;
    std::shared_ptr<const FileSeries> series_;
    std::shared_ptr<const Source> source_;
};

TEST_F(Movie, OpeningReadsOneHeaderAndNoPixel) {
    ReadCounts counts;
    FileSeries::open({folder_.path()}, {}, counts);
    EXPECT_EQ(counts.filesOpened, 1);
    EXPECT_EQ(counts.pagesRead, 0);
}

TEST_F(Movie, ASliceOpensOneFileAndReadsOnePage) {
    ReadCounts counts;
    EXPECT_EQ(values(*source_, plane(2, 1), &counts).at(7), 2037);
    EXPECT_EQ(counts.filesOpened, 1);
    EXPECT_EQ(counts.pagesRead, 1);
    ReadCounts again;
    values(*source_, plane(2, 1), &again);
    EXPECT_EQ(again.bytesRead, 60) << "the page's own bytes";
    EXPECT_EQ(again.filesOpened, 0) << "its header is known by now";
    ReadCounts first;
    values(*source_, plane(0, 0), &first);
    EXPECT_EQ(first.filesOpened, 0) << "opening the series read it already";
}

TEST_F(Movie, RegionsAcrossFilesAndPagesAreExact) {
    const Region whole = wholeOf(*source_);
    const auto all = values(*source_, whole);
    ASSERT_EQ(all.size(), 4U * 90);
    for (std::size_t i = 0; i < all.size(); ++i) ASSERT_EQ(all[i], static_cast<double>(i / 90 * 1000 + i % 90));
    const auto xz = values(*source_, Region({{1, 3}, {0, 3}, {4, 5}, {1, 3}}));
    EXPECT_EQ(xz, (std::vector<double>{1021, 1022, 1051, 1052, 1081, 1082, 2021, 2022, 2051, 2052, 2081, 2082}));
}

TEST_F(Movie, TellsHowItIsBestRead) {
    EXPECT_EQ(source_->blockShape(), (Shape{1, 1, 6, 5}));
    EXPECT_EQ(source_->fileShape(), (Shape{1, 3, 6, 5}));
    EXPECT_EQ(source_->grainShape(), (Shape{1, 1, 6, 5}));
}

TEST_F(Movie, TwoSeriesAreToldApart) {
    EXPECT_EQ(source_->identity(), open(folder_.path())->source()->identity());
    EXPECT_NE(source_->identity(), open(folder_.path("m_t{t}.tif"))->source()->identity());
    std::filesystem::remove(folder_.path(name(3)));
    folder_.writeStack("m_t9.tif", 3);
    EXPECT_NE(source_->identity(), open(folder_.path())->source()->identity());
}

TEST_F(Movie, StopsBetweenPages) {
    std::stop_source stop;
    stop.request_stop();
    std::vector<std::byte> memory(static_cast<std::size_t>(wholeOf(*source_).elementCount()) * 2);
    const Destination destination{memory.data(), DType::UInt16, wholeOf(*source_),
                                  rowMajorStrides(wholeOf(*source_).shape(), 2)};
    ReadCounts counts;
    const auto result = source_->read(destination, stop.get_token(), counts);
    ASSERT_FALSE(result);
    EXPECT_EQ(result.error().kind, Error::Kind::Cancelled);
    EXPECT_EQ(counts.pagesRead, 0);
}

TEST_F(Movie, RegionsOutsideTheArrayAreRefused) {
    std::vector<std::byte> memory(60);
    const Region outside({{4, 5}, {0, 1}, {0, 6}, {0, 5}});
    ReadCounts counts;
    const auto result =
        source_->read({memory.data(), DType::UInt16, outside, rowMajorStrides(outside.shape(), 2)}, {}, counts);
    ASSERT_FALSE(result);
    EXPECT_EQ(result.error().kind, Error::Kind::BadArgument);
}

TEST_F(Movie, AChangedFileIsReadAnewAndHasAnotherStamp) {
    const std::uint64_t before = source_->stamp(plane(1, 0));
    const std::uint64_t other = source_->stamp(plane(2, 0));
    EXPECT_EQ(values(*source_, plane(1, 0)).at(0), 1000);
    folder_.writeStack(name(1), 3, 5000);
    std::filesystem::last_write_time(folder_.path(name(1)),
                                     std::filesystem::file_time_type::clock::now() + std::chrono::hours(1));
    EXPECT_NE(source_->stamp(plane(1, 0)), before);
    EXPECT_NE(source_->stamp(wholeOf(*source_)), 0U);
    EXPECT_EQ(source_->stamp(plane(2, 0)), other);
    EXPECT_EQ(values(*source_, plane(1, 0)).at(0), 5000);
}

TEST_F(Movie, ManyThreadsOpenAFileOnce) {
    std::vector<ReadCounts> counts(8);
    std::vector<std::thread> threads;
    for (std::size_t i = 0; i < counts.size(); ++i) {
        threads.emplace_back([&, i] { values(*source_, plane(3, static_cast<std::int64_t>(i) % 3), &counts[i]); });
    }
    for (std::thread& thread : threads) thread.join();
    ReadCounts total;
    for (const ReadCounts& one : counts) total += one;
    EXPECT_EQ(total.filesOpened, 1);
    EXPECT_EQ(total.pagesRead, 8);
}

TEST_F(Movie, ABadFileIsAnErrorForItsOwnPlanesOnly) {
    folder_.write(name(1), "this is no TIFF");
    std::filesystem::remove(folder_.path(name(2)));
    const Error corrupt = errorOf(*source_, plane(1, 0));
    EXPECT_EQ(corrupt.path, folder_.path(name(1)));
    const Error gone = errorOf(*source_, plane(2, 0));
    EXPECT_EQ(gone.kind, Error::Kind::Missing);
    EXPECT_EQ(gone.path, folder_.path(name(2)));
    EXPECT_EQ(values(*source_, plane(3, 0)).at(0), 3000);
    folder_.writeStack(name(2), 3, 7000);
    EXPECT_EQ(values(*source_, plane(2, 0)).at(0), 7000) << "a second try reads what came back";
}

TEST_F(Movie, AFileOfAnotherShapeIsAMismatchThatSaysBothShapes) {
    TiffWriteOptions options;
    options.height = 3;
    options.width = 2;
    options.dtype = DType::UInt8;
    TiffWriter writer(folder_.path(name(1)), options);
    writer.append(Block(std::shared_ptr<const std::byte>(new std::byte[6]{}, std::default_delete<std::byte[]>()),
                        DType::UInt8, Region::whole({3, 2})));
    writer.finish();
    const Error error = errorOf(*source_, plane(1, 0));
    EXPECT_EQ(error.kind, Error::Kind::Mismatch);
    EXPECT_EQ(error.path, folder_.path(name(1)));
    EXPECT_NE(error.message.find("is 3 x 2 uint8, the series is 6 x 5 uint16"), std::string::npos);
    ReadCounts counts;
    EXPECT_EQ(series_->check(1, counts).error().kind, Error::Kind::Mismatch);
    EXPECT_TRUE(series_->check(2, counts));
}

TEST_F(Movie, AFileWithFewerPagesFailsFromTheMissingOneOn) {
    folder_.writeStack(name(1), 2, 1000);
    EXPECT_EQ(values(*source_, plane(1, 1)).at(0), 1030);
    const Error error = errorOf(*source_, plane(1, 2));
    EXPECT_EQ(error.kind, Error::Kind::Mismatch);
    EXPECT_EQ(error.page, 2);
    EXPECT_NE(error.message.find("has 2 pages, 3 expected"), std::string::npos);
    ReadCounts counts;
    EXPECT_NE(series_->check(1, counts).error().message.find("has 2 pages, 3 expected"), std::string::npos);
}

TEST_F(Movie, AFileThatIsCutShortIsFoundByTheCheck) {
    std::filesystem::resize_file(folder_.path(name(2)), std::filesystem::file_size(folder_.path(name(2))) - 70);
    ReadCounts counts;
    EXPECT_TRUE(series_->check(1, counts));
    const auto outcome = series_->check(2, counts);
    ASSERT_FALSE(outcome);
    EXPECT_EQ(outcome.error().path, folder_.path(name(2)));
    EXPECT_EQ(counts.filesOpened, 2);
    EXPECT_EQ(counts.pagesRead, 0);
}

TEST(SeriesPosition, OfAFileIsWhereItsFirstElementStands) {
    const Folder folder;
    for (const char* name : {"m_c0_t0.tif", "m_c1_t0.tif", "m_c0_t1.tif", "m_c1_t2.tif", "m_c0_t2.tif"})
        folder.writeStack(name, 3);
    const auto series = open(folder.path());
    ASSERT_EQ(sizes(series->axes()), "t=3 c=2 z=3 y=6 x=5");
    for (std::size_t file = 0; file < series->fileCount(); ++file) {
        const auto position = series->positionOf(file);
        ReadCounts counts;
        std::filesystem::resize_file(series->pathAt(position), 0);
        EXPECT_EQ(series->check(file, counts).error().path, series->pathAt(position));
        EXPECT_EQ(position[2], 0);
    }
    EXPECT_EQ(series->positionOf(3), (std::vector<std::int64_t>{2, 0, 0, 0, 0})) << "behind the hole at t=1, c=1";
    EXPECT_TRUE(series->positionOf(5).empty());
}

TEST(SeriesSource, ShapeAndTypeComeFromTheFirstFileThatCanBeRead) {
    const Folder folder;
    folder.write("m_t0.tif", "");
    folder.write("m_t1.tif", "nonsense");
    folder.writeStack("m_t2.tif", 2, 200);
    folder.writeStack("m_t3.tif", 2, 300);
    const auto series = open(folder.path());
    EXPECT_EQ(sizes(series->axes()), "t=4 z=2 y=6 x=5");
    ASSERT_EQ(series->warnings().size(), 1U);
    EXPECT_NE(series->warnings()[0].find("m_t0.tif"), std::string::npos);
    EXPECT_EQ(errorOf(*series->source(), Region({{0, 1}, {0, 1}, {0, 6}, {0, 5}})).path, folder.path("m_t0.tif"));
    EXPECT_EQ(values(*series->source(), Region({{3, 4}, {1, 2}, {0, 1}, {0, 1}})), (std::vector<double>{330}));
}

TEST(SeriesSource, OnlyBadFilesAreAFailureThatNamesTheFirst) {
    const Folder folder;
    folder.write("m_t0.tif", "");
    folder.write("m_t1.tif", "nonsense");
    try {
        open(folder.path());
        FAIL();
    } catch (const Failure& failure) {
        EXPECT_EQ(failure.error().path, folder.path("m_t0.tif"));
    }
}

TEST(SeriesSource, LargePagesAreReadInParts) {
    const Folder folder;
    TiffWriteOptions options;
    options.height = 4096;
    options.width = 4096;
    options.dtype = DType::UInt16;
    TiffWriter writer(folder.path("large.tif"), options);
    const auto bytes = std::make_shared<std::vector<std::byte>>(std::size_t{4096} * 4096 * 2);
    writer.append(Block({bytes, bytes->data()}, DType::UInt16, Region::whole({4096, 4096})));
    writer.finish();
    const auto source = open(folder.path("large.tif"))->source();
    EXPECT_EQ(source->blockShape(), (Shape{1024, 4096}));
    EXPECT_EQ(source->grainShape()[1], 4096);
    EXPECT_LE(source->grainShape()[0], 64);
    ReadCounts counts;
    values(*source, Region({{100, 110}, {0, 4096}}), &counts);
    EXPECT_EQ(counts.pagesRead, 1);
    EXPECT_LE(counts.bytesRead, 64 * 4096 * 2);
}

} // namespace
} // namespace lazulite::io::test
