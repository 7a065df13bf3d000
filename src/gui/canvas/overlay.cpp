#include "canvas/overlay.h"

#include <QFontMetricsF>
#include <QObject>
#include <QPainter>
#include <QTextOption>
#include <algorithm>
#include <array>

#include "widgets/text.h"
#include "widgets/theme.h"

namespace lazulite::gui::overlay {

namespace {

constexpr double kEdge = 14.0;

QColor plate() {
    return QColor(12, 14, 18, 190);
}

QFont fontOf(const QPainter& painter, double points, QFont::Weight weight) {
    QFont font = painter.font();
    font.setPointSizeF(points);
    font.setWeight(weight);
    return font;
}

} // namespace

void paintScaleBar(QPainter& painter, const QRectF& canvas, double pixels, const QString& text) {
    if (pixels <= 0) return;
    painter.setFont(fontOf(painter, 9.5, QFont::DemiBold));
    const QFontMetricsF metrics(painter.font());
    const double wide = std::max(pixels, metrics.horizontalAdvance(text)) + 20;
    const double high = metrics.height() + 18;
    const QRectF box(canvas.right() - kEdge - wide, canvas.bottom() - kEdge - high, wide, high);
    painter.setPen(Qt::NoPen);
    painter.setBrush(plate());
    painter.drawRoundedRect(box, 5, 5);
    painter.setPen(Qt::white);
    painter.drawText(QRectF(box.left(), box.top() + 4, box.width(), metrics.height()), Qt::AlignCenter, text);
    const QRectF line(box.center().x() - pixels / 2, box.bottom() - 10, pixels, 3);
    painter.fillRect(line, Qt::white);
}

void paintAxes(QPainter& painter, const QRectF& canvas, const QString& down, const QString& right) {
    painter.setFont(fontOf(painter, 9, QFont::DemiBold));
    constexpr double kArm = 24.0;
    const QRectF box(canvas.left() + kEdge, canvas.bottom() - kEdge - kArm - 26, kArm + 26, kArm + 26);
    painter.setPen(Qt::NoPen);
    painter.setBrush(plate());
    painter.drawRoundedRect(box, 5, 5);
    const QPointF origin(box.left() + 11, box.top() + 11);
    painter.setPen(QPen(QColor(255, 255, 255, 210), 1.6, Qt::SolidLine, Qt::RoundCap));
    painter.drawLine(origin, origin + QPointF(kArm, 0));
    painter.drawLine(origin, origin + QPointF(0, kArm));
    painter.drawLine(origin + QPointF(kArm, 0), origin + QPointF(kArm - 4, -3));
    painter.drawLine(origin + QPointF(kArm, 0), origin + QPointF(kArm - 4, 3));
    painter.drawLine(origin + QPointF(0, kArm), origin + QPointF(-3, kArm - 4));
    painter.drawLine(origin + QPointF(0, kArm), origin + QPointF(3, kArm - 4));
    painter.drawText(QPointF(origin.x() + kArm + 4, origin.y() + 4), right);
    painter.drawText(QPointF(origin.x() - 3, origin.y() + kArm + 12), down);
}

void paintBusy(QPainter& painter, const QRectF& canvas, double phase, std::optional<double> progress,
               const QString& text) {
    painter.setFont(fontOf(painter, 9, QFont::Normal));
    const double textWide = text.isEmpty() ? 0 : QFontMetricsF(painter.font()).horizontalAdvance(text) + 8;
    const QRectF box(canvas.right() - kEdge - 32 - textWide, canvas.top() + kEdge, 32 + textWide, 32);
    painter.setPen(Qt::NoPen);
    painter.setBrush(plate());
    painter.drawRoundedRect(box, 16, 16);
    if (textWide > 0) {
        painter.setPen(theme::onCanvas(theme::kText));
        painter.drawText(box.adjusted(12, 0, -30, 0), Qt::AlignVCenter | Qt::AlignLeft, text);
    }
    const QRectF ring(box.right() - 25, box.top() + 7, 18, 18);
    painter.setBrush(Qt::NoBrush);
    painter.setPen(QPen(QColor(255, 255, 255, 50), 2.5));
    painter.drawEllipse(ring);
    painter.setPen(QPen(theme::onCanvas(theme::kAccent), 2.5, Qt::SolidLine, Qt::RoundCap));
    constexpr int kTurn = 360 * 16;
    if (progress)
        painter.drawArc(ring, 90 * 16, -static_cast<int>(std::clamp(*progress, 0.02, 1.0) * kTurn));
    else
        painter.drawArc(ring, -static_cast<int>(phase * kTurn), 100 * 16);
}

void paintChip(QPainter& painter, const QRectF& canvas, int row, const QString& text, Tone tone) {
    painter.setFont(fontOf(painter, 9, QFont::Normal));
    const QFontMetricsF metrics(painter.font());
    const double most = canvas.width() - 2 * kEdge - 60;
    const QString shown = metrics.elidedText(text, Qt::ElideMiddle, most);
    const QRectF box(canvas.left() + kEdge, canvas.top() + kEdge + row * 29, metrics.horizontalAdvance(shown) + 28, 24);
    const std::array<theme::Tint, 3> colors = {theme::kAccent, theme::kWarning, theme::kError};
    painter.setPen(Qt::NoPen);
    painter.setBrush(plate());
    painter.drawRoundedRect(box, 5, 5);
    painter.setBrush(theme::onCanvas(colors.at(static_cast<std::size_t>(tone))));
    painter.drawEllipse(QPointF(box.left() + 11, box.center().y()), 3.5, 3.5);
    painter.setPen(theme::onCanvas(theme::kText));
    painter.drawText(box.adjusted(20, 0, -4, 0), Qt::AlignVCenter | Qt::AlignLeft, shown);
}

Placeholder placeholderFor(const Error& error, const QString& where) {
    Placeholder placeholder;
    const bool hole = error.kind == Error::Kind::Missing;
    placeholder.title = hole ? QObject::tr("No data at %1").arg(where) : QObject::tr("Cannot show %1").arg(where);
    placeholder.path = pathToQString(error.path);
    if (error.page) placeholder.path += QObject::tr(", page %1").arg(*error.page);
    placeholder.reason = toQString(error.message);
    placeholder.hint = error.kind == Error::Kind::TooLarge
                           ? QObject::tr("Other frames may need as much. F5 tries again.")
                           : QObject::tr("The other frames are not affected. F5 reads it again.");
    return placeholder;
}

void paintPlaceholder(QPainter& painter, const QRectF& canvas, const Placeholder& placeholder) {
    const double wide = std::min(canvas.width() - 2 * kEdge, 560.0);
    const double inner = wide - 48;
    struct Line {
        QString text;
        QFont font;
        QColor color;
    };
    QTextOption wrap(Qt::AlignHCenter);
    wrap.setWrapMode(QTextOption::WrapAtWordBoundaryOrAnywhere);
    const std::array<Line, 4> lines = {
        Line{placeholder.title, fontOf(painter, 13, QFont::DemiBold), theme::onCanvas(theme::kText)},
        Line{placeholder.reason, fontOf(painter, 10, QFont::Normal), theme::onCanvas(theme::kText)},
        Line{placeholder.path, fontOf(painter, 9, QFont::Normal), theme::onCanvas(theme::kDimText)},
        Line{placeholder.hint, fontOf(painter, 9, QFont::Normal), theme::onCanvas(theme::kDimText)},
    };
    constexpr double kGap = 9.0;
    constexpr double kSign = 46.0;
    double high = 22 + kSign + 18;
    std::array<double, lines.size()> heights{};
    for (std::size_t i = 0; i < lines.size(); ++i) {
        if (lines.at(i).text.isEmpty()) continue;
        painter.setFont(lines.at(i).font);
        heights.at(i) = painter.boundingRect(QRectF(0, 0, inner, 1000), lines.at(i).text, wrap).height();
        high += heights.at(i) + kGap;
    }
    const QRectF box(canvas.center().x() - wide / 2, canvas.center().y() - high / 2, wide, high);
    painter.setPen(QPen(QColor(255, 255, 255, 28), 1));
    painter.setBrush(QColor(24, 27, 33, 235));
    painter.drawRoundedRect(box, 10, 10);
    const QPointF top(box.center().x(), box.top() + 20);
    painter.setPen(QPen(theme::onCanvas(theme::kWarning), 2.4, Qt::SolidLine, Qt::RoundCap, Qt::RoundJoin));
    painter.setBrush(Qt::NoBrush);
    painter.drawPolygon(QPolygonF{top, top + QPointF(22, 38), top + QPointF(-22, 38)});
    painter.drawLine(top + QPointF(0, 13), top + QPointF(0, 24));
    painter.drawPoint(top + QPointF(0, 31));
    double y = box.top() + 22 + kSign;
    for (std::size_t i = 0; i < lines.size(); ++i) {
        if (lines.at(i).text.isEmpty()) continue;
        painter.setFont(lines.at(i).font);
        painter.setPen(lines.at(i).color);
        painter.drawText(QRectF(box.left() + 24, y, inner, heights.at(i)), lines.at(i).text, wrap);
        y += heights.at(i) + kGap;
    }
}

} // namespace lazulite::gui::overlay
