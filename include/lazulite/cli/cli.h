#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "lazulite/io/file_series.h"

/// The program's command line. It knows the window only through a Front, so that neither room includes the other.
namespace lazulite::cli {

/// What a window starts with.
struct WindowRequest {
    std::vector<std::string> paths{};                    ///< as FileSeries::open takes them; may be empty
    io::SeriesOptions series{};                          ///< how to understand them
    std::map<std::string, std::int64_t> at{};            ///< axis name -> index
    std::vector<std::array<double, 2>> contrastLimits{}; ///< one for all channels, or one a channel; empty: estimated
    std::string channelAxis{};                           ///< empty: c, else w
    std::string plane{};                                 ///< "yx", "zx", "zy"; empty: the last two axes
    int ndisplay = 0;                                    ///< 2 or 3; 0: what the pipeline says, else 2
    std::uint64_t memoryLimit = 0;                       ///< bytes; 0: the default
    int threads = 0;                                     ///< 0: one a core
    std::string backend{};                               ///< "auto", "cpu" or "cuda": where pipelines are computed
    std::string pipeline{};                              ///< a config to look through; empty: none
};

/// A picture of the canvas that such a window would show.
struct PictureRequest {
    WindowRequest window{};
    std::string output{}; ///< PNG
    int width = 1024;     ///< pixels
    int height = 768;
    bool scaleBar = true;
};

/// The part of the program that has a window. Both functions get argc and argv for the window system (the program's
/// name alone) and return an exit code. Empty functions: a build without a window.
struct Front {
    std::function<int(int&, char**, const WindowRequest&)> view{};
    std::function<int(int&, char**, const PictureRequest&)> render{};
    std::function<std::vector<std::string>()> versions{}; ///< "Qt 6.4.2", one library a line
};

enum ExitCode {
    kExitDone = 0,
    kExitFailed = 1,    ///< a fault of the program itself
    kExitBadInput = 2,  ///< wrong path, option or data; the message is on standard error
    kExitNoDisplay = 3, ///< no X or Wayland display
};

/// Runs the command that the arguments name (default: view) and returns the exit code. Throws nothing.
int run(int argc, char** argv, const Front& front);

} // namespace lazulite::cli
