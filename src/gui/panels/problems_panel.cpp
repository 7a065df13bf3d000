#include "panels/problems_panel.h"

#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QPushButton>
#include <QTreeWidget>
#include <QVBoxLayout>
#include <algorithm>

#include "session/session.h"
#include "widgets/icons.h"
#include "widgets/text.h"

namespace lazulite::gui {

QString positionText(const Session& session, const std::vector<std::int64_t>& position, bool withChannel) {
    QStringList parts;
    const Axes& axes = session.axes();
    for (std::size_t i = 0; i < axes.size() && i < position.size(); ++i) {
        if (axes[i].size < 2 || session.state().isDisplayed(i)) continue;
        if (!withChannel && channelAxis(axes) == i) continue;
        parts << QStringLiteral("%1=%2").arg(QString::fromStdString(axes[i].name)).arg(position[i]);
    }
    return parts.join(QStringLiteral(", "));
}

ProblemsPanel::ProblemsPanel(Session& session, QWidget* parent)
    : QWidget(parent),
      session_(session),
      list_(new QTreeWidget(this)),
      summary_(new QLabel(this)),
      retry_(new QPushButton(pictogram(Pictogram::Retry), tr("Retry"), this)) {
    setObjectName(QStringLiteral("problemsPanel"));
    list_->setObjectName(QStringLiteral("problemsList"));
    list_->setHeaderLabels({tr("Where"), tr("Reason"), tr("File")});
    list_->setRootIsDecorated(false);
    list_->setAlternatingRowColors(true);
    list_->setUniformRowHeights(true);
    list_->header()->setStretchLastSection(true);
    list_->header()->resizeSection(0, 160);
    list_->header()->resizeSection(1, 320);
    list_->setFocusPolicy(Qt::ClickFocus);
    summary_->setObjectName(QStringLiteral("problemsSummary"));
    summary_->setProperty("dim", true);
    retry_->setObjectName(QStringLiteral("retryButton"));
    retry_->setToolTip(tr("Forget these and read the frames again (F5)"));
    auto* head = new QHBoxLayout;
    head->addWidget(summary_, 1);
    head->addWidget(retry_);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(6, 6, 6, 6);
    layout->addLayout(head);
    layout->addWidget(list_, 1);
    connect(retry_, &QPushButton::clicked, this, [this] {
        notes_.clear();
        session_.retry();
        refresh();
    });
    connect(list_, &QTreeWidget::itemDoubleClicked, this, [this](QTreeWidgetItem* item) {
        const int index = item->data(0, Qt::UserRole).toInt();
        const auto& problems = session_.problems();
        if (index < 0 || index >= static_cast<int>(problems.size())) return;
        const std::vector<std::int64_t> there = problems[static_cast<std::size_t>(index)].position;
        session_.edit([&](view::ViewState& state) {
            for (std::size_t i = 0; i < state.position.size() && i < there.size(); ++i) {
                if (!state.isDisplayed(i)) state.position[i] = there[i];
            }
        });
    });
    connect(&session, &Session::problemsChanged, this, &ProblemsPanel::refresh);
    connect(&session, &Session::recordingChanged, this, [this] {
        notes_.clear();
        refresh();
    });
    refresh();
}

void ProblemsPanel::addNote(const QString& what, const QString& path, const QString& reason) {
    notes_.push_back({what, path, reason});
    refresh();
}

void ProblemsPanel::refresh() {
    list_->clear();
    QList<QTreeWidgetItem*> items;
    const auto add = [&](const QString& where, const QString& reason, const QString& path, int index) {
        auto* item = new QTreeWidgetItem({where, reason, path});
        item->setData(0, Qt::UserRole, index);
        item->setIcon(0, pictogram(Pictogram::Warning));
        item->setToolTip(1, reason);
        item->setToolTip(2, path);
        items << item;
    };
    for (const Note& note : notes_) add(note.what, note.reason, note.path, -1);
    int index = 0;
    for (const view::Problem& problem : session_.problems()) {
        QString path = pathToQString(problem.error.path);
        if (problem.error.page) path += tr(", page %1").arg(*problem.error.page);
        add(positionText(session_, problem.position), toQString(problem.error.message), path, index++);
    }
    list_->addTopLevelItems(items);
    summary_->setText(items.isEmpty() ? tr("No problems so far. Frames that cannot be read are collected here.")
                                      : tr("%1 not shown. A double click goes there.").arg(items.size()));
    retry_->setEnabled(!items.isEmpty());
}

} // namespace lazulite::gui
