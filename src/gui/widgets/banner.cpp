#include "widgets/banner.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QToolButton>
#include <utility>

#include "widgets/flag.h"
#include "widgets/icons.h"
#include "widgets/theme.h"

namespace lazulite::gui {

Banner::Banner(QWidget* parent)
    : QFrame(parent), icon_(new QLabel(this)), text_(new QLabel(this)), button_(new QPushButton(this)) {
    setObjectName(QStringLiteral("banner"));
    text_->setObjectName(QStringLiteral("bannerText"));
    text_->setWordWrap(true);
    text_->setTextFormat(Qt::PlainText);
    text_->setTextInteractionFlags(Qt::TextSelectableByMouse);
    button_->setObjectName(QStringLiteral("bannerButton"));
    button_->setFocusPolicy(Qt::NoFocus);
    auto* close = new QToolButton(this);
    close->setObjectName(QStringLiteral("bannerClose"));
    close->setText(QStringLiteral("\u2715"));
    close->setToolTip(tr("Close this message"));
    close->setFocusPolicy(Qt::NoFocus);
    auto* layout = new QHBoxLayout(this);
    layout->setContentsMargins(12, 6, 6, 6);
    layout->addWidget(icon_);
    layout->addWidget(text_, 1);
    layout->addWidget(button_);
    layout->addWidget(close);
    connect(close, &QToolButton::clicked, this, &QWidget::hide);
    connect(button_, &QPushButton::clicked, this, [this] {
        hide();
        if (action_) action_();
    });
    hide();
}

void Banner::tell(Kind kind, const QString& text) {
    const bool error = kind == Kind::Error;
    setFlag(*this, "error", error);
    icon_->setPixmap(pictogram(Pictogram::Warning, error ? theme::kError : theme::kAccent).pixmap(18, 18));
    text_->setText(text);
    button_->hide();
    action_ = nullptr;
    show();
}

void Banner::ask(const QString& text, const QString& button, std::function<void()> action) {
    tell(Kind::Note, text);
    button_->setText(button);
    button_->show();
    action_ = std::move(action);
}

QString Banner::text() const {
    return isHidden() ? QString() : text_->text();
}

} // namespace lazulite::gui
