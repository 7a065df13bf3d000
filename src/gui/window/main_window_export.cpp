#include <QDir>
#include <QFileInfo>
#include <QMessageBox>
#include <QPushButton>
#include <utility>

#include "export/export_dialog.h"
#include "panels/problems_panel.h"
#include "pipeline/config_edits.h"
#include "widgets/banner.h"
#include "widgets/text.h"
#include "window/main_window.h"

namespace lazulite::gui {

namespace {

/// Of the steps up to `step`, or all of them.
batch::Provenance provenanceOf(const Recording& recording, const LoadedPipeline& built,
                               std::optional<std::size_t> step) {
    pipeline::Config config = built.config;
    if (step && *step < config.steps.size()) config.steps.resize(*step + 1);
    batch::Provenance provenance{.series = recording.series};
    provenance.pipelineName = config.name;
    provenance.pipelinePath = config.path;
    provenance.pipelineText = pipeline::writeConfig(config).text;
    provenance.files = built.pipeline->sources;
    return provenance;
}

/// Beside the data, under their name.
QString proposedFolder(const Recording& recording) {
    if (!recording.series) return QDir::homePath() + QStringLiteral("/lazulite-export");
    const QFileInfo location(pathToQString(recording.series->location()));
    const QString folder = location.isDir() ? QDir(location.absoluteFilePath()).absolutePath()
                                            : location.absolutePath() + QLatin1Char('/') + location.completeBaseName();
    return folder + QStringLiteral("-export");
}

} // namespace

std::vector<ExportChoice> MainWindow::exportChoices() const {
    const Recording& recording = session_.recording();
    std::vector<ExportChoice> choices;
    const auto& built = editor_.built();
    if (session_.processed() && built && built->pipeline) {
        if (const auto step = editor_.lookedAt()) {
            const QString title = toQString(titleOf(editor_.config().steps[*step]));
            choices.push_back({tr("What is shown: up to step %1, %2").arg(*step + 1).arg(title), session_.array(),
                               provenanceOf(recording, *built, step)});
        }
        choices.push_back(
            {tr("The pipeline's result"), built->pipeline->result(), provenanceOf(recording, *built, std::nullopt)});
    }
    choices.push_back({tr("The data as they are"), recording.array, {.series = recording.series}});
    return choices;
}

void MainWindow::showExport() {
    if (!session_.hasData()) return;
    if (export_.isRunning()) {
        banner_->ask(tr("An export to %1 is running.").arg(pathToQString(export_.output())), tr("Stop it"),
                     [this] { export_.stop(); });
        return;
    }
    auto* dialog =
        new ExportDialog(exportChoices(), session_.state().position, proposedFolder(session_.recording()), this);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    connect(dialog, &ExportDialog::orderGiven, this, [this](const ExportOrder& order) { export_.start(order); });
    dialog->open();
}

void MainWindow::connectExport() {
    connect(&export_, &ExportJob::progressed, this, &MainWindow::showTask);
    connect(&export_, &ExportJob::finished, this, [this](const batch::ExportReport& report) {
        showTask();
        const bool good = report.failed.empty() && report.filled.empty();
        banner_->tell(good ? Banner::Kind::Note : Banner::Kind::Error, reportText(report, export_.output()));
        for (const auto& problem : report.failed)
            problems_->addNote(tr("export"), pathToQString(problem.file), toQString(problem.error.text()));
        for (const auto& problem : report.filled)
            problems_->addNote(tr("export, zeros"), pathToQString(problem.file), toQString(problem.error.text()));
    });
    connect(&export_, &ExportJob::failed, this, [this](const QString& why) {
        showTask();
        banner_->tell(Banner::Kind::Error, tr("Nothing more was exported: %1").arg(why));
    });
}

void MainWindow::whenExported(std::function<void()> then) {
    if (!export_.isRunning()) return then();
    auto* box =
        new QMessageBox(QMessageBox::Question, tr("Export"),
                        tr("An export to %1 is running. Files that are whole stay, the rest can be added later.")
                            .arg(pathToQString(export_.output())),
                        QMessageBox::NoButton, this);
    box->setObjectName(QStringLiteral("exportRunningDialog"));
    box->setAttribute(Qt::WA_DeleteOnClose);
    const QPushButton* stop = box->addButton(tr("Stop it"), QMessageBox::DestructiveRole);
    box->addButton(tr("Go on"), QMessageBox::RejectRole);
    connect(box, &QMessageBox::buttonClicked, this,
            [this, stop, then = std::move(then)](const QAbstractButton* button) {
                if (button != stop) return;
                export_.stop();
                then();
            });
    box->open();
}

} // namespace lazulite::gui
