#include "lazulite/render/volume_scene.h"

#include <vtkCamera.h>
#include <vtkColorTransferFunction.h>
#include <vtkCommand.h>
#include <vtkDataArray.h>
#include <vtkGPUVolumeRayCastMapper.h>
#include <vtkImageData.h>
#include <vtkNew.h>
#include <vtkOpenGLRenderWindow.h>
#include <vtkPiecewiseFunction.h>
#include <vtkPointData.h>
#include <vtkRenderer.h>
#include <vtkSmartPointer.h>
#include <vtkTextureObject.h>
#include <vtkVolume.h>
#include <vtkVolumeProperty.h>

#include <algorithm>
#include <cmath>
#include <numbers>

#include "lazulite/view/camera3d.h"
#include "lazulite/view/colour_scale.h"
#include "lazulite/view/viewer.h"

namespace lazulite::render {

namespace {

constexpr double kRestingRayDistance = 1; ///< in pixels
constexpr double kMovingRayDistance = 2.5;
constexpr double kViewAngle = 30; ///< degrees, in perspective

int vtkTypeOf(DType dtype) {
    switch (dtype) {
        case DType::UInt8:
            return VTK_UNSIGNED_CHAR;
        case DType::UInt16:
            return VTK_UNSIGNED_SHORT;
        default:
            return VTK_FLOAT;
    }
}

/// VTK casts no ray through a volume without thickness, such as a projection: what is one voxel wide is drawn as two
/// equal ones.
std::shared_ptr<const view::VolumePicture> thickened(std::shared_ptr<const view::VolumePicture> volume) {
    constexpr std::int64_t kLeast = 2;
    const std::array<std::int64_t, 3>& from = volume->size;
    if (*std::min_element(from.begin(), from.end()) >= kLeast) return volume;
    auto thick = std::make_shared<view::VolumePicture>(*volume);
    for (std::int64_t& size : thick->size) size = std::max(size, kLeast);
    const auto [width, height, depth] = thick->size;
    const auto voxel = static_cast<std::int64_t>(volume->channels.size() * bytesPer(volume->dtype));
    const std::shared_ptr<std::byte[]> voxels(new std::byte[static_cast<std::size_t>(width * height * depth * voxel)]);
    std::byte* to = voxels.get();
    for (std::int64_t z = 0; z < depth; ++z) {
        for (std::int64_t y = 0; y < height; ++y) {
            const std::int64_t line = std::min(z, from[2] - 1) * from[1] + std::min(y, from[1] - 1);
            const std::byte* row = volume->voxels.get() + line * from[0] * voxel;
            for (std::int64_t done = 0; done < width; done += from[0]) {
                to = std::copy_n(row, from[0] * voxel, to);
            }
        }
    }
    thick->voxels = {voxels, voxels.get()};
    return thick;
}

/// An image over the picture's voxels, which must outlive it.
vtkSmartPointer<vtkImageData> imageOf(const view::VolumePicture& volume) {
    const auto components = static_cast<int>(volume.channels.size());
    vtkIdType values = components;
    for (const std::int64_t size : volume.size) values *= size;
    const auto scalars = vtkSmartPointer<vtkDataArray>::Take(vtkDataArray::CreateDataArray(vtkTypeOf(volume.dtype)));
    scalars->SetNumberOfComponents(components);
    scalars->SetVoidArray(const_cast<std::byte*>(volume.voxels.get()), values, 1); // VTK only reads them
    auto image = vtkSmartPointer<vtkImageData>::New();
    image->SetDimensions(static_cast<int>(volume.size[0]), static_cast<int>(volume.size[1]),
                         static_cast<int>(volume.size[2]));
    image->SetSpacing(volume.spacing.data());
    std::array<double, 3> origin{};
    for (std::size_t i = 0; i < 3; ++i) origin[i] = -0.5 * static_cast<double>(volume.size[i] - 1) * volume.spacing[i];
    image->SetOrigin(origin.data());
    image->GetPointData()->SetScalars(scalars);
    return image;
}

/// VTK samples colours evenly over the data's whole range, finer the closer their nodes lie: no more nodes than needed.
void setColours(vtkColorTransferFunction* function, const view::ChannelSettings& channel) {
    constexpr int kNodes = 65;
    view::ChannelSettings opaque = channel;
    const double low = channel.limits[0];
    const double width = std::max(channel.limits[1] - low, 1e-12);
    opaque.limits = {0, 1};
    const view::ColourScale scale(opaque);
    function->RemoveAllPoints();
    for (int i = 0; i < kNodes; ++i) {
        const double t = static_cast<double>(i) / (kNodes - 1);
        const std::uint32_t colour = scale.rgba(static_cast<float>(t));
        const auto part = [&](unsigned shift) { return static_cast<double>((colour >> shift) & 0xFFU) / 255; };
        function->AddRGBPoint(low + t * width, part(0), part(8), part(16));
    }
    function->ClampingOn();
}

} // namespace

int queryTextureLimit(vtkRenderWindow* window) {
    auto* gl = vtkOpenGLRenderWindow::SafeDownCast(window);
    return gl != nullptr ? vtkTextureObject::GetMaximumTextureSize3D(gl) : 0;
}

class VolumeScene::Impl {
public:
    Impl() {
        renderer->SetBackground(0, 0, 0);
        mapper->SetBlendModeToMaximumIntensity();
        // Adjusting by itself gained nothing in software GL; the distances are set by hand.
        mapper->SetAutoAdjustSampleDistances(0);
        mapper->SetImageSampleDistance(kRestingRayDistance);
        property->IndependentComponentsOn();
        property->ShadeOff();
        prop->SetMapper(mapper);
        prop->SetProperty(property);
        prop->SetVisibility(false);
        renderer->AddVolume(prop);
        // The camera depends on the window's shape, so it is set anew before each frame.
        renderer->AddObserver(vtkCommand::StartEvent, this, &Impl::setCamera);
    }

