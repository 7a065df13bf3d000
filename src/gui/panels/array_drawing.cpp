#include "panels/array_drawing.h"

#include <QPainter>
#include <algorithm>
#include <array>
#include <cmath>
#include <ranges>

#include "widgets/theme.h"

namespace lazulite::gui {

namespace {

constexpr double kDepthX = 0.42; // a step into the picture, as a part of a step along it
constexpr double kDepthY = 0.36;
constexpr double kPixelsApart = 4.5; // cuts nearer than this to each other would run together

/// A parallelogram: a corner and the vectors along its two sides.
struct Face {
    QPointF corner;
    QPointF along;
    QPointF down;

    QPointF at(double u, double v) const { return corner + along * u + down * v; }
    QPolygonF part(std::pair<double, double> u, std::pair<double, double> v) const {
        return QPolygonF{at(u.first, v.first), at(u.second, v.first), at(u.second, v.second), at(u.first, v.second)};
    }
};

void paintFace(QPainter& painter, const Face& face, const QColor& fill, const std::vector<double>& cutsAlong,
               const std::vector<double>& cutsDown) {
    painter.setPen(Qt::NoPen);
    painter.setBrush(fill);
    painter.drawPolygon(face.part({0, 1}, {0, 1}));
    QColor thin = theme::color(theme::kAccent);
    thin.setAlphaF(cutsAlong.size() + cutsDown.size() > 24 ? 0.28F : 0.45F);
    painter.setPen(QPen(thin, 0.8));
    for (const double u : cutsAlong) painter.drawLine(face.at(u, 0), face.at(u, 1));
    for (const double v : cutsDown) painter.drawLine(face.at(0, v), face.at(1, v));
    painter.setBrush(Qt::NoBrush);
    painter.setPen(QPen(theme::color(theme::kAccent), 1.2));
    painter.drawPolygon(face.part({0, 1}, {0, 1}));
}

void paintLit(QPainter& painter, const Face& face, std::pair<double, double> u, std::pair<double, double> v) {
    painter.setPen(Qt::NoPen);
    painter.setBrush(theme::color(theme::kWarning));
    painter.drawPolygon(face.part(u, v));
}

} // namespace

ArrayDrawing::ArrayDrawing(QWidget* parent) : QWidget(parent) {
    setObjectName(QStringLiteral("arrayDrawing"));
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
}

void ArrayDrawing::setArray(const Axes& axes, const Shape& block) {
    axes_ = axes;
    block_ = block;
    update();
}

void ArrayDrawing::setPosition(const std::vector<std::int64_t>& position) {
    const bool same = position.size() == axes_.size() && position_.size() == axes_.size() &&
                      std::ranges::all_of(std::views::iota(std::size_t{0}, axes_.size()), [&](std::size_t i) {
                          return position[i] / block_[i] == position_[i] / block_[i];
                      });
    position_ = position;
    if (!same) update();
}

double ArrayDrawing::relativeLength(std::size_t axis) const {
    std::int64_t longest = 1;
    for (const Axis& other : axes_) longest = std::max(longest, other.size);
    // Between the true ratio and none at all: a long axis is seen to be long, a short one stays visible.
    const double ratio = static_cast<double>(axes_[axis].size) / static_cast<double>(longest);
    return std::max(0.3, std::pow(ratio, 0.35));
}

std::vector<double> ArrayDrawing::cuts(std::size_t axis, double length) const {
    const std::int64_t size = axes_[axis].size;
    const std::int64_t block = std::max<std::int64_t>(1, block_[axis]);
    const std::int64_t blocks = (size + block - 1) / block;
    const auto most = std::max<std::int64_t>(2, static_cast<std::int64_t>(length / kPixelsApart));
    const std::int64_t every = (blocks + most - 1) / most;
    std::vector<double> places;
    for (std::int64_t i = every; i < blocks; i += every) {
        places.push_back(static_cast<double>(i * block) / static_cast<double>(size));
    }
    return places;
}

std::pair<double, double> ArrayDrawing::lit(std::size_t axis) const {
    if (axis >= position_.size()) return {0, 0};
    const auto size = static_cast<double>(axes_[axis].size);
    const std::int64_t first = position_[axis] / block_[axis] * block_[axis];
    const double begin = static_cast<double>(first) / size;
    const double end = std::min(1.0, static_cast<double>(first + block_[axis]) / size);
    constexpr double kVisible = 0.03;
    return {std::min(begin, 1 - kVisible), std::max(end, std::min(begin + kVisible, 1.0))};
}

QString ArrayDrawing::label(std::size_t axis) const {
    return QStringLiteral("%1 %2").arg(QString::fromStdString(axes_[axis].name)).arg(axes_[axis].size);
}

double ArrayDrawing::paintGrid(QPainter& painter, QPointF corner, const std::vector<std::size_t>& axes,
                               double scale) const {
    // One axis runs down; of two, the second runs right.
    const double high = scale * relativeLength(axes.front());
    const double wide = axes.size() == 2 ? scale * relativeLength(axes[1]) : 16.0;
    const Face face{corner, {wide, 0}, {0, high}};
    const auto along = axes.size() == 2 ? cuts(axes[1], wide) : std::vector<double>{};
    paintFace(painter, face, theme::color(theme::kRaised), along, cuts(axes.front(), high));
    paintLit(painter, face, axes.size() == 2 ? lit(axes[1]) : std::pair{0.0, 1.0}, lit(axes.front()));
    painter.setPen(theme::color(theme::kDimText));
    painter.drawText(QRectF(corner.x() - 40, corner.y() + high + 3, wide + 80, 16), Qt::AlignHCenter,
                     axes.size() == 2 ? label(axes[1]) : label(axes.front()));
    if (axes.size() == 2) {
        painter.drawText(QRectF(corner.x() - 20, corner.y() - 17, wide + 60, 15), Qt::AlignLeft, label(axes.front()));
    }
    return wide;
}

void ArrayDrawing::paintBox(QPainter& painter, QPointF corner, const std::vector<std::size_t>& axes,
                            double scale) const {
    const std::size_t right = axes.back();
    const std::size_t down = axes[axes.size() - 2];
    const double wide = scale * relativeLength(right);
    const double high = scale * relativeLength(down);
    QPointF depth(0, 0);
    QPointF front = corner;
    if (axes.size() == 3) {
        const double length = scale * relativeLength(axes.front());
        depth = QPointF(-length * kDepthX, -length * kDepthY);
        front = corner - depth;
        const Face top{front + depth, {wide, 0}, -depth};
        const Face side{front + depth, -depth, {0, high}};
        paintFace(painter, top, theme::color(theme::kRaised).lighter(118), cuts(right, wide),
                  cuts(axes.front(), length * kDepthX));
        paintFace(painter, side, theme::color(theme::kRaised).darker(112), cuts(axes.front(), length * kDepthX),
                  cuts(down, high));
        paintLit(painter, top, lit(right), lit(axes.front()));
        paintLit(painter, side, lit(axes.front()), lit(down));
        painter.setPen(theme::color(theme::kDimText));
        painter.drawText(QRectF(front.x() + depth.x() - 4, front.y() + depth.y() - 17, 90, 15), Qt::AlignLeft,
                         label(axes.front()));
    }
    const Face face{front, {wide, 0}, {0, high}};
    paintFace(painter, face, theme::color(theme::kRaised), cuts(right, wide), cuts(down, high));
    const auto depthLit = axes.size() == 3 ? lit(axes.front()) : std::pair{0.0, 1.0};
    if (depthLit.second >= 1.0) paintLit(painter, face, lit(right), lit(down));
    painter.setPen(theme::color(theme::kDimText));
    painter.drawText(QRectF(front.x(), front.y() + high + 3, wide, 16), Qt::AlignHCenter, label(right));
    painter.drawText(QRectF(front.x() + wide + 5, front.y() + high / 2 - 8, 90, 16), Qt::AlignVCenter | Qt::AlignLeft,
                     label(down));
}

void ArrayDrawing::paintEvent(QPaintEvent*) {
    if (axes_.size() < 2 || block_.size() != axes_.size()) return;
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    QFont font = painter.font();
    font.setPointSizeF(8.5);
    painter.setFont(font);
    std::vector<std::size_t> box;
    for (std::size_t i = axes_.size() - std::min<std::size_t>(3, axes_.size()); i < axes_.size(); ++i) box.push_back(i);
    std::vector<std::size_t> outer;
    for (std::size_t i = 0; i + box.size() < axes_.size(); ++i) {
        if (axes_[i].size > 1) outer.push_back(i);
    }
    const double scale = std::min(height() - 52.0, width() * 0.3);
    QPointF corner(24, 20);
    for (std::size_t i = 0; i < outer.size(); i += 2) {
        const bool pair = i + 1 < outer.size();
        const std::vector<std::size_t> group(outer.begin() + static_cast<std::ptrdiff_t>(i),
                                             outer.begin() + static_cast<std::ptrdiff_t>(pair ? i + 2 : i + 1));
        corner.rx() += paintGrid(painter, corner, group, scale) + 34;
    }
    const double boxScale = box.size() == 3 ? scale / (1 + kDepthY * relativeLength(box.front())) * 1.1 : scale;
    paintBox(painter, corner, box, boxScale);
}

} // namespace lazulite::gui
