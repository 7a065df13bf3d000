#pragma once

#include <QSlider>
#include <cstdint>
#include <vector>

namespace lazulite::gui {

/// A mark over one position of a slider.
struct TickMark {
    enum class Kind { Hole, Bad };

    std::int64_t position = 0;
    Kind kind = Kind::Bad;

    auto operator<=>(const TickMark&) const = default;
};

/// A horizontal slider that goes to where it is clicked, and shows marks over bad frames and holes.
class TickSlider : public QSlider {
    Q_OBJECT

public:
    explicit TickSlider(QWidget* parent = nullptr);

    void setMarks(std::vector<TickMark> marks);
    const std::vector<TickMark>& marks() const { return marks_; }
    /// The part of the axis that is played, drawn brighter; empty (begin > end): none.
    void setSpan(int first, int last);

    /// Where a position's handle stands, in pixels from the left edge.
    double pixelOf(std::int64_t position) const;

    QSize sizeHint() const override { return {200, 22}; }
    QSize minimumSizeHint() const override { return {60, 22}; }

protected:
    void paintEvent(QPaintEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;

private:
    int valueAt(double x) const;
    void paintMarks(QPainter& painter) const;

    std::vector<TickMark> marks_;
    int spanFirst_ = 0;
    int spanLast_ = -1;
};

} // namespace lazulite::gui
