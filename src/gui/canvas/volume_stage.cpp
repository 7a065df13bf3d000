#include "canvas/volume_stage.h"

#include <QOffscreenSurface>
#include <QOpenGLContext>
#include <QOpenGLFramebufferObject>
#include <utility>

#include "canvas/vtk_host.h"
#include "lazulite/render/volume_scene.h"

namespace lazulite::gui {

/// What lives on the thread: the context, VTK's window in it, the framebuffer. Throws nothing; ready() says whether it
/// works.
class VolumeStage::Worker {
public:
    explicit Worker(QOffscreenSurface* surface) : surface_(surface) {
        context_.setFormat(surface->format());
        if (!context_.create() || !context_.makeCurrent(surface_)) return;
        host_.initialize(&context_, surface_);
        scene_ = std::make_unique<render::VolumeScene>();
        host_.setRenderer(scene_->renderer());
    }
    ~Worker() {
        if (!ready()) return;
        context_.makeCurrent(surface_);
        host_.finalize();
        scene_.reset();
        target_.reset();
        context_.doneCurrent();
    }
    Worker(const Worker&) = delete;
    Worker& operator=(const Worker&) = delete;

    bool ready() const { return scene_ != nullptr; }
    int textureLimit() const { return host_.textureLimit(); }

    QImage draw(const Scene& scene) {
        context_.makeCurrent(surface_);
        if (!target_ || target_->size() != scene.size) {
            target_ =
                std::make_unique<QOpenGLFramebufferObject>(scene.size, QOpenGLFramebufferObject::CombinedDepthStencil);
            host_.resize(scene.size);
        }
        if (volume_ != scene.volume) {
            volume_ = scene.volume;
            scene_->setVolume(volume_);
        }
        scene_->setState(scene.state);
        scene_->setInteracting(scene.interacting);
        host_.render(target_->handle());
        return target_->toImage().convertToFormat(QImage::Format_RGB32);
    }

private:
    QOffscreenSurface* surface_;
    QOpenGLContext context_;
    VtkHost host_;
    std::unique_ptr<render::VolumeScene> scene_;
    std::unique_ptr<QOpenGLFramebufferObject> target_;
    std::shared_ptr<const view::VolumePicture> volume_;
};

VolumeStage::VolumeStage(QObject* parent) : QObject(parent) {}

VolumeStage::~VolumeStage() {
    thread_.request_stop();
    if (thread_.joinable()) thread_.join();
}

void VolumeStage::request(Scene scene) {
    if (scene.size.isEmpty()) return;
    if (!surface_) {
        // The window system wants surfaces to be made on the GUI thread.
        surface_ = std::make_unique<QOffscreenSurface>();
        surface_->setFormat(QSurfaceFormat::defaultFormat());
        surface_->create();
        thread_ = std::jthread([this](const std::stop_token& stop) { run(stop); });
    }
    {
        const std::scoped_lock lock(mutex_);
        wanted_ = std::move(scene);
        wantedNumber_ = ++asked_;
    }
    wake_.notify_one();
}

void VolumeStage::run(const std::stop_token& stop) {
    Worker worker(surface_.get());
    if (!worker.ready()) {
        QMetaObject::invokeMethod(
            this, [this] { emit failed(tr("3D needs OpenGL 3.2, which this display does not offer.")); },
            Qt::QueuedConnection);
        return;
    }
    QMetaObject::invokeMethod(
        this, [this, limit = worker.textureLimit()] { emit textureLimitKnown(limit); }, Qt::QueuedConnection);
    while (true) {
        Scene scene;
        std::uint64_t number = 0;
        {
            std::unique_lock lock(mutex_);
            if (!wake_.wait(lock, stop, [this] { return wanted_.has_value(); })) return;
            scene = *std::exchange(wanted_, std::nullopt);
            number = wantedNumber_;
        }
        const QImage image = worker.draw(scene);
        QMetaObject::invokeMethod(
            this, [this, number, image] { deliver(number, image); }, Qt::QueuedConnection);
    }
}

void VolumeStage::deliver(std::uint64_t number, const QImage& image) {
    shown_ = number;
    emit rendered(image);
}

} // namespace lazulite::gui
