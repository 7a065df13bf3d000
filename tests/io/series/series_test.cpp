#include <gtest/gtest.h>

#include <filesystem>

#include "io/series/series_fixture.h"

namespace lazulite::io::test {
namespace {

/// 3 time points, 2 channels of 4 planes; stack (t, c) starts at t * 1000 + c * 500.
class LatticeFolder : public testing::Test {
protected:
    void SetUp() override {
        for (int t = 0; t < 3; ++t) {
            for (int c = 0; c < 2; ++c)
                folder_.writeStack(name(t, c), 4, static_cast<std::uint16_t>(t * 1000 + c * 500));
        }
    }

    static std::string name(int t, int c) {
        return "cell_Cam" + std::string(c == 0 ? "A" : "B") + "_ch" + std::to_string(c) + "_stack000" +
               std::to_string(t) + (c == 0 ? "_488nm" : "_560nm") + "_000" + std::to_string(t * 2) + "000msec.tif";
    }

    static double first(const Source& source, std::vector<Interval> place) {
        place.insert(place.end(), {{0, 1}, {0, 1}});
        return values(source, Region(std::move(place))).at(0);
    }

    static std::string failure(const std::string& path, const SeriesOptions& options = {}) {
        try {
            open(path, options);
        } catch (const Failure& failure) {
            return failure.what();
        }
        return "opened";
    }

