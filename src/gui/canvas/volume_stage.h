#pragma once

#include <QImage>
#include <QObject>
#include <QSize>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>

#include "lazulite/view/viewer.h"

class QOffscreenSurface;

namespace lazulite::gui {

/// Casts volumes into images on a thread of its own, so that the window goes on while a slow graphics driver works.
/// Latest wins: what is asked for while an image is made replaces what was asked for before. The thread and its OpenGL
/// context begin with the first request.
class VolumeStage : public QObject {
    Q_OBJECT

public:
    explicit VolumeStage(QObject* parent = nullptr);
    ~VolumeStage() override; ///< waits for the image under way

    struct Scene {
        std::shared_ptr<const view::VolumePicture> volume;
        view::ViewState state;
        QSize size;               ///< device pixels
        bool interacting = false; ///< the mouse drags: fewer rays
    };
    void request(Scene scene);
    /// Whether the image of the last request has been handed out.
    bool idle() const { return shown_ == asked_; }

signals:
    void rendered(const QImage& image);
    /// GL_MAX_3D_TEXTURE_SIZE, once the context is there.
    void textureLimitKnown(int side);
    void failed(const QString& reason);

private:
    class Worker;
    void run(const std::stop_token& stop);
    void deliver(std::uint64_t number, const QImage& image);

    std::unique_ptr<QOffscreenSurface> surface_;
    std::uint64_t asked_ = 0;
    std::uint64_t shown_ = 0;

    std::mutex mutex_;
    std::condition_variable_any wake_;
    std::optional<Scene> wanted_;
    std::uint64_t wantedNumber_ = 0;
    std::jthread thread_;
};

} // namespace lazulite::gui
