#include <vtkVersion.h>

#include <QtGlobal>

#include "front.h"
#include "lazulite/gui/application.h"

namespace lazulite {
namespace {

gui::WindowOptions windowOptions(const cli::WindowRequest& request) {
    return {.paths = request.paths,
            .series = request.series,
            .at = request.at,
            .contrastLimits = request.contrastLimits,
            .channelAxis = request.channelAxis,
            .plane = request.plane,
            .ndisplay = request.ndisplay,
            .memoryLimit = request.memoryLimit,
            .threads = request.threads,
            .backend = request.backend,
            .pipeline = request.pipeline};
}

} // namespace

cli::Front makeFront() {
    return {
        .view = [](int& argc, char** argv,
                   const cli::WindowRequest& request) { return gui::runWindow(argc, argv, windowOptions(request)); },
        .render =
            [](int& argc, char** argv, const cli::PictureRequest& request) {
                return gui::renderToFile(argc, argv,
                                         {.window = windowOptions(request.window),
                                          .output = request.output,
                                          .width = request.width,
                                          .height = request.height,
                                          .scaleBar = request.scaleBar});
            },
        .versions =
            [] {
                return std::vector<std::string>{std::string("Qt ") + qVersion(),
                                                std::string("VTK ") + vtkVersion::GetVTKVersion()};
            }};
}

} // namespace lazulite
