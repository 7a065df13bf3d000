#include <gtest/gtest.h>

#include "lazulite/core/axis.h"
#include "pipeline_driver.h"

/// Looking at what was there before the pipeline.
namespace lazulite {
namespace {

using testing::Driver;
using testing::kDouble;
using testing::limits;
using testing::PipelineDriver;

QColor pixel(Driver& driver, double x, double y) {
    const QImage image = driver.canvas().screenshot();
    return image.pixelColor(static_cast<int>(x * image.width()), static_cast<int>(y * image.height()));
}

/// A window on values that are 10 at the left half of the planes and 200 at the right one.
std::shared_ptr<testing::ScriptedSource> halves() {
    const Axes axes{{"t", 3, 1, "", {}}, {"z", 6, 1, "um", {}}, {"y", 20, 1, "um", {}}, {"x", 40, 1, "um", {}}};
    return std::make_shared<testing::ScriptedSource>(
        axes, DType::UInt16, [](const auto& at) { return (at[3] < 20 ? 10.0 : 200.0) + static_cast<double>(at[1]); });
}

TEST(HoldingR, ShowsTheSamePlaceBeforeItsValuesWereChanged) {
    PipelineDriver driver;
    driver.showAndWait(halves(), limits(0, 255));
    // A crop moves what is seen; the rescale darkens all of it.
    driver.open("[[step]]\nop = \"crop\"\nx = \"10:30\"\nz = \"2:\"\n[[step]]\nop = \"rescale\"\ngain = 0\n");
    EXPECT_EQ(pixel(driver, 0.7, 0.5).red(), 0);
    const view::ViewState before = driver.session().state();
    QTest::keyPress(&driver.canvas(), Qt::Key_R);
    ASSERT_TRUE(driver.window().comparison().held());
    ASSERT_TRUE(Driver::waitFor([&] { return pixel(driver, 0.6, 0.5).red() > 200; })) << "contrast of its own";
    EXPECT_LT(pixel(driver, 0.4, 0.5).red(), 60) << "the same part of the plane";
    EXPECT_FALSE(driver.window().comparison().isNearest());
    QTest::keyRelease(&driver.canvas(), Qt::Key_R);
    EXPECT_EQ(pixel(driver, 0.7, 0.5).red(), 0);
    EXPECT_EQ(driver.session().state(), before);
}

TEST(HoldingR, FollowsTheSliders) {
    PipelineDriver driver;
    driver.showWith("[[step]]\nop = \"rescale\"\ngain = 0\n");
    QTest::keyPress(&driver.canvas(), Qt::Key_R);
    const auto shown = [&](std::int64_t t) {
        return Driver::waitFor([&] {
            const auto& picture = driver.window().comparison().picture();
            return picture && !picture->stale && picture->state.position[0] == t;
        });
    };
    ASSERT_TRUE(shown(1));
    driver.key(Qt::Key_Right);
    ASSERT_TRUE(shown(2));
    QTest::keyRelease(&driver.canvas(), Qt::Key_R);
}

TEST(HoldingR, ShowsTheRawStackAtTheNearestPlaceWhereThereIsNothingButGeometry) {
    PipelineDriver driver;
    driver.showAndWait(halves(), limits(0, 255));
    driver.open("[[step]]\nop = \"crop\"\nx = \"20:\"\nz = \"2:\"\n");
    const std::int64_t z = driver.session().state().position[1];
    QTest::keyPress(&driver.canvas(), Qt::Key_R);
    const gui::Comparison& comparison = driver.window().comparison();
    ASSERT_TRUE(Driver::waitFor([&] { return comparison.picture() != nullptr; }));
    EXPECT_TRUE(comparison.isNearest());
    EXPECT_EQ(comparison.picture()->state.position[1], z + 2);
    EXPECT_EQ(comparison.picture()->planeSize[1], 40) << "the whole raw plane";
    QTest::keyRelease(&driver.canvas(), Qt::Key_R);
}

TEST(HoldingR, DoesNothingWithoutAPipeline) {
    PipelineDriver driver;
    driver.showAndWait(halves(), limits(0, 255));
    const QImage before = driver.canvas().screenshot();
    QTest::keyPress(&driver.canvas(), Qt::Key_R);
    QApplication::processEvents();
    EXPECT_EQ(driver.canvas().screenshot(), before);
    QTest::keyRelease(&driver.canvas(), Qt::Key_R);
}

TEST(SideBySide, PartsTheCanvasAtADividerThatIsDragged) {
    PipelineDriver driver;
    driver.showWith("[[step]]\nop = \"rescale\"\ngain = 0\noffset = 510\n");
    EXPECT_EQ(pixel(driver, 0.4, 0.5).red(), 255);
    driver.key(Qt::Key_R, Qt::ShiftModifier);
    ASSERT_TRUE(Driver::waitFor([&] { return pixel(driver, 0.4, 0.5).red() < 250; }));
    EXPECT_EQ(pixel(driver, 0.6, 0.5).red(), 255);
    const int y = driver.canvas().height() / 4;
    Driver::drag(&driver.canvas(), QPoint(driver.canvas().width() / 2, y), QPoint(driver.canvas().width() * 3 / 4, y));
    EXPECT_NEAR(driver.window().comparison().divider(), 0.75, 0.01);
    EXPECT_LT(pixel(driver, 0.6, 0.5).red(), 250);
    EXPECT_TRUE(driver.session().state().camera2d.fitted) << "the picture was not moved";
    driver.key(Qt::Key_R, Qt::ShiftModifier);
    EXPECT_EQ(pixel(driver, 0.4, 0.5).red(), 255);
}

} // namespace
} // namespace lazulite
