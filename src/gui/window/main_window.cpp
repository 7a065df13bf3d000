#include "window/main_window.h"

#include <QCloseEvent>
#include <QDir>
#include <QDockWidget>
#include <QDragEnterEvent>
#include <QFile>
#include <QFileInfo>
#include <QMimeData>
#include <QStackedWidget>
#include <QVBoxLayout>
#include <filesystem>
#include <utility>

#include "canvas/canvas.h"
#include "lazulite/core/error.h"
#include "panels/array_panel.h"
#include "panels/channel_panel.h"
#include "panels/ledger_panel.h"
#include "panels/pipeline_panel.h"
#include "panels/problems_panel.h"
#include "sliders/dimension_sliders.h"
#include "widgets/banner.h"
#include "widgets/text.h"
#include "window/status_strip.h"
#include "window/welcome.h"

namespace lazulite::gui {

namespace {

graph::ExecutorOptions executorOptions(const WindowOptions& options, const Preferences& preferences) {
    graph::ExecutorOptions executor;
    executor.memoryLimit = options.memoryLimit != 0 ? options.memoryLimit : preferences.memoryLimit;
    executor.threads = options.threads;
    executor.spares = true;
    return executor;
}

QStringList droppedPaths(const QMimeData& data) {
    QStringList paths;
    for (const QUrl& url : data.urls()) {
        if (url.isLocalFile()) paths << url.toLocalFile();
    }
    return paths;
}

} // namespace

MainWindow::MainWindow(const WindowOptions& options, view::ViewerPace pace)
    : startOptions_(options),
      preferences_(Preferences::load()),
      session_(executorOptions(options, preferences_), pace),
      editor_(session_),
      comparison_(session_, editor_),
      export_(session_.executor()),
      player_(session_),
      headers_([this] { return !session_.busyForMs(); }) {
    setObjectName(QStringLiteral("mainWindow"));
    setAcceptDrops(true);
    setDockOptions(QMainWindow::AnimatedDocks | QMainWindow::AllowTabbedDocks);
    resize(1280, 840);
    status_ = new StatusStrip(session_, this);
    setStatusBar(status_);
    buildCentre();
    buildDocks();
    buildMenus();
    buildToolBar();
    connectOpener();
    connectSession();
    connectEditor();
    connectExport();
    applyPreferences(preferences_);
    applyBackend(options.backend.empty() || options.backend == "auto" ? preferences_.backend : options.backend);
    restoreGeometry(settings::geometry());
    restoreState(settings::windowState());
    welcome_->setRecent(settings::recentPaths());
    updateActions();
    if (!options.paths.empty()) {
        pages_->setCurrentWidget(viewPage_); // so that the canvas makes itself ready while names are read
        openPaths(options.paths, options);
    } else if (!options.pipeline.empty()) {
        openPipeline(options.pipeline);
    }
}

MainWindow::~MainWindow() = default;

void MainWindow::buildCentre() {
    pages_ = new QStackedWidget(this);
    welcome_ = new Welcome(pages_);
    viewPage_ = new QWidget(pages_);
    canvas_ = new Canvas(session_, viewPage_);
    canvas_->setComparison(comparison_);
    sliders_ = new DimensionSliders(session_, player_, viewPage_);
    auto* column = new QVBoxLayout(viewPage_);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(canvas_, 1);
    column->addWidget(sliders_);
    pages_->addWidget(welcome_);
    pages_->addWidget(viewPage_);
    auto* centre = new QWidget(this);
    banner_ = new Banner(centre);
    auto* layout = new QVBoxLayout(centre);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addWidget(banner_);
    layout->addWidget(pages_, 1);
    setCentralWidget(centre);
    connect(welcome_, &Welcome::openFolderWanted, this, &MainWindow::askForFolder);
    connect(welcome_, &Welcome::openFilesWanted, this, &MainWindow::askForFiles);
    connect(welcome_, &Welcome::recentWanted, this, [this](const QString& path) { openPaths({path.toStdString()}); });
    connect(canvas_, &Canvas::cursorRead, status_, &StatusStrip::setReadout);
    connect(canvas_, &Canvas::stepped, sliders_, &DimensionSliders::stepCurrent);
    connect(sliders_, &DimensionSliders::renameRefused, this,
            [this](const QString& why) { banner_->tell(Banner::Kind::Error, why); });
}

QDockWidget* MainWindow::addDock(const QString& title, const char* objectName, QWidget* content,
                                 Qt::DockWidgetArea area) {
    auto* dock = new QDockWidget(title, this);
    dock->setObjectName(QLatin1String(objectName));
    dock->setWidget(content);
    addDockWidget(area, dock);
    return dock;
}

void MainWindow::buildDocks() {
    setCorner(Qt::BottomRightCorner, Qt::RightDockWidgetArea);
    channels_ = new ChannelPanel(session_, this);
    array_ = new ArrayPanel(session_, this);
    problems_ = new ProblemsPanel(session_, this);
    ledger_ = new LedgerPanel(session_, this);
    pipeline_ = new PipelinePanel(session_, editor_, this);
    pipelineDock_ = addDock(tr("Pipeline"), "pipelineDock", pipeline_, Qt::LeftDockWidgetArea);
    QDockWidget* channelsDock = addDock(tr("Channels"), "channelsDock", channels_, Qt::RightDockWidgetArea);
    QDockWidget* arrayDock = addDock(tr("Array"), "arrayDock", array_, Qt::RightDockWidgetArea);
    problemsDock_ = addDock(tr("Problems"), "problemsDock", problems_, Qt::BottomDockWidgetArea);
    ledgerDock_ = addDock(tr("Ledger"), "ledgerDock", ledger_, Qt::BottomDockWidgetArea);
    tabifyDockWidget(problemsDock_, ledgerDock_);
    pipelineDock_->hide();
    problemsDock_->hide();
    ledgerDock_->hide();
    resizeDocks({channelsDock, pipelineDock_}, {310, 310}, Qt::Horizontal);
    resizeDocks({channelsDock, arrayDock}, {470, 360}, Qt::Vertical);
    resizeDocks({problemsDock_}, {170}, Qt::Vertical);
    connect(array_, &ArrayPanel::correctionWanted, this, &MainWindow::correctAxes);
    connect(status_, &StatusStrip::problemsWanted, this, [this] { showDock(problemsDock_); });
    connect(status_, &StatusStrip::ledgerWanted, this, [this] { showDock(ledgerDock_); });
    connect(status_, &StatusStrip::cancelWanted, this, &MainWindow::cancelShownTask);
}

void MainWindow::connectOpener() {
    connect(&opener_, &Opener::started, this, [this](const QString& what) {
        opening_ = tr("Reading names in %1").arg(QFileInfo(what).fileName());
        showTask();
    });
    connect(&opener_, &Opener::listed, this, [this](quint64 names) {
        opening_ = tr("%L1 names found so far").arg(names);
        showTask();
    });
    connect(&opener_, &Opener::opened, this, [this](const Recording& recording, const WindowOptions& options) {
        showTask();
        session_.executor().ledger().addReads(recording.opening);
        showRecording(recording, options);
        if (recording.paths.size() == 1) {
            const QString path = QDir::cleanPath(QFileInfo(pathToQString(recording.paths.front())).absoluteFilePath());
            settings::addRecentPath(path);
            settings::setLastFolder(QFileInfo(path).absolutePath());
            welcome_->setRecent(settings::recentPaths());
        }
    });
    connect(&opener_, &Opener::failed, this, [this](const Error& error) {
        showTask();
        const QString text = toQString(error.text());
        banner_->tell(Banner::Kind::Error, text);
        problems_->addNote(tr("opening"), pathToQString(error.path), toQString(error.message));
        if (!session_.hasData()) pages_->setCurrentWidget(welcome_);
    });
    connect(&opener_, &Opener::cancelled, this, [this] {
        showTask();
        if (!session_.hasData()) pages_->setCurrentWidget(welcome_);
    });
}

void MainWindow::connectSession() {
    connect(&session_, &Session::recordingChanged, this, [this] {
        offeredRoll_.reset();
        updateTitle();
        pages_->setCurrentWidget(session_.hasData() ? viewPage_ : static_cast<QWidget*>(welcome_));
        if (session_.hasData()) canvas_->setFocus();
        updateActions();
    });
    connect(&session_, &Session::stateChanged, this, &MainWindow::updateActions);
    connect(&session_, &Session::recordingChanged, this, &MainWindow::checkHeaders);
    connect(&session_, &Session::retried, this, &MainWindow::checkHeaders);
    connect(&session_, &Session::stateChanged, &headers_, &HeaderCheck::postpone);
    connect(&headers_, &HeaderCheck::found, &session_, &Session::note);
    connect(&headers_, &HeaderCheck::ended, this, [this](quint64 files, const ReadCounts& counts) {
        graph::Costs costs;
        costs.reads = counts;
        session_.executor().ledger().add({tr("headers of %1 files").arg(files).toStdString(), costs, {}});
    });
    connect(&session_, &Session::volumeProgressed, this, &MainWindow::showTask);
    connect(&session_, &Session::volumeChanged, this, &MainWindow::showTask);
    connect(&session_, &Session::stateChanged, this, [this](const view::ViewState& before) {
        if (before.ndisplay != session_.state().ndisplay) showTask();
    });
    updateTitle();
}

void MainWindow::checkHeaders() {
    const auto& series = session_.recording().series;
    if (!preferences_.checkHeaders || !series || series->fileCount() < 2) return headers_.stop();
    headers_.start(series->fileCount(), [series](std::size_t file, ReadCounts& counts) -> std::optional<view::Problem> {
        const auto outcome = series->check(file, counts);
        if (outcome) return std::nullopt;
        return view::Problem{series->positionOf(file), outcome.error()};
    });
}

void MainWindow::showTask() {
    if (opener_.busy()) return status_->setTask(opening_, std::nullopt);
    if (const auto progress = session_.volumeProgress()) return status_->setTask(tr("Loading the volume"), progress);
    if (export_.isRunning())
        return status_->setTask(tr("Exporting %1").arg(progressText(export_.progress())), export_.progress().fraction);
    status_->clearTask();
}

void MainWindow::updateTitle() {
    QStringList parts;
    if (session_.hasData()) parts << session_.recording().title;
    if (editor_.isOpen()) {
        const QString file = QFileInfo(pathToQString(editor_.config().path)).fileName();
        parts << (file.isEmpty() ? tr("new pipeline") : file) + (editor_.modified() ? QStringLiteral("*") : QString());
    }
    const QString what = parts.join(QStringLiteral(" \u00B7 "));
    setWindowTitle(what.isEmpty() ? QStringLiteral("Lazulite") : tr("%1 \u2014 Lazulite").arg(what));
}

void MainWindow::openPaths(std::vector<std::string> paths, const WindowOptions& options) {
    banner_->hide();
    WindowOptions wanted = options;
    if (!wanted.pipeline.empty())
        wanted.pipeline = std::filesystem::absolute(wanted.pipeline).lexically_normal().string();
    wanted.memoryLimit = session_.executor().memory().usage().limit;
    opener_.open(std::move(paths), wanted);
}

void MainWindow::showRecording(const Recording& recording, const WindowOptions& options) {
    view::ViewState state;
    banner_->hide();
    try {
        state = startState(recording, options);
    } catch (const Failure& failure) {
        banner_->tell(Banner::Kind::Error, toQString(failure.what()));
        state = startState(recording, {});
    }
    state.interpolation = preferences_.interpolation;
    state.scaleBar = preferences_.scaleBar;
    session_.show(recording, std::move(state));
}

void MainWindow::closeEvent(QCloseEvent* event) {
    if ((editor_.modified() || export_.isRunning()) && !closing_) {
        event->ignore();
        return whenExported([this] {
            whenSaved([this] {
                closing_ = true;
                close();
            });
        });
    }
    player_.stop();
    opener_.cancel();
    settings::setWindow(saveGeometry(), saveState());
    QMainWindow::closeEvent(event);
}

void MainWindow::dragEnterEvent(QDragEnterEvent* event) {
    if (droppedPaths(*event->mimeData()).isEmpty()) return;
    welcome_->setDropWanted(true);
    event->acceptProposedAction();
}

void MainWindow::dragLeaveEvent(QDragLeaveEvent*) {
    welcome_->setDropWanted(false);
}

void MainWindow::dropEvent(QDropEvent* event) {
    welcome_->setDropWanted(false);
    const QStringList dropped = droppedPaths(*event->mimeData());
    if (dropped.isEmpty()) return;
    event->acceptProposedAction();
    std::vector<std::string> paths;
    for (const QString& path : dropped) {
        const std::string name = QFile::encodeName(path).toStdString();
        if (path.endsWith(QStringLiteral(".toml"), Qt::CaseInsensitive))
            whenSaved([this, name] { openPipeline(name); });
        else
            paths.push_back(name);
    }
    if (!paths.empty()) openPaths(std::move(paths));
}

} // namespace lazulite::gui
