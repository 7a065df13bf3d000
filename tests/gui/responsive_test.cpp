#include <gtest/gtest.h>

#include <QLabel>
#include <QSpinBox>
#include <atomic>
#include <set>
#include <thread>

#include "app/event_clock.h"
#include "driver.h"
#include "sliders/tick_slider.h"

namespace lazulite {
namespace {

using testing::Driver;
using testing::limits;
using testing::smallMovie;

TEST(WaitingForData, LeavesSlidersLabelsAndTheLastPictureAsTheyShouldBe) { // I8
    auto source = smallMovie();
    Driver driver;
    gui::WindowOptions options = limits(0, 600);
    options.at = {{"t", 1}, {"z", 0}};
    driver.showAndWait(source, options);
    const QColor last = driver.colorAt(10, 15);
    source->hold([](const Region& region) { return region[0].begin >= 4; });
    driver.key(Qt::Key_End); // its data do not come
    EXPECT_EQ(driver.find<gui::TickSlider>("slider_t")->value(), 5);
    EXPECT_EQ(driver.find<QLabel>("value_t")->text(), "12.5 s");
    EXPECT_TRUE(driver.session().busyForMs());
    driver.key(Qt::Key_Left); // and the window goes on listening
    EXPECT_EQ(driver.find<QSpinBox>("index_t")->value(), 4);
    const QColor waiting = driver.colorAt(10, 15);
    EXPECT_LE(waiting.red(), last.red()) << "the last picture stays, dimmed after a while";
    EXPECT_GT(waiting.red(), 0);
    source->hold({});
    ASSERT_TRUE(driver.waitForPicture());
    EXPECT_EQ(driver.session().picture()->state.position[0], 4);
    EXPECT_NEAR(driver.colorAt(10, 15).red(), 410 * 255.0 / 600, 2);
}

TEST(WaitingForData, DimsThePictureAndShowsABusySign) {
    auto source = smallMovie();
    Driver driver;
    gui::WindowOptions options = limits(0, 200);
    options.at = {{"t", 1}, {"z", 0}};
    driver.showAndWait(source, options);
    const int bright = driver.colorAt(10, 15).red();
    source->hold([](const Region& region) { return region[0].begin == 5; });
    driver.key(Qt::Key_End);
    ASSERT_TRUE(Driver::waitFor([&] { return driver.colorAt(10, 15).red() < bright * 3 / 4; }));
    source->hold({});
    ASSERT_TRUE(driver.waitForPicture());
    ASSERT_TRUE(Driver::waitFor([&] { return driver.colorAt(10, 15).red() == 255; }));
}

TEST(WaitingForData, NeverReadsOnTheWindowsThread) { // I8
    auto source = smallMovie();
    const auto windowThread = std::this_thread::get_id();
    auto readHere = std::make_shared<std::atomic<bool>>(false);
    source->fails = [=](const Region&) {
        if (std::this_thread::get_id() == windowThread) *readHere = true;
        return std::nullopt;
    };
    Driver driver;
    driver.showAndWait(source);
    for (int i = 0; i < 3; ++i) driver.key(Qt::Key_Left);
    driver.key(Qt::Key_E, Qt::ControlModifier);
    ASSERT_TRUE(driver.waitForPicture());
    driver.key(Qt::Key_Y, Qt::ControlModifier);
    ASSERT_TRUE(driver.waitForVolume());
    EXPECT_FALSE(*readHere);
}

TEST(Burst, CostsOneReadUnderWayAndTheLastOne) { // I9
    const Axes axes{{"t", 40, 1, "", {}}, {"z", 1, 1, "", {}}, {"y", 16, 1, "", {}}, {"x", 16, 1, "", {}}};
    auto source = std::make_shared<testing::ScriptedSource>(
        axes, DType::UInt16, [](const std::vector<std::int64_t>& at) { return static_cast<double>(at[0]); });
    view::ViewerPace pace;
    pace.rest = std::chrono::milliseconds(1500); // no key is pressed so slowly, however busy the machine is
    Driver driver({}, pace);
    gui::WindowOptions options = limits(0, 40);
    options.at = {{"t", 0}};
    driver.session().setPrefetch(false);
    driver.showAndWait(source, options);
    const std::size_t before = source->begun().size();
    source->hold([](const Region& region) { return region[0].begin >= 1 && region[0].begin < 25; });
    for (int i = 0; i < 25; ++i) driver.key(Qt::Key_Right);
    source->hold({});
    ASSERT_TRUE(driver.waitForPicture());
    EXPECT_EQ(driver.session().picture()->state.position[0], 25);
    std::set<std::int64_t> read;
    const auto begun = source->begun();
    for (std::size_t i = before; i < begun.size(); ++i) read.insert(begun[i][0].begin);
    EXPECT_TRUE(read.contains(25));
    EXPECT_LE(read.size(), 3U) << "the one under way, at most one after it was given up, and the last";
}

TEST(EventClock, KeepsTheLongestHandlerAndWhoseItWas) {
    class Sleeper : public QObject {
    public:
        bool event(QEvent* event) override {
            if (event->type() == QEvent::User) std::this_thread::sleep_for(std::chrono::milliseconds(12));
            return QObject::event(event);
        }
    } sleeper;
    gui::EventClock::instance().reset();
    QApplication::postEvent(&sleeper, std::make_unique<QEvent>(QEvent::User).release());
    QApplication::processEvents();
    EXPECT_EQ(gui::EventClock::instance().longest().type, QEvent::User);
    EXPECT_GE(gui::EventClock::instance().longest().milliseconds, 12);
    EXPECT_FALSE(gui::EventClock::instance().slow().empty());
}

} // namespace
} // namespace lazulite
