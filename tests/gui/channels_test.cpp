#include <gtest/gtest.h>

#include <QDoubleSpinBox>
#include <QLabel>
#include <QLineEdit>
#include <QToolButton>

#include "driver.h"
#include "widgets/colormap_box.h"
#include "widgets/range_slider.h"

namespace lazulite {
namespace {

using testing::Driver;
using testing::limits;
using testing::smallMovie;
using testing::twoChannels;

gui::WindowOptions atTime(std::int64_t t) {
    gui::WindowOptions options = limits(0, 400);
    options.at = {{"t", t}};
    return options;
}

TEST(Channels, AddUpInTheirColours) {
    Driver driver;
    driver.showAndWait(twoChannels(), atTime(3));
    const QColor color = driver.colorAt(8, 8); // magenta at 200 of 400, green at 300 of 400
    EXPECT_NEAR(color.red(), 127, 3);
    EXPECT_NEAR(color.blue(), 127, 3);
    EXPECT_NEAR(color.green(), 191, 3);
}

TEST(Channels, AreHiddenByTheirEyeAndTheKey) {
    Driver driver;
    driver.showAndWait(twoChannels(), atTime(3));
    driver.click(driver.find<QToolButton>("eye_1"));
    ASSERT_TRUE(driver.waitForPicture());
    EXPECT_EQ(driver.colorAt(8, 8).green(), 0);
    EXPECT_NEAR(driver.colorAt(8, 8).red(), 127, 3);
    driver.key(Qt::Key_V); // the first channel is selected
    ASSERT_TRUE(driver.waitForPicture());
    EXPECT_EQ(driver.colorAt(8, 8).red(), 0);
}

TEST(Channels, StandAloneAfterAnAltClickAndComeBackAfterAnother) {
    Driver driver;
    driver.showAndWait(twoChannels(), atTime(3));
    driver.click(driver.find<QToolButton>("eye_1"), Qt::AltModifier);
    EXPECT_FALSE(driver.session().state().channels[0].visible);
    EXPECT_TRUE(driver.session().state().channels[1].visible);
    driver.click(driver.find<QToolButton>("eye_1"), Qt::AltModifier);
    EXPECT_TRUE(driver.session().state().channels[0].visible);
}

TEST(Channels, AreSelectedByCtrlUpAndDown) {
    Driver driver;
    driver.showAndWait(twoChannels(), atTime(3));
    driver.key(Qt::Key_Down, Qt::ControlModifier);
    driver.key(Qt::Key_V);
    EXPECT_FALSE(driver.session().state().channels[1].visible);
    EXPECT_TRUE(driver.session().state().channels[0].visible);
}

TEST(Contrast, FollowsTypedLimits) {
    Driver driver;
    gui::WindowOptions options = limits(0, 600);
    options.at = {{"t", 3}, {"z", 0}};
    driver.showAndWait(smallMovie(), options);
    auto* high = driver.find<QDoubleSpinBox>("high_0");
    high->setFocus();
    high->selectAll();
    QTest::keyClicks(high, "400");
    QTest::keyClick(high, Qt::Key_Return);
    ASSERT_TRUE(driver.waitForPicture());
    EXPECT_EQ(driver.session().state().channels[0].limits, (std::array{0.0, 400.0}));
    EXPECT_NEAR(driver.colorAt(10, 10).red(), 310 * 255.0 / 400, 2);
}

TEST(Contrast, FollowsTheHandlesOfTheRangeSlider) {
    Driver driver;
    gui::WindowOptions options = limits(0, 600);
    options.at = {{"t", 3}, {"z", 0}};
    driver.showAndWait(smallMovie(), options);
    auto* range = driver.find<gui::RangeSlider>("range_0");
    const int middle = range->height() / 2;
    const QPoint from(static_cast<int>(range->pixelOf(600)), middle);
    const QPoint to(static_cast<int>(range->pixelOf(300)), middle);
    Driver::drag(range, from, to);
    const auto moved = driver.session().state().channels[0].limits;
    EXPECT_EQ(moved[0], 0);
    EXPECT_NEAR(moved[1], 300, 600.0 / range->width() + 2);
    ASSERT_TRUE(driver.waitForPicture());
    EXPECT_GT(driver.colorAt(18, 10).red(), 250);
}

TEST(Contrast, IsEstimatedFirstThenTakenOverByTheUser) {
    Driver driver;
    driver.showAndWait(smallMovie());
    ASSERT_TRUE(Driver::waitFor([&] { return driver.session().state().channels[0].limits[1] > 1; }));
    EXPECT_TRUE(driver.session().state().channels[0].provisional);
    EXPECT_EQ(driver.find<QLabel>("provisional_0")->text(), "provisional");
    driver.key(Qt::Key_C);
    EXPECT_FALSE(driver.session().state().channels[0].provisional);
    EXPECT_EQ(driver.find<QLabel>("provisional_0")->text(), "");
    const auto now = driver.session().state().channels[0].limits; // the plane at t = 3, z = 2 holds 340 ... 359
    EXPECT_NEAR(now[0], 340, 1.5);
    EXPECT_NEAR(now[1], 359, 1.5);
}

TEST(Contrast, IsBentByGammaAndFadedByOpacity) {
    Driver driver;
    gui::WindowOptions options = limits(0, 600);
    options.at = {{"t", 3}, {"z", 0}};
    driver.showAndWait(smallMovie(), options);
    driver.find<QDoubleSpinBox>("gamma_0")->setValue(2);
    ASSERT_TRUE(driver.waitForPicture());
    EXPECT_NEAR(driver.colorAt(0, 5).red(), 255 * 0.25, 3);
    driver.find<QDoubleSpinBox>("opacity_0")->setValue(0.5);
    ASSERT_TRUE(driver.waitForPicture());
    EXPECT_NEAR(driver.colorAt(0, 5).red(), 255 * 0.125, 3);
}

TEST(Contrast, TakesItsColourFromTheColormapBox) {
    Driver driver;
    gui::WindowOptions options = limits(0, 300);
    options.at = {{"t", 3}, {"z", 0}};
    driver.showAndWait(smallMovie(), options);
    auto* box = driver.find<gui::ColormapBox>("colormap_0");
    box->setCurrentIndex(box->findData(QStringLiteral("red")));
    emit box->activated(box->currentIndex());
    ASSERT_TRUE(driver.waitForPicture());
    EXPECT_EQ(driver.colorAt(10, 10), QColor(255, 0, 0));
}

TEST(RangeSliderOfLimits, MovesBothLimitsWhenDraggedBetweenThem) {
    gui::RangeSlider slider;
    slider.resize(214, 18); // 200 pixels of line
    slider.setRange(0, 200);
    slider.setWhole(true);
    slider.setLimits(50, 100);
    Driver::drag(&slider, QPoint(82, 9), QPoint(112, 9));
    EXPECT_EQ(slider.limits(), (std::array{80.0, 130.0}));
}

TEST(RangeSliderOfLimits, NeverLetsTheLimitsCross) {
    gui::RangeSlider slider;
    slider.resize(214, 18);
    slider.setRange(0, 200);
    slider.setWhole(true);
    slider.setLimits(50, 100);
    Driver::drag(&slider, QPoint(57, 9), QPoint(190, 9));
    EXPECT_EQ(slider.limits(), (std::array{99.0, 100.0}));
}

TEST(ChannelNames, AreThoseOfTheAxisUntilTheUserChangesThem) {
    Driver driver;
    driver.showAndWait(twoChannels(), atTime(0));
    auto* name = driver.find<QLineEdit>("channelName_0");
    EXPECT_EQ(name->text(), "488 nm");
    name->setText("nuclei");
    QTest::keyClick(name, Qt::Key_Return);
    EXPECT_EQ(driver.session().state().channels[0].name, "nuclei");
}

} // namespace
} // namespace lazulite
