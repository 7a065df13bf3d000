#include "session/header_check.h"

#include <gtest/gtest.h>

#include <QCheckBox>
#include <QDialog>
#include <QDialogButtonBox>
#include <QPushButton>
#include <QTemporaryDir>
#include <QTreeWidget>
#include <atomic>
#include <cstring>
#include <filesystem>

#include "driver.h"
#include "lazulite/io/tiff_writer.h"
#include "sliders/tick_slider.h"

namespace lazulite {
namespace {

using gui::HeaderCheck;
using gui::TickMark;
using testing::Driver;

/// Files img_t0.tif ... of 3 planes; the one at `odd` has planes of another size.
void writeMovie(const QTemporaryDir& folder, int timepoints, int odd) {
    for (int t = 0; t < timepoints; ++t) {
        io::TiffWriteOptions options;
        options.height = t == odd ? 9 : 8;
        options.width = 12;
        const std::size_t bytes = static_cast<std::size_t>(3 * options.height * options.width) * 2;
        const auto data = std::shared_ptr<std::byte[]>(new std::byte[bytes]());
        io::TiffWriter writer(folder.filePath(QStringLiteral("img_t%1.tif").arg(t)).toStdString(), options);
        writer.append(Block(std::shared_ptr<const std::byte>(data, data.get()), DType::UInt16,
                            Region::whole({3, options.height, options.width})));
        writer.finish();
    }
}

TEST(HeaderCheck, FindsFilesThatNobodyHasLookedAt) {
    const QTemporaryDir folder;
    writeMovie(folder, 6, 4);
    const std::string cut = folder.filePath(QStringLiteral("img_t1.tif")).toStdString();
    std::filesystem::resize_file(cut, 200);
    Driver driver;
    gui::WindowOptions options;
    options.at = {{"t", 0}};
    driver.window().openPaths({folder.path().toStdString()}, options);
    ASSERT_TRUE(Driver::waitFor([&] { return driver.session().problems().size() == 2; }));
    EXPECT_EQ(driver.session().state().position[0], 0);
    EXPECT_EQ(driver.session().problems()[0].error.path, cut);
    EXPECT_EQ(driver.session().problems()[1].error.kind, Error::Kind::Mismatch);
    EXPECT_EQ(driver.find<gui::TickSlider>("slider_t")->marks(),
              (std::vector<TickMark>{{1, TickMark::Kind::Bad}, {4, TickMark::Kind::Bad}}));
    EXPECT_TRUE(driver.find<gui::TickSlider>("slider_z")->marks().empty()) << "it is about whole files";
    EXPECT_EQ(driver.find<QTreeWidget>("problemsList")->topLevelItemCount(), 2);

    driver.session().setPosition(0, 4);
    ASSERT_TRUE(driver.waitForPicture());
    EXPECT_EQ(driver.session().problems().size(), 2U) << "what is shown as bad is not told twice";

    std::filesystem::remove(folder.filePath(QStringLiteral("img_t4.tif")).toStdString());
    std::filesystem::copy_file(folder.filePath(QStringLiteral("img_t3.tif")).toStdString(),
                               folder.filePath(QStringLiteral("img_t4.tif")).toStdString());
    driver.find<QPushButton>("retryButton")->click();
    ASSERT_TRUE(Driver::waitFor([&] {
        return driver.session().problems().size() == 1 && driver.session().problems()[0].error.path == cut;
    })) << "retry looks at all of them again";
}

TEST(HeaderCheck, IsNotDoneWhereThePreferencesSaySo) {
    const QTemporaryDir folder;
    writeMovie(folder, 3, 2);
    Driver driver;
    driver.trigger("preferences");
    auto* dialog = driver.find<QDialog>("preferencesDialog");
    driver.click(dialog->findChild<QCheckBox*>("checkHeadersBox"));
    dialog->findChild<QDialogButtonBox*>()->button(QDialogButtonBox::Ok)->click();
    EXPECT_FALSE(gui::Preferences::load().checkHeaders);
    driver.window().openPaths({folder.path().toStdString()});
    ASSERT_TRUE(driver.waitForPicture());
    const auto opened = driver.session().executor().ledger().totals().reads.filesOpened;
    EXPECT_LE(opened, 3) << "the first header, the slice, and samples of its contrast";
    EXPECT_TRUE(driver.session().problems().empty());
}

TEST(HeaderCheck, LooksAtSomeOfVeryManyFilesEvenlySpread) {
    constexpr std::size_t kFiles = 1'000'000;
    HeaderCheck check([] { return true; });
    std::vector<std::size_t> seen;
    bool ended = false;
    QObject::connect(&check, &HeaderCheck::ended, [&](quint64 files, const ReadCounts& counts) {
        EXPECT_EQ(files, HeaderCheck::kMostFiles);
        EXPECT_EQ(counts.filesOpened, static_cast<std::int64_t>(files));
        ended = true;
    });
    check.start(kFiles, [&](std::size_t file, ReadCounts& counts) -> std::optional<view::Problem> {
        seen.push_back(file);
        ++counts.filesOpened;
        return std::nullopt;
    });
    ASSERT_TRUE(Driver::waitFor([&] { return ended; }));
    ASSERT_EQ(seen.size(), HeaderCheck::kMostFiles);
    for (std::size_t i = 0; i < seen.size(); ++i) EXPECT_EQ(seen[i], i * (kFiles / HeaderCheck::kMostFiles));
}

TEST(HeaderCheck, WaitsUntilItIsQuietAndStopsForAnotherRecording) {
    std::atomic<bool> quiet = false;
    std::atomic<int> looked = 0;
    std::atomic<int> asked = 0;
    HeaderCheck check([&] {
        ++asked;
        return quiet.load();
    });
    std::vector<std::string> told;
    QObject::connect(&check, &HeaderCheck::found, [&](const std::vector<view::Problem>& problems) {
        for (const view::Problem& problem : problems) told.push_back(problem.error.path);
    });
    const auto finds = [&](const std::string& name) {
        return [&, name](std::size_t file, ReadCounts&) -> std::optional<view::Problem> {
            ++looked;
            return view::Problem{{static_cast<std::int64_t>(file)}, Error{Error::Kind::Corrupt, "bad", name, {}}};
        };
    };
    check.start(3, finds("first"));
    ASSERT_TRUE(Driver::waitFor([&] { return asked > 2; }));
    EXPECT_EQ(looked, 0);
    check.start(2, finds("second"));
    quiet = true;
    ASSERT_TRUE(Driver::waitFor([&] { return told.size() == 2; }));
    EXPECT_EQ(told, (std::vector<std::string>{"second", "second"}));
    EXPECT_EQ(looked, 2);
}

} // namespace
} // namespace lazulite
