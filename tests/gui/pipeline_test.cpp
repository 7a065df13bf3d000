#include <gtest/gtest.h>

#include <QDropEvent>
#include <QFileDialog>
#include <QLabel>
#include <QMenu>
#include <QMessageBox>
#include <QMimeData>
#include <QPushButton>
#include <QUrl>
#include <condition_variable>
#include <mutex>
#include <thread>

#include "lazulite/io/tiff_writer.h"
#include "pipeline_driver.h"

/// The pipeline's file: opened, watched, saved, closed.
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

bool bannerSays(PipelineDriver& driver, const std::string& text) {
    return Driver::waitFor([&] {
        const auto* label = driver.window().findChild<QLabel*>("bannerText");
        return label->isVisible() && label->text().toStdString().find(text) != std::string::npos;
    });
}

TEST(OpeningAPipeline, ShowsItsResultAndKeepsWhatIsLookedAt) {
    PipelineDriver driver;
    const auto source = driver.showWith(kDouble);
    EXPECT_TRUE(driver.session().processed());
    EXPECT_TRUE(driver.waitForValue(220)); // 100 + 10, doubled
    EXPECT_EQ(driver.session().state().position[0], 1);
    EXPECT_EQ(driver.session().state().channels[0].limits, (std::array{0.0, 510.0})) << "as the user set them";
    EXPECT_EQ(driver.card(0).op(), "rescale");
    EXPECT_TRUE(driver.find<QWidget>("pipelineDock")->isVisible());
    EXPECT_TRUE(driver.window().windowTitle().contains("pipeline.toml"));
    EXPECT_EQ(gui::settings::recentPipelines().front(), driver.path("pipeline.toml"));
}

TEST(OpeningAPipeline, ReadsNothingThatWasReadBefore) { // I6
    PipelineDriver driver;
    driver.session().setPrefetch(false);
    auto source = smallMovie();
    driver.showAndWait(source, limits(0, 510));
    const std::size_t before = source->begun().size();
    driver.open(kDouble);
    EXPECT_EQ(source->begun().size(), before);
}

TEST(OpeningAPipeline, LeavesTheWindowAsItWasWhereTheConfigIsWrong) {
    PipelineDriver driver;
    driver.showWith(kDouble);
    driver.window().openPipeline(driver.write("wrong.toml", "[[step]]\nop = \"rescale\"\ngian = 3\n"));
    EXPECT_TRUE(bannerSays(driver, "wrong.toml:3:1"));
    EXPECT_TRUE(bannerSays(driver, "gain")) << "what was meant";
    EXPECT_EQ(driver.editor().config().path, driver.path("pipeline.toml").toStdString());
    EXPECT_TRUE(driver.waitForValue(220));
    driver.window().openPipeline(driver.path("none.toml").toStdString());
    EXPECT_TRUE(bannerSays(driver, "none.toml"));
    driver.window().openPipeline(driver.write("data.toml", "[[step]]\nop = \"crop\"\nz = \"7:\"\n"));
    EXPECT_TRUE(bannerSays(driver, "data.toml:3:")) << "what does not fit these data";
    EXPECT_TRUE(driver.waitForValue(220));
}

TEST(OpeningAPipeline, AppliesItsViewOnceAndNotOnEdits) {
    PipelineDriver driver;
    driver.showWith(kDouble + "[view]\nndisplay = 2\ncontrast-limits = [0, 1020]\n");
    EXPECT_EQ(driver.session().state().channels[0].limits, (std::array{0.0, 1020.0}));
    driver.session().editChannel(0, [](view::ChannelSettings& channel) { channel.limits = {0, 255}; });
    driver.editor().edit([&] {
        pipeline::Config config = driver.editor().config();
        config.steps[0].set("gain", 1);
        return config;
    }());
    ASSERT_TRUE(driver.waitForResult([&] { return driver.editor().built()->config == driver.editor().config(); }));
    EXPECT_EQ(driver.session().state().channels[0].limits, (std::array{0.0, 255.0}));
    EXPECT_NEAR(driver.colorAt(10, 15).red(), 110, 2);
}

