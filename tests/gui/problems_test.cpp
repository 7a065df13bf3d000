#include <gtest/gtest.h>

#include <QLabel>
#include <QPushButton>
#include <QTreeWidget>
#include <atomic>

#include "driver.h"
#include "sliders/tick_slider.h"

namespace lazulite {
namespace {

using gui::TickMark;
using gui::TickSlider;
using testing::Driver;
using testing::limits;
using testing::smallMovie;
using testing::twoChannels;

Error cutShort() {
    return {Error::Kind::Corrupt, "the file is cut short; copy it again", "/data/stack_t2.tif", 1};
}

TEST(BadFrame, IsMarkedInTheListOnTheSliderAndInTheFrame) {
    auto source = smallMovie();
    source->fails = [](const Region& region) {
        return region[0].begin == 2 ? std::optional(cutShort()) : std::nullopt;
    };
    Driver driver;
    gui::WindowOptions options = limits(0, 600);
    options.at = {{"t", 1}};
    driver.showAndWait(source, options);
    const QColor middle = driver.colorAt(10, 15);
    driver.key(Qt::Key_Right);
    ASSERT_TRUE(Driver::waitFor([&] { return !driver.session().problems().empty(); }));
    ASSERT_TRUE(Driver::waitFor(
        [&] { return driver.session().picture() && driver.session().picture()->state.position[0] == 2; }));
    EXPECT_NE(driver.colorAt(10, 15), middle) << "the placeholder stands there";
    const auto marks = driver.find<TickSlider>("slider_t")->marks();
    EXPECT_EQ(marks, (std::vector<TickMark>{{2, TickMark::Kind::Bad}}));
    auto* list = driver.find<QTreeWidget>("problemsList");
    ASSERT_EQ(list->topLevelItemCount(), 1);
    EXPECT_TRUE(list->topLevelItem(0)->text(0).contains("t=2"));
    EXPECT_TRUE(list->topLevelItem(0)->text(1).contains("cut short"));
    EXPECT_TRUE(list->topLevelItem(0)->text(2).contains("/data/stack_t2.tif, page 1"));
    driver.key(Qt::Key_Right);
    ASSERT_TRUE(driver.waitForPicture());
    EXPECT_EQ(driver.session().state().position[0], 3);
    EXPECT_FALSE(driver.session().picture()->slices[0].error) << "the next frame is not affected";
}

TEST(BadFrame, IsReachedAgainByADoubleClickInTheList) {
    auto source = smallMovie();
    source->fails = [](const Region& region) {
        return region[0].begin == 2 ? std::optional(cutShort()) : std::nullopt;
    };
    Driver driver;
    gui::WindowOptions options;
    options.at = {{"t", 2}};
    driver.show(source, options);
    ASSERT_TRUE(Driver::waitFor([&] { return !driver.session().problems().empty(); }));
    driver.key(Qt::Key_Home);
    auto* list = driver.find<QTreeWidget>("problemsList");
    emit list->itemDoubleClicked(list->topLevelItem(0), 0);
    EXPECT_EQ(driver.session().state().position[0], 2);
}

TEST(BadFrame, IsShownOnceRetryFindsItMended) {
    auto source = smallMovie();
    auto broken = std::make_shared<std::atomic<bool>>(true);
    source->fails = [broken](const Region& region) {
        return *broken && region[0].begin == 2 ? std::optional(cutShort()) : std::nullopt;
    };
    Driver driver;
    gui::WindowOptions options = limits(0, 600);
    options.at = {{"t", 2}, {"z", 0}};
    driver.show(source, options);
    ASSERT_TRUE(Driver::waitFor([&] { return !driver.session().problems().empty(); }));
    *broken = false;
    driver.find<QPushButton>("retryButton")->click();
    ASSERT_TRUE(Driver::waitFor([&] {
        const auto& picture = driver.session().picture();
        return picture && !picture->slices.empty() && !picture->slices[0].error && picture->slices[0].block;
    }));
    EXPECT_TRUE(driver.session().problems().empty());
    EXPECT_TRUE(driver.find<TickSlider>("slider_t")->marks().empty());
    EXPECT_NEAR(driver.colorAt(10, 10).red(), 210 * 255.0 / 600, 2);
}

TEST(BadChannel, LeavesTheOtherChannelsAsTheyAre) {
    auto source = twoChannels();
    source->fails = [](const Region& region) {
        return region[1].begin == 1 ? std::optional(cutShort()) : std::nullopt;
    };
    Driver driver;
    driver.show(source, limits(0, 400));
    ASSERT_TRUE(Driver::waitFor([&] { return !driver.session().problems().empty(); }));
    ASSERT_TRUE(
        Driver::waitFor([&] { return driver.session().picture() && driver.session().picture()->slices[0].block; }));
    ASSERT_TRUE(Driver::waitFor([&] { return driver.find<QLabel>("channelError_1")->isVisible(); }));
    EXPECT_FALSE(driver.find<QLabel>("channelError_0")->isVisible());
    EXPECT_NEAR(driver.colorAt(8, 8).red(), 127, 3);
    EXPECT_EQ(driver.colorAt(8, 8).green(), 0);
}

TEST(Holes, AreTickedOnTheSlidersOfTheFileAxesOnly) {
    Driver driver;
    gui::Recording recording;
    recording.array = graph::LazyArray::fromSource(smallMovie());
    recording.holes = {{4, 0, 0, 0}};
    driver.window().showRecording(recording);
    EXPECT_EQ(driver.find<TickSlider>("slider_t")->marks(), (std::vector<TickMark>{{4, TickMark::Kind::Hole}}));
    EXPECT_TRUE(driver.find<TickSlider>("slider_z")->marks().empty());
}

} // namespace
} // namespace lazulite
