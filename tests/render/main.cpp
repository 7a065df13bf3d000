#include <gtest/gtest.h>
#include <vtkNew.h>
#include <vtkRenderWindow.h>
#include <vtkRenderer.h>

int main(int argc, char** argv) {
    ::testing::InitGoogleTest(&argc, argv);
    // An X server without a window starts anew, and refuses connections while it does: one window stays open
    // throughout.
    vtkNew<vtkRenderWindow> window;
    vtkNew<vtkRenderer> renderer;
    window->SetSize(10, 10);
    window->AddRenderer(renderer);
    window->Render();
    return RUN_ALL_TESTS();
}
