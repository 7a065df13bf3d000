#include "window/command_palette.h"

#include <QAction>
#include <QKeyEvent>
#include <QLineEdit>
#include <QListWidget>
#include <QPixmap>
#include <QVBoxLayout>
#include <algorithm>

namespace lazulite::gui {

namespace {

QString plainText(const QAction& action) {
    return QString(action.text()).remove(QLatin1Char('&'));
}

} // namespace

CommandPalette::CommandPalette(const QList<QAction*>& actions, QWidget* window)
    : QFrame(window, Qt::Popup), search_(new QLineEdit(this)), list_(new QListWidget(this)) {
    setObjectName(QStringLiteral("commandPalette"));
    setAttribute(Qt::WA_DeleteOnClose);
    for (QAction* action : actions) actions_ << action;
    search_->setObjectName(QStringLiteral("paletteSearch"));
    search_->setPlaceholderText(tr("Type a command"));
    search_->installEventFilter(this);
    list_->setObjectName(QStringLiteral("paletteList"));
    list_->setFocusPolicy(Qt::NoFocus);
    list_->setIconSize(QSize(16, 16));
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(8, 8, 8, 8);
    layout->addWidget(search_);
    layout->addWidget(list_);
    connect(search_, &QLineEdit::textChanged, this, &CommandPalette::filter);
    connect(search_, &QLineEdit::returnPressed, this, &CommandPalette::run);
    connect(list_, &QListWidget::itemClicked, this, &CommandPalette::run);
    filter({});
}

void CommandPalette::popup() {
    const QWidget* window = parentWidget();
    resize(std::min(520, window->width() - 40), std::min(380, window->height() - 80));
    move(window->mapToGlobal(QPoint((window->width() - width()) / 2, 60)));
    show();
    search_->setFocus();
}

void CommandPalette::filter(const QString& text) {
    list_->clear();
    QPixmap none(16, 16);
    none.fill(Qt::transparent);
    const QIcon blank(none); // so that all texts begin in one line
    const QStringList words = text.split(QLatin1Char(' '), Qt::SkipEmptyParts);
    for (int i = 0; i < actions_.size(); ++i) {
        const QAction* action = actions_[i];
        if (action == nullptr || !action->isEnabled()) continue;
        const QString name = plainText(*action);
        const bool fits =
            std::ranges::all_of(words, [&](const QString& word) { return name.contains(word, Qt::CaseInsensitive); });
        if (!fits) continue;
        const QString keys = action->shortcut().toString(QKeySequence::NativeText);
        auto* item = new QListWidgetItem(action->icon().isNull() ? blank : action->icon(),
                                         keys.isEmpty() ? name : QStringLiteral("%1    (%2)").arg(name, keys), list_);
        item->setData(Qt::UserRole, i);
    }
    list_->setCurrentRow(0);
}

void CommandPalette::run() {
    const QListWidgetItem* item = list_->currentItem();
    if (item == nullptr) return;
    const QPointer<QAction> action = actions_[item->data(Qt::UserRole).toInt()];
    close();
    if (action) action->trigger();
}

bool CommandPalette::eventFilter(QObject* watched, QEvent* event) {
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
