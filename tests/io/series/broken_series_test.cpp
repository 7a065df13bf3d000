#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>

#include "io/series/series_fixture.h"

namespace lazulite::io::test {
namespace {

TEST(BrokenSeries, NamesOf255BytesOpen) {
    const Folder folder;
    const std::string stem(250, 'n');
    folder.writeStack(stem + "0.tif", 1, 0);
    folder.writeStack(stem + "1.tif", 1, 100);
    const auto series = open(folder.path());
    EXPECT_EQ(sizes(series->axes()), "t=2 y=6 x=5");
    EXPECT_EQ(values(*series->source(), Region({{1, 2}, {0, 1}, {0, 1}})), (std::vector<double>{100}));
}

TEST(BrokenSeries, NamesThatAreNotUtf8Open) {
    const Folder folder;
    folder.writeStack("caf\xE9_t0.tif", 1, 0);
    folder.writeStack("caf\xE9_t1.tif", 1, 100);
    folder.writeStack("caf\xE9_t3 \xFF copy.tif", 1);
    const auto series = open(folder.path());
    EXPECT_EQ(sizes(series->axes()), "t=2 y=6 x=5");
    EXPECT_EQ(values(*series->source(), Region({{1, 2}, {0, 1}, {0, 1}})), (std::vector<double>{100}));
    ASSERT_EQ(series->warnings().size(), 1U);
    EXPECT_NE(series->warnings()[0].find("caf?_t3 ? copy.tif"), std::string::npos) << series->warnings()[0];
}

TEST(BrokenSeries, AFolderOfFoldersOnlySaysWhatIsThere) {
    const Folder folder;
    std::filesystem::create_directories(folder.path("one.tif"));
    std::filesystem::create_directories(folder.path("two/three/four"));
    try {
        open(folder.path());
        FAIL();
    } catch (const Failure& failure) {
        EXPECT_EQ(failure.error().kind, Error::Kind::Missing);
        EXPECT_NE(failure.error().message.find("folder"), std::string::npos);
    }
}

/// Root may read everything: for its life the program is nobody.
class AsNobody {
public:
    AsNobody() : root_(::geteuid() == 0) {
        constexpr uid_t kNobody = 65534;
        if (root_ && ::seteuid(kNobody) != 0) ADD_FAILURE() << "cannot become nobody";
    }
    AsNobody(const AsNobody&) = delete;
    AsNobody& operator=(const AsNobody&) = delete;
    ~AsNobody() {
        if (root_ && ::seteuid(0) != 0) std::abort();
    }

private:
    bool root_;
};

TEST(BrokenSeries, WithoutPermissionItSaysSo) {
    using std::filesystem::perms;
    const Folder folder;
    std::filesystem::permissions(folder.path(), static_cast<perms>(0755));
    folder.writeStack("a_t0.tif", 1);
    folder.writeStack("a_t1.tif", 1, 100);
    std::filesystem::permissions(folder.path("a_t1.tif"), perms::none);
    std::filesystem::create_directory(folder.path("closed"));
    std::filesystem::permissions(folder.path("closed"), perms::none);
    {
        const AsNobody nobody;
        const auto series = open(folder.path());
        EXPECT_EQ(errorOf(*series->source(), Region({{1, 2}, {0, 6}, {0, 5}})).kind, Error::Kind::Unreadable);
        EXPECT_EQ(values(*series->source(), Region({{0, 1}, {0, 1}, {0, 1}})), (std::vector<double>{0}));
        try {
            open(folder.path("closed"));
            ADD_FAILURE() << "a closed folder was opened";
        } catch (const Failure& failure) {
            EXPECT_EQ(failure.error().kind, Error::Kind::Unreadable);
        }
    }
    std::filesystem::permissions(folder.path("closed"), perms::owner_all);
}

TEST(BrokenSeries, ALinkToNowhereIsAMarkedFile) {
    const Folder folder;
    folder.writeStack("a_t0.tif", 1);
    std::filesystem::create_symlink("nowhere", folder.path("a_t1.tif"));
    const auto series = open(folder.path());
    EXPECT_EQ(sizes(series->axes()), "t=2 y=6 x=5");
    EXPECT_EQ(errorOf(*series->source(), Region({{1, 2}, {0, 6}, {0, 5}})).kind, Error::Kind::Missing);
}

TEST(BrokenSeries, MetadataThatLieAreIgnoredWithAWarning) {
    // Descriptions of the first page, each with more planes than any file has, or with nonsense.
    const std::vector<std::string> lies = {
        "ImageJ=1.53\nimages=2000000000\nchannels=2000000000\nslices=2000000000\nframes=2000000000\n",
        "ImageJ=1.53\nimages=5\nslices=7\n",
        "ImageJ=1.53\nimages=-4\nspacing=nan\nunit=um\nfinterval=inf\n",
        "{\"shape\": [1000000, 1000000, 6, 5]}",
        "{\"shape\": [-1, 6, 5], \"axes\": \"ZYX\"}",
        "{\"shape\": [[[[",
        "<OME><Image><Pixels SizeX=\"5\" SizeY=\"6\" SizeZ=\"2000000000\" SizeC=\"2000000000\" "
        "SizeT=\"2000000000\"/></Image></OME>",
        "<OME><Image><Pixels SizeZ=\"0\" SizeC=\"-1\"/></Image></OME>",
        "<OME><Image><Pixels SizeZ=\"3\"><TiffData FirstZ=\"-9223372036854775807\" IFD=\"-5\"/><TiffData FirstZ=\"99\" "
        "IFD=\"4\"/></Pixels></Image></OME>",
        "<OME><Image><Pixels SizeZ=\"2\"><TiffData IFD=\"4000000000\"/></Pixels></Image></OME>",
        "<OME><Image><Pixels SizeZ=\"2\"><TiffData><UUID FileName=\"../../etc/passwd\"/></TiffData><TiffData "
        "FirstZ=\"1\"><UUID FileName=\"lie.tif\"/></TiffData></Pixels></Image></OME>",
        "<OME",
    };
    for (const std::string& lie : lies) {
        const Folder folder;
        folder.writeDescribed("lie.tif", 2, lie);
        const auto series = open(folder.path("lie.tif"));
        EXPECT_EQ(series->axes().back().size, kWidth) << lie;
        const auto source = series->source();
        Region first = wholeOf(*source);
        for (std::size_t k = 0; k + 2 < first.rank(); ++k) first[k] = {0, 1};
        EXPECT_EQ(values(*source, first).size(), 30U) << lie;
        EXPECT_LE(elementCount(shapeOf(series->axes())), 60) << lie;
    }
}

} // namespace
} // namespace lazulite::io::test
