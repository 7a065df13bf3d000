#include "widgets/range_slider.h"

#include <QKeyEvent>
#include <QMouseEvent>
#include <QPainter>
#include <algorithm>
#include <cmath>

#include "widgets/theme.h"

namespace lazulite::gui {

namespace {
constexpr double kMargin = 7.0;
constexpr double kHandleRadius = 6.0;
constexpr double kGrooveHeight = 4.0;
constexpr int kHeight = 18;
} // namespace

RangeSlider::RangeSlider(QWidget* parent) : QWidget(parent), color_(theme::color(theme::kAccent)) {
    setFocusPolicy(Qt::TabFocus); // a click leaves the arrow keys to the dimension sliders
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    setCursor(Qt::PointingHandCursor);
}

void RangeSlider::setRange(double low, double high) {
    range_ = {low, std::max(high, low + 1e-12)};
    update();
}

void RangeSlider::setLimits(double low, double high) {
    if (limits_ == std::array{low, high}) return;
    limits_ = {low, high};
    update();
}

void RangeSlider::setColor(const QColor& color) {
    color_ = color;
    update();
}

QSize RangeSlider::sizeHint() const {
    return {120, kHeight};
}

double RangeSlider::pixelOf(double value) const {
    const double fraction = std::clamp((value - range_[0]) / (range_[1] - range_[0]), 0.0, 1.0);
    return kMargin + fraction * (width() - 2 * kMargin);
}

double RangeSlider::valueAt(double x) const {
    return range_[0] + (x - kMargin) / std::max(1.0, width() - 2 * kMargin) * (range_[1] - range_[0]);
}

void RangeSlider::edit(double low, double high) {
    if (whole_) {
        low = std::round(low);
        high = std::round(high);
    }
    const double apart = whole_ ? 1.0 : (range_[1] - range_[0]) * 1e-4;
    if (high < low + apart) {
        if (grip_ == Grip::Low)
            low = high - apart;
        else
            high = low + apart;
    }
    if (limits_ == std::array{low, high}) return;
    limits_ = {low, high};
    update();
    emit limitsEdited(low, high);
}

void RangeSlider::paintEvent(QPaintEvent*) {
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    const double middle = height() / 2.0;
    const QRectF groove(kMargin, middle - kGrooveHeight / 2, width() - 2 * kMargin, kGrooveHeight);
    painter.setPen(Qt::NoPen);
    painter.setBrush(theme::color(theme::kBase));
    painter.drawRoundedRect(groove, 2, 2);
    const double low = pixelOf(limits_[0]);
    const double high = pixelOf(limits_[1]);
    painter.setBrush(isEnabled() ? color_ : theme::color(theme::kBorder));
    painter.drawRoundedRect(QRectF(low, groove.top(), std::max(1.0, high - low), kGrooveHeight), 2, 2);
    for (const double x : {low, high}) {
        painter.setPen(QPen(theme::color(hasFocus() ? theme::kAccent : theme::kBase), 1.2));
        painter.setBrush(theme::color(isEnabled() ? theme::kText : theme::kDimText));
        painter.drawEllipse(QPointF(x, middle), kHandleRadius - 1, kHandleRadius - 1);
    }
}

void RangeSlider::mousePressEvent(QMouseEvent* event) {
    if (event->button() != Qt::LeftButton) return event->ignore();
    const double x = event->position().x();
    const double low = pixelOf(limits_[0]);
    const double high = pixelOf(limits_[1]);
    const double toLow = std::abs(x - low);
    const double toHigh = std::abs(x - high);
    const double nearest = std::min(toLow, toHigh);
    if (nearest <= kHandleRadius + 2 || x < low || x > high) {
        // Handles that lie on one another: the side of the click decides.
        const bool takeHigh = toLow == toHigh ? x >= high : toHigh < toLow;
        grip_ = takeHigh ? Grip::High : Grip::Low;
    } else {
        grip_ = Grip::Both;
    }
    pressedValue_ = valueAt(x);
    pressedLimits_ = limits_;
    if (nearest > kHandleRadius + 2 && grip_ != Grip::Both) mouseMoveEvent(event);
}

void RangeSlider::mouseMoveEvent(QMouseEvent* event) {
    const double value = std::clamp(valueAt(event->position().x()), range_[0], range_[1]);
    switch (grip_) {
        case Grip::None:
            return;
        case Grip::Low:
            return edit(std::min(value, limits_[1]), limits_[1]);
        case Grip::High:
            return edit(limits_[0], std::max(value, limits_[0]));
        case Grip::Both: {
            const double shift = valueAt(event->position().x()) - pressedValue_;
            return edit(pressedLimits_[0] + shift, pressedLimits_[1] + shift);
        }
    }
}

void RangeSlider::mouseReleaseEvent(QMouseEvent*) {
    grip_ = Grip::None;
}

void RangeSlider::keyPressEvent(QKeyEvent* event) {
    const double step = std::max((range_[1] - range_[0]) / 100, whole_ ? 1.0 : 0.0);
    const double direction = event->key() == Qt::Key_Left ? -step : event->key() == Qt::Key_Right ? step : 0.0;
    if (direction == 0.0) return QWidget::keyPressEvent(event);
    if ((event->modifiers() & Qt::ShiftModifier) != 0) {
        edit(std::min(limits_[0] + direction, limits_[1]), limits_[1]);
    } else {
        edit(limits_[0], std::max(limits_[1] + direction, limits_[0]));
    }
}

bool RangeSlider::event(QEvent* event) {
    if (event->type() == QEvent::ShortcutOverride) {
        const int key = static_cast<QKeyEvent*>(event)->key();
        if (key == Qt::Key_Left || key == Qt::Key_Right) event->accept();
    }
    return QWidget::event(event);
}

} // namespace lazulite::gui
