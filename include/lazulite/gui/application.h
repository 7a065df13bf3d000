#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "lazulite/io/file_series.h"

/// The window, and pictures of what it would show. No Qt and no VTK in this header.
namespace lazulite::gui {

/// What a window starts with.
struct WindowOptions {
    std::vector<std::string> paths;                    ///< as FileSeries::open takes them; empty: a window without data
    io::SeriesOptions series;                          ///< how to understand them (onListed and stop are ignored)
    std::map<std::string, std::int64_t> at;            ///< axis name -> index; axes left out stand in their middle
    std::vector<std::array<double, 2>> contrastLimits; ///< one for all channels, or one a channel; empty: estimated
    std::string channelAxis;                           ///< the axis whose positions are channels; empty: c, else w
    std::string plane;             ///< "yx", "zx", "zy": row and column axis; empty: the last two axes
    int ndisplay = 0;              ///< 2 or 3; 0: what the pipeline says, else 2
    std::uint64_t memoryLimit = 0; ///< bytes; 0: the preference, else 40 % of the machine's
    int threads = 0;               ///< 0: one a core
    std::string backend{};         ///< "cpu" or "cuda": where pipelines are computed; empty or "auto": the preference
    std::string pipeline{};        ///< the file of a pipeline config to look through; empty: none
};

/// A picture of the canvas of the window that these options would open.
struct RenderOptions {
    WindowOptions window;
    std::string output; ///< a PNG file, written whole or not at all
    int width = 1024;   ///< pixels
    int height = 768;
    bool scaleBar = true;
};

constexpr int kExitDone = 0;
constexpr int kExitFailed = 1;   ///< the picture could not be written
constexpr int kExitBadInput = 2; ///< no such data, axis or option; the message is on standard error
constexpr int kExitNoDisplay =
    3; ///< no X or Wayland display (start it under xvfb-run); the message is on standard error

/// Opens the window and returns when it is closed: an exit code above. Data that cannot be opened are told in the
/// window, which stays open; options that contradict the data likewise, and what is wrong with a pipeline.
int runWindow(int& argc, char** argv, const WindowOptions& options);

/// Draws the picture without showing a window, waits until it is final (all channels loaded and at full resolution),
/// and writes it. Frames that cannot be read are drawn as the window draws them and told on standard error. A pipeline
/// that does not fit is bad input: all that is wrong with it is told.
int renderToFile(int& argc, char** argv, const RenderOptions& options);

} // namespace lazulite::gui
