#include "steps/step_chooser.h"

#include <QKeyEvent>
#include <QLineEdit>
#include <QListWidget>
#include <QPainter>
#include <QScreen>
#include <QStyledItemDelegate>
#include <QVBoxLayout>
#include <algorithm>

#include "lazulite/pipeline/schema.h"
#include "widgets/text.h"
#include "widgets/theme.h"

namespace lazulite::gui {

namespace {

constexpr int kHelpRole = Qt::UserRole + 1;
constexpr QSize kSize(380, 420);

/// The name of a step, below it what it does.
class StepDelegate : public QStyledItemDelegate {
public:
    using QStyledItemDelegate::QStyledItemDelegate;

    QSize sizeHint(const QStyleOptionViewItem& option, const QModelIndex&) const override {
        return {100, 2 * option.fontMetrics.lineSpacing() + 10};
    }

    void paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const override {
        painter->save();
        const bool current = (option.state & QStyle::State_Selected) != 0;
        if (current) {
            painter->setRenderHint(QPainter::Antialiasing);
            painter->setPen(Qt::NoPen);
            painter->setBrush(theme::color(theme::kAccentFill));
            painter->drawRoundedRect(option.rect.adjusted(1, 1, -1, -1), 4, 4);
        }
        const QRect inner = option.rect.adjusted(8, 4, -8, -4);
        QFont bold = option.font;
        bold.setWeight(QFont::DemiBold);
        painter->setFont(bold);
        painter->setPen(theme::color(theme::kText));
        painter->drawText(inner, Qt::AlignLeft | Qt::AlignTop, index.data(Qt::DisplayRole).toString());
        painter->setFont(option.font);
        painter->setPen(theme::color(theme::kDimText));
        const QString help =
            option.fontMetrics.elidedText(index.data(kHelpRole).toString(), Qt::ElideRight, inner.width());
        painter->drawText(inner, Qt::AlignLeft | Qt::AlignBottom, help);
        painter->restore();
    }
};

} // namespace

StepChooser::StepChooser(QWidget* parent)
    : QFrame(parent, Qt::Popup), search_(new QLineEdit(this)), list_(new QListWidget(this)) {
    setObjectName(QStringLiteral("commandPalette")); // it looks like one
    setAttribute(Qt::WA_DeleteOnClose);
    search_->setObjectName(QStringLiteral("stepSearch"));
    search_->setPlaceholderText(tr("Which step?"));
    search_->installEventFilter(this);
    list_->setObjectName(QStringLiteral("stepChoices"));
    list_->setFocusPolicy(Qt::NoFocus);
    list_->setItemDelegate(new StepDelegate(list_));
    list_->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(8, 8, 8, 8);
    layout->addWidget(search_);
    layout->addWidget(list_);
    connect(search_, &QLineEdit::textChanged, this, &StepChooser::filter);
    connect(search_, &QLineEdit::returnPressed, this, &StepChooser::choose);
    connect(list_, &QListWidget::itemClicked, this, &StepChooser::choose);
    filter({});
}

void StepChooser::popup(const QWidget& button) {
    resize(kSize);
    const QRect screen = button.screen()->availableGeometry();
    QPoint corner = button.mapToGlobal(QPoint(0, button.height() + 2));
    corner.setX(std::clamp(corner.x(), screen.left(), std::max(screen.left(), screen.right() - width())));
    corner.setY(std::clamp(corner.y(), screen.top(), std::max(screen.top(), screen.bottom() - height())));
    move(corner);
    show();
    search_->setFocus();
}

void StepChooser::filter(const QString& text) {
    list_->clear();
    for (const pipeline::StepSchema& schema : pipeline::stepSchemas()) {
        const QString op = QString::fromStdString(schema.op);
        const QString help = toQString(schema.help);
        const bool named = std::ranges::any_of(schema.otherNames, [&](const std::string& name) {
            return QString::fromStdString(name).contains(text, Qt::CaseInsensitive);
        });
        if (!op.contains(text, Qt::CaseInsensitive) && !help.contains(text, Qt::CaseInsensitive) && !named) continue;
        auto* item = new QListWidgetItem(op, list_);
        item->setData(kHelpRole, help);
        item->setToolTip(help);
    }
    list_->setCurrentRow(0);
}

void StepChooser::choose() {
    const QListWidgetItem* item = list_->currentItem();
    if (item == nullptr) return;
    const QString op = item->text();
    close();
    emit chosen(op);
}

bool StepChooser::eventFilter(QObject* watched, QEvent* event) {
    if (watched == search_ && event->type() == QEvent::KeyPress) {
        const int key = static_cast<QKeyEvent*>(event)->key();
        if ((key == Qt::Key_Down || key == Qt::Key_Up) && list_->count() > 0) {
            const int step = key == Qt::Key_Down ? 1 : list_->count() - 1;
            list_->setCurrentRow((list_->currentRow() + step) % list_->count());
            return true;
        }
    }
    return QFrame::eventFilter(watched, event);
}

} // namespace lazulite::gui
