#include <QAction>
#include <QActionGroup>
#include <QDockWidget>
#include <QFile>
#include <QMenu>
#include <QMenuBar>
#include <QToolBar>
#include <utility>

#include "canvas/canvas.h"
#include "panels/channel_panel.h"
#include "panels/pipeline_panel.h"
#include "sliders/dimension_sliders.h"
#include "sliders/slider_row.h"
#include "widgets/banner.h"
#include "widgets/icons.h"
#include "window/main_window.h"
#include "window/status_strip.h"

namespace lazulite::gui {

QAction* MainWindow::add(QMenu* menu, const char* objectName, const QString& text, const QKeySequence& keys,
                         std::function<void()> run) {
    auto* added = new QAction(text, this);
    added->setObjectName(QLatin1String(objectName));
    added->setShortcut(keys);
    connect(added, &QAction::triggered, this, std::move(run));
    menu->addAction(added);
    addAction(added); // its key works while the menu bar is hidden too
    return added;
}

QAction* MainWindow::action(const char* objectName) const {
    return findChild<QAction*>(QLatin1String(objectName));
}

void MainWindow::buildMenus() {
    buildFileMenu();
    buildPipelineMenu();
    buildViewMenu();
    buildPlayMenu();
    buildHelpMenu();
}

void MainWindow::buildFileMenu() {
    QMenu* menu = menuBar()->addMenu(tr("&File"));
    add(menu, "openFolder", tr("Open &folder\u2026"), QKeySequence(tr("Ctrl+Shift+O")), [this] {
        askForFolder();
    })->setIcon(pictogram(Pictogram::Folder));
    add(menu, "openFiles", tr("&Open files\u2026"), QKeySequence(tr("Ctrl+O")), [this] {
        askForFiles();
    })->setIcon(pictogram(Pictogram::Files));
    recentMenu_ = menu->addMenu(tr("Open &recent"));
    recentMenu_->setObjectName(QStringLiteral("recentMenu"));
    connect(recentMenu_, &QMenu::aboutToShow, this, &MainWindow::fillRecentMenu);
    add(menu, "closeData", tr("&Close"), QKeySequence(tr("Ctrl+W")), [this] { session_.close(); });
    menu->addSeparator();
    add(menu, "openPipeline", tr("Open &pipeline\u2026"), QKeySequence(tr("Ctrl+L")), [this] {
        whenSaved([this] { askForPipeline(); });
    })->setIcon(pictogram(Pictogram::Pipeline));
    recentPipelinesMenu_ = menu->addMenu(tr("Open recent pipeline"));
    recentPipelinesMenu_->setObjectName(QStringLiteral("recentPipelinesMenu"));
    connect(recentPipelinesMenu_, &QMenu::aboutToShow, this, &MainWindow::fillRecentPipelinesMenu);
    add(menu, "savePipeline", tr("Save p&ipeline"), QKeySequence(tr("Ctrl+S")), [this] {
        savePipeline();
    })->setIcon(pictogram(Pictogram::Save));
    add(menu, "savePipelineAs", tr("Save pipeline as\u2026"), QKeySequence(tr("Ctrl+Shift+S")),
        [this] { savePipelineAs(); });
    add(menu, "closePipeline", tr("Close pipeline"), {}, [this] { whenSaved([this] { editor_.close(); }); });
    menu->addSeparator();
    add(menu, "export", tr("&Export\u2026"), QKeySequence(tr("Ctrl+Shift+E")), [this] {
        showExport();
    })->setIcon(pictogram(Pictogram::Export));
    menu->addSeparator();
    add(menu, "retry", tr("Read the frame &again"), QKeySequence(Qt::Key_F5), [this] {
        session_.retry();
    })->setIcon(pictogram(Pictogram::Retry));
    add(menu, "correctAxes", tr("Correct a&xes\u2026"), {}, [this] { correctAxes(); });
    menu->addSeparator();
    add(menu, "saveScreenshot", tr("&Save screenshot\u2026"), QKeySequence(tr("Alt+S")), [this] {
        saveScreenshot(false);
    })->setIcon(pictogram(Pictogram::Camera));
    add(menu, "copyScreenshot", tr("&Copy screenshot"), QKeySequence(tr("Alt+C")), [this] { copyScreenshot(false); });
    add(menu, "saveWindowScreenshot", tr("Save screenshot of the window\u2026"), QKeySequence(tr("Alt+Shift+S")),
        [this] { saveScreenshot(true); });
    add(menu, "copyWindowScreenshot", tr("Copy screenshot of the window"), QKeySequence(tr("Alt+Shift+C")),
        [this] { copyScreenshot(true); });
    menu->addSeparator();
    add(menu, "preferences", tr("&Preferences\u2026"), QKeySequence(tr("Ctrl+,")), [this] { showPreferences(); });
    menu->addSeparator();
    add(menu, "quit", tr("&Quit"), QKeySequence(tr("Ctrl+Q")), [this] { close(); });
}

void MainWindow::buildPipelineMenu() {
    QMenu* menu = menuBar()->addMenu(tr("P&ipeline"));
    add(menu, "addPipelineStep", tr("&Add step\u2026"), QKeySequence(tr("Ctrl+Shift+A")), [this] {
        showDock(pipelineDock_);
        pipeline_->chooseStep();
    })->setIcon(pictogram(Pictogram::Add));
    add(menu, "undoPipeline", tr("&Undo"), QKeySequence(tr("Ctrl+Z")), [this] {
        editor_.undo();
    })->setIcon(pictogram(Pictogram::Undo));
    add(menu, "redoPipeline", tr("&Redo"), QKeySequence(tr("Ctrl+Shift+Z")), [this] {
        editor_.redo();
    })->setIcon(pictogram(Pictogram::Redo));
    menu->addSeparator();
    add(menu, "showWholePipeline", tr("Show the &whole result"), {}, [this] { editor_.lookAt(std::nullopt); });
    QAction* instead = add(menu, "compareInstead", tr("Show it as it was &before (hold R)"), {},
                           [this] { comparison_.setHeld(!comparison_.held()); });
    instead->setCheckable(true);
    QAction* beside = add(menu, "compareBeside", tr("Before and after &side by side"), QKeySequence(tr("Shift+R")),
                          [this] { comparison_.setBeside(!comparison_.beside()); });
    beside->setCheckable(true);
    beside->setIcon(pictogram(Pictogram::Compare));
}

void MainWindow::buildViewMenu() {
    QMenu* menu = menuBar()->addMenu(tr("&View"));
    QAction* three =
        add(menu, "toggle3d", tr("&3D volume"), QKeySequence(tr("Ctrl+Y")), [this] { toggleDimensions(); });
    three->setIcon(pictogram(Pictogram::Cube));
    three->setCheckable(true);
    add(menu, "roll", tr("&Roll the displayed axes"), QKeySequence(tr("Ctrl+E")), [this] {
        rollAxes();
    })->setIcon(pictogram(Pictogram::Roll));
    add(menu, "transpose", tr("&Transpose the displayed axes"), QKeySequence(tr("Ctrl+T")), [this] {
        session_.edit([](view::ViewState& state) { view::transposeDisplayed(state); });
    })->setIcon(pictogram(Pictogram::Transpose));
    menu->addSeparator();
    add(menu, "home", tr("&Home: reset the view"), QKeySequence(tr("Ctrl+R")), [this] {
        canvas_->fit();
    })->setIcon(pictogram(Pictogram::Home));
    add(menu, "fit", tr("&Fit"), QKeySequence(tr("Ctrl+0")), [this] { canvas_->fit(); });
    add(menu, "oneToOne", tr("Zoom &1:1"), QKeySequence(tr("Ctrl+1")), [this] { canvas_->zoomOneToOne(); });
    add(menu, "zoomIn", tr("Zoom &in"), QKeySequence(tr("Ctrl++")), [this] {
        canvas_->zoomBy(1.5);
    })->setShortcuts({QKeySequence(tr("Ctrl++")), QKeySequence(tr("Ctrl+="))});
    add(menu, "zoomOut", tr("Zoom &out"), QKeySequence(tr("Ctrl+-")), [this] { canvas_->zoomBy(1 / 1.5); });
    menu->addSeparator();
    auto* pixels = new QActionGroup(this);
    const auto addPixels = [&](const char* name, const QString& text, view::Interpolation interpolation) {
        QAction* added = add(menu, name, text, {}, [this, interpolation] {
            session_.edit([&](view::ViewState& state) { state.interpolation = interpolation; });
        });
        added->setCheckable(true);
        pixels->addAction(added);
    };
    addPixels("nearest", tr("&Nearest: pixels as they are"), view::Interpolation::Nearest);
    addPixels("linear", tr("&Linear: smooth"), view::Interpolation::Linear);
    menu->addSeparator();
    add(menu, "scaleBar", tr("&Scale bar"), QKeySequence(tr("Ctrl+B")), [this] {
        session_.edit([](view::ViewState& state) { state.scaleBar = !state.scaleBar; });
    })->setCheckable(true);
    add(menu, "axisNames", tr("&Axis names"), {}, [this] {
        canvas_->setAxesShown(!canvas_->axesShown());
        updateActions();
    })->setCheckable(true);
    menu->addSeparator();
    add(menu, "toggleChannel", tr("Show or hide the &channel"), QKeySequence(Qt::Key_V),
        [this] { channels_->toggleVisible(); });
    add(menu, "autoContrast", tr("A&uto-contrast"), QKeySequence(Qt::Key_C), [this] {
        channels_->autoContrast();
    })->setIcon(pictogram(Pictogram::Contrast));
    add(menu, "channelUp", tr("Former channel"), QKeySequence(tr("Ctrl+Up")),
        [this] { channels_->selectNeighbour(-1); });
    add(menu, "channelDown", tr("Next channel"), QKeySequence(tr("Ctrl+Down")),
        [this] { channels_->selectNeighbour(1); });
    menu->addSeparator();
    QMenu* panels = menu->addMenu(tr("&Panels"));
    panels->setObjectName(QStringLiteral("panelsMenu"));
    for (const QDockWidget* dock : findChildren<QDockWidget*>(Qt::FindDirectChildrenOnly))
        panels->addAction(dock->toggleViewAction());
    add(menu, "palette", tr("Co&mmand palette\u2026"), QKeySequence(tr("Ctrl+Shift+P")), [this] { showPalette(); });
    QAction* full =
        add(menu, "fullScreen", tr("F&ull screen"), QKeySequence(Qt::Key_F11), [this] { toggleFullScreen(); });
    full->setCheckable(true);
}

void MainWindow::buildPlayMenu() {
    QMenu* menu = menuBar()->addMenu(tr("&Play"));
    add(menu, "play", tr("&Play or pause"), QKeySequence(tr("Ctrl+Alt+P")), [this] {
        sliders_->togglePlay();
    })->setIcon(pictogram(Pictogram::Play));
    menu->addSeparator();
    add(menu, "stepBack", tr("One position &back"), QKeySequence(Qt::Key_Left), [this] { sliders_->stepCurrent(-1); });
    add(menu, "stepForward", tr("One position &forward"), QKeySequence(Qt::Key_Right),
        [this] { sliders_->stepCurrent(1); });
    add(menu, "jumpBack", tr("Ten positions back"), QKeySequence(Qt::Key_PageUp),
        [this] { sliders_->stepCurrent(-10); });
    add(menu, "jumpForward", tr("Ten positions forward"), QKeySequence(Qt::Key_PageDown),
        [this] { sliders_->stepCurrent(10); });
    add(menu, "first", tr("Fi&rst position"), QKeySequence(Qt::Key_Home), [this] { sliders_->jumpCurrent(-1); });
    add(menu, "last", tr("&Last position"), QKeySequence(Qt::Key_End), [this] { sliders_->jumpCurrent(1); });
    menu->addSeparator();
    add(menu, "sliderUp", tr("Slider &above"), QKeySequence(tr("Alt+Up")), [this] { sliders_->changeCurrent(-1); });
    add(menu, "sliderDown", tr("Slider b&elow"), QKeySequence(tr("Alt+Down")), [this] { sliders_->changeCurrent(1); });
}

void MainWindow::buildHelpMenu() {
    QMenu* menu = menuBar()->addMenu(tr("&Help"));
    add(menu, "keys", tr("&Keys and mouse"), QKeySequence(Qt::Key_F1), [this] { showKeys(); });
    add(menu, "about", tr("&About Lazulite"), {}, [this] { showAbout(); });
    auto* escape = new QAction(tr("Cancel what is under way"), this);
    escape->setObjectName(QStringLiteral("cancelTask"));
    escape->setShortcut(QKeySequence(Qt::Key_Escape));
    connect(escape, &QAction::triggered, this,
            [this] { isFullScreen() && !opener_.busy() ? toggleFullScreen() : cancelTask(); });
    addAction(escape);
}

void MainWindow::buildToolBar() {
    QToolBar* bar = addToolBar(tr("Tools"));
    bar->setObjectName(QStringLiteral("toolBar"));
    bar->setMovable(false);
    bar->setIconSize(QSize(18, 18));
    bar->setContextMenuPolicy(Qt::PreventContextMenu);
    const QList<QList<const char*>> groups = {{"openFolder", "openFiles", "openPipeline"},
                                              {"toggle3d", "roll", "transpose", "home"},
                                              {"autoContrast", "compareBeside", "play"},
                                              {"saveScreenshot"}};
    for (const auto& group : groups) {
        if (!bar->actions().isEmpty()) bar->addSeparator();
        for (const char* name : group) bar->addAction(action(name));
    }
    for (QWidget* button : bar->findChildren<QWidget*>()) button->setFocusPolicy(Qt::NoFocus);
}

void MainWindow::fillRecentMenu() {
    recentMenu_->clear();
    for (const QString& path : settings::recentPaths()) {
        recentMenu_->addAction(path, this, [this, path] { openPaths({QFile::encodeName(path).toStdString()}); });
    }
    if (recentMenu_->isEmpty()) recentMenu_->addAction(tr("Nothing yet"))->setEnabled(false);
    recentMenu_->addSeparator();
    recentMenu_->addAction(tr("Forget these"), this, [] { settings::clearRecentPaths(); });
}

void MainWindow::fillRecentPipelinesMenu() {
    QMenu* menu = recentPipelinesMenu_;
    menu->clear();
    for (const QString& path : settings::recentPipelines()) {
        menu->addAction(path, this, [this, path] {
            whenSaved([this, path] { openPipeline(QFile::encodeName(path).toStdString()); });
        });
    }
    if (menu->isEmpty()) menu->addAction(tr("Nothing yet"))->setEnabled(false);
    menu->addSeparator();
    menu->addAction(tr("Forget these"), this, [] { settings::clearRecentPipelines(); });
}

void MainWindow::updateActions() {
    const bool data = session_.hasData();
    for (const char* name :
         {"closeData",   "export",    "retry",     "correctAxes", "saveScreenshot", "copyScreenshot", "toggle3d",
          "roll",        "transpose", "home",      "fit",         "oneToOne",       "zoomIn",         "zoomOut",
          "nearest",     "linear",    "scaleBar",  "axisNames",   "toggleChannel",  "autoContrast",   "channelUp",
          "channelDown", "play",      "stepBack",  "stepForward", "jumpBack",       "jumpForward",    "first",
          "last",        "sliderUp",  "sliderDown"}) {
        if (QAction* known = action(name); known->isEnabled() != data) known->setEnabled(data);
    }
    const view::ViewState& state = session_.state();
    action("toggle3d")->setEnabled(data && (state.ndisplay == 3 || view::hasDepth(state, session_.axes())));
    action("toggle3d")->setChecked(data && state.ndisplay == 3);
    action("nearest")->setChecked(state.interpolation == view::Interpolation::Nearest);
    action("linear")->setChecked(state.interpolation == view::Interpolation::Linear);
    action("scaleBar")->setChecked(state.scaleBar);
    action("axisNames")->setChecked(canvas_->axesShown());
    for (const char* name : {"savePipeline", "savePipelineAs", "closePipeline"})
        action(name)->setEnabled(editor_.isOpen());
    action("undoPipeline")->setEnabled(editor_.canUndo());
    action("redoPipeline")->setEnabled(editor_.canRedo());
    action("showWholePipeline")->setEnabled(editor_.lookedAt().has_value());
    const bool processed = data && session_.processed();
    action("compareInstead")->setEnabled(processed);
    action("compareInstead")->setChecked(comparison_.held());
    action("compareBeside")->setEnabled(processed && state.ndisplay == 2);
    action("compareBeside")->setChecked(comparison_.beside());
}

} // namespace lazulite::gui
