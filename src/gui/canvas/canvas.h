#pragma once

#include <QElapsedTimer>
#include <QImage>
#include <QPointF>
#include <QTimer>
#include <QWidget>
#include <array>
#include <optional>

#include "canvas/volume_stage.h"

namespace lazulite::view {
struct Picture;
struct ViewState;
} // namespace lazulite::view

namespace lazulite::gui {

class Comparison;
class Session;

/// The picture, what is written over it, and the mouse on it. It paints images: planes come composed from the viewer,
/// volumes from a stage on its own thread. So no frame waits for a graphics driver, and a window without 3D needs none.
class Canvas : public QWidget {
    Q_OBJECT

public:
    explicit Canvas(Session& session, QWidget* parent = nullptr);

    /// What is on screen, with everything painted over it, in device pixels.
    QImage screenshot();
    QSize deviceSize() const;
    /// Whether the volume that is there has been drawn as it is asked for.
    bool volumeDrawn() const { return stage_.idle() && !volumeImage_.isNull(); }

    void zoomOneToOne();
    void zoomBy(double factor); ///< about the middle
    void fit();
    void setAxesShown(bool shown);
    bool axesShown() const { return axesShown_; }
    /// What is painted instead of a part of the picture, or of all of it, while it is shown.
    void setComparison(Comparison& comparison);
    /// A line that says what is looked at; empty: nothing has to be said.
    void setNotice(const QString& notice);

signals:
    /// The text for the status bar: position and values under the cursor; empty where there is nothing.
    void cursorRead(const QString& text);
    /// Ctrl+wheel: steps of the last-used slider.
    void stepped(int steps);
    void painted();
    /// 3D cannot be drawn on this display.
    void volumeFailed(const QString& reason);

protected:
    void paintEvent(QPaintEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void wheelEvent(QWheelEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;
    void mouseDoubleClickEvent(QMouseEvent* event) override;
    void leaveEvent(QEvent* event) override;

private:
    void onState(const view::ViewState& before);
    void onPicture();
    void checkLateness();
    void requestVolume();
    void paintPicture(QPainter& painter);
    void paintImage(QPainter& painter, const view::Picture& picture);
    void paintDivider(QPainter& painter);
    /// Of the divider, from the left edge; nothing where there is none.
    std::optional<double> dividerAt() const;
    bool onDivider(QPointF position) const;
    void setInteracting(bool interacting);
    void onVolume();
    void paintOverlays(QPainter& painter);
    int paintErrors(QPainter& painter, const QRectF& area);
    void paintSigns(QPainter& painter, const QRectF& area);
    void readCursor(QPointF position);
    QPointF device(QPointF logical) const;
    /// The volume's lengths along x, y, z.
    std::array<double, 3> volumeExtent() const;
    /// Device pixels for a position along the column axis; 0 where that has no one answer.
    double pixelsPerColumn() const;

    Session& session_;
    Comparison* comparison_ = nullptr;
    QString notice_;
    bool dividing_ = false; ///< the mouse drags the divider
    VolumeStage stage_;
    QImage volumeImage_; ///< the last one of the stage
    QString stageError_;
    bool interacting_ = false;
    QTimer late_;   ///< runs once a state was asked for, then at each turn of the busy sign
    QTimer settle_; ///< ends the coarse drawing of a volume after the mouse
    QElapsedTimer spin_;
    bool isLate_ = false;
    bool axesShown_ = true;
    QPointF dragged_;
    std::optional<QPointF> cursor_; ///< while the mouse is over the picture
    Qt::MouseButton button_ = Qt::NoButton;
    int wheelRest_ = 0;
};

} // namespace lazulite::gui
