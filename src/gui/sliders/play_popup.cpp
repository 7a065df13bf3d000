#include "sliders/play_popup.h"

#include <QCheckBox>
#include <QComboBox>
#include <QDoubleSpinBox>
#include <QFormLayout>
#include <QHBoxLayout>
#include <QLabel>
#include <QScreen>
#include <QSpinBox>
#include <algorithm>

namespace lazulite::gui {

PlayPopup::PlayPopup(const PlaySettings& settings, std::int64_t size, QWidget* parent)
    : QFrame(parent, Qt::Popup),
      rate_(new QDoubleSpinBox(this)),
      loop_(new QComboBox(this)),
      mode_(new QComboBox(this)),
      reverse_(new QCheckBox(tr("Backwards"), this)),
      first_(new QSpinBox(this)),
      last_(new QSpinBox(this)) {
    setObjectName(QStringLiteral("playPopup"));
    setFrameShape(QFrame::StyledPanel);
    rate_->setObjectName(QStringLiteral("playRate"));
    rate_->setRange(0.1, 120);
    rate_->setDecimals(1);
    rate_->setValue(settings.framesPerSecond);
    rate_->setSuffix(tr(" frames/s"));
    loop_->setObjectName(QStringLiteral("playLoop"));
    loop_->addItems({tr("Once"), tr("Loop"), tr("Back and forth")});
    loop_->setCurrentIndex(static_cast<int>(settings.loop));
    mode_->setObjectName(QStringLiteral("playMode"));
    mode_->addItems({tr("Every frame"), tr("Real time (may skip)")});
    mode_->setCurrentIndex(settings.everyFrame ? 0 : 1);
    reverse_->setObjectName(QStringLiteral("playReverse"));
    reverse_->setChecked(settings.reverse);
    const int end = static_cast<int>(size - 1);
    first_->setObjectName(QStringLiteral("playFirst"));
    last_->setObjectName(QStringLiteral("playLast"));
    first_->setRange(0, end);
    last_->setRange(0, end);
    first_->setValue(static_cast<int>(settings.first));
    last_->setValue(settings.last < 0 ? end : static_cast<int>(settings.last));

    auto* form = new QFormLayout(this);
    form->setContentsMargins(12, 10, 12, 10);
    form->addRow(tr("Rate"), rate_);
    form->addRow(tr("Mode"), mode_);
    form->addRow(tr("Loop"), loop_);
    auto* range = new QHBoxLayout;
    range->addWidget(first_);
    range->addWidget(new QLabel(QStringLiteral("\u2013"), this));
    range->addWidget(last_);
    form->addRow(tr("Range"), range);
    form->addRow(QString(), reverse_);

    connect(rate_, &QDoubleSpinBox::valueChanged, this, &PlayPopup::tell);
    connect(loop_, &QComboBox::currentIndexChanged, this, &PlayPopup::tell);
    connect(mode_, &QComboBox::currentIndexChanged, this, &PlayPopup::tell);
    connect(reverse_, &QCheckBox::toggled, this, &PlayPopup::tell);
    connect(first_, &QSpinBox::valueChanged, this, &PlayPopup::tell);
    connect(last_, &QSpinBox::valueChanged, this, &PlayPopup::tell);
}

void PlayPopup::tell() {
    PlaySettings settings;
    settings.framesPerSecond = rate_->value();
    settings.loop = static_cast<LoopMode>(loop_->currentIndex());
    settings.everyFrame = mode_->currentIndex() == 0;
    settings.reverse = reverse_->isChecked();
    settings.first = std::min(first_->value(), last_->value());
    const int last = std::max(first_->value(), last_->value());
    settings.last = last == last_->maximum() ? -1 : last;
    emit changed(settings);
}

void PlayPopup::popup(const QPoint& globalPosition) {
    adjustSize();
    const QRect screen = parentWidget()->screen()->availableGeometry();
    QPoint corner = globalPosition - QPoint(0, height() + 4);
    corner.setX(std::clamp(corner.x(), screen.left(), std::max(screen.left(), screen.right() - width())));
    corner.setY(std::max(corner.y(), screen.top()));
    move(corner);
    show();
    rate_->setFocus();
}

} // namespace lazulite::gui
