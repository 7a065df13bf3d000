#include <gtest/gtest.h>

#include <QLabel>
#include <QWheelEvent>

#include "driver.h"

namespace lazulite {
namespace {

using testing::Driver;
using testing::ScriptedSource;

/// A plane of 1600 x 2400 with a copy of a quarter of its size: whole it is 100, the copy 200.
struct BigPlane {
    std::shared_ptr<ScriptedSource> whole = source(1600, 2400, 100);
    std::shared_ptr<ScriptedSource> quarter = source(400, 600, 200);

    static std::shared_ptr<ScriptedSource> source(std::int64_t rows, std::int64_t columns, double value) {
        return std::make_shared<ScriptedSource>(
            Axes{{"y", rows, 1, "", {}}, {"x", columns, 1, "", {}}}, DType::UInt8,
            [value](const std::vector<std::int64_t>&) { return value; }, "of " + std::to_string(rows));
    }

    void show(Driver& driver) const {
        gui::Recording recording;
        recording.array = graph::LazyArray::fromSource(whole);
        recording.reduced = {graph::LazyArray::fromSource(quarter)};
        recording.title = QStringLiteral("big");
        driver.window().showRecording(recording, testing::limits(0, 255));
    }
};

TEST(Overview, ReadsAndShowsTheSmallCopyUntilTheWheelComesCloser) {
    Driver driver;
    driver.window().resize(560, 420); // the canvas is smaller than the copy
    const BigPlane plane;
    plane.show(driver);
    ASSERT_TRUE(driver.waitForPicture());
    EXPECT_TRUE(plane.whole->begun().empty());
    EXPECT_EQ(plane.quarter->begun().size(), 1U);
    EXPECT_EQ(driver.colorAt(800, 1200).red(), 200);
    const QPoint middle = driver.pointOf(800, 1200);
    driver.hover(middle);
    EXPECT_TRUE(driver.find<QLabel>("readout")->text().contains(QStringLiteral("\u2248200")))
        << driver.find<QLabel>("readout")->text().toStdString();

    const QPointF at(middle);
    QWheelEvent wheel(at, driver.canvas().mapToGlobal(at), {}, QPoint(0, 4000), Qt::NoButton, Qt::NoModifier,
                      Qt::NoScrollPhase, false);
    QApplication::sendEvent(&driver.canvas(), &wheel);
    ASSERT_TRUE(driver.waitForPicture());
    EXPECT_EQ(plane.whole->begun().size(), 1U);
    EXPECT_EQ(driver.canvas().screenshot().pixelColor(middle).red(), 100);
    driver.hover(middle);
    const QString text = driver.find<QLabel>("readout")->text();
    EXPECT_TRUE(text.contains(QStringLiteral(" 100"))) << text.toStdString();
    EXPECT_FALSE(text.contains(QChar(0x2248))) << text.toStdString();
}

TEST(Overview, TakesTheCopiesOfAFileAndListsThem) {
    Driver driver;
    driver.window().openPaths({LAZULITE_TIFF_DATA "/pyramid.ome.tif"});
    ASSERT_TRUE(driver.waitForPicture());
    ASSERT_EQ(driver.session().recording().reduced.size(), 2U);
    EXPECT_EQ(driver.session().recording().reduced[1].shape(), (Shape{8, 10}));
    EXPECT_EQ(driver.find<QLabel>("reducedFact")->text(), QStringLiteral("15\u00D719, 8\u00D710"));
    EXPECT_EQ(driver.session().picture()->step, (std::array<double, 2>{1, 1})) << "it is larger on the canvas";
}

} // namespace
} // namespace lazulite
