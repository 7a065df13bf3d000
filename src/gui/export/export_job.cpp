#include "export/export_job.h"

#include <QCoreApplication>
#include <QStringList>
#include <cmath>
#include <exception>
#include <utility>

#include "lazulite/core/units.h"
#include "widgets/text.h"

namespace lazulite::gui {

namespace {

constexpr qsizetype kMostTold = 3;

QString tr(const char* text) {
    return QCoreApplication::translate("Export", text);
}

QStringList problemLines(const std::vector<batch::ExportReport::Problem>& problems, const QString& format) {
    QStringList lines;
    for (const auto& problem : problems) {
        if (lines.size() == kMostTold) {
            lines << tr("and %1 more, see Problems").arg(problems.size() - kMostTold);
            break;
        }
        lines << format.arg(pathToQString(problem.file), toQString(problem.error.text()));
    }
    return lines;
}

} // namespace

ExportJob::ExportJob(graph::Executor& executor, QObject* parent) : QObject(parent), executor_(executor) {}

ExportJob::~ExportJob() = default;

void ExportJob::start(ExportOrder order) {
    running_ = true;
    output_ = order.options.output;
    progress_ = {};
    thread_ = std::jthread([this, order = std::move(order)](const std::stop_token& stop) {
        auto ending = std::make_shared<Ending>();
        try {
            const batch::Export work(order.array, order.provenance, order.options);
            const auto tell = [this](const batch::ExportProgress& progress) {
                progressBox_.post(*this, progress, [this](const batch::ExportProgress& taken) {
                    if (!running_) return;
                    progress_ = taken;
                    emit progressed();
                });
            };
            ending->report = work.run(executor_, {.progress = tell, .stop = stop});
        } catch (const std::exception& failure) {
            ending->failure = failure.what();
        }
        QMetaObject::invokeMethod(
            this, [this, ending] { end(*ending); }, Qt::QueuedConnection);
    });
    emit progressed();
}

void ExportJob::stop() {
    thread_.request_stop();
}

void ExportJob::end(const Ending& ending) {
    running_ = false;
    if (ending.failure.empty())
        emit finished(ending.report);
    else
        emit failed(toQString(ending.failure));
}

QString progressText(const batch::ExportProgress& progress) {
    QStringList parts;
    parts << tr("%1 of %2").arg(progress.volumesDone).arg(progress.volumes);
    if (progress.bytesPerSecond > 0)
        parts << tr("%1/s").arg(bytesToQString(static_cast<std::uint64_t>(progress.bytesPerSecond)));
    if (progress.secondsLeft)
        parts << tr("%1 left").arg(toQString(quantityText(std::ceil(*progress.secondsLeft), "s")));
    return parts.join(QStringLiteral(", "));
}

QString reportText(const batch::ExportReport& report, const std::string& output) {
    QStringList lines;
    const QString kept = report.kept > 0 ? tr(", %1 were there already").arg(report.kept) : QString();
    lines << (report.cancelled ? tr("Export stopped: %1 volumes are in %2 (%3)%4. It can be gone on with.")
                               : tr("Exported %1 volumes to %2 (%3)%4."))
                 .arg(report.written)
                 .arg(pathToQString(output), bytesToQString(report.bytesWritten), kept);
    lines += problemLines(report.failed, tr("Not written: %1: %2"));
    lines += problemLines(report.filled, tr("Zeros in %1: %2"));
    return lines.join(QLatin1Char('\n'));
}

} // namespace lazulite::gui
