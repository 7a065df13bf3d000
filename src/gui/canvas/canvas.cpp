#include "canvas/canvas.h"

#include <QMouseEvent>
#include <QPainter>
#include <QWheelEvent>
#include <algorithm>
#include <cmath>
#include <utility>

#include "canvas/navigation.h"
#include "canvas/overlay.h"
#include "canvas/readout.h"
#include "lazulite/view/camera3d.h"
#include "lazulite/view/scale_bar.h"
#include "panels/problems_panel.h"
#include "pipeline/comparison.h"
#include "session/session.h"
#include "widgets/text.h"
#include "widgets/theme.h"

namespace lazulite::gui {

namespace {
constexpr int kLateMs = 150; // a picture that takes longer is announced by dimming the last one
constexpr int kSpinMs = 100; // a frame of the busy sign
constexpr double kTurnMs = 900.0;
constexpr int kSettleMs = 250; // after the last turn of the wheel a volume is drawn in full again
constexpr int kWheelNotch = 120;
constexpr double kDoubleClickZoom = 2.0;
constexpr double kDividerReach = 6; // pixels to either side, where it can be taken hold of

/// What a volume is drawn under. The values of a preview may lie elsewhere than those of the result, so that where
/// limits are an estimate it keeps its own.
view::ViewState stateFor(const view::VolumePicture* volume, view::ViewState state) {
    if (volume == nullptr || volume->pending.empty()) return state;
    const std::size_t channels = std::min(state.channels.size(), volume->state.channels.size());
    for (std::size_t i = 0; i < channels; ++i) {
        if (state.channels[i].provisional) state.channels[i].limits = volume->state.channels[i].limits;
    }
    return state;
}

} // namespace

Canvas::Canvas(Session& session, QWidget* parent) : QWidget(parent), session_(session) {
    setObjectName(QStringLiteral("canvas"));
    setFocusPolicy(Qt::ClickFocus);
    setMouseTracking(true);
    setMinimumSize(160, 120);
    setAttribute(Qt::WA_OpaquePaintEvent);
    late_.setSingleShot(true);
    settle_.setSingleShot(true);
    settle_.setInterval(kSettleMs);
    connect(&late_, &QTimer::timeout, this, &Canvas::checkLateness);
    connect(&settle_, &QTimer::timeout, this, [this] { setInteracting(false); });
    connect(&session, &Session::stateChanged, this, &Canvas::onState);
    connect(&session, &Session::pictureChanged, this, &Canvas::onPicture);
    connect(&session, &Session::volumeChanged, this, &Canvas::onVolume);
    connect(&session, &Session::volumeProgressed, this, qOverload<>(&QWidget::update));
    connect(&session, &Session::recordingChanged, this, &Canvas::onVolume);
    connect(&session, &Session::arrayChanged, this, [this] {
        if (!late_.isActive()) late_.start(kLateMs);
        onVolume();
    });
    connect(&stage_, &VolumeStage::rendered, this, [this](const QImage& image) {
        volumeImage_ = image;
        update();
    });
    connect(&stage_, &VolumeStage::textureLimitKnown, &session, &Session::setTextureLimit);
    connect(&stage_, &VolumeStage::failed, this, [this](const QString& reason) {
        stageError_ = reason;
        update();
        emit volumeFailed(reason);
    });
    spin_.start();
}

QSize Canvas::deviceSize() const {
    const double ratio = devicePixelRatioF();
    return {std::max(1, static_cast<int>(std::lround(width() * ratio))),
            std::max(1, static_cast<int>(std::lround(height() * ratio)))};
}

QPointF Canvas::device(QPointF logical) const {
    return logical * devicePixelRatioF();
}

QImage Canvas::screenshot() {
    QImage image = grab().toImage().convertToFormat(QImage::Format_RGB32);
    image.setDevicePixelRatio(1);
    return image;
}

void Canvas::resizeEvent(QResizeEvent*) {
    const QSize size = deviceSize();
    session_.setCanvas(size.width(), size.height());
    requestVolume();
}

void Canvas::paintEvent(QPaintEvent*) {
    {
        QPainter painter(this);
        painter.fillRect(rect(), Qt::black);
        paintPicture(painter);
        painter.setRenderHint(QPainter::Antialiasing);
        paintOverlays(painter);
    }
    emit painted();
}

void Canvas::paintPicture(QPainter& painter) {
    if (!session_.hasData()) return;
    if (session_.state().ndisplay == 3) {
        if (!volumeImage_.isNull()) painter.drawImage(QRectF(rect()), volumeImage_);
        return;
    }
    if (session_.picture()) paintImage(painter, *session_.picture());
    if (comparison_ == nullptr || !comparison_->shown() || !comparison_->picture()) return;
    const QRectF part(0, 0, width() * comparison_->divider(), height());
    painter.save();
    painter.setClipRect(part);
    painter.fillRect(part, Qt::black);
    paintImage(painter, *comparison_->picture());
    painter.restore();
}

void Canvas::paintImage(QPainter& painter, const view::Picture& picture) {
    if (!picture.rgba) return;
    QImage image(picture.rgba.get(), picture.width, picture.height, QImage::Format_RGBX8888);
    const double ratio = devicePixelRatioF();
    image.setDevicePixelRatio(ratio);
    // Between a resize and the next picture the last one stays unscaled in the middle.
    const QSize size = deviceSize();
    painter.drawImage(QPointF((size.width() - picture.width) / 2, (size.height() - picture.height) / 2) / ratio, image);
}

void Canvas::setComparison(Comparison& comparison) {
    comparison_ = &comparison;
    connect(&comparison, &Comparison::changed, this, [this] {
        requestVolume();
        update();
    });
}

void Canvas::setNotice(const QString& notice) {
    if (notice == std::exchange(notice_, notice)) return;
    update();
}

std::optional<double> Canvas::dividerAt() const {
    if (comparison_ == nullptr || !comparison_->shown() || comparison_->held()) return std::nullopt;
    return width() * comparison_->divider();
}

bool Canvas::onDivider(QPointF position) const {
    const auto divider = dividerAt();
    return divider && std::abs(position.x() - *divider) <= kDividerReach;
}

void Canvas::paintDivider(QPainter& painter) {
    if (comparison_ == nullptr || !comparison_->shown()) return;
    const QString before = comparison_->isNearest() ? tr("Raw stack, at the nearest place") : tr("Before");
    const auto divider = dividerAt();
    overlay::paintChip(painter, QRectF(rect()), 0, before, overlay::Tone::Notice);
    if (!divider) return;
    painter.setPen(QPen(theme::onCanvas(theme::kText), 1.5));
    painter.drawLine(QPointF(*divider, 0), QPointF(*divider, height()));
    painter.setBrush(theme::onCanvas(theme::kAccent));
    painter.drawEllipse(QPointF(*divider, height() / 2.0), 6, 6);
}

void Canvas::requestVolume() {
    if (!session_.hasData() || session_.state().ndisplay != 3) return;
    const bool other = comparison_ != nullptr && comparison_->shown() && comparison_->held() && comparison_->volume();
    const auto& volume = other ? comparison_->volume() : session_.volume();
    stage_.request(
        {volume, stateFor(volume.get(), other ? comparison_->state() : session_.state()), deviceSize(), interacting_});
}

void Canvas::paintOverlays(QPainter& painter) {
    if (!session_.hasData()) return;
    const QRectF area(rect());
    const bool previewed = session_.picture() && !session_.picture()->pending.empty() && !session_.picture()->stale;
    if (isLate_ && session_.state().ndisplay == 2 && !previewed) painter.fillRect(area, QColor(0, 0, 0, 90));
    // What the result says of itself stands on its own side.
    const bool whole = comparison_ != nullptr && comparison_->shown() && comparison_->held();
    const double left = dividerAt().value_or(0);
    int row = whole ? 1 : paintErrors(painter, area.adjusted(left, 0, 0, 0));
    if (!notice_.isEmpty())
        overlay::paintChip(painter, area.adjusted(left, 0, 0, 0), row++, notice_, overlay::Tone::Notice);
    paintDivider(painter);
    paintSigns(painter, area);
}

int Canvas::paintErrors(QPainter& painter, const QRectF& area) {
    const view::ViewState& state = session_.state();
    const auto& picture = session_.picture();
    const auto& volume = session_.volume();
    const bool three = state.ndisplay == 3;
    std::vector<std::optional<Error>> errors;
    if (three && volume) errors = volume->errors;
    if (!three && picture) {
        for (const view::ChannelSlice& slice : picture->slices)
            errors.push_back(slice.block ? std::nullopt : slice.error);
    }
    const std::vector<std::int64_t>& position = three && volume ? volume->state.position
                                                : picture       ? picture->state.position
                                                                : state.position;
    int visible = 0;
    int failed = 0;
    std::size_t first = 0;
    for (std::size_t i = 0; i < errors.size() && i < state.channels.size(); ++i) {
        if (!state.channels[i].visible) continue;
        ++visible;
        if (!errors[i]) continue;
        if (failed++ == 0) first = i;
    }
    int row = 0;
    if (failed > 0 && failed == visible) {
        const QString where = positionText(session_, position, false);
        overlay::paintPlaceholder(
            painter, area, overlay::placeholderFor(*errors[first], where.isEmpty() ? tr("this picture") : where));
    } else {
        for (std::size_t i = 0; i < errors.size() && i < state.channels.size(); ++i) {
            if (!errors[i] || !state.channels[i].visible) continue;
            const QString name = QString::fromStdString(state.channels[i].name);
            overlay::paintChip(painter, area, row++, tr("%1: %2").arg(name, toQString(errors[i]->text())),
                               overlay::Tone::Error);
        }
    }
    if (!three && picture) {
        for (std::size_t i = 0; i < picture->slices.size() && i < state.channels.size(); ++i) {
            const view::ChannelSlice& slice = picture->slices[i];
            if (!slice.block || !slice.error || !state.channels[i].visible) continue;
            overlay::paintChip(painter, area, row++, tr("Partly missing: %1").arg(toQString(slice.error->text())),
                               overlay::Tone::Warning);
        }
    }
    std::string pending;
    if (three && volume) pending = volume->pending;
    if (!three && picture) pending = picture->pending;
    if (!pending.empty()) {
        overlay::paintChip(painter, area, row++, tr("Preview: %1 is being computed").arg(toQString(pending)),
                           overlay::Tone::Notice);
    }
    if (three && !stageError_.isEmpty()) overlay::paintChip(painter, area, row++, stageError_, overlay::Tone::Error);
    if (three && volume && !volume->notice.empty()) {
        overlay::paintChip(painter, area, row++, toQString(volume->notice), overlay::Tone::Notice);
    }
    return row;
}

void Canvas::paintSigns(QPainter& painter, const QRectF& area) {
    const view::ViewState& state = session_.state();
    const Axes& axes = session_.axes();
    const Axis& column = axes[state.columnAxis()];
    const QSize size = deviceSize();
    const auto bar = state.scaleBar ? view::scaleBar(pixelsPerColumn(), column, size.width()) : std::nullopt;
    if (bar) {
        overlay::paintScaleBar(painter, area, bar->pixels / devicePixelRatioF(), QString::fromStdString(bar->text));
    }
    if (state.ndisplay == 2 && axesShown_) {
        overlay::paintAxes(painter, area, QString::fromStdString(axes[state.rowAxis()].name),
                           QString::fromStdString(column.name));
    }
    const double phase = std::fmod(static_cast<double>(spin_.elapsed()), kTurnMs) / kTurnMs;
    const auto progress = session_.volumeProgress();
    if (state.ndisplay == 3 && progress) {
        overlay::paintBusy(painter, area, phase, progress, tr("%1 %").arg(static_cast<int>(*progress * 100)));
    } else if (isLate_) {
        const double done = session_.sliceProgress();
        const auto known = done > 0 ? std::optional(done) : std::nullopt;
        overlay::paintBusy(painter, area, phase, known,
                           known ? tr("%1 %").arg(static_cast<int>(done * 100)) : QString());
    }
}

double Canvas::pixelsPerColumn() const {
    view::ViewState state = session_.state();
    const Axes& axes = session_.axes();
    const QSize size = deviceSize();
    if (state.ndisplay == 3) {
        const double height = view::viewHeight(state.camera3d, volumeExtent(), size.width(), size.height());
        return session_.volume() && !state.camera3d.perspective
                   ? axes[state.columnAxis()].spacing * size.height() / height
                   : 0;
    }
    if (state.camera2d.fitted) state.camera2d = view::fitCamera(state, axes, size.width(), size.height());
    return view::pixelsPerStep(state, axes)[1];
}

void Canvas::onState(const view::ViewState& before) {
    const view::ViewState& state = session_.state();
    const bool moved =
        before.position != state.position || before.order != state.order || before.ndisplay != state.ndisplay;
    if (moved && !late_.isActive()) late_.start(kLateMs);
    if (state.ndisplay == 3 &&
        (before.ndisplay != 3 || before.channels != state.channels || before.camera3d != state.camera3d)) {
        requestVolume();
    }
    if (before.ndisplay != state.ndisplay && cursor_) readCursor(*cursor_);
    if (before.ndisplay != state.ndisplay || before.scaleBar != state.scaleBar || before.channels != state.channels)
        update();
}

void Canvas::onPicture() {
    if (isLate_) checkLateness();
    if (session_.state().ndisplay == 2) update();
    if (cursor_) readCursor(*cursor_);
}

void Canvas::onVolume() {
    if (isLate_) checkLateness();
    if (!session_.volume()) volumeImage_ = {};
    requestVolume();
    update();
}

void Canvas::setInteracting(bool interacting) {
    if (interacting_ == interacting) return;
    interacting_ = interacting;
    requestVolume();
}

void Canvas::checkLateness() {
    const auto busy = session_.hasData() ? session_.busyForMs() : std::nullopt;
    const bool late = busy && *busy >= kLateMs - 10;
    if (late != std::exchange(isLate_, late) || late) update();
    if (busy) late_.start(late ? kSpinMs : std::max(10, kLateMs - static_cast<int>(*busy)));
}

void Canvas::fit() {
    session_.edit([](view::ViewState& state) {
        if (state.ndisplay == 3)
            state.camera3d = view::Camera3D{};
        else
            state.camera2d = view::Camera2D{};
    });
}

void Canvas::zoomOneToOne() {
    session_.edit([this](view::ViewState& state) {
        if (state.ndisplay == 2) navigation::zoomOneToOne(state, session_.axes(), deviceSize());
    });
}

void Canvas::zoomBy(double factor) {
    session_.edit([&](view::ViewState& state) {
        if (state.ndisplay == 3)
            state.camera3d = view::zoomed(state.camera3d, factor);
        else
            navigation::zoomAt(state, session_.axes(), deviceSize(),
                               QPointF(deviceSize().width() / 2.0, deviceSize().height() / 2.0), factor);
    });
}

void Canvas::setAxesShown(bool shown) {
    axesShown_ = shown;
    update();
}

void Canvas::wheelEvent(QWheelEvent* event) {
    if (!session_.hasData()) return event->ignore();
    const int delta = event->angleDelta().y() != 0 ? event->angleDelta().y() : event->angleDelta().x();
    if ((event->modifiers() & Qt::ControlModifier) != 0) {
        wheelRest_ += delta;
        const int steps = wheelRest_ / kWheelNotch;
        wheelRest_ -= steps * kWheelNotch;
        if (steps != 0) emit stepped(-steps);
        return;
    }
    if (session_.state().ndisplay == 3) {
        if (!settle_.isActive()) setInteracting(true);
        settle_.start();
    }
    const double factor = navigation::wheelFactor(delta);
    session_.edit([&](view::ViewState& state) {
        if (state.ndisplay == 3)
            state.camera3d = view::zoomed(state.camera3d, factor);
        else
            navigation::zoomAt(state, session_.axes(), deviceSize(), device(event->position()), factor);
    });
    readCursor(event->position());
}

void Canvas::mousePressEvent(QMouseEvent* event) {
    if (event->button() != Qt::LeftButton && event->button() != Qt::MiddleButton) return event->ignore();
    dividing_ = event->button() == Qt::LeftButton && onDivider(event->position());
    button_ = event->button();
    dragged_ = event->position();
    setInteracting(session_.state().ndisplay == 3);
}

void Canvas::mouseMoveEvent(QMouseEvent* event) {
    if (!session_.hasData()) return;
    if (dividing_) return comparison_->setDivider(event->position().x() / std::max(1, width()));
    if (button_ == Qt::NoButton) {
        setCursor(onDivider(event->position()) ? Qt::SplitHCursor : Qt::ArrowCursor);
        return readCursor(event->position());
    }
    const QPointF from = device(std::exchange(dragged_, event->position()));
    const QPointF to = device(event->position());
    if (from == to) return;
    const bool shift = (event->modifiers() & Qt::ShiftModifier) != 0 || button_ == Qt::MiddleButton;
    const QSize size = deviceSize();
    session_.edit([&](view::ViewState& state) {
        if (state.ndisplay == 2) return navigation::pan(state, session_.axes(), size, from, to);
        const view::CanvasPoint start{from.x(), from.y()};
        const view::CanvasPoint end{to.x(), to.y()};
        if (shift)
            state.camera3d = view::panned(state.camera3d, volumeExtent(), start, end, size.width(), size.height());
        else
            state.camera3d = view::rotated(state.camera3d, start, end, size.width(), size.height());
    });
}

void Canvas::mouseReleaseEvent(QMouseEvent* event) {
    if (event->button() != button_) return;
    button_ = Qt::NoButton;
    dividing_ = false;
    setInteracting(false);
}

void Canvas::mouseDoubleClickEvent(QMouseEvent* event) {
    if (event->button() != Qt::LeftButton || !session_.hasData()) return;
    const double factor = (event->modifiers() & Qt::AltModifier) != 0 ? 1 / kDoubleClickZoom : kDoubleClickZoom;
    session_.edit([&](view::ViewState& state) {
        if (state.ndisplay == 3)
            state.camera3d = view::zoomed(state.camera3d, factor);
        else
            navigation::zoomAt(state, session_.axes(), deviceSize(), device(event->position()), factor);
    });
}

void Canvas::leaveEvent(QEvent*) {
    cursor_.reset();
    emit cursorRead({});
}

void Canvas::readCursor(QPointF position) {
    cursor_ = position;
    const auto& picture = session_.picture();
    if (!picture || session_.state().ndisplay == 3) return emit cursorRead({});
    const QPointF at = device(position);
    const QSize size = deviceSize();
    const view::PlanePoint point =
        view::canvasToPlane(session_.state(), session_.axes(), size.width(), size.height(), at.x(), at.y());
    emit cursorRead(readoutText(session_, *picture, point));
}

std::array<double, 3> Canvas::volumeExtent() const {
    const auto& volume = session_.volume();
    if (!volume) return {1, 1, 1};
    std::array<double, 3> extent{};
    for (std::size_t i = 0; i < 3; ++i) extent.at(i) = static_cast<double>(volume->size.at(i)) * volume->spacing.at(i);
    return extent;
}

} // namespace lazulite::gui