    void setVolume(std::shared_ptr<const view::VolumePicture> next) {
        if (next == volume) return;
        const std::shared_ptr<const view::VolumePicture> before =
            std::move(drawn); // held until the image lets go of it
        volume = std::move(next);
        const bool some = volume && volume->voxels && !volume->channels.empty();
        prop->SetVisibility(some);
        if (!some) {
            mapper->RemoveAllInputs();
            return;
        }
        drawn = thickened(volume);
        image = imageOf(*drawn);
        mapper->SetInputData(image);
        stepLength = *std::min_element(volume->spacing.begin(), volume->spacing.end());
        setSampling();
        setState(state);
    }

    void setState(const view::ViewState& next) {
        state = next;
        if (volume) {
            for (std::size_t i = 0; i < volume->channels.size(); ++i) {
                const auto channel = static_cast<std::size_t>(volume->channels[i]);
                if (channel < state.channels.size()) setChannel(static_cast<int>(i), state.channels[channel]);
            }
            const bool linear = state.interpolation == view::Interpolation::Linear;
            property->SetInterpolationType(linear ? VTK_LINEAR_INTERPOLATION : VTK_NEAREST_INTERPOLATION);
        }
    }

    void setInteracting(bool now) {
        interacting = now;
        setSampling();
    }

    std::array<double, 3> extent() const {
        if (!volume || !volume->voxels) return {1, 1, 1};
        std::array<double, 3> lengths{};
        for (std::size_t i = 0; i < 3; ++i) lengths[i] = static_cast<double>(volume->size[i]) * volume->spacing[i];
        return lengths;
    }

    vtkNew<vtkRenderer> renderer;
    std::shared_ptr<const view::VolumePicture> volume;

private:
    void setCamera() {
        const int* size = renderer->GetSize();
        const std::array<double, 3> lengths = extent();
        const view::Camera3D& seen = state.camera3d;
        const double height = view::viewHeight(seen, lengths, size[0], size[1]);
        const double diameter = std::hypot(lengths[0], lengths[1], lengths[2]);
        const double half = kViewAngle / 2 * std::numbers::pi / 180;
        const double distance = seen.perspective ? height / 2 / std::tan(half) : diameter;
        vtkCamera* camera = renderer->GetActiveCamera();
        camera->SetFocalPoint(seen.focus.data());
        camera->SetPosition(seen.focus[0] + distance * seen.direction[0], seen.focus[1] + distance * seen.direction[1],
                            seen.focus[2] + distance * seen.direction[2]);
        camera->SetViewUp(seen.up.data());
        camera->SetParallelProjection(seen.perspective ? 0 : 1);
        camera->SetParallelScale(height / 2);
        camera->SetViewAngle(kViewAngle);
        renderer->ResetCameraClippingRange();
    }

    void setChannel(int component, const view::ChannelSettings& channel) {
        vtkNew<vtkColorTransferFunction> colours;
        setColours(colours, channel);
        // The projection's brightness is colour x opacity: opacity only switches a channel on and off.
        vtkNew<vtkPiecewiseFunction> opacity;
        const double shown = channel.visible ? 1 : 0;
        opacity->AddPoint(0, shown);
        opacity->AddPoint(1, shown);
        property->SetColor(component, colours);
        property->SetScalarOpacity(component, opacity);
    }

    void setSampling() {
        mapper->SetImageSampleDistance(static_cast<float>(interacting ? kMovingRayDistance : kRestingRayDistance));
        mapper->SetSampleDistance(static_cast<float>(stepLength));
    }

    vtkNew<vtkGPUVolumeRayCastMapper> mapper;
    vtkNew<vtkVolumeProperty> property;
    vtkNew<vtkVolume> prop;
    std::shared_ptr<const view::VolumePicture> drawn;
    vtkSmartPointer<vtkImageData> image;
    view::ViewState state;
    double stepLength = 1;
    bool interacting = false;
};

VolumeScene::VolumeScene() : impl_(std::make_unique<Impl>()) {}
VolumeScene::~VolumeScene() = default;

vtkRenderer* VolumeScene::renderer() const {
    return impl_->renderer;
}
void VolumeScene::setVolume(std::shared_ptr<const view::VolumePicture> volume) {
    impl_->setVolume(std::move(volume));
}
void VolumeScene::setState(const view::ViewState& state) {
    impl_->setState(state);
}
void VolumeScene::setInteracting(bool interacting) {
    impl_->setInteracting(interacting);
}
std::array<double, 3> VolumeScene::extent() const {
    return impl_->extent();
}

} // namespace lazulite::render
