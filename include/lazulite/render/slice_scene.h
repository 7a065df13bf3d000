#pragma once

#include <memory>

class vtkRenderer;

namespace lazulite::view {
struct Picture;
}

namespace lazulite::render {

/// Draws a picture that was composed at the canvas's resolution: one picture pixel on one window pixel, top row on top.
/// A picture of another size than the window's (between a resize and the next picture) is drawn unscaled about the
/// middle.
///
///     SliceScene scene;
///     window->AddRenderer(scene.renderer());
///     scene.setPicture(viewer.picture());
///     window->Render();
class SliceScene {
public:
    SliceScene();
    ~SliceScene();

    SliceScene(const SliceScene&) = delete;
    SliceScene& operator=(const SliceScene&) = delete;

    /// Owned by the scene; to be put into one window at a time.
    vtkRenderer* renderer() const;

    /// Keeps the picture; its pixels go to the graphics card with the next Render(). Null shows black.
    void setPicture(std::shared_ptr<const view::Picture> picture);

private:
    class Impl;
    std::unique_ptr<Impl> impl_;
};

} // namespace lazulite::render