TEST(OpeningAPipeline, WorksBeforeThereAreData) {
    PipelineDriver driver;
    driver.window().openPipeline(driver.write("pipeline.toml", kDouble));
    ASSERT_TRUE(Driver::waitFor([&] { return driver.editor().isOpen(); }));
    EXPECT_EQ(driver.cardCount(), 1U);
    driver.show(smallMovie(), limits(0, 510));
    ASSERT_TRUE(driver.waitForResult([&] { return driver.session().processed(); }));
}

/// smallMovie on a disk that answers nobody but the window's thread, until it is released.
class SlowSource final : public Source {
public:
    const Axes& axes() const override { return movie_->axes(); }
    DType dtype() const override { return movie_->dtype(); }
    std::string identity() const override { return "slow"; }
    Shape blockShape() const override { return movie_->blockShape(); }
    Shape grainShape() const override { return movie_->grainShape(); }
    std::uint64_t stamp(const Region& region) const override { return movie_->stamp(region); }
    Result<void> read(const Destination& destination, std::stop_token stop, ReadCounts& counts) const override {
        return movie_->read(destination, std::move(stop), counts);
    }
    /// Asked for when a pipeline is built, to tell what looking at it will cost.
    Shape fileShape() const override {
        std::unique_lock lock(mutex_);
        released_.wait(lock, [this] { return !held_ || std::this_thread::get_id() == window_; });
        return movie_->fileShape();
    }
    void hold(bool held) {
        const std::lock_guard lock(mutex_);
        held_ = held;
        released_.notify_all();
    }

private:
    std::shared_ptr<testing::ScriptedSource> movie_ = smallMovie();
    std::thread::id window_ = std::this_thread::get_id();
    mutable std::mutex mutex_;
    mutable std::condition_variable released_;
    bool held_ = false;
};

TEST(OpeningAPipeline, NeverHoldsUpTheWindow) { // I8
    PipelineDriver driver;
    const auto source = std::make_shared<SlowSource>();
    gui::WindowOptions options = limits(0, 510);
    options.at = {{"t", 3}, {"z", 0}};
    driver.showAndWait(source, options);
    source->hold(true);
    driver.window().openPipeline(driver.write("pipeline.toml", kDouble));
    for (int i = 0; i < 2; ++i) driver.key(Qt::Key_Left);
    ASSERT_TRUE(driver.waitForPicture()) << "the slider goes on";
    EXPECT_EQ(driver.session().picture()->state.position[0], 1);
    EXPECT_FALSE(driver.editor().isOpen());
    source->hold(false);
    ASSERT_TRUE(driver.waitForValue(220));
}

TEST(OpeningAPipeline, HappensWhereItsFileIsDropped) {
    PipelineDriver driver;
    driver.showAndWait(smallMovie(), limits(0, 510));
    QMimeData data;
    data.setUrls({QUrl::fromLocalFile(QString::fromStdString(driver.write("dropped.toml", kDouble)))});
    QDragEnterEvent enter(QPoint(50, 50), Qt::CopyAction, &data, Qt::LeftButton, Qt::NoModifier);
    QApplication::sendEvent(&driver.window(), &enter);
    QDropEvent drop(QPointF(50, 50), Qt::CopyAction, &data, Qt::LeftButton, Qt::NoModifier);
    QApplication::sendEvent(&driver.window(), &drop);
    ASSERT_TRUE(driver.waitForResult([&] { return driver.session().processed(); }));
    EXPECT_TRUE(driver.session().hasData()) << "the data stay";
}

