#include <gtest/gtest.h>

#include <QComboBox>
#include <QDialog>
#include <QDir>
#include <QLabel>
#include <QLineEdit>
#include <QMessageBox>
#include <QPushButton>
#include <QToolButton>

#include "lazulite/io/file_series.h"
#include "lazulite/io/tiff_file.h"
#include "pipeline_driver.h"
#include "steps/number_field.h"

/// File > Export: the dialog, and what is written in the background.
namespace lazulite {
namespace {

using testing::closePopups;
using testing::Driver;
using testing::kDouble;
using testing::limits;
using testing::PipelineDriver;
using testing::smallMovie;

class ExportDriver : public PipelineDriver {
public:
    using PipelineDriver::PipelineDriver;

    QDialog* openDialog() {
        trigger("export");
        return find<QDialog>("exportDialog");
    }
    template <typename T>
    static T* in(QDialog* dialog, const char* name) {
        T* found = dialog->findChild<T*>(QLatin1String(name));
        EXPECT_NE(found, nullptr) << name;
        return found;
    }
    static bool waitUntilReady(QDialog* dialog) {
        return waitFor([=] { return in<QPushButton>(dialog, "exportGo")->isEnabled(); });
    }
    bool waitForBanner(const char* text) {
        return waitFor([&] { return find<QLabel>("bannerText")->text().contains(QLatin1String(text)); });
    }
    QStringList files(const char* folder) const {
        return QDir(path(folder)).entryList({QStringLiteral("*.tif")}, QDir::Files, QDir::Name);
    }
};

TEST(Exporting, WritesThePipelinesResultAsTheDialogSays) {
    ExportDriver driver;
    driver.showWith(kDouble);
    QDialog* dialog = driver.openDialog();
    ASSERT_NE(dialog, nullptr);
    driver.in<QLineEdit>(dialog, "exportFolder")->setText(driver.path("out"));
    for (const auto& [name, key] : {std::pair("first_t", Qt::Key_1), std::pair("last_t", Qt::Key_2)}) {
        auto* field = driver.in<gui::NumberField>(dialog, name);
        QTest::keyClick(field, Qt::Key_A, Qt::ControlModifier);
        QTest::keyClick(field, key);
    }
    auto* type = driver.in<QComboBox>(dialog, "exportType");
    type->setCurrentIndex(type->findText("float32"));
    emit type->activated(type->currentIndex());
    auto* codec = driver.in<QComboBox>(dialog, "exportCodec");
    codec->setCurrentIndex(1);
    emit codec->activated(1);
    ASSERT_TRUE(ExportDriver::waitUntilReady(dialog));
    EXPECT_TRUE(driver.in<QLabel>(dialog, "exportForecast")->text().contains("2 files"));
    driver.click(driver.in<QPushButton>(dialog, "exportGo"));
    ASSERT_TRUE(driver.waitForBanner("Exported 2 volumes"));
    ASSERT_EQ(driver.files("out").size(), 2);
    ReadCounts counts;
    const auto series = io::FileSeries::open({driver.path("out").toStdString()}, {}, counts);
    EXPECT_EQ(series->dtype(), DType::Float32);
    graph::Executor executor({.memoryLimit = 64U << 20U});
    const auto array = graph::LazyArray::fromSource(series->source());
    const graph::Outcome outcome = executor.run({.array = array, .region = Region::whole(array.shape())});
    ASSERT_TRUE(outcome.block);
    const auto* values = reinterpret_cast<const float*>(outcome.block->data());
    EXPECT_EQ(values[0], 200) << "t = 1 comes first, doubled";
}

TEST(Exporting, TellsBeforehandWhatSpeaksAgainstIt) {
    ExportDriver driver;
    driver.showWith(kDouble);
    QDialog* dialog = driver.openDialog();
    driver.in<QLineEdit>(dialog, "exportFolder")->setText({});
    auto* forecast = driver.in<QLabel>(dialog, "exportForecast");
    ASSERT_TRUE(Driver::waitFor([&] { return forecast->property("error").toBool(); }));
    EXPECT_FALSE(driver.in<QPushButton>(dialog, "exportGo")->isEnabled());
    driver.in<QLineEdit>(dialog, "exportFolder")->setText(driver.path("twice"));
    ASSERT_TRUE(ExportDriver::waitUntilReady(dialog));
    driver.click(driver.in<QPushButton>(dialog, "exportGo"));
    ASSERT_TRUE(driver.waitForBanner("Exported 6 volumes"));
    closePopups();
    dialog = driver.openDialog();
    driver.in<QLineEdit>(dialog, "exportFolder")->setText(driver.path("twice"));
    forecast = driver.in<QLabel>(dialog, "exportForecast");
    ASSERT_TRUE(Driver::waitFor([&] { return forecast->text().contains("6 of them exist"); }));
    EXPECT_FALSE(driver.in<QPushButton>(dialog, "exportGo")->isEnabled());
    auto* existing = driver.in<QComboBox>(dialog, "exportExisting");
    existing->setCurrentIndex(1);
    emit existing->activated(1);
    ASSERT_TRUE(ExportDriver::waitUntilReady(dialog));
    driver.click(driver.in<QPushButton>(dialog, "exportGo"));
    ASSERT_TRUE(driver.waitForBanner("6 were there already"));
}

/// A disk that does not answer for some planes of the last but one timepoint.
class ExportingFromASlowDisk : public ::testing::TestWithParam<std::int64_t> {};

TEST_P(ExportingFromASlowDisk, GoesOnWhileTheWindowIsUsedAndIsStopped) {
    ExportDriver driver;
    auto source = smallMovie();
    driver.showAndWait(source, limits(0, 600));
    QDialog* dialog = driver.openDialog();
    driver.in<QLineEdit>(dialog, "exportFolder")->setText(driver.path("part"));
    ASSERT_TRUE(ExportDriver::waitUntilReady(dialog));
    source->hold(
        [first = GetParam()](const Region& region) { return region[0].begin == 4 && region[1].begin >= first; });
    driver.click(driver.in<QPushButton>(dialog, "exportGo"));
    ASSERT_TRUE(Driver::waitFor([&] { return driver.files("part").size() == 4; }));
    ASSERT_TRUE(Driver::waitFor([&] { return driver.find<QLabel>("taskText")->text().contains("of 6"); }))
        << qPrintable(driver.find<QLabel>("taskText")->text());
    driver.session().setPosition(0, 1);
    ASSERT_TRUE(driver.waitForPicture()) << "the window goes on";
    driver.click(driver.find<QToolButton>("taskCancel"));
    ASSERT_TRUE(driver.waitForBanner("Export stopped: 4 volumes"));
    EXPECT_FALSE(driver.find<QToolButton>("taskCancel")->isVisible());
    const QStringList left = QDir(driver.path("part")).entryList(QDir::Files | QDir::Hidden);
    EXPECT_EQ(left.filter(QStringLiteral(".tif")).size(), 4) << "nothing half-written is left";
    source->hold({});
}

INSTANTIATE_TEST_SUITE_P(FromPlane, ExportingFromASlowDisk, ::testing::Values(0, 1, 4));

TEST(Exporting, TellsWhichFilesCouldNotBeWrittenAndWhy) {
    auto source = smallMovie();
    source->fails = [](const Region& region) -> std::optional<Error> {
        if (region[0].begin != 3) return std::nullopt;
        return Error{Error::Kind::Corrupt, "cut short", "file3.tif", 0};
    };
    ExportDriver driver;
    driver.showAndWait(source, limits(0, 600));
    QDialog* dialog = driver.openDialog();
    driver.in<QLineEdit>(dialog, "exportFolder")->setText(driver.path("bad"));
    ASSERT_TRUE(ExportDriver::waitUntilReady(dialog));
    driver.click(driver.in<QPushButton>(dialog, "exportGo"));
    ASSERT_TRUE(driver.waitForBanner("cut short"));
    EXPECT_EQ(driver.files("bad").size(), 5);
}

TEST(Exporting, IsAskedAboutBeforeTheWindowCloses) {
    ExportDriver driver;
    auto source = smallMovie();
    driver.showAndWait(source, limits(0, 600));
    source->hold([](const Region& region) { return region[0].begin == 0; });
    QDialog* dialog = driver.openDialog();
    driver.in<QLineEdit>(dialog, "exportFolder")->setText(driver.path("late"));
    ASSERT_TRUE(ExportDriver::waitUntilReady(dialog));
    driver.click(driver.in<QPushButton>(dialog, "exportGo"));
    ASSERT_TRUE(driver.window().exportJob().isRunning());
    EXPECT_FALSE(driver.window().close());
    auto* box = driver.find<QMessageBox>("exportRunningDialog");
    ASSERT_NE(box, nullptr);
    for (QAbstractButton* button : box->buttons()) {
        if (box->buttonRole(button) == QMessageBox::DestructiveRole) driver.click(button);
    }
    ASSERT_TRUE(Driver::waitFor([&] { return !driver.window().isVisible(); }));
    source->hold({});
}

} // namespace
} // namespace lazulite
