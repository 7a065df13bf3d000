#include "widgets/icons.h"

#include <QIconEngine>
#include <QPainter>
#include <QPainterPath>
#include <QPixmap>
#include <algorithm>
#include <array>
#include <cmath>
#include <memory>

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

void drawBack(QPainter& p) {
    QPainterPath path;
    path.moveTo(4.5, 9);
    path.lineTo(14, 9);
    path.arcTo(QRectF(9, 9, 10.5, 10.5), 90, -180);
    path.lineTo(8, 19.5);
    p.drawPath(path);
    p.drawPolyline(QPolygonF{{9, 4.5}, {4.5, 9}, {9, 13.5}});
}

void drawGrip(QPainter& p, const QColor& color) {
    p.setBrush(color);
    for (const double x : {9.0, 15.0}) {
        for (const double y : {6.0, 12.0, 18.0}) p.drawEllipse(QPointF(x, y), 0.7, 0.7);
    }
}

void drawChannels(QPainter& p) {
    p.drawEllipse(QPointF(12, 8.6), 5.2, 5.2);
    p.drawEllipse(QPointF(8.6, 14.8), 5.2, 5.2);
    p.drawEllipse(QPointF(15.4, 14.8), 5.2, 5.2);
}

void drawPipeline(QPainter& p) {
    p.drawRoundedRect(QRectF(3, 4, 9, 6), 1.5, 1.5);
    p.drawRoundedRect(QRectF(12, 14, 9, 6), 1.5, 1.5);
    p.drawPolyline(QPolygonF{{7.5, 10}, {7.5, 17}, {12, 17}});
}

void drawCompare(QPainter& p, const QColor& color) {
    p.drawRoundedRect(QRectF(3, 5, 18, 14), 2, 2);
    p.fillRect(QRectF(12, 5, 8.2, 14), color);
    p.drawLine(QPointF(12, 2.5), QPointF(12, 21.5));
}

void drawSave(QPainter& p) {
    p.drawPolyline(QPolygonF{{12, 3.5}, {12, 14.5}});
    p.drawPolyline(QPolygonF{{7.5, 10.5}, {12, 15}, {16.5, 10.5}});
    p.drawPolyline(QPolygonF{{4, 14.5}, {4, 20}, {20, 20}, {20, 14.5}});
}

void drawExport(QPainter& p) {
    p.drawPolyline(QPolygonF{{10, 5}, {4, 5}, {4, 20}, {19, 20}, {19, 14}});
    p.drawLine(QPointF(10.5, 13.5), QPointF(20, 4));
    p.drawPolyline(QPolygonF{{13.5, 3.8}, {20.2, 3.8}, {20.2, 10.5}});
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
        case Pictogram::Undo:
            return drawBack(p);
        case Pictogram::Redo:
            p.translate(kGrid, 0);
            p.scale(-1, 1);
            return drawBack(p);
        case Pictogram::Add:
            p.drawLine(QPointF(12, 5), QPointF(12, 19));
            return p.drawLine(QPointF(5, 12), QPointF(19, 12));
        case Pictogram::Grip:
            return drawGrip(p, color);
        case Pictogram::Channels:
            return drawChannels(p);
        case Pictogram::Pipeline:
            return drawPipeline(p);
        case Pictogram::Compare:
            return drawCompare(p, color);
        case Pictogram::Save:
            return drawSave(p);
        case Pictogram::Export:
            return drawExport(p);
        case Pictogram::Lazulite:
            return drawMark(p);
    }
}

void paint(QPainter& painter, Pictogram which, const QColor& color, const QRectF& area) {
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    painter.translate(area.topLeft());
    painter.scale(area.width() / kGrid, area.height() / kGrid);
    painter.setPen(QPen(color, 1.7, Qt::SolidLine, Qt::RoundCap, Qt::RoundJoin));
    painter.setBrush(Qt::NoBrush);
    draw(painter, which, color);
    painter.restore();
}

/// Draws when it is asked, so that an icon follows the look of the window.
class Engine : public QIconEngine {
public:
    Engine(Pictogram which, theme::Tint tint) : which_(which), tint_(tint) {}

    void paint(QPainter* painter, const QRect& rect, QIcon::Mode mode, QIcon::State) override {
        const int side = std::min(rect.width(), rect.height());
        const QRectF area(rect.x() + (rect.width() - side) / 2.0, rect.y() + (rect.height() - side) / 2.0, side, side);
        const bool bright = mode == QIcon::Selected;
        gui::paint(*painter, which_,
                   bright ? QColor(Qt::white) : theme::color(mode == QIcon::Disabled ? theme::kDisabled : tint_), area);
    }
    QPixmap pixmap(const QSize& size, QIcon::Mode mode, QIcon::State state) override {
        QPixmap pixmap(size);
        pixmap.fill(Qt::transparent);
        QPainter painter(&pixmap);
        paint(&painter, QRect(QPoint(0, 0), size), mode, state);
        return pixmap;
    }
    QIconEngine* clone() const override { return std::make_unique<Engine>(*this).release(); }

private:
    Pictogram which_;
    theme::Tint tint_;
};

} // namespace

QIcon pictogram(Pictogram which) {
    return pictogram(which, theme::kText);
}

QIcon pictogram(Pictogram which, theme::Tint tint) {
    return QIcon(std::make_unique<Engine>(which, tint).release()); // which owns it
}

QIcon applicationIcon() {
    QIcon icon;
    for (const int side : {16, 24, 32, 48, 64, 128, 256}) {
        QPixmap pixmap(side, side);
        pixmap.fill(Qt::transparent);
        QPainter painter(&pixmap);
        paint(painter, Pictogram::Lazulite, Qt::white, QRectF(0, 0, side, side));
        icon.addPixmap(pixmap);
    }
    return icon;
}

} // namespace lazulite::gui
