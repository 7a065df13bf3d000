#include "canvas/vtk_host.h"

// Before VTK's loader of OpenGL, which leaves Qt's alone then.
#include <vtkCallbackCommand.h>
#include <vtkGenericOpenGLRenderWindow.h>
#include <vtkNew.h>
#include <vtkOpenGLState.h>
#include <vtkRenderer.h>
#include <vtkSmartPointer.h>
#include <QOpenGLContext>
#include <QOpenGLFunctions>

namespace lazulite::gui {

struct VtkHost::Vtk {
    vtkNew<vtkGenericOpenGLRenderWindow> window;
    vtkNew<vtkCallbackCommand> events;
    vtkSmartPointer<vtkRenderer> renderer;
    bool initialized = false;
};

VtkHost::VtkHost() : vtk_(std::make_unique<Vtk>()) {
    vtk_->window->SetMultiSamples(0);
    vtk_->events->SetClientData(this);
    vtk_->events->SetCallback([](vtkObject*, unsigned long event, void* client, void* data) {
        auto* self = static_cast<VtkHost*>(client);
        if (self->context_ == nullptr) return;
        if (event == vtkCommand::WindowMakeCurrentEvent)
            self->context_->makeCurrent(self->surface_);
        else if (event == vtkCommand::WindowIsCurrentEvent) {
            *static_cast<bool*>(data) = QOpenGLContext::currentContext() == self->context_;
        }
    });
    vtk_->window->AddObserver(vtkCommand::WindowMakeCurrentEvent, vtk_->events);
    vtk_->window->AddObserver(vtkCommand::WindowIsCurrentEvent, vtk_->events);
}

VtkHost::~VtkHost() {
    finalize();
}

void VtkHost::initialize(QOpenGLContext* context, QSurface* surface) {
    context_ = context;
    surface_ = surface;
    vtk_->window->SetOwnContext(0);
    vtk_->window->SetReadyForRendering(true);
    vtk_->window->SetIsDirect(1);
    vtk_->window->SetSupportsOpenGL(1);
    vtk_->window->OpenGLInitContext();
    vtk_->window->SetFrameBlitModeToNoBlit();
    vtk_->initialized = true;
    context->functions()->glGetIntegerv(GL_MAX_3D_TEXTURE_SIZE, &textureLimit_);
}

void VtkHost::resize(QSize devicePixels) {
    vtk_->window->SetSize(devicePixels.width(), devicePixels.height());
}

void VtkHost::setRenderer(vtkRenderer* renderer) {
    if (vtk_->renderer == renderer) return;
    if (vtk_->renderer != nullptr) vtk_->window->RemoveRenderer(vtk_->renderer);
    vtk_->renderer = renderer;
    if (renderer != nullptr) vtk_->window->AddRenderer(renderer);
}

void VtkHost::render(unsigned int target) {
    vtkOpenGLState* state = vtk_->window->GetState();
    state->Reset();
    state->Push();
    state->vtkglDepthFunc(GL_LEQUAL);
    vtk_->window->Render();
    state->vtkglBindFramebuffer(GL_FRAMEBUFFER, target);
    vtk_->window->BlitDisplayFramebuffer();
    // VTK leaves alpha at 0, which a compositor would take for glass.
    state->vtkglBindFramebuffer(GL_FRAMEBUFFER, target);
    state->vtkglDisable(GL_SCISSOR_TEST);
    state->vtkglColorMask(GL_FALSE, GL_FALSE, GL_FALSE, GL_TRUE);
    state->vtkglClearColor(0, 0, 0, 1);
    state->vtkglClear(GL_COLOR_BUFFER_BIT);
    state->vtkglColorMask(GL_TRUE, GL_TRUE, GL_TRUE, GL_TRUE);
    state->Pop();
}

void VtkHost::finalize() {
    if (!vtk_->initialized) return;
    setRenderer(nullptr);
    vtk_->window->Finalize();
    vtk_->window->SetReadyForRendering(false);
    vtk_->initialized = false;
    context_ = nullptr;
}

} // namespace lazulite::gui