    Folder folder_;
};

TEST_F(LatticeFolder, IsOneArray) {
    const auto series = open(folder_.path());
    EXPECT_EQ(sizes(series->axes()), "t=3 c=2 z=4 y=6 x=5");
    EXPECT_EQ(series->dtype(), DType::UInt16);
    EXPECT_EQ(series->fileCount(), 6U);
    EXPECT_EQ(series->axes()[1].labels, (std::vector<std::string>{"488 nm", "560 nm"}));
    EXPECT_NEAR(series->axes()[0].spacing, 2, 1e-9);
    EXPECT_EQ(series->spacingOrigin(), "times in the names");
    EXPECT_TRUE(series->warnings().empty());
    EXPECT_EQ(first(*series->source(), {{2, 3}, {1, 2}, {3, 4}}), 2590);
    EXPECT_EQ(series->pathAt({2, 1, 3, 0, 0}), folder_.path(name(2, 1)));
    EXPECT_EQ(series->pathAt({3, 0, 0, 0, 0}), "");
}

TEST_F(LatticeFolder, JunkBesideItIsNoNews) {
    for (const char* junk : {"notes.txt", "positions.csv", "Thumbs.db", "._cell_ch0_stack0000.tif", ".hidden.tif",
                             "cell_thumb.tif", "preview.png", "desktop.ini"}) {
        folder_.write(junk, "junk");
    }
    std::filesystem::create_directory(folder_.path("GPUdecon"));
    folder_.writeStack("GPUdecon/cell_ch0_stack0000_decon.tif", 2);
    const auto series = open(folder_.path());
    EXPECT_EQ(sizes(series->axes()), "t=3 c=2 z=4 y=6 x=5");
    EXPECT_TRUE(series->warnings().empty());
}

TEST_F(LatticeFolder, AFolderCalledLikeAFileIsLeftOut) {
    std::filesystem::create_directory(folder_.path("cell_CamA_ch0_stack0003_488nm_0006000msec.tif"));
    const auto series = open(folder_.path());
    EXPECT_EQ(sizes(series->axes()), "t=3 c=2 z=4 y=6 x=5");
    ASSERT_EQ(series->warnings().size(), 1U);
    EXPECT_NE(series->warnings()[0].find("is a folder"), std::string::npos);
}

TEST_F(LatticeFolder, AHoleIsMissingAndShiftsNothing) {
    std::filesystem::remove(folder_.path(name(1, 1)));
    const auto series = open(folder_.path());
    EXPECT_EQ(sizes(series->axes()), "t=3 c=2 z=4 y=6 x=5");
    EXPECT_EQ(series->holeCount(), 1U);
    EXPECT_EQ(series->holes(10), (std::vector<std::vector<std::int64_t>>{{1, 1, 0, 0, 0}}));
    EXPECT_TRUE(series->holes(0).empty());
    EXPECT_EQ(series->pathAt({1, 1, 0, 0, 0}), "");
    const auto source = series->source();
    const Error hole = errorOf(*source, Region({{1, 2}, {1, 2}, {0, 4}, {0, 6}, {0, 5}}));
    EXPECT_EQ(hole.kind, Error::Kind::Missing);
    EXPECT_NE(hole.message.find("t=1 (2 s), c=1 (560 nm)"), std::string::npos);
    EXPECT_EQ(first(*source, {{2, 3}, {1, 2}, {0, 1}}), 2500);
    // Within more than one file's box a hole is black.
    EXPECT_EQ(values(*source, Region({{1, 3}, {1, 2}, {0, 1}, {0, 1}, {0, 1}})), (std::vector<double>{0, 2500}));
}

TEST_F(LatticeFolder, OpensByGlobPatternListAndOneFile) {
    EXPECT_EQ(sizes(open(folder_.path("*ch0*.tif"))->axes()), "t=3 z=4 y=6 x=5");
    EXPECT_EQ(sizes(open(folder_.path("*_ch{c}_stack{t}_*.tif"))->axes()), "t=3 c=2 z=4 y=6 x=5");
    EXPECT_EQ(sizes(open(folder_.path("*_ch{time}_stack{laser}_*.tif"))->axes()), "time=2 laser=3 z=4 y=6 x=5");
    EXPECT_EQ(sizes(open(folder_.path("*_ch{c}_stack0001_*.tif"))->axes()), "c=2 z=4 y=6 x=5");
    EXPECT_EQ(sizes(open(folder_.path(name(0, 0)))->axes()), "z=4 y=6 x=5");
    ReadCounts counts;
    const auto listed = FileSeries::open({folder_.path(name(2, 1)), folder_.path(name(0, 1))}, {}, counts);
    EXPECT_EQ(sizes(listed->axes()), "t=2 z=4 y=6 x=5");
    EXPECT_EQ(first(*listed->source(), {{1, 2}, {0, 1}}), 2500);
    SeriesOptions options;
    options.pattern = "*_ch{c}_stack{t}_*.tif";
    const auto byPattern = open(folder_.path(), options);
    EXPECT_EQ(sizes(byPattern->axes()), "t=3 c=2 z=4 y=6 x=5");
    EXPECT_EQ(byPattern->convention(), "a given pattern; multi-page TIFF");
    // The pattern that a series tells of opens the same series.
    const auto series = open(folder_.path());
    EXPECT_EQ(sizes(open(folder_.path(series->pattern()))->axes()), sizes(series->axes()));
}

TEST_F(LatticeFolder, SubFoldersAreOneMoreAxis) {
    Folder folder;
    for (int p = 0; p < 2; ++p) {
        for (int t = 0; t < 3; ++t) {
            folder.writeStack("Pos" + std::to_string(p) + "/t" + std::to_string(t) + ".tif", 2,
                              static_cast<std::uint16_t>(p * 1000 + t * 100));
        }
    }
    folder.write("Pos0/display.txt", "");
    const auto series = open(folder.path());
    EXPECT_EQ(sizes(series->axes()), "p=2 t=3 z=2 y=6 x=5");
    EXPECT_EQ(first(*series->source(), {{1, 2}, {2, 3}, {0, 1}}), 1200);
    EXPECT_EQ(sizes(open(folder.path("Pos{view}/t{t}.tif"))->axes()), "view=2 t=3 z=2 y=6 x=5");
    EXPECT_EQ(sizes(open(folder.path("*/t1.tif"))->axes()), "p=2 z=2 y=6 x=5");
    ReadCounts counts;
    EXPECT_EQ(sizes(FileSeries::open({folder.path("Pos0"), folder.path("Pos1")}, {}, counts)->axes()),
              "p=2 t=3 z=2 y=6 x=5");
}

TEST_F(LatticeFolder, WhatWasUnderstoodCanBeOverridden) {
    SeriesOptions options;
    options.axesOrder = "ztcyx"; // the writer swapped its labels
    options.voxel = {0.3, 0.1, 0.2};
    const auto named = open(folder_.path(), options);
    EXPECT_EQ(sizes(named->axes()), "z=3 t=2 c=4 y=6 x=5");
    EXPECT_EQ(named->axes()[0].spacing, 0.3);
    EXPECT_EQ(named->axes()[4].spacing, 0.2);
    EXPECT_EQ(named->spacingOrigin(), "--voxel");
    EXPECT_EQ(first(*named->source(), {{2, 3}, {1, 2}, {3, 4}}), 2590); // nothing moved

    options = {};
    options.renames = {{"t", "z"}, {"z", "t"}};
    options.spacings = {{"t", 0.5}, {"y", 0.25}};
    options.units = {{"c", "nm"}};
    const auto swapped = open(folder_.path(), options);
    EXPECT_EQ(sizes(swapped->axes()), "z=3 c=2 t=4 y=6 x=5");
    EXPECT_EQ(swapped->axes()[2].unit, "s");
    EXPECT_EQ(swapped->axes()[3].unit, "um");
    EXPECT_EQ(swapped->axes()[1].unit, "nm");

    options = {};
    options.axesOrder = "time,laser,z,y,x";
    EXPECT_EQ(sizes(open(folder_.path(), options)->axes()), "time=3 laser=2 z=4 y=6 x=5");
}

TEST_F(LatticeFolder, OptionsThatContradictTheArrayAreRefused) {
    const auto with = [&](auto&& change) {
        SeriesOptions options;
        change(options);
        return failure(folder_.path(), options);
    };
    EXPECT_NE(with([](auto& o) { o.axesOrder = "tzyx"; }).find("names 4 axes, the array has 5: t, c, z, y, x"),
              std::string::npos);
    EXPECT_NE(with([](auto& o) { o.axesOrder = "ttzyx"; }).find("two axes would be called \"t\""), std::string::npos);
    EXPECT_NE(with([](auto& o) {
                  o.renames = {{"q", "t"}};
              }).find("no axis \"q\"; it has t, c, z, y, x"),
              std::string::npos);
    EXPECT_NE(with([](auto& o) { o.renames = {{"z", "t"}}; }).find("two axes"), std::string::npos);
    EXPECT_NE(with([](auto& o) { o.voxel = {1}; }).find("--voxel needs z,y,x"), std::string::npos);
    EXPECT_NE(with([](auto& o) { o.voxel = {1, 0, 1}; }).find("above 0"), std::string::npos);
    EXPECT_NE(with([](auto& o) { o.spacings = {{"w", 1.0}}; }).find("no axis \"w\""), std::string::npos);
    EXPECT_NE(with([](auto& o) { o.pattern = "*_channel{c}.tif"; }).find("no file matches"), std::string::npos);
    SeriesOptions options;
    options.pattern = "*{t}.tif";
    EXPECT_NE(failure(folder_.path("*.tif"), options).find("give one of them"), std::string::npos);
}

TEST_F(LatticeFolder, ListingIsToldAndCanBeCancelled) {
    SeriesOptions options;
    std::size_t told = 0;
    options.onListed = [&](std::size_t names) { told = names; };
    open(folder_.path(), options);
    EXPECT_EQ(told, 6U);
    std::stop_source stop;
    stop.request_stop();
    options.stop = stop.get_token();
    try {
        open(folder_.path(), options);
        FAIL() << "was not cancelled";
    } catch (const Failure& failure) {
        EXPECT_EQ(failure.error().kind, Error::Kind::Cancelled);
    }
}

TEST(FileSeries, GapsInTimeAreLabelledWithTheirOwnTime) {
    const Folder folder;
    for (const char* name :
         {"c_ch0_stack0000_0000000msec.tif", "c_ch0_stack0001_0002000msec.tif", "c_ch0_stack0007_0014000msec.tif"}) {
        folder.writeStack(name, 1);
    }
    const auto series = open(folder.path());
    EXPECT_EQ(sizes(series->axes()), "t=3 y=6 x=5");
    EXPECT_EQ(series->axes()[0].valueText(2), "14 s");
}

TEST(FileSeries, NamesThatCannotBeOpenedAreExplained) {
    const Folder folder;
    const auto failure = [](const std::string& path) -> std::string {
        try {
            open(path);
        } catch (const Failure& failure) {
            return failure.what();
        }
        return "opened";
    };
    EXPECT_NE(failure(folder.path()).find("the folder is empty"), std::string::npos);
    folder.write("recording/table.csv", "1");
    folder.write("recording/other.csv", "1");
    folder.write("recording/note.txt", "1");
    EXPECT_NE(failure(folder.path("recording")).find("no TIFF files but 2 .csv, 1 .txt"), std::string::npos);
    EXPECT_NE(failure(folder.path("recordng")).find("did you mean \"recording\"?"), std::string::npos);
    EXPECT_NE(failure(folder.path("recording/*.tif")).find("no file matches \"*.tif\"; there are 2 .csv"),
              std::string::npos);
    EXPECT_NE(failure(folder.path("nothere/deep/x.tif")).find("does not exist either"), std::string::npos);
    EXPECT_NE(failure("").find("path is empty"), std::string::npos);
    EXPECT_NE(failure(folder.path("recording/table.csv")), "opened");
}

} // namespace
} // namespace lazulite::io::test
