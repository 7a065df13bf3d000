#pragma once

#include <QColor>
#include <QWidget>
#include <array>

namespace lazulite::gui {

/// Two handles on one line: the values shown darkest and brightest. Dragging between them moves both.
class RangeSlider : public QWidget {
    Q_OBJECT

public:
    explicit RangeSlider(QWidget* parent = nullptr);

    /// The ends of the line; limits outside are drawn at its ends.
    void setRange(double low, double high);
    std::array<double, 2> range() const { return range_; }
    void setLimits(double low, double high);
    std::array<double, 2> limits() const { return limits_; }
    /// Limits are whole numbers and at least one apart.
    void setWhole(bool whole) { whole_ = whole; }
    void setColor(const QColor& color);

    /// Where a value lies, in pixels from the left edge.
    double pixelOf(double value) const;

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override { return sizeHint(); }

signals:
    /// The user moved a handle.
    void limitsEdited(double low, double high);

protected:
    void paintEvent(QPaintEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    bool event(QEvent* event) override;

private:
    enum class Grip { None, Low, High, Both };

    double valueAt(double x) const;
    void edit(double low, double high);

    std::array<double, 2> range_{0, 1};
    std::array<double, 2> limits_{0, 1};
    std::array<double, 2> pressedLimits_{0, 1};
    double pressedValue_ = 0;
    Grip grip_ = Grip::None;
    bool whole_ = false;
    QColor color_;
};

} // namespace lazulite::gui
