#include "sliders/tick_slider.h"

#include <QMouseEvent>
#include <QPainter>
#include <algorithm>
#include <cmath>
#include <utility>

#include "widgets/theme.h"

namespace lazulite::gui {

namespace {
constexpr double kMargin = 8.0;
constexpr double kGrooveHeight = 4.0;
constexpr double kHandleRadius = 6.5;
constexpr double kBelowMiddle = 2.0; // leaves the marks room above the handle
} // namespace

TickSlider::TickSlider(QWidget* parent) : QSlider(Qt::Horizontal, parent) {
    setFocusPolicy(Qt::TabFocus);
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
}

void TickSlider::setMarks(std::vector<TickMark> marks) {
    if (marks == marks_) return;
    marks_ = std::move(marks);
    update();
}

void TickSlider::setSpan(int first, int last) {
    spanFirst_ = first;
    spanLast_ = last;
    update();
}

double TickSlider::pixelOf(std::int64_t position) const {
    const double steps = std::max(1, maximum() - minimum());
    return kMargin + (static_cast<double>(position) - minimum()) / steps * (width() - 2 * kMargin);
}

int TickSlider::valueAt(double x) const {
    const double fraction = (x - kMargin) / std::max(1.0, width() - 2 * kMargin);
    const double value = minimum() + fraction * (maximum() - minimum());
    return static_cast<int>(std::lround(std::clamp(value, double(minimum()), double(maximum()))));
}

void TickSlider::paintMarks(QPainter& painter) const {
    // Many marks may fall on one pixel: each pixel is drawn once, a bad frame over a hole.
    constexpr double kTop = 0.5;
    constexpr double kHigh = 5.5;
    const double markWidth = std::max(2.0, (width() - 2 * kMargin) / std::max(1, maximum() - minimum()) * 0.3);
    for (const TickMark::Kind kind : {TickMark::Kind::Hole, TickMark::Kind::Bad}) {
        painter.setBrush(theme::color(kind == TickMark::Kind::Bad ? theme::kError : theme::kWarning));
        int last = -1;
        for (const TickMark& mark : marks_) {
            const double x = pixelOf(mark.position);
            if (mark.kind != kind || static_cast<int>(x) == last) continue;
            last = static_cast<int>(x);
            const double wide = std::min(markWidth, 6.0);
            painter.drawRoundedRect(QRectF(x - wide / 2, kTop, wide, kHigh), 1, 1);
        }
    }
}

void TickSlider::paintEvent(QPaintEvent*) {
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(Qt::NoPen);
    const double middle = height() / 2.0 + kBelowMiddle;
    const QRectF groove(kMargin, middle - kGrooveHeight / 2, width() - 2 * kMargin, kGrooveHeight);
    painter.setBrush(theme::color(theme::kRaised));
    painter.drawRoundedRect(groove, 2, 2);
    if (spanLast_ > spanFirst_ && (spanFirst_ > minimum() || spanLast_ < maximum())) {
        painter.setBrush(theme::color(theme::kBorder).lighter(135));
        painter.drawRoundedRect(
            QRectF(QPointF(pixelOf(spanFirst_), groove.top()), QPointF(pixelOf(spanLast_), groove.bottom())), 2, 2);
    }
    const double x = pixelOf(sliderPosition());
    painter.setBrush(theme::color(theme::kAccentDeep));
    painter.drawRoundedRect(QRectF(groove.topLeft(), QPointF(x, groove.bottom())), 2, 2);
    paintMarks(painter);
    const bool hot = underMouse() || isSliderDown() || hasFocus();
    painter.setPen(QPen(theme::color(theme::kBase), 1.5));
    painter.setBrush(hot ? theme::color(theme::kAccent).lighter(115) : theme::color(theme::kAccent));
    painter.drawEllipse(QPointF(x, middle), kHandleRadius, kHandleRadius);
}

void TickSlider::mousePressEvent(QMouseEvent* event) {
    if (event->button() != Qt::LeftButton) return event->ignore();
    setSliderDown(true);
    setSliderPosition(valueAt(event->position().x()));
    update();
}

void TickSlider::mouseMoveEvent(QMouseEvent* event) {
    if (isSliderDown()) setSliderPosition(valueAt(event->position().x()));
}

void TickSlider::mouseReleaseEvent(QMouseEvent* event) {
    if (event->button() != Qt::LeftButton) return;
    setSliderDown(false);
    update();
}

} // namespace lazulite::gui
