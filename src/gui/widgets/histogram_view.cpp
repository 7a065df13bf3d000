#include "widgets/histogram_view.h"

#include <QPainter>
#include <QPainterPath>
#include <algorithm>
#include <cmath>
#include <utility>

#include "widgets/theme.h"

namespace lazulite::gui {

namespace {
constexpr double kMargin = 7.0; // that of the range slider below, so that handles stand under their lines
} // namespace

HistogramView::HistogramView(QWidget* parent) : QWidget(parent), color_(theme::color(theme::kAccent)) {
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
}

void HistogramView::setHistogram(std::shared_ptr<const view::Histogram> histogram) {
    if (histogram == histogram_) return;
    histogram_ = std::move(histogram);
    update();
}

void HistogramView::setLimits(double low, double high, double gamma) {
    limits_ = {low, high};
    gamma_ = gamma;
    update();
}

void HistogramView::setRange(double low, double high) {
    range_ = {low, std::max(high, low + 1e-12)};
    update();
}

void HistogramView::setColor(const QColor& color) {
    color_ = color;
    update();
}

void HistogramView::setLogarithmic(bool logarithmic) {
    logarithmic_ = logarithmic;
    update();
}

double HistogramView::pixelOf(double value) const {
    const double fraction = std::clamp((value - range_[0]) / (range_[1] - range_[0]), 0.0, 1.0);
    return kMargin + fraction * (width() - 2 * kMargin);
}

std::vector<double> HistogramView::bars() const {
    const std::size_t bins = histogram_->counts.size();
    const double width = histogram_->high - histogram_->low;
    const auto wanted = whole_ ? std::min(bins, static_cast<std::size_t>(std::max(1.0, std::floor(width)))) : bins;
    std::vector<double> bars(wanted, 0.0);
    for (std::size_t i = 0; i < bins; ++i) bars[i * wanted / bins] += histogram_->counts[i];
    return bars;
}

void HistogramView::paintBars(QPainter& painter) const {
    if (!histogram_ || histogram_->counts.empty() || !(histogram_->high > histogram_->low)) return;
    std::vector<double> heights = bars();
    if (logarithmic_) std::ranges::transform(heights, heights.begin(), [](double count) { return std::log1p(count); });
    const double most = *std::ranges::max_element(heights);
    if (most <= 0) return;
    const double bottom = height() - 3.0;
    const double scale = (bottom - 4.0) / most;
    const double bin = (histogram_->high - histogram_->low) / static_cast<double>(heights.size());
    QPainterPath path(QPointF(pixelOf(histogram_->low), bottom));
    for (std::size_t i = 0; i < heights.size(); ++i) {
        const double top = bottom - scale * heights[i];
        path.lineTo(pixelOf(histogram_->low + bin * static_cast<double>(i)), top);
        path.lineTo(pixelOf(histogram_->low + bin * static_cast<double>(i + 1)), top);
    }
    path.lineTo(pixelOf(histogram_->high), bottom);
    QColor fill = color_;
    fill.setAlphaF(0.55F);
    painter.fillPath(path, fill);
}

void HistogramView::paintEvent(QPaintEvent*) {
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(Qt::NoPen);
    painter.setBrush(theme::color(theme::kBase));
    painter.drawRoundedRect(rect(), 4, 4);
    paintBars(painter);
    const double low = pixelOf(limits_[0]);
    const double high = pixelOf(limits_[1]);
    const double bottom = height() - 3.0;
    constexpr double kTop = 4.0;
    QColor line = theme::color(theme::kText);
    line.setAlphaF(0.75F);
    painter.setPen(QPen(line, 1));
    painter.drawLine(QPointF(low, kTop), QPointF(low, bottom));
    painter.drawLine(QPointF(high, kTop), QPointF(high, bottom));
    QPainterPath curve(QPointF(low, bottom));
    constexpr int kSteps = 24;
    for (int i = 1; i <= kSteps; ++i) {
        const double x = static_cast<double>(i) / kSteps;
        curve.lineTo(low + x * (high - low), bottom - std::pow(x, gamma_) * (bottom - kTop));
    }
    line.setAlphaF(0.4F);
    painter.setPen(QPen(line, 1));
    painter.drawPath(curve);
}

} // namespace lazulite::gui
