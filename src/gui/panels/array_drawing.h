#pragma once

#include <QWidget>
#include <cstdint>
#include <vector>

#include "lazulite/core/axis.h"

namespace lazulite::gui {

/// An array as a drawn box: its axes to a scale that keeps all of them visible, cut into its blocks, the block that is
/// looked at lit. The last three axes are a box, those before them flat grids to its left.
class ArrayDrawing : public QWidget {
    Q_OBJECT

public:
    explicit ArrayDrawing(QWidget* parent = nullptr);

    void setArray(const Axes& axes, const Shape& block);
    void setPosition(const std::vector<std::int64_t>& position);

    QSize sizeHint() const override { return {260, 150}; }
    QSize minimumSizeHint() const override { return {160, 130}; }

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    double relativeLength(std::size_t axis) const;
    /// Where the blocks are cut along an axis that is drawn so long, as fractions of it; few enough to be told apart.
    std::vector<double> cuts(std::size_t axis, double length) const;
    /// The part of an axis that the block looked at covers, as fractions.
    std::pair<double, double> lit(std::size_t axis) const;
    QString label(std::size_t axis) const;
    double paintGrid(QPainter& painter, QPointF corner, const std::vector<std::size_t>& axes, double scale) const;
    void paintBox(QPainter& painter, QPointF corner, const std::vector<std::size_t>& axes, double scale) const;

    Axes axes_;
    Shape block_;
    std::vector<std::int64_t> position_;
};

} // namespace lazulite::gui
