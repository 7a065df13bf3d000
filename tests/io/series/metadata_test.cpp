// Series written by Python's tifffile, and by hand where tifffile cannot: make_series.py.
#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <sstream>

#include "io/series/series_fixture.h"

namespace lazulite::io::test {
namespace {

class MadeByOthers : public testing::Test {
protected:
    static void SetUpTestSuite() {
        folder_ = std::make_unique<Folder>();
        const std::string command = "/usr/bin/python3 " LAZULITE_SERIES_SCRIPT " " + folder_->path();
        ASSERT_EQ(std::system(command.c_str()), 0) << "needs Debian's python3-tifffile: " << command;
    }
    static void TearDownTestSuite() { folder_.reset(); }

    static std::shared_ptr<const FileSeries> series(const std::string& name, const SeriesOptions& options = {}) {
        return open(folder_->path(name), options);
    }

    /// Every element counts on, so one look tells that no plane is misplaced.
    static void expectCounting(const FileSeries& series, std::size_t modulus = 65536) {
        const auto source = series.source();
        const Region whole = wholeOf(*source);
        EXPECT_EQ(values(*source, whole), counting(static_cast<std::size_t>(whole.elementCount()), modulus));
    }

    static const Axis& axis(const FileSeries& series, const char* name) {
        return series.axes().at(*findAxis(series.axes(), name));
    }

    static void expectSpacing(const FileSeries& series, const char* name, double spacing, const char* unit) {
        EXPECT_NEAR(axis(series, name).spacing, spacing, 1e-9) << name;
        EXPECT_EQ(axis(series, name).unit, unit) << name;
    }

