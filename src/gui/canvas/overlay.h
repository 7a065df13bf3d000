#pragma once

#include <QRectF>
#include <QString>
#include <optional>

#include "lazulite/core/error.h"

class QPainter;

/// What is painted over the picture. Coordinates are logical pixels of the canvas.
namespace lazulite::gui::overlay {

/// A bar of that length (logical pixels) in the lower right corner.
void paintScaleBar(QPainter& painter, const QRectF& canvas, double pixels, const QString& text);

/// The names of the axes that run down and right, in the lower left corner.
void paintAxes(QPainter& painter, const QRectF& canvas, const QString& down, const QString& right);

/// A turning ring in the upper right corner; `progress` (0..1) draws it as far as it is.
void paintBusy(QPainter& painter, const QRectF& canvas, double phase, std::optional<double> progress,
               const QString& text);

/// One line on a plate, stacked from the top left corner down; `row` counts them.
enum class Tone { Notice, Warning, Error };
void paintChip(QPainter& painter, const QRectF& canvas, int row, const QString& text, Tone tone);

/// In place of a frame that cannot be shown: what, where and why.
struct Placeholder {
    QString title;
    QString path;
    QString reason;
    QString hint;
};
void paintPlaceholder(QPainter& painter, const QRectF& canvas, const Placeholder& placeholder);

/// The placeholder for an error at a position of the data.
Placeholder placeholderFor(const Error& error, const QString& where);

} // namespace lazulite::gui::overlay
