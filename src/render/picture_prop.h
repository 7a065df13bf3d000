#pragma once

#include <vtkNew.h>
#include <vtkProp.h>

#include <memory>

#include "lazulite/view/viewer.h"

class vtkTextureObject;

namespace lazulite::render {

/// A textured rectangle without VTK's polygon pipeline. Of what VTK offers for pictures it was the cheapest measured in
/// software GL (1024 x 768: 7 ms above an empty frame, against 9-12 for vtkImageMapper and vtkTexturedActor2D, 17 for
/// vtkImageSlice), it needs no copy, and unchanged pictures are not uploaded again.
class PictureProp : public vtkProp {
public:
    static PictureProp* New();
    vtkTypeMacro(PictureProp, vtkProp)

        void setPicture(std::shared_ptr<const view::Picture> picture);

    double* GetBounds() VTK_SIZEHINT(6) override { return nullptr; }
    int RenderOverlay(vtkViewport* viewport) override;
    void ReleaseGraphicsResources(vtkWindow* window) override;

protected:
    PictureProp();
    ~PictureProp() override;

private:
    std::shared_ptr<const view::Picture> picture_;
    bool uploaded_ = false;
    vtkNew<vtkTextureObject> texture_;
};

} // namespace lazulite::render