    static std::unique_ptr<Folder> folder_;
};

std::unique_ptr<Folder> MadeByOthers::folder_;

TEST_F(MadeByOthers, OmeGivesAxesSpacingAndChannels) {
    const auto ome = series("ome");
    EXPECT_EQ(sizes(ome->axes()), "t=3 c=2 z=4 y=8 x=6");
    expectCounting(*ome);
    expectSpacing(*ome, "z", 0.3, "um");
    expectSpacing(*ome, "y", 0.2, "um");
    expectSpacing(*ome, "x", 0.1, "um");
    expectSpacing(*ome, "t", 1.5, "s");
    EXPECT_EQ(axis(*ome, "c").labels, (std::vector<std::string>{"GFP", "mCherry"}));
    ASSERT_EQ(ome->channelColors().size(), 2U);
    EXPECT_EQ(ome->channelColors()[0], (std::array<float, 3>{0, 1, 0}));
    EXPECT_EQ(ome->channelColors()[1], (std::array<float, 3>{1, 0, 0}));
    EXPECT_EQ(ome->spacingOrigin(), "OME-XML");
    EXPECT_EQ(ome->convention(), "OME-TIFF");
}

TEST_F(MadeByOthers, OmePlanesInAnotherOrderAreFound) {
    const auto ome = series("ome_order"); // written as z, t, c
    ASSERT_EQ(sizes(ome->axes()), "t=3 c=2 z=4 y=8 x=6");
    const Region plane({{2, 3}, {1, 2}, {3, 4}, {0, 1}, {0, 1}});
    EXPECT_EQ(values(*ome->source(), plane).at(0), ((3 * 3 + 2) * 2 + 1) * 48);
}

TEST_F(MadeByOthers, AnOmeSetIsOneArrayWhateverItsNames) {
    const auto set = series("ome_set");
    EXPECT_EQ(sizes(set->axes()), "c=2 z=3 y=8 x=6");
    EXPECT_EQ(set->fileCount(), 2U);
    EXPECT_EQ(set->source()->fileShape(), (Shape{1, 3, 8, 6}));
    expectCounting(*set);
    // One of its files leads to the others.
    const auto fromOne = series("ome_set/alpha.ome.tif");
    EXPECT_EQ(sizes(fromOne->axes()), "c=2 z=3 y=8 x=6");
    expectCounting(*fromOne);
    EXPECT_EQ(fromOne->pathAt({1, 0, 0, 0}), folder_->path("ome_set/omega set.ome.tif"));
}

TEST_F(MadeByOthers, ARenamedOmeSetOpensByItsNames) {
    const auto renamed = series("ome_renamed");
    EXPECT_EQ(sizes(renamed->axes()), "t=2 z=3 y=8 x=6");
    EXPECT_EQ(renamed->holeCount(), 0U);
    expectCounting(*renamed);
    expectSpacing(*renamed, "x", 0.5, "um");
}

TEST_F(MadeByOthers, AMissingFileOfAnOmeSetIsAHole) {
    const auto set = series("ome_incomplete");
    EXPECT_EQ(sizes(set->axes()), "c=2 z=3 y=8 x=6");
    EXPECT_EQ(set->holeCount(), 3U);
    EXPECT_EQ(errorOf(*set->source(), Region({{1, 2}, {0, 1}, {0, 8}, {0, 6}})).kind, Error::Kind::Missing);
    EXPECT_EQ(values(*set->source(), Region({{0, 1}, {0, 3}, {0, 8}, {0, 6}})), counting(144));
}

TEST_F(MadeByOthers, OmeFilesThatTellOfTheirOwnPlanesOnlyGoTogetherByTheirNames) {
    const auto set = series("ome_each_its_own");
    EXPECT_EQ(sizes(set->axes()), "t=2 z=3 y=8 x=6");
    EXPECT_EQ(set->holeCount(), 0U);
    expectCounting(*set);
}

TEST_F(MadeByOthers, OmeImagesOfOneSizeArePositions) {
    const auto positions = series("ome_positions");
    EXPECT_EQ(sizes(positions->axes()), "p=2 z=3 y=8 x=6");
    expectCounting(*positions);
}

TEST_F(MadeByOthers, AnOmeCompanionFileTellsOfTheOthers) {
    const auto set = series("ome_companion");
    EXPECT_EQ(sizes(set->axes()), "c=2 z=3 y=8 x=6");
    expectCounting(*set);
    EXPECT_EQ(set->spacingOrigin(), "OME companion file");
}

TEST_F(MadeByOthers, ImageJGivesAxesSpacingLabelsColoursAndRanges) {
    const auto imagej = series("imagej");
    ASSERT_EQ(sizes(imagej->axes()), "t=2 c=2 z=3 y=8 x=6");
    // ImageJ's channel changes fastest, then z, then t; the file was written as (t, z, c).
    const Region plane({{1, 2}, {1, 2}, {2, 3}, {0, 1}, {0, 1}});
    EXPECT_EQ(values(*imagej->source(), plane).at(0), ((1 * 3 + 2) * 2 + 1) * 48);
    expectSpacing(*imagej, "z", 0.75, "um");
    expectSpacing(*imagej, "y", 0.5, "um");
    expectSpacing(*imagej, "x", 0.25, "um");
    expectSpacing(*imagej, "t", 2.5, "s");
    EXPECT_EQ(axis(*imagej, "c").labels, (std::vector<std::string>{"nuclei", "membrane"}));
    EXPECT_EQ(imagej->channelRanges(), (std::vector<std::array<double, 2>>{{0, 100}, {10, 4000}}));
    ASSERT_EQ(imagej->channelColors().size(), 2U);
    EXPECT_EQ(imagej->channelColors()[0], (std::array<float, 3>{0, 1, 0}));
    EXPECT_EQ(imagej->channelColors()[1], (std::array<float, 3>{1, 0, 1}));
}

TEST_F(MadeByOthers, AnAxisOfNamesAndFilesIsKeptTwice) {
    const auto movies = series("imagej_series");
    EXPECT_EQ(sizes(movies->axes()), "t_file=2 t=2 c=2 z=3 y=8 x=6");
    ASSERT_FALSE(movies->warnings().empty());
    EXPECT_NE(movies->warnings()[0].find("t_file"), std::string::npos);
}

TEST_F(MadeByOthers, ImageJStacksWithOneDirectoryAreReadToTheirEnd) {
    const auto big = series("imagej_one_ifd");
    ASSERT_EQ(sizes(big->axes()), "t=2 c=2 z=3 y=8 x=6");
    const Region plane({{1, 2}, {1, 2}, {2, 3}, {0, 8}, {0, 6}});
    EXPECT_EQ(values(*big->source(), plane).at(47), 12 * 48 - 1);
    expectSpacing(*big, "x", 0.25, "um");
}

TEST_F(MadeByOthers, ShapedSeriesHaveTheirAxes) {
    EXPECT_EQ(sizes(series("shaped")->axes()), "t=3 c=2 y=8 x=6");
    expectCounting(*series("shaped"));
    const auto bare = series("shaped_bare");
    EXPECT_EQ(sizes(bare->axes()), "t=3 z=2 y=8 x=6");
    EXPECT_EQ(bare->warnings().size(), 1U);
    EXPECT_EQ(sizes(series("shaped_one_ifd")->axes()), "z=5 y=8 x=6");
    expectCounting(*series("shaped_one_ifd"));
}

TEST_F(MadeByOthers, ColourSamplesAreAnAxisBehindX) {
    const auto rgb = series("rgb");
    EXPECT_EQ(sizes(rgb->axes()), "y=8 x=6 s=3");
    EXPECT_EQ(rgb->source()->blockShape(), (Shape{8, 6, 3}));
    expectCounting(*rgb, 256);
    EXPECT_EQ(values(*rgb->source(), Region({{2, 3}, {1, 2}, {1, 2}})), (std::vector<double>{(2 * 6 + 1) * 3 + 1}));
}

TEST_F(MadeByOthers, SamplesThatAreNoColoursAreChannels) {
    const auto planar = series("planar");
    EXPECT_EQ(sizes(planar->axes()), "c=4 y=8 x=6");
    expectCounting(*planar);
}

TEST_F(MadeByOthers, PyramidsInSubIfdsAreLevels) {
    const auto pyramid = series("subifds");
    EXPECT_EQ(sizes(pyramid->axes()), "z=2 y=64 x=48");
    EXPECT_EQ(pyramid->pyramidLevels(), (std::vector<Shape>{{2, 32, 24}, {2, 16, 12}}));
    const auto half = pyramid->levelSource(0);
    EXPECT_EQ(values(*half, Region({{1, 2}, {3, 4}, {5, 6}})), (std::vector<double>{64 * 48 + 6 * 48 + 10}));
    EXPECT_EQ(values(*pyramid->levelSource(1), Region({{1, 2}, {3, 4}, {5, 6}})),
              (std::vector<double>{64 * 48 + 12 * 48 + 20}));
    EXPECT_THROW(pyramid->levelSource(2), Failure);
    EXPECT_NE(half->identity(), pyramid->source()->identity());
}

TEST_F(MadeByOthers, ReducedPagesAreLevelsAndNoPlanes) {
    const auto reduced = series("reduced");
    EXPECT_EQ(sizes(reduced->axes()), "z=3 y=64 x=48");
    expectCounting(*reduced);
    ASSERT_EQ(reduced->pyramidLevels(), (std::vector<Shape>{{3, 32, 24}}));
    EXPECT_EQ(values(*reduced->levelSource(0), Region({{2, 3}, {1, 2}, {1, 2}})),
              (std::vector<double>{2 * 64 * 48 + 2 * 48 + 2}));
}

TEST_F(MadeByOthers, MicroManagersPlanesGetTheirMetadata) {
    const auto planes = series("mm_planes");
    EXPECT_EQ(sizes(planes->axes()), "t=2 c=2 z=3 y=8 x=6");
    EXPECT_EQ(axis(*planes, "c").labels, (std::vector<std::string>{"Cy5", "DAPI"}));
    expectSpacing(*planes, "z", 0.4, "um");
    expectSpacing(*planes, "x", 0.108, "um");
    expectSpacing(*planes, "t", 2, "s");
    ASSERT_EQ(planes->channelColors().size(), 2U);
    EXPECT_EQ(planes->channelColors()[1], (std::array<float, 3>{0, 0, 1}));
    expectCounting(*planes);
}

TEST_F(MadeByOthers, MicroManagersStacksTellTheirAxesInTheHeader) {
    const auto stack = series("mm_stack");
    ASSERT_EQ(sizes(stack->axes()), "t=2 c=2 z=3 y=8 x=6");
    expectSpacing(*stack, "x", 0.16, "um");
    expectSpacing(*stack, "z", 0.5, "um");
    const Region plane({{1, 2}, {0, 1}, {1, 2}, {0, 1}, {0, 1}}); // channels change fastest
    EXPECT_EQ(values(*stack->source(), plane).at(0), ((1 * 3 + 1) * 2 + 0) * 48);
}

TEST_F(MadeByOthers, NdTiffPlanesAreFoundByTheIndex) {
    const auto nd = series("ndtiff");
    ASSERT_EQ(sizes(nd->axes()), "c=2 z=3 y=8 x=6");
    EXPECT_EQ(axis(*nd, "c").labels, (std::vector<std::string>{"blue", "red"}));
    const auto first = [&](std::int64_t c, std::int64_t z) {
        return values(*nd->source(), Region({{c, c + 1}, {z, z + 1}, {0, 1}, {0, 1}})).at(0) / 48;
    };
    EXPECT_EQ(first(0, 0), 1);
    EXPECT_EQ(first(0, 1), 3);
    EXPECT_EQ(first(1, 0), 2);
    EXPECT_EQ(first(1, 2), 4);
}

TEST_F(MadeByOthers, MetaMorphStacksAndTheirNdFile) {
    const auto stacks = series("metamorph");
    EXPECT_EQ(sizes(stacks->axes()), "t=2 c=2 z=4 y=8 x=6");
    EXPECT_EQ(axis(*stacks, "c").labels, (std::vector<std::string>{"Conf488", "Conf561"}));
    expectSpacing(*stacks, "z", 0.35, "um");
    EXPECT_EQ(values(*stacks->source(), Region({{1, 2}, {1, 2}, {3, 4}, {7, 8}, {5, 6}})),
              (std::vector<double>{4 * 48 - 1}));
}

TEST(Settings, OfTheLatticeMicroscopeGiveStepPixelAngleAndTime) {
    const Folder folder;
    for (int t = 0; t < 3; ++t) folder.writeStack("cell_ch0_stack000" + std::to_string(t) + ".tif", 4);
    std::ifstream in(LAZULITE_SAMPLE_SETTINGS);
    std::stringstream text;
    text << in.rdbuf();
    folder.write("cell_Settings.txt", text.str());
    const auto series = open(folder.path());
    EXPECT_EQ(sizes(series->axes()), "t=3 z=4 y=6 x=5");
    EXPECT_NEAR(series->axes()[1].spacing, 0.3, 1e-12);
    EXPECT_NEAR(series->axes()[3].spacing, 6.5 / 63.8, 1e-12);     // the camera's pixel over the magnification
    EXPECT_NEAR(series->axes()[0].spacing, 0.0033 * 4 * 2, 1e-12); // cycle x planes x lasers
    EXPECT_EQ(series->scanSettings().angleDegrees, 31.5);
    EXPECT_EQ(series->scanSettings().stageStep, 0.3);
    EXPECT_EQ(series->scanSettings().path, folder.path("cell_Settings.txt"));
    EXPECT_EQ(series->spacingOrigin(), "settings file");
    // A single file finds them as well.
    EXPECT_EQ(open(folder.path("cell_ch0_stack0001.tif"))->scanSettings().stageStep, 0.3);
}

} // namespace
} // namespace lazulite::io::test
