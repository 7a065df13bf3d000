#include "widgets/icons.h"

#include <QPainter>
#include <QPainterPath>
#include <QPixmap>
#include <cmath>

#include "widgets/theme.h"

namespace lazulite::gui {

namespace {

constexpr double kGrid = 24.0; // every pictogram is drawn on a 24 x 24 grid

void drawEye(QPainter& p) {
    QPainterPath lid;
    lid.moveTo(2.5, 12);
    lid.cubicTo(6, 5.5, 18, 5.5, 21.5, 12);
    lid.cubicTo(18, 18.5, 6, 18.5, 2.5, 12);
    p.drawPath(lid);
    p.drawEllipse(QPointF(12, 12), 3, 3);
}

void drawFolder(QPainter& p) {
    QPainterPath path;
    path.moveTo(3, 18.5);
    path.lineTo(3, 6);
    path.lineTo(9.5, 6);
    path.lineTo(11.5, 8.5);
    path.lineTo(21, 8.5);
    path.lineTo(21, 18.5);
    path.closeSubpath();
    p.drawPath(path);
}

void drawCube(QPainter& p) {
    const QPolygonF outline{{12, 2.8}, {20.2, 7.3}, {20.2, 16.7}, {12, 21.2}, {3.8, 16.7}, {3.8, 7.3}};
    p.drawPolygon(outline);
    p.drawPolyline(QPolygonF{{3.8, 7.3}, {12, 12}, {20.2, 7.3}});
    p.drawLine(QPointF(12, 12), QPointF(12, 21.2));
}

void drawArrowHead(QPainter& p, QPointF tip, double angle) {
    constexpr double kLength = 4.6;
    constexpr double kSpread = 0.6;
    for (const double side : {-kSpread, kSpread}) {
        p.drawLine(tip, tip - kLength * QPointF(std::cos(angle + side), std::sin(angle + side)));
    }
}

void drawRoll(QPainter& p) {
    p.drawArc(QRectF(4, 4, 16, 16), 60 * 16, 270 * 16);
    drawArrowHead(p, QPointF(16, 5.1), 0.55);
    p.drawLine(QPointF(9, 9), QPointF(15, 15));
    p.drawLine(QPointF(15, 9), QPointF(9, 15));
}

void drawTranspose(QPainter& p) {
    p.drawLine(QPointF(4, 20), QPointF(20, 4));
    p.drawLine(QPointF(4, 11), QPointF(11, 4));
    drawArrowHead(p, QPointF(11, 4), -0.785);
    p.drawLine(QPointF(20, 13), QPointF(13, 20));
    drawArrowHead(p, QPointF(13, 20), 2.356);
}

void drawHome(QPainter& p) {
    p.drawPolyline(QPolygonF{{3, 11.5}, {12, 3.5}, {21, 11.5}});
    p.drawPolyline(QPolygonF{{5.5, 10}, {5.5, 20}, {18.5, 20}, {18.5, 10}});
    p.drawPolyline(QPolygonF{{10, 20}, {10, 14}, {14, 14}, {14, 20}});
}

void drawCamera(QPainter& p) {
    p.drawRoundedRect(QRectF(2.5, 7, 19, 12.5), 2, 2);
    p.drawEllipse(QPointF(12, 13.2), 3.6, 3.6);
    p.drawPolyline(QPolygonF{{8, 7}, {9.5, 4.5}, {14.5, 4.5}, {16, 7}});
}

void drawContrast(QPainter& p, const QColor& color) {
    p.drawEllipse(QPointF(12, 12), 8.5, 8.5);
    QPainterPath half;
    half.moveTo(12, 3.5);
    half.arcTo(QRectF(3.5, 3.5, 17, 17), 90, -180);
    p.fillPath(half, color);
}

void drawWarning(QPainter& p, const QColor& color) {
    p.drawPolygon(QPolygonF{{12, 3.5}, {21.5, 20}, {2.5, 20}});
    p.drawLine(QPointF(12, 9.5), QPointF(12, 14.2));
    p.setBrush(color);
    p.drawEllipse(QPointF(12, 17.2), 0.5, 0.5);
}

void drawRetry(QPainter& p) {
    p.drawArc(QRectF(4, 4, 16, 16), 35 * 16, 290 * 16);
    p.drawPolyline(QPolygonF{{19.5, 3.5}, {18.7, 8}, {14.2, 7.4}});
}

void drawFiles(QPainter& p) {
    p.drawPolyline(QPolygonF{{8, 3.5}, {19.5, 3.5}, {19.5, 16.5}});
    p.drawRect(QRectF(4.5, 7.5, 11, 13));
}

void drawLogarithm(QPainter& p) {
    QPainterPath path;
    path.moveTo(4.5, 20);
    path.cubicTo(5.5, 9, 9, 6.5, 20.5, 5.5);
    p.drawPath(path);
    p.drawPolyline(QPolygonF{{4, 3.5}, {4, 20.5}, {21, 20.5}});
}

void drawMore(QPainter& p, const QColor& color) {
    p.setBrush(color);
    for (const double x : {5.5, 12.0, 18.5}) p.drawEllipse(QPointF(x, 12), 1.1, 1.1);
}

// The mark: a stack of planes, the nearest one lit.
void drawMark(QPainter& p) {
    p.setPen(Qt::NoPen);
    p.setBrush(QColor(0x14, 0x1B, 0x2E));
    p.drawRoundedRect(QRectF(0.5, 0.5, 23, 23), 5.2, 5.2);
    const std::array<QColor, 3> colors = {QColor(0x24, 0x3F, 0x86), QColor(0x3B, 0x6A, 0xDB), QColor(0x8F, 0xBB, 0xFF)};
    for (int i = 0; i < 3; ++i) {
        const double y = 14.6 - 3.6 * i;
        p.setBrush(colors.at(static_cast<std::size_t>(i)));
        p.drawPolygon(QPolygonF{{12, y - 4.4}, {20.2, y}, {12, y + 4.4}, {3.8, y}});
    }
}

void draw(QPainter& p, Pictogram which, const QColor& color) {
    switch (which) {
        case Pictogram::Eye:
            return drawEye(p);
        case Pictogram::EyeOff:
            drawEye(p);
            return p.drawLine(QPointF(4, 20), QPointF(20, 4));
        case Pictogram::Play:
            p.setBrush(color);
            p.drawPolygon(QPolygonF{{7.5, 5}, {19, 12}, {7.5, 19}});
            return;
        case Pictogram::Pause:
            p.setBrush(color);
            p.drawRect(QRectF(6.5, 5.5, 3, 13));
            return p.drawRect(QRectF(14.5, 5.5, 3, 13));
        case Pictogram::Home:
            return drawHome(p);
        case Pictogram::Roll:
            return drawRoll(p);
        case Pictogram::Transpose:
            return drawTranspose(p);
        case Pictogram::Cube:
            return drawCube(p);
        case Pictogram::Folder:
            return drawFolder(p);
        case Pictogram::Files:
            return drawFiles(p);
        case Pictogram::Camera:
            return drawCamera(p);
        case Pictogram::Contrast:
            return drawContrast(p, color);
        case Pictogram::Warning:
            return drawWarning(p, color);
        case Pictogram::Retry:
            return drawRetry(p);
        case Pictogram::Logarithm:
            return drawLogarithm(p);
        case Pictogram::Close:
            p.drawLine(QPointF(6, 6), QPointF(18, 18));
            return p.drawLine(QPointF(18, 6), QPointF(6, 18));
        case Pictogram::Detach:
            p.drawRoundedRect(QRectF(4, 9, 11, 11), 1.5, 1.5);
            return p.drawPolyline(QPolygonF{{9, 4.5}, {19.5, 4.5}, {19.5, 15}});
        case Pictogram::More:
            return drawMore(p, color);
        case Pictogram::Lazulite:
            return drawMark(p);
    }
}

QPixmap render(Pictogram which, const QColor& color, int side) {
    QPixmap pixmap(side, side);
    pixmap.fill(Qt::transparent);
    QPainter painter(&pixmap);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.scale(side / kGrid, side / kGrid);
    painter.setPen(QPen(color, 1.7, Qt::SolidLine, Qt::RoundCap, Qt::RoundJoin));
    draw(painter, which, color);
    return pixmap;
}

} // namespace

QIcon pictogram(Pictogram which) {
    return pictogram(which, theme::color(theme::kText));
}

QIcon pictogram(Pictogram which, const QColor& color) {
    QIcon icon;
    for (const int side : {16, 18, 24, 32, 48, 64}) {
        icon.addPixmap(render(which, color, side));
        icon.addPixmap(render(which, QColor(0x5A, 0x62, 0x6E), side), QIcon::Disabled);
    }
    return icon;
}

QIcon applicationIcon() {
    QIcon icon;
    for (const int side : {16, 24, 32, 48, 64, 128, 256}) icon.addPixmap(render(Pictogram::Lazulite, Qt::white, side));
    return icon;
}

} // namespace lazulite::gui
