#include "picture_prop.h"

#include <vtkObjectFactory.h>
#include <vtkOpenGLRenderWindow.h>
#include <vtkOpenGLState.h>
#include <vtkRenderer.h>
#include <vtkTextureObject.h>
#include <vtk_glew.h>

#include <cmath>
#include <utility>

namespace lazulite::render {

vtkStandardNewMacro(PictureProp);

PictureProp::PictureProp() {
    texture_->SetMinificationFilter(vtkTextureObject::Nearest);
    texture_->SetMagnificationFilter(vtkTextureObject::Nearest);
    texture_->SetWrapS(vtkTextureObject::ClampToEdge);
    texture_->SetWrapT(vtkTextureObject::ClampToEdge);
}

PictureProp::~PictureProp() = default;

void PictureProp::setPicture(std::shared_ptr<const view::Picture> picture) {
    if (picture == picture_) return;
    picture_ = std::move(picture);
    uploaded_ = false;
    Modified();
}

int PictureProp::RenderOverlay(vtkViewport* viewport) {
    auto* renderer = vtkRenderer::SafeDownCast(viewport);
    auto* window = renderer != nullptr ? vtkOpenGLRenderWindow::SafeDownCast(renderer->GetRenderWindow()) : nullptr;
    if (window == nullptr || !picture_ || !picture_->rgba) return 0;
    texture_->SetContext(window);
    if (!uploaded_) {
        // The texture object keeps its handle; only its pixels are replaced where the size is the same.
        const auto width = static_cast<unsigned int>(picture_->width);
        const auto height = static_cast<unsigned int>(picture_->height);
        auto* pixels = const_cast<std::uint8_t*>(picture_->rgba.get()); // VTK only reads them
        if (!texture_->Create2DFromRaw(width, height, 4, VTK_UNSIGNED_CHAR, pixels)) return 0;
        uploaded_ = true;
    }
    vtkOpenGLState* state = window->GetState();
    const vtkOpenGLState::ScopedglEnableDisable depth(state, GL_DEPTH_TEST);
    const vtkOpenGLState::ScopedglEnableDisable blend(state, GL_BLEND);
    state->vtkglDisable(GL_DEPTH_TEST);
    state->vtkglDisable(GL_BLEND);
    // Whole pixels at the border, so that every picture pixel falls on one window pixel.
    const int* size = renderer->GetSize();
    const double left = std::floor((size[0] - picture_->width) / 2.0);
    const double top = std::floor((size[1] - picture_->height) / 2.0);
    const auto x0 = static_cast<float>(2 * left / size[0] - 1);
    const auto x1 = static_cast<float>(2 * (left + picture_->width) / size[0] - 1);
    const auto y0 = static_cast<float>(1 - 2 * top / size[1]);
    const auto y1 = static_cast<float>(1 - 2 * (top + picture_->height) / size[1]);
    float corners[] = {x0, y1, 0, x1, y1, 0, x1, y0, 0, x0, y0, 0};
    float texels[] = {0, 1, 1, 1, 1, 0, 0, 0}; // the picture's first row is its top
    texture_->Activate();
    texture_->CopyToFrameBuffer(texels, corners, nullptr, nullptr);
    texture_->Deactivate();
    return 1;
}

void PictureProp::ReleaseGraphicsResources(vtkWindow* window) {
    texture_->ReleaseGraphicsResources(window);
    uploaded_ = false;
    vtkProp::ReleaseGraphicsResources(window);
}

} // namespace lazulite::render
