#pragma once

#include <QElapsedTimer>
#include <QImage>
#include <QOpenGLWidget>
#include <QPointF>
#include <QTimer>
#include <memory>

#include "canvas/vtk_host.h"

namespace lazulite::render {
class SliceScene;
class VolumeScene;
} // namespace lazulite::render

namespace lazulite::view {
struct ViewState;
}

namespace lazulite::gui {

class Session;

/// The picture, what is written over it, and the mouse on it.
class Canvas : public QOpenGLWidget {
    Q_OBJECT

public:
    explicit Canvas(Session& session, QWidget* parent = nullptr);
    ~Canvas() override;

    /// What is on screen, with everything painted over it, in device pixels.
    QImage screenshot();
    QSize deviceSize() const;

    void zoomOneToOne();
    void zoomBy(double factor); ///< about the middle
    void fit();
    void setAxesShown(bool shown);
    bool axesShown() const { return axesShown_; }

signals:
    /// The text for the status bar: position and values under the cursor; empty where there is nothing.
    void cursorRead(const QString& text);
    /// Ctrl+wheel: steps of the last-used slider.
    void stepped(int steps);
    void painted();

protected:
    void initializeGL() override;
    void resizeGL(int width, int height) override;
    void paintGL() override;
    void wheelEvent(QWheelEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;
    void mouseDoubleClickEvent(QMouseEvent* event) override;
    void leaveEvent(QEvent* event) override;

private:
    void releaseGL();
    void onState(const view::ViewState& before);
    void onPicture();
    void checkLateness();
    void updateScene();
    void setInteracting(bool interacting);
    void onVolume();
    void paintOverlays(QPainter& painter);
    int paintErrors(QPainter& painter, const QRectF& area);
    void paintSigns(QPainter& painter, const QRectF& area);
    void readCursor(QPointF position);
    QPointF device(QPointF logical) const;

    Session& session_;
    VtkHost host_;
    std::unique_ptr<render::SliceScene> slice_;
    std::unique_ptr<render::VolumeScene> volume_; ///< made when 3D is first asked for
    bool sceneChanged_ = true;
    bool volumeArrived_ = false;
    QTimer late_;   ///< runs once a state was asked for, then at each turn of the busy sign
    QTimer settle_; ///< ends the coarse drawing of a volume after the mouse
    QElapsedTimer spin_;
    bool isLate_ = false;
    bool axesShown_ = true;
    QPointF dragged_;
    Qt::MouseButton button_ = Qt::NoButton;
    int wheelRest_ = 0;
};

} // namespace lazulite::gui