TEST(OpeningAPipeline, HappensWithTheDataWhereTheOptionsNameIt) {
    PipelineDriver driver;
    io::TiffWriteOptions tiff;
    tiff.height = 4;
    tiff.width = 6;
    io::TiffWriter writer(driver.path("img_t0.tif").toStdString(), tiff);
    const std::vector<std::uint16_t> values(24, 100);
    auto bytes = std::shared_ptr<std::byte[]>(new std::byte[48]);
    std::memcpy(bytes.get(), values.data(), 48);
    writer.append(Block(std::shared_ptr<const std::byte>(bytes, bytes.get()), DType::UInt16, Region::whole({1, 4, 6})));
    writer.finish();
    gui::WindowOptions options;
    options.pipeline = driver.write("start.toml", kDouble + "[view]\ncontrast-limits = [0, 400]\n");
    driver.window().openPaths({driver.path("img_t0.tif").toStdString()}, options);
    ASSERT_TRUE(Driver::waitFor([&] { return driver.editor().isOpen(); }));
    ASSERT_TRUE(driver.waitForPicture());
    EXPECT_EQ(driver.session().state().channels[0].limits, (std::array{0.0, 400.0}));
    EXPECT_NEAR(driver.colorAt(2, 3).red(), 127, 2);
    // One that is wrong is told; the data are shown without it.
    options.pipeline = driver.write("wrong.toml", "[[step]]\nop = \"nothing\"\n");
    driver.editor().close();
    driver.window().openPaths({driver.path("img_t0.tif").toStdString()}, options);
    EXPECT_TRUE(bannerSays(driver, "wrong.toml:2:6"));
    EXPECT_TRUE(driver.session().hasData());
    EXPECT_FALSE(driver.session().processed());
}

TEST(OtherData, GoThroughThePipelineThatIsOpen) {
    PipelineDriver driver;
    driver.showWith(kDouble);
    driver.show(twoChannels(), limits(0, 510));
    ASSERT_TRUE(driver.waitForResult([&] { return driver.session().processed(); }));
    EXPECT_NEAR(driver.colorAt(8, 8).red(), 200, 2); // 200 of the first channel, doubled, in magenta
}

TEST(ClosingAPipeline, GoesBackToTheData) {
    PipelineDriver driver;
    driver.showWith(kDouble);
    driver.trigger("closePipeline");
    ASSERT_TRUE(driver.waitForValue(110));
    EXPECT_FALSE(driver.editor().isOpen());
    EXPECT_EQ(driver.cardCount(), 0U);
}

TEST(TheFileOfAPipeline, IsTakenOverWhenItIsSavedInAnEditor) {
    PipelineDriver driver;
    driver.showWith(kDouble);
    driver.write("pipeline.toml", kMinus100);
    ASSERT_TRUE(driver.waitForValue(10));
    EXPECT_EQ(driver.card(0).op(), "background");
    EXPECT_FALSE(driver.editor().modified());
}

TEST(TheFileOfAPipeline, IsTakenOverWhenItIsReplacedByRenaming) {
    PipelineDriver driver;
    driver.showWith(kDouble);
    for (const auto& [text, value] : {std::pair(kMinus100, 10.0), std::pair(kDouble, 220.0)}) {
        const std::string beside = driver.write("pipeline.toml.swp", text);
        ASSERT_EQ(std::rename(beside.c_str(), driver.path("pipeline.toml").toStdString().c_str()), 0);
        ASSERT_TRUE(driver.waitForValue(value)) << text;
    }
}

TEST(TheFileOfAPipeline, LeavesTheLastGoodOneWhereItIsBroken) {
    PipelineDriver driver;
    driver.showWith(kDouble);
    driver.write("pipeline.toml", kDouble + "gian = 2\n");
    EXPECT_TRUE(bannerSays(driver, "pipeline.toml:4:1"));
    EXPECT_TRUE(driver.find<QLabel>("pipelineMessages")->text().contains("4:1"));
    EXPECT_TRUE(driver.waitForValue(220));
    driver.write("pipeline.toml", kMinus100);
    ASSERT_TRUE(driver.waitForValue(10));
    EXPECT_FALSE(driver.find<QLabel>("pipelineMessages")->isVisible());
}

TEST(TheFileOfAPipeline, IsTakenOverSoThatUndoBringsBackWhatWasChangedHere) {
    PipelineDriver driver;
    driver.showWith(kDouble);
    pipeline::Config changed = driver.editor().config();
    changed.steps[0].set("gain", 1);
    driver.editor().edit(changed);
    ASSERT_TRUE(driver.waitForValue(110));
    driver.write("pipeline.toml", kMinus100);
    ASSERT_TRUE(driver.waitForValue(10));
    EXPECT_TRUE(bannerSays(driver, "Undo"));
    driver.key(Qt::Key_Z, Qt::ControlModifier);
    ASSERT_TRUE(driver.waitForValue(110));
}

