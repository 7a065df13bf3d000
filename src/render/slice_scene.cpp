#include "lazulite/render/slice_scene.h"

#include <vtkNew.h>
#include <vtkRenderer.h>

#include <utility>

#include "picture_prop.h"

namespace lazulite::render {

class SliceScene::Impl {
public:
    Impl() {
        renderer->SetBackground(0, 0, 0);
        renderer->AddViewProp(prop);
    }

    vtkNew<vtkRenderer> renderer;
    vtkNew<PictureProp> prop;
};

SliceScene::SliceScene() : impl_(std::make_unique<Impl>()) {}
SliceScene::~SliceScene() = default;

vtkRenderer* SliceScene::renderer() const {
    return impl_->renderer;
}

void SliceScene::setPicture(std::shared_ptr<const view::Picture> picture) {
    impl_->prop->setPicture(std::move(picture));
}

} // namespace lazulite::render
