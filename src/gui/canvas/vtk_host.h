#pragma once

#include <QSize>
#include <functional>
#include <memory>

class QOpenGLContext;
class QSurface;
class vtkRenderer;

namespace lazulite::gui {

/// VTK's render window inside a Qt OpenGL context that it does not own. Debian's VTK has its Qt module for Qt 5 only.
class VtkHost {
public:
    VtkHost();
    ~VtkHost(); ///< the context must be current, or initialize() never called

    VtkHost(const VtkHost&) = delete;
    VtkHost& operator=(const VtkHost&) = delete;

    /// With `context` current on `surface`.
    void initialize(QOpenGLContext* context, QSurface* surface);
    void resize(QSize devicePixels);
    /// Renders into the framebuffer `target`, opaque.
    void render(unsigned int target);
    /// Shows this renderer alone.
    void setRenderer(vtkRenderer* renderer);
    /// Frees what VTK holds in the context, which must be current.
    void finalize();

    /// GL_MAX_3D_TEXTURE_SIZE.
    int textureLimit() const { return textureLimit_; }

private:
    struct Vtk;
    std::unique_ptr<Vtk> vtk_;
    QOpenGLContext* context_ = nullptr;
    QSurface* surface_ = nullptr;
    int textureLimit_ = 0;
};

} // namespace lazulite::gui
