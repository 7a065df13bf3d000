#include <gtest/gtest.h>

#include <QClipboard>
#include <QDialog>
#include <QDialogButtonBox>
#include <QDropEvent>
#include <QFileDialog>
#include <QImage>
#include <QLabel>
#include <QLineEdit>
#include <QListWidget>
#include <QMenuBar>
#include <QMimeData>
#include <QPushButton>
#include <QTableWidget>
#include <QTemporaryDir>
#include <QToolButton>
#include <QTreeWidget>
#include <QUrl>
#include <cstring>

#include "driver.h"
#include "lazulite/core/error.h"
#include "lazulite/io/tiff_writer.h"
#include "window/welcome.h"

namespace lazulite {
namespace {

using testing::Driver;
using testing::limits;
using testing::smallMovie;
using testing::twoChannels;

/// Stacks img_t0.tif ... of 3 planes of 8 x 12 whose values are 100 t + 10 z + y.
void writeStacks(const QString& folder, int timepoints) {
    for (int t = 0; t < timepoints; ++t) {
        io::TiffWriteOptions options;
        options.height = 8;
        options.width = 12;
        io::TiffWriter writer((folder + QStringLiteral("/img_t%1.tif").arg(t)).toStdString(), options);
        std::vector<std::uint16_t> values;
        for (int z = 0; z < 3; ++z) {
            for (int y = 0; y < 8; ++y)
                values.insert(values.end(), 12, static_cast<std::uint16_t>(100 * t + 10 * z + y));
        }
        auto data = std::shared_ptr<std::byte[]>(new std::byte[values.size() * 2]);
        std::memcpy(data.get(), values.data(), values.size() * 2);
        writer.append(
            Block(std::shared_ptr<const std::byte>(data, data.get()), DType::UInt16, Region::whole({3, 8, 12})));
        writer.finish();
    }
}

void closeDialogs() {
    for (QWidget* widget : QApplication::topLevelWidgets()) {
        if (qobject_cast<QDialog*>(widget) != nullptr || widget->windowType() == Qt::Popup) widget->close();
    }
    QApplication::sendPostedEvents(nullptr, QEvent::DeferredDelete);
    QApplication::processEvents();
}

void dropOn(gui::MainWindow& window, const QString& path) {
    QMimeData data;
    data.setUrls({QUrl::fromLocalFile(path)});
    QDragEnterEvent enter(QPoint(50, 50), Qt::CopyAction, &data, Qt::LeftButton, Qt::NoModifier);
    QApplication::sendEvent(&window, &enter);
    EXPECT_TRUE(enter.isAccepted());
    QDropEvent drop(QPointF(50, 50), Qt::CopyAction, &data, Qt::LeftButton, Qt::NoModifier);
    QApplication::sendEvent(&window, &drop);
}

TEST(Opening, ShowsTheFolderThatWasDropped) {
    const QTemporaryDir folder;
    writeStacks(folder.path(), 4);
    Driver driver;
    dropOn(driver.window(), folder.path());
    ASSERT_TRUE(Driver::waitFor([&] { return driver.session().hasData(); }));
    driver.session().editChannel(0, [](view::ChannelSettings& channel) {
        channel.limits = {0, 400};
        channel.provisional = false;
    });
    ASSERT_TRUE(driver.waitForPicture());
    EXPECT_EQ(shapeOf(driver.session().axes()), (Shape{4, 3, 8, 12}));
    EXPECT_NEAR(driver.colorAt(5, 6).red(), (200 + 10 + 5) * 255.0 / 400, 2);
    EXPECT_EQ(gui::settings::recentPaths().front(), folder.path());
}

TEST(Opening, TellsInTheWindowWhatWentWrongAndKeepsTheOldData) {
    Driver driver;
    driver.showAndWait(twoChannels());
    driver.window().openPaths({"/no/such/folder"});
    auto* banner = driver.find<QWidget>("banner");
    ASSERT_TRUE(Driver::waitFor([&] { return banner->isVisible(); }));
    EXPECT_TRUE(driver.find<QLabel>("bannerText")->text().contains("/no/such/folder"));
    EXPECT_TRUE(driver.session().hasData());
    EXPECT_EQ(driver.find<QTreeWidget>("problemsList")->topLevelItemCount(), 1);
}

TEST(Opening, IsCalledOffByEscape) {
    const QTemporaryDir folder;
    writeStacks(folder.path(), 2);
    Driver driver;
    driver.window().openPaths({folder.path().toStdString()});
    driver.trigger("cancelTask");
    QTest::qWait(200); // time for an answer that nobody wants any more
    EXPECT_FALSE(driver.session().hasData());
    EXPECT_FALSE(driver.find<QWidget>("taskCancel")->isVisible());
    EXPECT_TRUE(driver.find<gui::Welcome>("welcome")->isVisible());
}

TEST(Opening, StartsWhereTheOptionsSayOrTellsThatItCannot) {
    Driver driver;
    gui::WindowOptions options;
    options.at = {{"t", -1}, {"z", 1}};
    options.plane = "zy";
    driver.showAndWait(smallMovie(), options);
    EXPECT_EQ(driver.session().state().position[0], 5);
    EXPECT_EQ(driver.session().axes()[driver.session().state().columnAxis()].name, "y");
    options.at = {{"q", 1}};
    driver.showAndWait(smallMovie(), options);
    EXPECT_TRUE(driver.find<QLabel>("bannerText")->text().contains("\"q\""));
}

TEST(Actions, AllRunWithAndWithoutData) {
    Driver driver;
    const auto runAll = [&] {
        int count = 0;
        for (QAction* action : driver.window().actions()) {
            if (action->objectName() == "quit" || action->objectName() == "closeData" || !action->isEnabled()) continue;
            action->trigger();
            QApplication::processEvents();
            closeDialogs();
            ++count;
        }
        return count;
    };
    const int without = runAll();
    driver.showAndWait(twoChannels());
    const int with = runAll();
    EXPECT_GT(without, 5);
    EXPECT_GT(with, without + 20);
    driver.trigger("closeData");
}

TEST(Menus, HoldNoEntryThatDoesNothing) {
    Driver driver;
    driver.showAndWait(smallMovie());
    // With a pipeline of which something was changed, undone and looked at.
    gui::PipelineEditor& editor = driver.window().editor();
    editor.addStep("rescale");
    editor.addStep("rescale");
    editor.undo();
    editor.lookAt(0);
    ASSERT_TRUE(Driver::waitFor([&] { return editor.built() && editor.built()->config == editor.config(); }));
    editor.addStep("smooth");
    editor.addStep("smooth");
    editor.undo();
    editor.lookAt(0);
    ASSERT_TRUE(Driver::waitFor([&] { return driver.session().processed(); }));
    for (const QAction* top : driver.window().menuBar()->actions()) {
        for (const QAction* entry : top->menu()->actions()) {
            if (entry->isSeparator() || entry->menu() != nullptr) continue;
            EXPECT_FALSE(entry->objectName().isEmpty()) << qPrintable(entry->text());
            EXPECT_TRUE(entry->isEnabled()) << qPrintable(entry->text());
        }
    }
}

TEST(Screenshot, IsWhatTheCanvasShows) {
    Driver driver;
    gui::WindowOptions options = limits(0, 600);
    driver.showAndWait(smallMovie(), options);
    driver.key(Qt::Key_C, Qt::AltModifier);
    const QImage copied = QApplication::clipboard()->image();
    ASSERT_EQ(copied.size(), driver.canvas().deviceSize());
    EXPECT_EQ(copied.convertToFormat(QImage::Format_RGB32), driver.canvas().screenshot());
}

TEST(Screenshot, IsWrittenWhereTheDialogSays) {
    const QTemporaryDir folder;
    Driver driver;
    driver.showAndWait(smallMovie(), limits(0, 600));
    const QImage seen = driver.canvas().screenshot();
    driver.key(Qt::Key_S, Qt::AltModifier);
    auto* dialog = driver.find<QFileDialog>("screenshotDialog");
    ASSERT_NE(dialog, nullptr);
    const QString path = folder.filePath("shot.png");
    emit dialog->fileSelected(path);
    ASSERT_TRUE(Driver::waitFor([&] { return QFile::exists(path); }));
    EXPECT_EQ(QImage(path).convertToFormat(QImage::Format_RGB32), seen);
    closeDialogs();
}

TEST(Preferences, SetTheMemoryBudgetAndAreKept) {
    Driver driver;
    driver.trigger("preferences");
    auto* dialog = driver.find<QDialog>("preferencesDialog");
    auto* memory = dialog->findChild<QLineEdit*>("memoryEdit");
    memory->setText("lots");
    QTest::keyClick(memory, Qt::Key_Return);
    EXPECT_TRUE(dialog->isVisible()) << "what makes no sense is told in the dialog";
    EXPECT_TRUE(dialog->findChild<QLabel*>("memoryError")->isVisible());
    memory->setText("512M");
    QTest::keyClick(memory, Qt::Key_Return);
    EXPECT_EQ(driver.session().executor().memory().usage().limit, 512ULL << 20U);
    EXPECT_EQ(gui::Preferences::load().memoryLimit, 512ULL << 20U);
    closeDialogs();
}

TEST(CommandPalette, RunsTheActionThatIsTyped) {
    Driver driver;
    driver.showAndWait(smallMovie());
    driver.key(Qt::Key_P, Qt::ControlModifier | Qt::ShiftModifier);
    auto* search = driver.find<QLineEdit>("paletteSearch");
    ASSERT_NE(search, nullptr);
    QTest::keyClicks(search, "transpose");
    EXPECT_EQ(driver.find<QListWidget>("paletteList")->count(), 1);
    QTest::keyClick(search, Qt::Key_Return);
    EXPECT_EQ(driver.session().axes()[driver.session().state().rowAxis()].name, "x");
    closeDialogs();
}

TEST(AxesDialog, CorrectsNamesAndVoxelsAtOnce) {
    Driver driver;
    driver.showAndWait(smallMovie());
    driver.find<QPushButton>("correctAxes")->click();
    auto* dialog = driver.find<QDialog>("axesDialog");
    dialog->findChild<QLineEdit*>("axisSpacing_1")->setText("nonsense");
    dialog->findChild<QDialogButtonBox*>("axesButtons")->button(QDialogButtonBox::Ok)->click();
    EXPECT_TRUE(dialog->findChild<QLabel*>("axesError")->isVisible());
    EXPECT_EQ(driver.session().axes()[1].spacing, 0.5);
    dialog->findChild<QLineEdit*>("axisSpacing_1")->setText("0.75");
    dialog->findChild<QPushButton*>("swapTimeDepth")->click();
    dialog->findChild<QDialogButtonBox*>("axesButtons")->button(QDialogButtonBox::Ok)->click();
    EXPECT_EQ(driver.session().axes()[0].name, "z");
    EXPECT_EQ(driver.session().axes()[0].spacing, 0.75);
    EXPECT_EQ(driver.session().axes()[1].name, "t");
    EXPECT_NE(driver.find<QWidget>("sliderRow_t"), nullptr);
    closeDialogs();
}

TEST(ArrayPanel, TellsWhatIsOpen) {
    Driver driver;
    driver.showAndWait(smallMovie());
    auto* table = driver.find<QTableWidget>("arrayTable");
    EXPECT_EQ(table->item(0, 0)->text(), "36 kB"); // 6 x 5 x 20 x 30 x 2 bytes
    EXPECT_EQ(table->item(1, 1)->text(), QStringLiteral("1\u00D71\u00D720\u00D730"));
    EXPECT_EQ(table->item(3, 0)->text(), "uint16");
    EXPECT_TRUE(driver.find<QLabel>("voxelFact")->text().contains(QStringLiteral("0.25 \u00B5m")));
}

TEST(StatusBar, TellsWhatTheLastPictureCost) {
    Driver driver;
    driver.showAndWait(smallMovie());
    EXPECT_TRUE(driver.find<QToolButton>("costs")->text().contains("1 files"))
        << qPrintable(driver.find<QToolButton>("costs")->text());
    driver.click(driver.find<QToolButton>("costs"));
    auto* ledger = driver.find<QTreeWidget>("ledgerList");
    EXPECT_TRUE(ledger->isVisible());
    EXPECT_GE(ledger->topLevelItemCount(), 1);
}

TEST(Rolling, AsksBeforeAPictureReadsManyFiles) {
    // A file holds (p, y, x): each plane of z lies in its own.
    const Axes axes{{"z", 30, 1, "", {}}, {"p", 2, 1, "", {}}, {"y", 8, 1, "", {}}, {"x", 8, 1, "", {}}};
    auto source = std::make_shared<testing::ScriptedSource>(axes, DType::UInt16, [](const auto&) { return 1.0; });
    Driver driver;
    driver.showAndWait(source);
    const auto rowName = [&] { return driver.session().axes()[driver.session().state().rowAxis()].name; };
    driver.trigger("roll"); // z against y: 30 files
    EXPECT_TRUE(driver.find<QWidget>("banner")->isVisible());
    EXPECT_EQ(rowName(), "y");
    driver.find<QPushButton>("bannerButton")->click();
    EXPECT_EQ(rowName(), "z");
    EXPECT_FALSE(driver.find<QWidget>("banner")->isVisible());
}

TEST(Window, RemembersItsSize) {
    {
        Driver driver;
        driver.window().resize(870, 640);
        QApplication::processEvents();
        driver.window().close();
    }
    gui::MainWindow again;
    EXPECT_EQ(again.size(), QSize(870, 640));
}

} // namespace
} // namespace lazulite
