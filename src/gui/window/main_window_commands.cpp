#include <QAction>
#include <QApplication>
#include <QClipboard>
#include <QDateTime>
#include <QDialogButtonBox>
#include <QDir>
#include <QDockWidget>
#include <QFile>
#include <QFileDialog>
#include <QImageWriter>
#include <QMessageBox>
#include <QPointer>
#include <QSaveFile>
#include <QTextBrowser>
#include <QThreadPool>
#include <QVBoxLayout>
#include <algorithm>

#include "canvas/canvas.h"
#include "lazulite/core/error.h"
#include "panels/axes_dialog.h"
#include "sliders/dimension_sliders.h"
#include "widgets/banner.h"
#include "widgets/icons.h"
#include "widgets/text.h"
#include "widgets/theme.h"
#include "window/about_text.h"
#include "window/command_palette.h"
#include "window/main_window.h"
#include "window/preferences_dialog.h"
#include "window/status_strip.h"

namespace lazulite::gui {

namespace {

constexpr std::int64_t kAskFromFiles = 16; // a picture of more files than this is asked for first

QFileDialog* fileDialog(QWidget* parent, const char* objectName, const QString& title) {
    auto* dialog = new QFileDialog(parent, title, settings::lastFolder());
    dialog->setObjectName(QLatin1String(objectName));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    return dialog;
}

std::vector<std::string> encoded(const QStringList& paths) {
    std::vector<std::string> names;
    for (const QString& path : paths) names.push_back(QFile::encodeName(path).toStdString());
    return names;
}

QDialog* textDialog(QWidget* parent, const char* objectName, const QString& title, const QString& html, QSize size) {
    auto* dialog = new QDialog(parent);
    dialog->setObjectName(QLatin1String(objectName));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setWindowTitle(title);
    auto* text = new QTextBrowser(dialog);
    text->setFrameShape(QFrame::NoFrame);
    text->setHtml(html);
    auto* buttons = new QDialogButtonBox(QDialogButtonBox::Close, dialog);
    QObject::connect(buttons, &QDialogButtonBox::rejected, dialog, &QDialog::reject);
    auto* layout = new QVBoxLayout(dialog);
    layout->addWidget(text);
    layout->addWidget(buttons);
    dialog->resize(size);
    return dialog;
}

} // namespace

void MainWindow::askForFolder() {
    QFileDialog* dialog = fileDialog(this, "folderDialog", tr("Open a folder of TIFF files"));
    dialog->setFileMode(QFileDialog::Directory);
    dialog->setOption(QFileDialog::ShowDirsOnly, false);
    connect(dialog, &QFileDialog::filesSelected, this, [this](const QStringList& paths) { openPaths(encoded(paths)); });
    dialog->open();
}

void MainWindow::askForFiles() {
    QFileDialog* dialog = fileDialog(this, "filesDialog", tr("Open TIFF files"));
    dialog->setFileMode(QFileDialog::ExistingFiles);
    dialog->setNameFilters({tr("TIFF files (*.tif *.tiff *.TIF *.TIFF *.stk *.lsm)"), tr("All files (*)")});
    connect(dialog, &QFileDialog::filesSelected, this, [this](const QStringList& paths) { openPaths(encoded(paths)); });
    dialog->open();
}

void MainWindow::saveScreenshot(bool wholeWindow) {
    const QImage image = wholeWindow ? grab().toImage() : canvas_->screenshot();
    QFileDialog* dialog = fileDialog(this, "screenshotDialog", tr("Save screenshot"));
    dialog->setAcceptMode(QFileDialog::AcceptSave);
    dialog->setNameFilter(tr("PNG picture (*.png)"));
    dialog->setDefaultSuffix(QStringLiteral("png"));
    const QString stamp = QDateTime::currentDateTime().toString(QStringLiteral("yyyyMMdd-hhmmss"));
    dialog->selectFile(QStringLiteral("lazulite-%1.png").arg(stamp));
    connect(dialog, &QFileDialog::fileSelected, this,
            [this, image](const QString& path) { writePicture(image, path); });
    dialog->open();
}

void MainWindow::writePicture(const QImage& image, const QString& path) {
    // Compressing and writing take longer than the window may pause.
    QThreadPool::globalInstance()->start([window = QPointer<MainWindow>(this), image, path] {
        QSaveFile file(path);
        const bool written =
            file.open(QIODevice::WriteOnly) && QImageWriter(&file, "png").write(image) && file.commit();
        const QString reason = file.errorString();
        QMetaObject::invokeMethod(
            qApp,
            [window, path, written, reason] {
                if (!window) return;
                if (written)
                    window->status_->showMessage(tr("Saved %1").arg(path), 5000);
                else
                    window->banner_->tell(Banner::Kind::Error,
                                          tr("Cannot write %1: %2. Choose another place.").arg(path, reason));
            },
            Qt::QueuedConnection);
    });
}

void MainWindow::copyScreenshot(bool wholeWindow) {
    QApplication::clipboard()->setImage(wholeWindow ? grab().toImage() : canvas_->screenshot());
    status_->showMessage(tr("Screenshot copied"), 3000);
}

void MainWindow::toggleDimensions() {
    if (!session_.hasData()) return;
    session_.edit([](view::ViewState& state) { state.ndisplay = state.ndisplay == 2 ? 3 : 2; });
    updateActions();
}

std::int64_t MainWindow::filesForPicture(const view::ViewState& state) const {
    const graph::LazyArray& raw = session_.recording().array;
    const Source* source = raw.source();
    if (source == nullptr) return 1;
    const Shape file = source->fileShape();
    std::int64_t files = 1;
    for (std::size_t i = 0; i < file.size(); ++i) {
        const auto shown = findAxis(session_.axes(), raw.axes()[i].name);
        if (!shown || !state.isDisplayed(*shown)) continue;
        const std::int64_t size = std::min(raw.axes()[i].size, session_.axes()[*shown].size);
        files *= (size + file[i] - 1) / std::max<std::int64_t>(1, file[i]);
    }
    return files;
}

void MainWindow::rollAxes() {
    view::ViewState rolled = offeredRoll_ ? *offeredRoll_ : session_.state();
    view::roll(rolled, session_.axes());
    const std::int64_t files = filesForPicture(rolled);
    if (files < kAskFromFiles || files <= filesForPicture(session_.state())) {
        if (offeredRoll_) banner_->hide();
        offeredRoll_.reset();
        return session_.setState(std::move(rolled));
    }
    offeredRoll_ = rolled;
    const Axes& axes = session_.axes();
    banner_->ask(tr("A picture of %1 against %2 reads %L3 files for each channel. Roll again for the next axes.")
                     .arg(QString::fromStdString(axes[rolled.rowAxis()].name),
                          QString::fromStdString(axes[rolled.columnAxis()].name))
                     .arg(files),
                 tr("Show it"), [this] {
                     if (!offeredRoll_) return;
                     view::ViewState wanted = *offeredRoll_;
                     offeredRoll_.reset();
                     session_.setState(std::move(wanted));
                 });
}

void MainWindow::correctAxes() {
    if (!session_.hasData()) return;
    const auto& series = session_.recording().series;
    auto* dialog =
        new AxesDialog(session_.recording().array.axes(), series ? pathToQString(series->pattern()) : QString(), this);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    connect(dialog, &AxesDialog::axesCorrected, this, [this, dialog](const Axes& axes) {
        try {
            session_.setAxes(axes);
        } catch (const Failure& failure) {
            dialog->showError(toQString(failure.what()));
        }
    });
    connect(dialog, &AxesDialog::patternChosen, this, [this, dialog](const QString& pattern) {
        WindowOptions options;
        options.series = session_.recording().options;
        options.series.pattern = pattern.toStdString();
        openPaths(session_.recording().paths, options);
        connect(&opener_, &Opener::opened, dialog, &QDialog::accept);
        connect(&opener_, &Opener::failed, dialog,
                [dialog](const Error& error) { dialog->showError(toQString(error.text())); });
    });
    dialog->open();
}

void MainWindow::showPreferences() {
    auto* dialog = new PreferencesDialog(preferences_, backend_, this);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    connect(dialog, &PreferencesDialog::changed, this, &MainWindow::applyPreferences);
    dialog->open();
}

void MainWindow::applyPreferences(const Preferences& preferences) {
    const bool backendChanged = preferences.backend != preferences_.backend;
    const bool memoryChanged = preferences.memoryLimit != preferences_.memoryLimit;
    const bool checkChanged = preferences.checkHeaders != preferences_.checkHeaders;
    preferences_ = preferences;
    theme::apply(*qApp, preferences.look);
    if (memoryChanged) {
        constexpr double kShare = 0.4;
        const auto automatic = static_cast<std::uint64_t>(kShare * static_cast<double>(graph::availableMemory()));
        session_.executor().memory().setLimit(preferences.memoryLimit != 0 ? preferences.memoryLimit : automatic);
    }
    if (backendChanged) applyBackend(preferences.backend);
    canvas_->setAxesShown(preferences.axisNames);
    session_.setPrefetch(preferences.prefetch);
    if (checkChanged) checkHeaders();
    session_.edit([&](view::ViewState& state) {
        state.interpolation = preferences.interpolation;
        state.scaleBar = preferences.scaleBar;
    });
    updateActions();
}

void MainWindow::showPalette() {
    QList<QAction*> all;
    for (QAction* known : actions()) {
        if (!known->text().isEmpty() && known->objectName() != QLatin1String("palette")) all << known;
    }
    for (const QDockWidget* dock : findChildren<QDockWidget*>(Qt::FindDirectChildrenOnly))
        all << dock->toggleViewAction();
    (new CommandPalette(all, this))->popup();
}

void MainWindow::showKeys() {
    textDialog(this, "keysDialog", tr("Keys and mouse"), keysHtml(actions()), QSize(520, 620))->open();
}

void MainWindow::showAbout() {
    textDialog(this, "aboutDialog", tr("About Lazulite"), aboutHtml(), QSize(460, 400))->open();
}

void MainWindow::toggleFullScreen() {
    setWindowState(windowState() ^ Qt::WindowFullScreen);
    action("fullScreen")->setChecked(isFullScreen());
}

void MainWindow::cancelTask() {
    if (opener_.busy()) return opener_.cancel();
    if (session_.volumeProgress()) return session_.cancelVolume();
    editor_.lookAt(std::nullopt);
}

void MainWindow::cancelShownTask() {
    const bool other = opener_.busy() || session_.volumeProgress();
    if (export_.isRunning() && !other) return export_.stop();
    cancelTask();
}

void MainWindow::applyBackend(const std::string& choice) {
    background_.run([choice] { return chooseBackend(choice); },
                    [this](const BackendReport& report) {
                        backend_ = report;
                        status_->setBackend(toQString(report.active).toUpper(), toQString(report.runsOn));
                        if (report.refused)
                            banner_->tell(
                                Banner::Kind::Note,
                                tr("Pipelines are computed by the processor: %1").arg(toQString(report.whyNot)));
                    });
}

void MainWindow::showDock(QDockWidget* dock) {
    dock->show();
    dock->raise();
}

} // namespace lazulite::gui
