#include <QDir>
#include <QDockWidget>
#include <QFile>
#include <QFileDialog>
#include <QFileInfo>
#include <QKeyEvent>
#include <QMessageBox>
#include <algorithm>
#include <filesystem>
#include <utility>

#include "canvas/canvas.h"
#include "panels/pipeline_panel.h"
#include "panels/problems_panel.h"
#include "pipeline/config_edits.h"
#include "widgets/banner.h"
#include "widgets/text.h"
#include "window/main_window.h"
#include "window/status_strip.h"

namespace lazulite::gui {

namespace {

constexpr int kMostTold = 4;           // messages in the banner; the rest is counted
constexpr std::size_t kMostNoted = 20; // in the list of problems
constexpr int kToldForMs = 5000;       // that something was saved

QFileDialog* pipelineDialog(QWidget* parent, const char* objectName, const QString& title, const QString& folder) {
    auto* dialog = new QFileDialog(parent, title, folder);
    dialog->setObjectName(QLatin1String(objectName));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setNameFilters({MainWindow::tr("Pipelines (*.toml)"), MainWindow::tr("All files (*)")});
    dialog->setDefaultSuffix(QStringLiteral("toml"));
    return dialog;
}

QString messageText(const pipeline::Messages& messages) {
    QStringList lines;
    for (const pipeline::Message& message : messages) {
        if (lines.size() == kMostTold) {
            lines << MainWindow::tr("and %1 more").arg(messages.size() - kMostTold);
            break;
        }
        lines << toQString(message.toString());
    }
    return lines.join(QLatin1Char('\n'));
}

} // namespace

void MainWindow::openPipeline(const std::string& path) {
    banner_->hide();
    editor_.open(std::filesystem::absolute(path).lexically_normal().string());
}

void MainWindow::connectEditor() {
    connect(pipeline_, &PipelinePanel::openWanted, this, [this] { whenSaved([this] { askForPipeline(); }); });
    connect(&editor_, &PipelineEditor::opened, this, [this](const QString& path) {
        showDock(pipelineDock_);
        if (path.isEmpty()) return;
        settings::addRecentPipeline(path);
    });
    connect(&editor_, &PipelineEditor::openFailed, this,
            [this](const QString& path, const pipeline::Messages& messages) {
                banner_->tell(Banner::Kind::Error, messageText(messages));
                for (std::size_t i = 0; i < std::min(messages.size(), kMostNoted); ++i)
                    problems_->addNote(tr("pipeline"), path, toQString(messages[i].toString()));
            });
    connect(&editor_, &PipelineEditor::fileBroken, this, [this](const pipeline::Messages& messages) {
        banner_->tell(
            Banner::Kind::Error,
            tr("The pipeline was changed and cannot be used; the last good one stays.\n") + messageText(messages));
    });
    connect(&editor_, &PipelineEditor::reloaded, this, [this](bool overChanges) {
        banner_->hide();
        if (overChanges)
            banner_->tell(
                Banner::Kind::Note,
                tr("The pipeline's file was changed and is shown. Undo brings back what you had changed here."));
        else
            status_->showMessage(tr("The pipeline's file was changed and is shown"), kToldForMs);
    });
    connect(&editor_, &PipelineEditor::saved, this, [this](const QString& path) {
        settings::addRecentPipeline(path);
        status_->showMessage(tr("Saved %1").arg(path), kToldForMs);
        if (const auto then = std::exchange(afterSave_, {})) then();
    });
    connect(&editor_, &PipelineEditor::saveFailed, this, [this](const QString& why) {
        afterSave_ = {};
        banner_->tell(Banner::Kind::Error, why);
    });
    connect(&editor_, &PipelineEditor::lossFound, this, [this](const QString& path, const QStringList& comments) {
        QStringList told = comments.mid(0, kMostTold);
        if (comments.size() > kMostTold) told << tr("and %1 more").arg(comments.size() - kMostTold);
        banner_->ask(tr("These comments of %1 cannot be kept, because what they stand at was changed:\n%2")
                         .arg(QFileInfo(path).fileName(), told.join(QLatin1Char('\n'))),
                     tr("Save without them"), [this, path, then = std::exchange(afterSave_, {})] {
                         afterSave_ = then;
                         editor_.save(QFile::encodeName(path).toStdString(), true);
                     });
    });
    connect(&comparison_, &Comparison::changed, this, &MainWindow::updateActions);
    connect(&session_, &Session::arrayChanged, this, &MainWindow::updateActions);
    connect(&editor_, &PipelineEditor::lookedAtChanged, this, [this] {
        const auto step = editor_.lookedAt();
        canvas_->setNotice(
            step ? tr("Up to step %1: %2").arg(*step + 1).arg(toQString(titleOf(editor_.config().steps[*step])))
                 : QString());
    });
    for (const auto signal : {&PipelineEditor::configChanged, &PipelineEditor::builtChanged,
                              &PipelineEditor::lookedAtChanged, &PipelineEditor::closed}) {
        connect(&editor_, signal, this, [this] {
            updateTitle();
            updateActions();
        });
    }
}

void MainWindow::askForPipeline() {
    const QStringList recent = settings::recentPipelines();
    const QString folder = recent.isEmpty() ? settings::lastFolder() : QFileInfo(recent.front()).absolutePath();
    QFileDialog* dialog = pipelineDialog(this, "pipelineDialog", tr("Open a pipeline"), folder);
    dialog->setFileMode(QFileDialog::ExistingFile);
    connect(dialog, &QFileDialog::fileSelected, this,
            [this](const QString& path) { openPipeline(QFile::encodeName(path).toStdString()); });
    dialog->open();
}

void MainWindow::savePipeline() {
    if (!editor_.isOpen()) return;
    if (editor_.config().path.empty()) return savePipelineAs();
    editor_.save(editor_.config().path);
}

void MainWindow::savePipelineAs(std::function<void()> then) {
    if (!editor_.isOpen()) return;
    const QString path = pathToQString(editor_.config().path);
    const QString folder = path.isEmpty() ? settings::lastFolder() : QFileInfo(path).absolutePath();
    QFileDialog* dialog = pipelineDialog(this, "savePipelineDialog", tr("Save the pipeline"), folder);
    dialog->setAcceptMode(QFileDialog::AcceptSave);
    dialog->selectFile(path.isEmpty() ? tr("pipeline.toml") : QFileInfo(path).fileName());
    connect(dialog, &QFileDialog::fileSelected, this, [this, then = std::move(then)](const QString& chosen) {
        afterSave_ = then;
        editor_.save(QFile::encodeName(chosen).toStdString());
    });
    dialog->open();
}

void MainWindow::whenSaved(std::function<void()> then) {
    if (!editor_.modified()) return then();
    const QString file = QFileInfo(pathToQString(editor_.config().path)).fileName();
    auto* box =
        new QMessageBox(QMessageBox::Question, tr("Changes of the pipeline"),
                        tr("%1 has changes that are not saved.").arg(file.isEmpty() ? tr("The pipeline") : file),
                        QMessageBox::Save | QMessageBox::Discard | QMessageBox::Cancel, this);
    box->setObjectName(QStringLiteral("unsavedDialog"));
    box->setAttribute(Qt::WA_DeleteOnClose);
    connect(box, &QMessageBox::finished, this, [this, then = std::move(then)](int answer) {
        if (answer == QMessageBox::Discard) return then();
        if (answer != QMessageBox::Save) return;
        if (editor_.config().path.empty()) return savePipelineAs(then);
        afterSave_ = then;
        savePipeline();
    });
    box->open();
}

void MainWindow::keyPressEvent(QKeyEvent* event) {
    if (event->key() != Qt::Key_R || event->modifiers() != Qt::NoModifier) return QMainWindow::keyPressEvent(event);
    if (!event->isAutoRepeat()) comparison_.setHeld(true);
}

void MainWindow::keyReleaseEvent(QKeyEvent* event) {
    if (event->key() != Qt::Key_R) return QMainWindow::keyReleaseEvent(event);
    if (!event->isAutoRepeat()) comparison_.setHeld(false);
}

void MainWindow::changeEvent(QEvent* event) {
    // The key is released in another window.
    if (event->type() == QEvent::ActivationChange && !isActiveWindow()) comparison_.setHeld(false);
    QMainWindow::changeEvent(event);
}

} // namespace lazulite::gui