TEST(SavingAPipeline, KeepsTheCommentsOfAHandWrittenFile) {
    PipelineDriver driver;
    driver.showWith("# mine\n[[step]]\nop = \"rescale\" # brighter\ngain = 2\n");
    pipeline::Config changed = driver.editor().config();
    changed.steps[0].set("gain", 3);
    driver.editor().edit(changed);
    EXPECT_TRUE(driver.window().windowTitle().contains('*'));
    driver.key(Qt::Key_S, Qt::ControlModifier);
    ASSERT_TRUE(Driver::waitFor([&] { return !driver.editor().modified(); }));
    EXPECT_EQ(driver.read("pipeline.toml"), "# mine\n[[step]]\nop = \"rescale\" # brighter\ngain = 3\n");
    EXPECT_FALSE(driver.window().windowTitle().contains('*'));
}

TEST(SavingAPipeline, AsksBeforeCommentsGetLost) {
    PipelineDriver driver;
    const std::string text = kDouble + "\n# why the background goes\n" + kMinus100;
    driver.showWith(text);
    driver.editor().removeStep(1);
    driver.trigger("savePipeline");
    EXPECT_TRUE(bannerSays(driver, "why the background goes"));
    EXPECT_EQ(driver.read("pipeline.toml"), text) << "nothing is written yet";
    driver.click(driver.find<QPushButton>("bannerButton"));
    ASSERT_TRUE(Driver::waitFor([&] { return !driver.editor().modified(); }));
    EXPECT_EQ(driver.read("pipeline.toml").find("background"), std::string::npos);
}

TEST(SavingAPipeline, AsksWhereToForOneThatHasNoFile) {
    PipelineDriver driver;
    driver.showAndWait(smallMovie(), limits(0, 510));
    driver.editor().addStep("rescale");
    driver.trigger("savePipeline");
    auto* dialog = driver.find<QFileDialog>("savePipelineDialog");
    ASSERT_NE(dialog, nullptr);
    emit dialog->fileSelected(driver.path("new.toml"));
    ASSERT_TRUE(Driver::waitFor([&] { return QFile::exists(driver.path("new.toml")); }));
    EXPECT_NE(driver.read("new.toml").find("op = \"rescale\""), std::string::npos);
    ASSERT_TRUE(Driver::waitFor([&] { return !driver.editor().modified(); }));
    EXPECT_EQ(driver.editor().config().path, driver.path("new.toml").toStdString());
    closePopups();
}

TEST(SavingAPipeline, TellsWhyItCannotBe) {
    PipelineDriver driver;
    driver.showWith(kDouble);
    driver.editor().addStep("bin");
    driver.editor().save(driver.path("no/such/folder.toml").toStdString());
    EXPECT_TRUE(bannerSays(driver, "no/such"));
    EXPECT_TRUE(driver.editor().modified());
}

TEST(UnsavedChanges, AreAskedForBeforeTheyAreLost) {
    PipelineDriver driver;
    driver.showWith(kDouble);
    driver.editor().addStep("smooth");
    driver.trigger("closePipeline");
    auto* box = driver.find<QMessageBox>("unsavedDialog");
    ASSERT_NE(box, nullptr);
    driver.click(box->button(QMessageBox::Cancel));
    EXPECT_TRUE(driver.editor().isOpen());
    closePopups();
    EXPECT_FALSE(driver.window().close()) << "the window asks too";
    box = driver.find<QMessageBox>("unsavedDialog");
    ASSERT_NE(box, nullptr);
    driver.click(box->button(QMessageBox::Save));
    ASSERT_TRUE(Driver::waitFor([&] { return !driver.window().isVisible(); }));
    EXPECT_NE(driver.read("pipeline.toml").find("smooth"), std::string::npos);
}

} // namespace
} // namespace lazulite
