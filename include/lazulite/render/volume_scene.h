#pragma once

#include <array>
#include <memory>

class vtkRenderer;
class vtkRenderWindow;

namespace lazulite::view {
struct VolumePicture;
struct ViewState;
} // namespace lazulite::view

namespace lazulite::render {

/// The longest side of a 3D texture that this window's graphics can hold, in voxels. Its context is created where there
/// is none yet.
int queryTextureLimit(vtkRenderWindow* window);

/// Shows the volumes of up to four channels as one maximum intensity projection, in true proportions, each channel with
/// its own colours. Row 0 lies on top and plane 0 in front until it is turned.
///
///     VolumeScene scene;
///     window->AddRenderer(scene.renderer());
///     scene.setVolume(volume);
///     scene.setState(state);
///     window->Render();
class VolumeScene {
public:
    VolumeScene();
    ~VolumeScene();

    VolumeScene(const VolumeScene&) = delete;
    VolumeScene& operator=(const VolumeScene&) = delete;

    /// Owned by the scene; to be put into one window at a time.
    vtkRenderer* renderer() const;

    /// Shows these voxels (they are used where they lie, not copied); null, or no voxels, shows black.
    void setVolume(std::shared_ptr<const view::VolumePicture> volume);
    /// Colours, limits, visibility and camera. Cheap: the voxels stay on the graphics card.
    void setState(const view::ViewState& state);
    /// While the mouse drags, fewer rays are cast.
    void setInteracting(bool interacting);

    /// The volume's lengths along x, y, z; what the helpers of view/camera3d.h want to know. {1, 1, 1} without a
    /// volume.
    std::array<double, 3> extent() const;

private:
    class Impl;
    std::unique_ptr<Impl> impl_;
};

} // namespace lazulite::render
