#pragma once

#include <QColor>
#include <QWidget>
#include <array>
#include <memory>
#include <vector>

#include "lazulite/view/viewer.h"

namespace lazulite::gui {

/// The histogram of what one channel shows, with the contrast limits and the gamma curve drawn over it.
class HistogramView : public QWidget {
    Q_OBJECT

public:
    explicit HistogramView(QWidget* parent = nullptr);

    void setHistogram(std::shared_ptr<const view::Histogram> histogram);
    void setLimits(double low, double high, double gamma);
    /// The values at the left and right edge, as in the range slider below it.
    void setRange(double low, double high);
    /// The values are whole numbers: a bin narrower than one is widened to it.
    void setWhole(bool whole) { whole_ = whole; }
    void setColor(const QColor& color);
    void setLogarithmic(bool logarithmic);
    bool logarithmic() const { return logarithmic_; }

    QSize sizeHint() const override { return {120, 54}; }
    QSize minimumSizeHint() const override { return {60, 40}; }

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    double pixelOf(double value) const;
    std::vector<double> bars() const;
    void paintBars(QPainter& painter) const;

    std::shared_ptr<const view::Histogram> histogram_;
    std::array<double, 2> range_{0, 1};
    std::array<double, 2> limits_{0, 1};
    double gamma_ = 1;
    bool logarithmic_ = true;
    bool whole_ = false;
    QColor color_;
};

} // namespace lazulite::gui
