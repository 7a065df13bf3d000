#include "window/status_strip.h"

#include <QLabel>
#include <QProgressBar>
#include <QToolButton>
#include <algorithm>

#include "session/session.h"
#include "widgets/icons.h"
#include "widgets/text.h"
#include "widgets/theme.h"

namespace lazulite::gui {

namespace {
constexpr int kEveryMs = 400;
constexpr int kFull = 1000;
} // namespace

StatusStrip::StatusStrip(Session& session, QWidget* parent)
    : QStatusBar(parent),
      session_(session),
      readout_(new QLabel(this)),
      task_(new QLabel(this)),
      progress_(new QProgressBar(this)),
      cancel_(new QToolButton(this)),
      problems_(new QToolButton(this)),
      costs_(new QToolButton(this)),
      backend_(new QLabel(this)),
      memory_(new QProgressBar(this)) {
    setSizeGripEnabled(false);
    setContentsMargins(6, 0, 8, 0);
    readout_->setObjectName(QStringLiteral("readout"));
    readout_->setTextFormat(Qt::PlainText);
    readout_->setMinimumWidth(60);
    readout_->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);
    task_->setObjectName(QStringLiteral("taskText"));
    progress_->setObjectName(QStringLiteral("taskProgress"));
    progress_->setFixedSize(120, 12);
    progress_->setTextVisible(false);
    cancel_->setObjectName(QStringLiteral("taskCancel"));
    cancel_->setText(tr("Cancel"));
    cancel_->setFocusPolicy(Qt::NoFocus);
    problems_->setObjectName(QStringLiteral("problemsButton"));
    problems_->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    problems_->setIcon(pictogram(Pictogram::Warning, theme::kError));
    problems_->setFocusPolicy(Qt::NoFocus);
    costs_->setObjectName(QStringLiteral("costs"));
    costs_->setToolTip(tr("What the last picture cost; click for the last requests"));
    costs_->setFocusPolicy(Qt::NoFocus);
    memory_->setObjectName(QStringLiteral("memoryBar"));
    memory_->setRange(0, kFull);
    memory_->setFixedSize(150, 15);
    memory_->setAlignment(Qt::AlignCenter);
    addWidget(readout_, 1);
    backend_->setObjectName(QStringLiteral("backend"));
    backend_->setProperty("dim", true);
    for (QWidget* widget :
         std::initializer_list<QWidget*>{task_, progress_, cancel_, problems_, costs_, backend_, memory_}) {
        addPermanentWidget(widget);
    }
    clearTask();
    connect(cancel_, &QToolButton::clicked, this, &StatusStrip::cancelWanted);
    connect(problems_, &QToolButton::clicked, this, &StatusStrip::problemsWanted);
    connect(costs_, &QToolButton::clicked, this, &StatusStrip::ledgerWanted);
    connect(&session, &Session::pictureChanged, this, &StatusStrip::refreshCosts);
    connect(&session, &Session::volumeChanged, this, &StatusStrip::refreshCosts);
    connect(&session, &Session::problemsChanged, this, &StatusStrip::refreshProblems);
    connect(&timer_, &QTimer::timeout, this, &StatusStrip::refreshMemory);
    timer_.start(kEveryMs);
    refreshProblems();
    refreshCosts();
    refreshMemory();
}

void StatusStrip::setBackend(const QString& name, const QString& runsOn) {
    backend_->setText(name);
    backend_->setToolTip(tr("Pipelines are computed on: %1").arg(runsOn));
}

void StatusStrip::setReadout(const QString& text) {
    readout_->setText(text);
}

void StatusStrip::setTask(const QString& text, std::optional<double> fraction) {
    task_->setText(text);
    progress_->setRange(0, fraction ? kFull : 0);
    if (fraction) progress_->setValue(static_cast<int>(*fraction * kFull));
    for (QWidget* widget : std::initializer_list<QWidget*>{task_, progress_, cancel_}) widget->show();
}

void StatusStrip::clearTask() {
    for (QWidget* widget : std::initializer_list<QWidget*>{task_, progress_, cancel_}) widget->hide();
}

void StatusStrip::refreshCosts() {
    const graph::Costs& costs = session_.pictureCosts();
    costs_->setVisible(session_.hasData());
    costs_->setText(tr("%1 files  %2 pages  %3  %4 ms  %5 hits")
                        .arg(costs.reads.filesOpened)
                        .arg(costs.reads.pagesRead)
                        .arg(bytesToQString(static_cast<std::uint64_t>(costs.reads.bytesRead)))
                        .arg(costs.milliseconds, 0, 'f', costs.milliseconds < 10 ? 1 : 0)
                        .arg(costs.cacheHits));
}

void StatusStrip::refreshMemory() {
    const graph::MemoryBudget::Usage usage = session_.executor().memory().usage();
    const double fraction =
        usage.limit == 0 ? 0 : static_cast<double>(usage.total()) / static_cast<double>(usage.limit);
    memory_->setValue(std::clamp(static_cast<int>(fraction * kFull), 0, kFull));
    memory_->setFormat(QStringLiteral("%1 / %2").arg(bytesToQString(usage.total()), bytesToQString(usage.limit)));
    memory_->setToolTip(
        tr("Memory of all pictures and blocks, in use, kept for reuse or promised, of the limit (peak %1)")
            .arg(bytesToQString(usage.peak)));
}

void StatusStrip::refreshProblems() {
    const auto count = session_.problems().size();
    problems_->setVisible(count > 0);
    problems_->setText(count == 1 ? tr("1 problem") : tr("%1 problems").arg(count));
}

} // namespace lazulite::gui
