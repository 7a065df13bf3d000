#include <gtest/gtest.h>

#include <QCheckBox>
#include <QComboBox>
#include <QLabel>
#include <QLineEdit>
#include <QListWidget>
#include <QMenu>
#include <QProgressBar>
#include <QPushButton>
#include <QToolButton>

#include "pipeline_driver.h"
#include "steps/number_field.h"
#include "steps/step_list.h"

/// The steps in the panel, by keys and mouse.
namespace lazulite {
namespace {

using testing::closePopups;
using testing::Driver;
using testing::kDouble;
using testing::kMinus100;
using testing::limits;
using testing::PipelineDriver;
using testing::smallMovie;
using testing::twoChannels;

void type(QWidget* field, const char* text) {
    field->setFocus();
    QTest::keyClick(field, Qt::Key_A, Qt::ControlModifier);
    QTest::keyClicks(field, text);
}

TEST(AParameter, IsTypedAndLooksLikeItAfterAPause) {
    PipelineDriver driver;
    driver.showWith(kDouble);
    auto* gain = driver.field<gui::NumberField>(0, "gain", "number");
    EXPECT_EQ(gain->number(), 2);
    type(gain, "3");
    EXPECT_TRUE(driver.editor().modified());
    ASSERT_TRUE(driver.waitForValue(330));
    QTest::keyClick(gain, Qt::Key_Down); // a step of the spin box
    ASSERT_TRUE(driver.waitForValue(2.9 * 110));
    driver.click(driver.part<QToolButton>(0, "reset_gain"));
    ASSERT_TRUE(driver.waitForValue(110));
    EXPECT_EQ(driver.editor().config().steps[0].find("gain"), nullptr);
}

TEST(AParameter, ShowsItsDefaultUnitRangeAndHelp) {
    PipelineDriver driver;
    driver.showWith("[[step]]\nop = \"deskew\"\nangle = 20\n");
    auto* angle = driver.field<gui::NumberField>(0, "angle", "number");
    EXPECT_EQ(angle->text(), QStringLiteral("20 \u00B0"));
    EXPECT_EQ(angle->maximum(), 90);
    EXPECT_EQ(driver.card(0).findChild<QWidget*>("parameter_width"), nullptr) << "what is not set takes no room";
    driver.click(driver.part<QPushButton>(0, "moreParameters"));
    auto* width = driver.part<QWidget>(0, "parameter_width");
    ASSERT_NE(width, nullptr);
    EXPECT_TRUE(width->isVisible());
    EXPECT_EQ(driver.field<QLineEdit>(0, "stage-step", "qt_spinbox_lineedit")->placeholderText(),
              "from the data (spacing of z), else from the settings file");
    EXPECT_TRUE(driver.field<QComboBox>(0, "axis", "choice")->currentText() == "x");
    EXPECT_TRUE(width->parentWidget()->toolTip().contains("columns of the result"));
}

TEST(AParameter, ThatMakesNoSenseIsMarkedAndChangesNothing) {
    PipelineDriver driver;
    driver.showWith("[[step]]\nop = \"crop\"\ny = \"2:\"\n");
    ASSERT_EQ(driver.session().axes()[2].size, 18);
    auto* y = driver.field<QLineEdit>(0, "y", "text");
    type(y, "2:x");
    auto* mistake = driver.part<QLabel>(0, "mistake_y");
    EXPECT_TRUE(mistake->isVisible());
    EXPECT_TRUE(y->property("mistake").toBool());
    EXPECT_EQ(driver.session().axes()[2].size, 18);
    type(y, "4:-6");
    EXPECT_FALSE(mistake->isVisible());
    ASSERT_TRUE(driver.waitForResult([&] { return driver.session().axes()[2].size == 10; }));
    type(y, "40:"); // it makes sense, but not for these data
    ASSERT_TRUE(Driver::waitFor([&] { return mistake->isVisible(); }));
    EXPECT_EQ(driver.session().axes()[2].size, 10) << "the last good one stays";
    EXPECT_EQ(driver.part<QLabel>(0, "stepState")->text(), "to be mended");
    type(y, "2:");
    ASSERT_TRUE(driver.waitForResult([&] { return driver.session().axes()[2].size == 18; }));
}

TEST(AParameter, MayHaveAValueForEachChannel) {
    PipelineDriver driver;
    driver.showAndWait(twoChannels(), limits(0, 510));
    driver.open(kDouble);
    EXPECT_TRUE(Driver::waitFor([&] { return std::abs(driver.colorAt(8, 8).red() - 200) <= 2; }));
    driver.click(driver.field<QToolButton>(0, "gain", "perChannel"));
    auto* first = driver.field<QWidget>(0, "gain", "ch0");
    ASSERT_NE(first, nullptr);
    type(first->findChild<gui::NumberField*>("number"), "1");
    EXPECT_TRUE(Driver::waitFor([&] { return std::abs(driver.colorAt(8, 8).red() - 100) <= 2; }));
    const auto* table = driver.editor().config().steps[0].find("gain")->get<pipeline::Value::Table>();
    ASSERT_NE(table, nullptr);
    EXPECT_EQ((*table)[0].value.number(), 1);
    EXPECT_EQ((*table)[1].value.number(), 2);
}

TEST(AParameter, IsANumberOrAWord) {
    PipelineDriver driver;
    driver.showWith("[[step]]\nop = \"deskew\"\npad = \"median\"\n");
    auto* words = driver.field<QToolButton>(0, "pad", "words");
    EXPECT_TRUE(words->text().startsWith("median"));
    auto* number = driver.field<gui::NumberField>(0, "pad", "number");
    EXPECT_FALSE(number->isVisible());
    words->menu()->actions().back()->trigger(); // "a number"
    EXPECT_TRUE(number->isVisible());
    EXPECT_EQ(driver.editor().config().steps[0].find("pad")->number(), 0);
}

TEST(Undo, TakesBackChangesOneByOneAndRedoBringsThemBack) {
    PipelineDriver driver;
    driver.showWith(kDouble);
    type(driver.field<gui::NumberField>(0, "gain", "number"), "3");
    ASSERT_TRUE(driver.waitForValue(330));
    driver.canvas().setFocus();
    driver.click(driver.part<QToolButton>(0, "stepEye"));
    ASSERT_TRUE(driver.waitForValue(110));
    driver.key(Qt::Key_Z, Qt::ControlModifier);
    ASSERT_TRUE(driver.waitForValue(330));
    driver.key(Qt::Key_Z, Qt::ControlModifier);
    ASSERT_TRUE(driver.waitForValue(220));
    EXPECT_FALSE(driver.editor().modified());
    driver.key(Qt::Key_Z, Qt::ControlModifier | Qt::ShiftModifier);
    ASSERT_TRUE(driver.waitForValue(330));
    EXPECT_EQ(driver.field<gui::NumberField>(0, "gain", "number")->number(), 3);
    driver.click(driver.find<QToolButton>("pipelineUndoButton"));
    ASSERT_TRUE(driver.waitForValue(220));
}

TEST(TheEye, SwitchesAStepOffAndOnWithoutReadingAgain) { // I6
    PipelineDriver driver;
    driver.session().setPrefetch(false);
    const auto source = driver.showWith(kDouble);
    const std::size_t before = source->begun().size();
    driver.click(driver.part<QToolButton>(0, "stepEye"));
    ASSERT_TRUE(driver.waitForValue(110));
    EXPECT_EQ(driver.part<QLabel>(0, "stepState")->text(), "off");
    driver.click(driver.part<QToolButton>(0, "stepEye"));
    ASSERT_TRUE(driver.waitForValue(220));
    EXPECT_EQ(source->begun().size(), before);
}

TEST(Steps, AreDraggedIntoAnotherOrder) {
    PipelineDriver driver;
    driver.showWith(kDouble + kMinus100);
    ASSERT_TRUE(driver.waitForValue(120)); // 2 x 110 - 100
    gui::StepCard& first = driver.card(0);
    gui::StepCard& second = driver.card(1);
    Driver::drag(&first, QPoint(8, 8), QPoint(8, second.y() - first.y() + second.height() - 4));
    EXPECT_EQ(driver.ops(), "background rescale");
    ASSERT_TRUE(driver.waitForValue(20)); // 2 x (110 - 100)
    EXPECT_EQ(&driver.card(1), &first) << "the cards move, what was typed in them stays";
    Driver::drag(&first, QPoint(8, 8), QPoint(8, second.y() - first.y() + 4));
    EXPECT_EQ(driver.ops(), "rescale background");
    Driver::drag(&first, QPoint(8, 8), QPoint(8, 20)); // not far enough to change anything
    EXPECT_EQ(driver.ops(), "rescale background");
    driver.key(Qt::Key_Z, Qt::ControlModifier);
    EXPECT_EQ(driver.ops(), "background rescale");
}

TEST(Steps, AreAddedFromAListAndRemovedByTheirMenu) {
    PipelineDriver driver;
    driver.showWith(kDouble);
    driver.click(driver.find<QPushButton>("addStep"));
    auto* search = driver.find<QLineEdit>("stepSearch");
    ASSERT_NE(search, nullptr);
    auto* list = driver.find<QListWidget>("stepChoices");
    EXPECT_GT(list->count(), 15);
    EXPECT_FALSE(list->item(0)->toolTip().isEmpty()) << "a line of help";
    QTest::keyClicks(search, "percentile");
    ASSERT_EQ(list->count(), 1);
    QTest::keyClick(search, Qt::Key_Return);
    EXPECT_EQ(driver.ops(), "rescale background");
    // It lacks something: the window tells, and goes on showing the last good one.
    ASSERT_TRUE(Driver::waitFor([&] { return driver.part<QLabel>(1, "stepText")->isVisible(); }));
    EXPECT_TRUE(driver.waitForValue(220));
    driver.click(driver.part<QToolButton>(1, "stepMenuButton"));
    driver.part<QAction>(1, "removeStep")->trigger();
    closePopups();
    EXPECT_EQ(driver.ops(), "rescale");
    EXPECT_EQ(driver.cardCount(), 1U);
}

TEST(Steps, BeginAPipelineWhereNoneIsOpen) {
    PipelineDriver driver;
    driver.showAndWait(smallMovie(), limits(0, 510));
    driver.trigger("addPipelineStep");
    auto* search = driver.find<QLineEdit>("stepSearch");
    ASSERT_NE(search, nullptr);
    QTest::keyClicks(search, "rescale");
    QTest::keyClick(search, Qt::Key_Return);
    ASSERT_TRUE(driver.waitForResult([&] { return driver.session().processed(); }));
    EXPECT_EQ(driver.ops(), "rescale");
}

TEST(ClickingAStep, ShowsTheResultUpToItAndBack) {
    PipelineDriver driver;
    driver.showWith(kDouble + kMinus100);
    ASSERT_TRUE(driver.waitForValue(120));
    QTest::mouseClick(&driver.card(0), Qt::LeftButton, Qt::NoModifier, QPoint(8, 8));
    ASSERT_TRUE(driver.waitForValue(220));
    EXPECT_TRUE(driver.find<QLabel>("lookedAtText")->isVisible());
    EXPECT_EQ(driver.part<QLabel>(1, "stepState")->text(), "not shown");
    driver.click(driver.find<QPushButton>("showWhole"));
    ASSERT_TRUE(driver.waitForValue(120));
    EXPECT_FALSE(driver.find<QLabel>("lookedAtText")->isVisible());
    QTest::mouseClick(&driver.card(0), Qt::LeftButton, Qt::NoModifier, QPoint(8, 8));
    ASSERT_TRUE(driver.waitForValue(220));
    driver.trigger("cancelTask"); // Escape
    ASSERT_TRUE(driver.waitForValue(120));
}

TEST(ClickingAStep, KeepsTheUsersPlaceThroughStepsThatCutAndShear) {
    PipelineDriver driver;
    driver.showWith("[[step]]\nop = \"crop\"\nz = \"1:\"\nt = \":3\"\n" + kDouble);
    driver.session().edit([](view::ViewState& state) { state.camera2d = {8, 12, 9, false}; });
    ASSERT_TRUE(driver.waitForPicture());
    const view::ViewState before = driver.session().state();
    driver.editor().lookAt(0);
    ASSERT_TRUE(driver.waitForPicture());
    EXPECT_EQ(driver.session().state(), before);
    driver.editor().lookAt(std::nullopt);
    ASSERT_TRUE(driver.waitForPicture());
    EXPECT_EQ(driver.session().state(), before);
}

TEST(AStep, TellsWhatItsLastBlockTook) {
    PipelineDriver driver;
    driver.showWith(kDouble);
    auto* state = driver.part<QLabel>(0, "stepState");
    EXPECT_TRUE(Driver::waitFor([&] { return state->text().endsWith("ms"); })) << qPrintable(state->text());
}

TEST(AStep, ThatDoesNotFitTheMemoryIsToldInTheFrameAndAtTheStep) {
    const Axes axes{{"t", 2, 1, "", {}}, {"z", 200, 1, "", {}}, {"y", 1024, 1, "", {}}, {"x", 1024, 1, "", {}}};
    auto source = std::make_shared<testing::ScriptedSource>(axes, DType::UInt16, [](const auto&) { return 1.0; });
    gui::WindowOptions options;
    options.memoryLimit = 64ULL << 20U;
    PipelineDriver driver(options);
    driver.show(source, limits(0, 2));
    driver.window().openPipeline(driver.write("large.toml",
                                              "[[step]]\nop = \"rescale\"\n"
                                              "[[step]]\nop = \"project\"\nkind = \"median\"\n"));
    ASSERT_TRUE(Driver::waitFor([&] {
        const auto& picture = driver.session().picture();
        return driver.session().processed() && picture && !picture->stale && picture->slices.at(0).error;
    }));
    EXPECT_EQ(driver.session().picture()->slices[0].error->kind, Error::Kind::TooLarge);
    ASSERT_TRUE(Driver::waitFor([&] { return driver.part<QLabel>(1, "stepState")->text() == "failed"; }));
    EXPECT_TRUE(driver.part<QLabel>(1, "stepText")->text().contains("MB"));
    EXPECT_NE(driver.part<QLabel>(0, "stepState")->text(), "failed");
    driver.click(driver.part<QToolButton>(1, "stepEye")); // and the window goes on
    EXPECT_TRUE(Driver::waitFor([&] { return std::abs(driver.colorAt(500, 500).red() - 127) <= 2; }));
}

TEST(TheName, OfAPipelineAndOfAStepCanBeChanged) {
    PipelineDriver driver;
    driver.showWith(kDouble);
    auto* name = driver.find<QLineEdit>("pipelineName");
    type(name, "mine");
    EXPECT_EQ(driver.editor().config().name, "mine");
    EXPECT_TRUE(driver.find<QLabel>("pipelineFile")->text().contains("changed"));
    driver.click(driver.part<QToolButton>(0, "stepMenuButton"));
    driver.part<QAction>(0, "renameStep")->trigger();
    closePopups();
    auto* title = driver.part<QLineEdit>(0, "stepTitle");
    type(title, "brighter");
    QTest::keyClick(title, Qt::Key_Return);
    EXPECT_EQ(driver.editor().config().steps[0].label, "brighter");
}

} // namespace
} // namespace lazulite
