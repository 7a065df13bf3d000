#include <gtest/gtest.h>

#include "driver.h"
#include "widgets/histogram_view.h"

namespace lazulite {
namespace {

using testing::Driver;
using testing::limits;
using testing::ScriptedSource;

/// Two time points of a dark cube; at time t voxel (5 + 10 t, 15, 15) and its neighbours are bright.
std::shared_ptr<ScriptedSource> spotInADarkCube() {
    const Axes axes{{"t", 2, 1, "", {}}, {"z", 24, 1, "um", {}}, {"y", 32, 1, "um", {}}, {"x", 32, 1, "um", {}}};
    return std::make_shared<ScriptedSource>(axes, DType::UInt16, [](const std::vector<std::int64_t>& at) {
        const std::int64_t z = 5 + 10 * at[0];
        const bool bright = std::abs(at[1] - z) <= 2 && std::abs(at[2] - 15) <= 2 && std::abs(at[3] - 15) <= 2;
        return bright ? 1000.0 : 0.0;
    });
}

int brightest(const QImage& image, QRect within) {
    int most = 0;
    for (int y = within.top(); y <= within.bottom(); ++y) {
        for (int x = within.left(); x <= within.right(); ++x) most = std::max(most, qGray(image.pixel(x, y)));
    }
    return most;
}

QRect centre(const QImage& image) {
    return {image.width() / 2 - 60, image.height() / 2 - 60, 120, 120};
}

TEST(Volume, IsShownAsItsBrightestVoxelsByCtrlY) {
    Driver driver;
    gui::WindowOptions options = limits(0, 1000);
    options.at = {{"t", 0}, {"z", 20}}; // a plane without the spot
    driver.showAndWait(spotInADarkCube(), options);
    EXPECT_LT(brightest(driver.canvas().screenshot(), centre(driver.canvas().screenshot())), 40);
    driver.key(Qt::Key_Y, Qt::ControlModifier);
    ASSERT_TRUE(driver.waitForVolume());
    const QImage image = driver.canvas().screenshot();
    EXPECT_GT(brightest(image, centre(image)), 200) << "the projection shows the spot of every depth";
    EXPECT_LT(qGray(image.pixel(image.width() / 2, image.height() / 4)), 40) << "and nothing where there is none";
    EXPECT_EQ(driver.window().findChild<QWidget*>("sliderRow_z"), nullptr) << "z is displayed now";
    driver.key(Qt::Key_Y, Qt::ControlModifier);
    ASSERT_TRUE(driver.waitForPicture());
    EXPECT_EQ(driver.session().state().ndisplay, 2);
}

TEST(Volume, FollowsTheTimeSlider) {
    Driver driver;
    gui::WindowOptions options = limits(0, 1000);
    options.at = {{"t", 0}};
    options.ndisplay = 3;
    driver.show(spotInADarkCube(), options);
    ASSERT_TRUE(driver.waitForVolume());
    driver.key(Qt::Key_Right);
    ASSERT_TRUE(driver.waitForVolume());
    EXPECT_EQ(driver.session().volume()->state.position[0], 1);
}

TEST(Volume, FillsTheHistogramOfItsChannel) {
    Driver driver;
    gui::WindowOptions options = limits(0, 1000);
    options.ndisplay = 3;
    driver.show(spotInADarkCube(), options);
    ASSERT_TRUE(driver.waitForVolume());
    auto* histogram = driver.find<gui::HistogramView>("histogram_0");
    const auto barAtZero = [&] {
        const QImage image = histogram->grab().toImage();
        const QColor inside = image.pixelColor(image.width() / 2, image.height() / 2);
        for (int x = 0; x < image.width() / 4; ++x) {
            const QColor pixel = image.pixelColor(x, image.height() - 6);
            if (pixel.lightness() > inside.lightness() + 40) return true;
        }
        return false;
    };
    EXPECT_TRUE(Driver::waitFor(barAtZero)) << "most voxels are 0";
    histogram->setHistogram(nullptr);
    histogram->setLimits(2000, 3000, 1);
    EXPECT_FALSE(barAtZero());
}

TEST(Volume, TurnsWithTheMouseAndComesHome) {
    Driver driver;
    gui::WindowOptions options = limits(0, 1000);
    options.ndisplay = 3;
    driver.show(spotInADarkCube(), options);
    ASSERT_TRUE(driver.waitForVolume());
    const view::Camera3D before = driver.session().state().camera3d;
    const QPoint middle(driver.canvas().width() / 2, driver.canvas().height() / 2);
    Driver::drag(&driver.canvas(), middle, middle + QPoint(120, 0));
    EXPECT_NE(driver.session().state().camera3d.direction, before.direction);
    EXPECT_EQ(driver.session().state().camera3d.focus, before.focus);
    Driver::drag(&driver.canvas(), middle, middle + QPoint(40, 0), Qt::ShiftModifier);
    EXPECT_NE(driver.session().state().camera3d.focus, before.focus);
    driver.key(Qt::Key_R, Qt::ControlModifier);
    EXPECT_EQ(driver.session().state().camera3d, view::Camera3D{});
}

} // namespace
} // namespace lazulite
