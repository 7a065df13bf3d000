#include <gtest/gtest.h>

#include <QLabel>
#include <QLineEdit>
#include <QSpinBox>
#include <QToolButton>
#include <set>

#include "driver.h"
#include "sliders/play_settings.h"
#include "sliders/tick_slider.h"

namespace lazulite {
namespace {

using gui::LoopMode;
using gui::PlaySettings;
using gui::TickSlider;
using testing::Driver;
using testing::limits;
using testing::smallMovie;
using testing::twoChannels;

TEST(Sliders, StandForEveryAxisThatIsNotDisplayedAndNotAChannel) {
    Driver driver;
    driver.showAndWait(twoChannels());
    EXPECT_NE(driver.window().findChild<QWidget*>("sliderRow_t"), nullptr);
    EXPECT_NE(driver.window().findChild<QWidget*>("sliderRow_z"), nullptr);
    EXPECT_EQ(driver.window().findChild<QWidget*>("sliderRow_c"), nullptr);
    EXPECT_EQ(driver.window().findChild<QWidget*>("sliderRow_y"), nullptr);
    EXPECT_EQ(driver.find<QLabel>("total_t")->text(), "/ 3");
}

TEST(Sliders, MoveByTheArrowKeysAndThePictureFollows) {
    Driver driver;
    gui::WindowOptions options = limits(0, 600);
    options.at = {{"t", 1}, {"z", 0}};
    driver.showAndWait(smallMovie(), options);
    driver.key(Qt::Key_Right);
    ASSERT_TRUE(driver.waitForPicture());
    EXPECT_EQ(driver.find<TickSlider>("slider_t")->value(), 2);
    EXPECT_EQ(driver.find<QSpinBox>("index_t")->value(), 2);
    EXPECT_EQ(driver.find<QLabel>("value_t")->text(), "5 s");
    EXPECT_NEAR(driver.colorAt(10, 10).red(), 210 * 255.0 / 600, 2);
    driver.key(Qt::Key_End);
    EXPECT_EQ(driver.session().state().position[0], 5);
    driver.key(Qt::Key_Home);
    driver.key(Qt::Key_Left);
    EXPECT_EQ(driver.session().state().position[0], 0);
}

TEST(Sliders, TakeTurnsByAltUpAndDown) {
    Driver driver;
    gui::WindowOptions options;
    options.at = {{"t", 1}, {"z", 1}};
    driver.showAndWait(smallMovie(), options);
    driver.key(Qt::Key_Down, Qt::AltModifier);
    driver.key(Qt::Key_Right);
    EXPECT_EQ(driver.session().state().position[0], 1);
    EXPECT_EQ(driver.session().state().position[1], 2);
    driver.key(Qt::Key_Up, Qt::AltModifier);
    driver.key(Qt::Key_Right);
    EXPECT_EQ(driver.session().state().position[0], 2);
}

TEST(Sliders, GoWhereTheMouseDragsThem) {
    Driver driver;
    gui::WindowOptions options = limits(0, 600);
    options.at = {{"t", 0}, {"z", 0}};
    driver.showAndWait(smallMovie(), options);
    auto* slider = driver.find<TickSlider>("slider_t");
    const int middle = slider->height() / 2;
    Driver::drag(slider, QPoint(static_cast<int>(slider->pixelOf(0)), middle),
                 QPoint(static_cast<int>(slider->pixelOf(4)), middle));
    EXPECT_EQ(driver.session().state().position[0], 4);
    ASSERT_TRUE(driver.waitForPicture());
    EXPECT_NEAR(driver.colorAt(0, 3).red(), 400 * 255.0 / 600, 2);
}

TEST(Sliders, TakeATypedIndexAndGiveTheKeysBack) {
    Driver driver;
    driver.showAndWait(smallMovie());
    auto* index = driver.find<QSpinBox>("index_z");
    index->setFocus();
    index->selectAll();
    QTest::keyClicks(index, "4");
    QTest::keyClick(index, Qt::Key_Return);
    EXPECT_EQ(driver.session().state().position[1], 4);
    EXPECT_FALSE(index->hasFocus());
}

TEST(Sliders, StepByCtrlWheelOnTheCanvas) {
    Driver driver;
    gui::WindowOptions options;
    options.at = {{"t", 2}};
    driver.showAndWait(smallMovie(), options);
    const QPointF at(100, 100);
    QWheelEvent wheel(at, driver.canvas().mapToGlobal(at), {}, QPoint(0, -120), Qt::NoButton, Qt::ControlModifier,
                      Qt::NoScrollPhase, false);
    QApplication::sendEvent(&driver.canvas(), &wheel);
    EXPECT_EQ(driver.session().state().position[0], 3);
}

TEST(Sliders, RenameTheirAxis) {
    Driver driver;
    driver.showAndWait(smallMovie());
    auto* name = driver.find<QLineEdit>("name_t");
    name->setText("p");
    QTest::keyClick(name, Qt::Key_Return);
    QApplication::processEvents();
    EXPECT_EQ(driver.session().axes()[0].name, "p");
    EXPECT_NE(driver.find<QWidget>("sliderRow_p"), nullptr);
    auto* other = driver.find<QLineEdit>("name_z");
    other->setText("p");
    QTest::keyClick(other, Qt::Key_Return);
    EXPECT_EQ(driver.session().axes()[1].name, "z");
    EXPECT_TRUE(driver.find<QLabel>("bannerText")->text().contains("already"));
}

TEST(Playing, ShowsEveryFrameOnceAndStops) {
    Driver driver;
    gui::WindowOptions options;
    options.at = {{"t", 0}};
    driver.showAndWait(smallMovie(), options);
    std::vector<std::int64_t> shown;
    QObject::connect(&driver.session(), &gui::Session::pictureChanged, &driver.window(), [&] {
        const auto& picture = driver.session().picture();
        if (picture && !picture->stale && (shown.empty() || shown.back() != picture->state.position[0])) {
            shown.push_back(picture->state.position[0]);
        }
    });
    PlaySettings settings;
    settings.framesPerSecond = 60;
    settings.loop = LoopMode::Once;
    driver.window().player().play(0, settings);
    ASSERT_TRUE(Driver::waitFor([&] { return !driver.window().player().playing(); }));
    ASSERT_TRUE(driver.waitForPicture());
    shown.push_back(driver.session().state().position[0]);
    const std::set<std::int64_t> distinct(shown.begin(), shown.end());
    EXPECT_TRUE(distinct.contains(1) && distinct.contains(2) && distinct.contains(3) && distinct.contains(4) &&
                distinct.contains(5));
    EXPECT_EQ(driver.session().state().position[0], 5);
}

TEST(Playing, StartsAndPausesByTheButtonAndTheKeys) {
    Driver driver;
    driver.showAndWait(smallMovie());
    auto* button = driver.find<QToolButton>("play_t");
    driver.click(button);
    EXPECT_EQ(driver.window().player().playing(), std::optional<std::size_t>(0));
    driver.key(Qt::Key_P, Qt::ControlModifier | Qt::AltModifier);
    EXPECT_FALSE(driver.window().player().playing());
}

TEST(Playing, IsSetUpByARightClickOnTheButton) {
    Driver driver;
    driver.showAndWait(smallMovie());
    auto* button = driver.find<QToolButton>("play_t");
    emit button->customContextMenuRequested(QPoint(2, 2));
    QApplication::processEvents();
    auto* popup = driver.find<QWidget>("playPopup");
    ASSERT_NE(popup, nullptr);
    popup->findChild<QSpinBox*>("playFirst")->setValue(2);
    popup->findChild<QSpinBox*>("playLast")->setValue(3);
    popup->close();
    driver.click(button);
    std::set<std::int64_t> visited;
    ASSERT_TRUE(Driver::waitFor([&] {
        visited.insert(driver.session().state().position[0]);
        return visited.contains(2) && visited.contains(3);
    }));
    driver.click(button);
    EXPECT_FALSE(visited.contains(0) || visited.contains(5));
}

TEST(PlaySteps, LoopTurnBackAndEndAsTheModeSays) {
    PlaySettings settings;
    settings.first = 2;
    settings.last = 4;
    settings.loop = LoopMode::Loop;
    EXPECT_EQ(advance(settings, 10, {4, 1, false}, 1).position, 2);
    EXPECT_EQ(advance(settings, 10, {2, -1, false}, 1).position, 4);
    EXPECT_EQ(advance(settings, 10, {2, 1, false}, 7).position, 3);
    settings.loop = LoopMode::Once;
    EXPECT_TRUE(advance(settings, 10, {4, 1, false}, 1).ended);
    EXPECT_EQ(advance(settings, 10, {3, 1, false}, 5).position, 4);
    settings.loop = LoopMode::BackAndForth;
    const gui::PlayStep turned = advance(settings, 10, {4, 1, false}, 1);
    EXPECT_EQ(turned.position, 3);
    EXPECT_EQ(turned.direction, -1);
    EXPECT_EQ(advance(settings, 10, {2, -1, false}, 1).position, 3);
    EXPECT_EQ(advance(settings, 10, {9, 1, false}, 0).position, 4) << "outside the range: brought into it";
}

} // namespace
} // namespace lazulite
