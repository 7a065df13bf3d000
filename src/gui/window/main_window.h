#pragma once

#include <QMainWindow>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "export/export_job.h"
#include "lazulite/gui/application.h"
#include "pipeline/comparison.h"
#include "pipeline/pipeline_editor.h"
#include "session/header_check.h"
#include "session/opener.h"
#include "session/session.h"
#include "sliders/player.h"
#include "window/backend_choice.h"
#include "window/settings.h"

class QDockWidget;
class QMenu;
class QStackedWidget;

namespace lazulite::gui {

class ArrayPanel;
class Banner;
class Canvas;
class ChannelPanel;
class DimensionSliders;
class LedgerPanel;
class PipelinePanel;
struct ExportChoice;
class ProblemsPanel;
class StatusStrip;
class Welcome;

/// The window: a canvas with its sliders, panels around it, and everything that menus and keys do.
class MainWindow : public QMainWindow {
    Q_OBJECT

public:
    explicit MainWindow(const WindowOptions& options = {}, view::ViewerPace pace = {});
    ~MainWindow() override;

    /// Reads the names in the background and shows what they make; what is shown stays until then.
    void openPaths(std::vector<std::string> paths, const WindowOptions& options = {});
    /// Shows an array that is at hand.
    void showRecording(const Recording& recording, const WindowOptions& options = {});

    /// Reads and builds it in the background; what is shown stays until it has proved good.
    void openPipeline(const std::string& path);

    Session& session() { return session_; }
    PipelineEditor& editor() { return editor_; }
    Comparison& comparison() { return comparison_; }
    ExportJob& exportJob() { return export_; }
    Canvas& canvas() { return *canvas_; }
    Player& player() { return player_; }

protected:
    void closeEvent(QCloseEvent* event) override;
    void dragEnterEvent(QDragEnterEvent* event) override;
    void dragLeaveEvent(QDragLeaveEvent* event) override;
    void dropEvent(QDropEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void keyReleaseEvent(QKeyEvent* event) override;
    void changeEvent(QEvent* event) override;

private:
    void buildCentre();
    void buildDocks();
    void connectOpener();
    void connectSession();
    void connectEditor();
    void checkHeaders();
    void showTask();
    void updateTitle();
    QDockWidget* addDock(const QString& title, const char* objectName, QWidget* content, Qt::DockWidgetArea area);

    // Menus, in main_window_actions.cpp.
    void buildMenus();
    void buildFileMenu();
    void buildViewMenu();
    void buildPlayMenu();
    void buildHelpMenu();
    void buildToolBar();
    void buildPipelineMenu();
    void fillRecentMenu();
    void fillRecentPipelinesMenu();
    void updateActions();
    QAction* add(QMenu* menu, const char* objectName, const QString& text, const QKeySequence& keys,
                 std::function<void()> run);
    QAction* action(const char* objectName) const;

    // What the actions do, in main_window_commands.cpp.
    void askForFolder();
    void askForFiles();
    void saveScreenshot(bool wholeWindow);
    void copyScreenshot(bool wholeWindow);
    void writePicture(const QImage& image, const QString& path);
    void toggleDimensions();
    void rollAxes();
    std::int64_t filesForPicture(const view::ViewState& state) const;
    void correctAxes();
    void showPreferences();
    void applyPreferences(const Preferences& preferences);
    void showPalette();
    void showKeys();
    void showAbout();
    void toggleFullScreen();
    void cancelTask();
    void cancelShownTask();
    void showDock(QDockWidget* dock);

    // Pipelines, in main_window_pipeline.cpp.
    void askForPipeline();
    void savePipeline();
    void savePipelineAs(std::function<void()> then = {});
    /// Goes on when changes of the pipeline are saved or given up.
    void whenSaved(std::function<void()> then);

    // Export, in main_window_export.cpp.
    std::vector<ExportChoice> exportChoices() const;
    void showExport();
    void connectExport();
    /// Goes on when no export runs, or it is given up.
    void whenExported(std::function<void()> then);

    void applyBackend(const std::string& choice);

    WindowOptions startOptions_;
    Preferences preferences_;
    Session session_;
    PipelineEditor editor_;
    Comparison comparison_;
    ExportJob export_;
    Player player_;
    Opener opener_;
    HeaderCheck headers_;
    Background background_;
    std::optional<BackendReport> backend_; ///< nothing until it is known what there is
    QString opening_;                      ///< what the opener is doing
    bool closing_ = false;                 ///< changes of the pipeline, and what runs, are dealt with
    std::function<void()> afterSave_;

    QStackedWidget* pages_ = nullptr;
    Welcome* welcome_ = nullptr;
    QWidget* viewPage_ = nullptr;
    Canvas* canvas_ = nullptr;
    DimensionSliders* sliders_ = nullptr;
    Banner* banner_ = nullptr;
    StatusStrip* status_ = nullptr;
    ChannelPanel* channels_ = nullptr;
    ArrayPanel* array_ = nullptr;
    ProblemsPanel* problems_ = nullptr;
    PipelinePanel* pipeline_ = nullptr;
    LedgerPanel* ledger_ = nullptr;
    QDockWidget* problemsDock_ = nullptr;
    QDockWidget* ledgerDock_ = nullptr;
    QDockWidget* pipelineDock_ = nullptr;
    QMenu* recentMenu_ = nullptr;
    QMenu* recentPipelinesMenu_ = nullptr;
    std::optional<view::ViewState> offeredRoll_; ///< the axes that the banner offers to show
};

} // namespace lazulite::gui
