#include <gtest/gtest.h>

#include <QLabel>
#include <QStackedWidget>

#include "driver.h"
#include "window/welcome.h"

namespace lazulite {
namespace {

using testing::Driver;
using testing::limits;
using testing::smallMovie;

constexpr double kOneLevel = 1.01 * 255 / 600 + 1; // limits of 600 values: rounding of one step

TEST(PictureOnTheCanvas, HasTheValuesOfThePositionThatIsShown) {
    Driver driver;
    gui::WindowOptions options = limits(0, 600);
    options.at = {{"t", 3}, {"z", 2}};
    driver.showAndWait(smallMovie(), options);
    for (const double row : {0.0, 9.0, 19.0}) {
        EXPECT_NEAR(driver.colorAt(row, 15).red(), (340 + row) * 255 / 600, kOneLevel) << "row " << row;
    }
}

TEST(PictureOnTheCanvas, FollowsTheRollToAnotherPairOfAxes) {
    Driver driver;
    gui::WindowOptions options = limits(0, 600);
    options.at = {{"t", 3}, {"y", 7}};
    driver.showAndWait(smallMovie(), options);
    driver.key(Qt::Key_E, Qt::ControlModifier); // z down, y across
    ASSERT_TRUE(driver.waitForPicture());
    const view::ViewState& state = driver.session().state();
    EXPECT_EQ(driver.session().axes()[state.rowAxis()].name, "z");
    EXPECT_EQ(driver.session().axes()[state.columnAxis()].name, "y");
    EXPECT_NEAR(driver.colorAt(4, 2).red(), (300 + 80 + 2) * 255.0 / 600, kOneLevel);
    EXPECT_NEAR(driver.colorAt(0, 19).red(), (300 + 19) * 255.0 / 600, kOneLevel);
}

TEST(PictureOnTheCanvas, IsTransposedByCtrlT) {
    Driver driver;
    driver.showAndWait(smallMovie(), limits(0, 600));
    const QColor before = driver.colorAt(18, 1);
    driver.key(Qt::Key_T, Qt::ControlModifier);
    ASSERT_TRUE(driver.waitForPicture());
    EXPECT_EQ(driver.session().axes()[driver.session().state().rowAxis()].name, "x");
    EXPECT_EQ(driver.colorAt(1, 18), before);
}

TEST(PictureOnTheCanvas, KeepsThePointUnderTheCursorWhileTheWheelZooms) {
    Driver driver;
    driver.showAndWait(smallMovie(), limits(0, 600));
    const QPoint cursor = driver.pointOf(5, 8);
    const double zoom = view::fitCamera(driver.session().state(), driver.session().axes(),
                                        driver.canvas().deviceSize().width(), driver.canvas().deviceSize().height())
                            .zoom;
    const QPointF at(cursor);
    QWheelEvent wheel(at, driver.canvas().mapToGlobal(at), {}, QPoint(0, 240), Qt::NoButton, Qt::NoModifier,
                      Qt::NoScrollPhase, false);
    QApplication::sendEvent(&driver.canvas(), &wheel);
    ASSERT_TRUE(driver.waitForPicture());
    EXPECT_GT(driver.session().state().camera2d.zoom, 1.3 * zoom);
    EXPECT_LE((driver.pointOf(5, 8) - cursor).manhattanLength(), 2);
}

TEST(PictureOnTheCanvas, MovesWithTheMouseThatDragsIt) {
    Driver driver;
    driver.showAndWait(smallMovie(), limits(0, 600));
    const QPoint before = driver.pointOf(10, 15);
    Driver::drag(&driver.canvas(), QPoint(200, 200), QPoint(240, 170));
    ASSERT_TRUE(driver.waitForPicture());
    const QPoint moved = driver.pointOf(10, 15) - before;
    EXPECT_NEAR(moved.x(), 40, 1);
    EXPECT_NEAR(moved.y(), -30, 1);
    driver.key(Qt::Key_R, Qt::ControlModifier);
    EXPECT_TRUE(driver.session().state().camera2d.fitted);
}

TEST(PictureOnTheCanvas, ShowsOneDataPixelOnOneDevicePixelAtOneToOne) {
    Driver driver;
    driver.showAndWait(smallMovie(), limits(200, 400));
    driver.key(Qt::Key_1, Qt::ControlModifier);
    ASSERT_TRUE(driver.waitForPicture());
    EXPECT_DOUBLE_EQ(driver.session().state().camera2d.zoom, 1);
    const QImage image = driver.canvas().screenshot();
    const view::PlanePoint corner =
        view::planeToCanvas(driver.session().state(), driver.session().axes(), image.width(), image.height(), {0, 0});
    const QPoint first(static_cast<int>(std::floor(corner.column)), static_cast<int>(std::floor(corner.row)));
    for (int row = 0; row < 20; ++row) {
        const double value = 300 + 40 + row; // the middle: t = 3, z = 2
        EXPECT_NEAR(image.pixelColor(first.x() + 3, first.y() + row).red(), (value - 200) * 255 / 200, 2)
            << "row " << row;
    }
}

TEST(PictureOnTheCanvas, GrowsByADoubleClick) {
    Driver driver;
    driver.showAndWait(smallMovie(), limits(0, 600));
    const double before = driver.pointOf(10, 20).x() - driver.pointOf(10, 10).x();
    QTest::mouseDClick(&driver.canvas(), Qt::LeftButton, Qt::NoModifier, QPoint(300, 300));
    ASSERT_TRUE(driver.waitForPicture());
    EXPECT_NEAR(driver.pointOf(10, 20).x() - driver.pointOf(10, 10).x(), 2 * before, 2);
}

TEST(PictureOnTheCanvas, TellsPositionAndValuesUnderTheCursor) {
    Driver driver;
    driver.showAndWait(smallMovie(), limits(0, 600));
    driver.hover(driver.pointOf(7, 11));
    const auto* readout = driver.find<QLabel>("readout");
    ASSERT_TRUE(Driver::waitFor([&] { return !readout->text().isEmpty(); }));
    EXPECT_TRUE(readout->text().contains("y 7")) << qPrintable(readout->text());
    EXPECT_TRUE(readout->text().contains("x 11"));
    EXPECT_TRUE(readout->text().contains("347")) << qPrintable(readout->text());
    EXPECT_TRUE(readout->text().contains(QStringLiteral("1.75 \u00B5m"))) << qPrintable(readout->text());
}

TEST(PictureOnTheCanvas, TellsTheNewValueWhenTheSliceUnderTheCursorChanges) {
    Driver driver;
    driver.showAndWait(smallMovie(), limits(0, 600));
    driver.hover(driver.pointOf(7, 11));
    const auto* readout = driver.find<QLabel>("readout");
    ASSERT_TRUE(Driver::waitFor([&] { return readout->text().contains("347"); }));
    driver.key(Qt::Key_Right);
    ASSERT_TRUE(driver.waitForPicture());
    EXPECT_TRUE(readout->text().contains("447")) << qPrintable(readout->text());
}

TEST(PictureOnTheCanvas, HasABarWhoseLengthIsItsText) {
    Driver driver;
    driver.showAndWait(smallMovie(), limits(0, 6000)); // dark, so that the bar is the brightest thing
    const QImage with = driver.canvas().screenshot();
    driver.key(Qt::Key_B, Qt::ControlModifier);
    QApplication::processEvents();
    const QImage without = driver.canvas().screenshot();
    EXPECT_FALSE(driver.session().state().scaleBar);
    const auto whitest = [](const QImage& image) {
        int count = 0;
        for (int y = image.height() - 60; y < image.height(); ++y) {
            for (int x = image.width() / 2; x < image.width(); ++x)
                count += image.pixelColor(x, y) == QColor(Qt::white) ? 1 : 0;
        }
        return count;
    };
    EXPECT_GT(whitest(with), 100);
    EXPECT_EQ(whitest(without), 0);
}

TEST(EmptyWindow, SaysHowToOpenSomethingAndShowsItAgainAfterClose) {
    Driver driver;
    const auto* pages = driver.window().findChild<QStackedWidget*>();
    const auto* welcome = driver.find<gui::Welcome>("welcome");
    EXPECT_EQ(pages->currentWidget(), welcome);
    EXPECT_TRUE(driver.find<QWidget>("welcomeOpenFolder")->isVisible());
    driver.showAndWait(smallMovie());
    EXPECT_NE(pages->currentWidget(), welcome);
    driver.trigger("closeData");
    EXPECT_EQ(pages->currentWidget(), welcome);
    EXPECT_FALSE(driver.session().hasData());
}

} // namespace
} // namespace lazulite
