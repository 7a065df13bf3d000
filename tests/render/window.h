#pragma once

#include <vtkNew.h>
#include <vtkRenderWindow.h>
#include <vtkRenderer.h>
#include <vtkUnsignedCharArray.h>

#include <array>

namespace lazulite::testing {

using Colour = std::array<int, 3>;

/// A window with one renderer, whose pixels can be looked at (row 0 on top).
class Window {
public:
    Window(vtkRenderer* renderer, int width, int height) : renderer_(renderer) {
        window_->SetMultiSamples(0);
        window_->SetOffScreenRendering(1);
        window_->SetSize(width, height);
        window_->AddRenderer(renderer);
    }
    ~Window() { window_->RemoveRenderer(renderer_); }
    Window(const Window&) = delete;
    Window& operator=(const Window&) = delete;

    void render() {
        window_->Render();
        const int* size = window_->GetSize();
        window_->GetPixelData(0, 0, size[0] - 1, size[1] - 1, 0, pixels_);
    }

    Colour at(int x, int y) const {
        const int* size = window_->GetSize();
        const vtkIdType pixel = static_cast<vtkIdType>(size[1] - 1 - y) * size[0] + x;
        Colour colour{};
        for (int k = 0; k < 3; ++k) colour[static_cast<std::size_t>(k)] = pixels_->GetValue(3 * pixel + k);
        return colour;
    }

    int width() const { return window_->GetSize()[0]; }
    int height() const { return window_->GetSize()[1]; }
    vtkRenderWindow* get() { return window_; }

private:
    vtkRenderer* renderer_;
    vtkNew<vtkRenderWindow> window_;
    vtkNew<vtkUnsignedCharArray> pixels_;
};

} // namespace lazulite::testing
