#include "panels/ledger_panel.h"

#include <QHeaderView>
#include <QLabel>
#include <QTreeWidget>
#include <QVBoxLayout>
#include <algorithm>

#include "session/session.h"
#include "widgets/text.h"
#include "widgets/theme.h"

namespace lazulite::gui {

namespace {
constexpr int kEveryMs = 300;
constexpr std::size_t kRows = 60;

QString milliseconds(double ms) {
    return QString::number(ms, 'f', ms < 10 ? 2 : 0);
}

/// How a request ended.
QString resultOf(const graph::Ledger::Entry& entry) {
    if (!entry.error.empty()) return toQString(entry.error);
    QStringList parts{LedgerPanel::tr("done")};
    for (const std::string& remark : entry.costs.remarks) parts << toQString(remark);
    return parts.join(QStringLiteral("; "));
}
} // namespace

LedgerPanel::LedgerPanel(Session& session, QWidget* parent)
    : QWidget(parent), session_(session), totals_(new QLabel(this)), list_(new QTreeWidget(this)) {
    setObjectName(QStringLiteral("ledgerPanel"));
    totals_->setObjectName(QStringLiteral("ledgerTotals"));
    totals_->setProperty("dim", true);
    list_->setObjectName(QStringLiteral("ledgerList"));
    list_->setHeaderLabels(
        {tr("Request"), tr("ms"), tr("files"), tr("pages"), tr("bytes"), tr("computed"), tr("hits"), tr("result")});
    list_->setRootIsDecorated(false);
    list_->setAlternatingRowColors(true);
    list_->setUniformRowHeights(true);
    list_->setFocusPolicy(Qt::ClickFocus);
    list_->header()->resizeSection(0, 200);
    for (int column = 1; column < 7; ++column) {
        list_->header()->resizeSection(column, 74);
        list_->headerItem()->setTextAlignment(column, Qt::AlignRight);
    }
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(6, 6, 6, 6);
    layout->addWidget(totals_);
    layout->addWidget(list_, 1);
    timer_.setInterval(kEveryMs);
    connect(&timer_, &QTimer::timeout, this, &LedgerPanel::refresh);
}

void LedgerPanel::showEvent(QShowEvent* event) {
    QWidget::showEvent(event);
    refresh();
    timer_.start();
}

void LedgerPanel::hideEvent(QHideEvent* event) {
    QWidget::hideEvent(event);
    timer_.stop();
}

void LedgerPanel::refresh() {
    graph::Ledger& ledger = session_.executor().ledger();
    const std::int64_t requests = ledger.requests();
    if (requests == shown_) return;
    shown_ = requests;
    const graph::Costs totals = ledger.totals();
    totals_->setText(tr("%1 requests: %2 files opened, %3 pages, %4 read, %5 hits, %6 cancelled")
                         .arg(requests)
                         .arg(totals.reads.filesOpened)
                         .arg(totals.reads.pagesRead)
                         .arg(bytesToQString(static_cast<std::uint64_t>(totals.reads.bytesRead)))
                         .arg(totals.cacheHits)
                         .arg(totals.cancelled));
    list_->clear();
    QList<QTreeWidgetItem*> items;
    const auto recent = ledger.recent();
    for (std::size_t i = 0; i < std::min(recent.size(), kRows); ++i) {
        const auto& [label, costs, error] = recent[i];
        auto* item = new QTreeWidgetItem(
            {toQString(label), milliseconds(costs.milliseconds), QString::number(costs.reads.filesOpened),
             QString::number(costs.reads.pagesRead), bytesToQString(static_cast<std::uint64_t>(costs.reads.bytesRead)),
             QString::number(costs.blocksComputed), QString::number(costs.cacheHits), resultOf(recent[i])});
        for (int column = 1; column < 7; ++column) item->setTextAlignment(column, Qt::AlignRight);
        if (!error.empty()) item->setForeground(7, theme::color(costs.cancelled > 0 ? theme::kDimText : theme::kError));
        items << item;
    }
    list_->addTopLevelItems(items);
}

} // namespace lazulite::gui
