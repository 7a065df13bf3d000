#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "lazulite/core/block.h"
#include "lazulite/core/error.h"
#include "lazulite/graph/executor.h"
#include "lazulite/graph/lazy_array.h"
#include "lazulite/view/statistics.h"
#include "lazulite/view/view_state.h"

namespace lazulite::view {

/// The slice of one channel as it stands in a picture.
struct ChannelSlice {
    Block block; ///< rank 2 (row, column) or 3 (row, column, sample) in the picture's own indices; empty on error
    std::optional<Error> error; ///< why there is none (or zeros in parts of it)
    std::shared_ptr<const Histogram> histogram;
    bool preview = false; ///< shows the data before what is still being computed (Picture::pending)
};

/// What the canvas shows in 2D: RGBA at the canvas's own resolution, with what it was made of.
struct Picture {
    int width = 0; ///< device pixels
    int height = 0;
    std::shared_ptr<const std::uint8_t> rgba; ///< width x height x 4, top row first, opaque
    ViewState state;                          ///< what it shows (position, camera, limits)
    std::vector<ChannelSlice> slices;         ///< one a channel (hidden ones may be empty)
    std::array<std::int64_t, 2> planeSize{};  ///< rows, columns of the plane
    std::array<double, 2> step{1, 1};         ///< of them for one of the slices': above 1 these are of a reduced copy
    graph::Costs costs;                       ///< what loading the slices cost (zero when only recomposed)
    bool stale = false;                       ///< state.position is not yet loaded; this shows an older one
    std::string pending;                      ///< operations that slices lack while they are a preview: "deconvolve"
};

/// The volumes of the visible channels for the ray caster.
struct VolumePicture {
    /// Voxels (z, y, x, channel), channel fastest, densely packed; uint8, uint16 or float32.
    std::shared_ptr<const std::byte> voxels;
    DType dtype = DType::UInt16;
    std::array<std::int64_t, 3> size{}; ///< x, y, z
    std::array<double, 3> spacing{};    ///< x, y, z in the unit of the data
    std::vector<int> channels;          ///< which channel each component is; at most 4
    ViewState state;
    std::vector<std::optional<Error>> errors;                 ///< one a channel of the array
    std::vector<std::shared_ptr<const Histogram>> histograms; ///< one a channel of the array; null for those not loaded
    std::string notice;  ///< "reduced 2 x 2 x 1 by maximum to fit ...", empty where it is whole
    bool coarse = false; ///< a first picture; the full one is on its way
    std::string pending; ///< operations that it lacks, as a preview: "deconvolve"
    graph::Costs costs;
};

/// A frame that could not be shown.
struct Problem {
    std::vector<std::int64_t> position; ///< of the array's axes (displayed axes: 0)
    Error error;
};

/// The times that a Viewer keeps. Tests set them so that no outcome depends on a clock.
struct ViewerPace {
    std::chrono::milliseconds partial{50}; ///< channels later than this are left out of the first picture of a position
    std::chrono::milliseconds grace{
        30}; ///< what a newer position leaves a running request to end; then it is cancelled
    std::chrono::milliseconds rest{
        70}; ///< after such a cancel the next request begins once the position rested this long
    std::chrono::milliseconds preview{
        25}; ///< what is computed longer than this is shown without its dear operations until it is there
};

/// Loads and composes what a ViewState asks for, all of it away from the calling thread. Latest wins: at most one
/// running and one pending request a channel; a newer position cancels the older. No Qt, no VTK. Call it from one
/// thread.
///
/// Limits of channels that are provisional belong to the Viewer: it estimates them from the first slice that it loads
/// and refines them from a few samples; what setState() says of them is ignored until their `provisional` is false.
class Viewer {
public:
    /// Called on worker threads, never while a call into Viewer is on the stack of the same thread.
    struct Listener {
        std::function<void(std::shared_ptr<const Picture>)> picture;
        std::function<void(std::shared_ptr<const VolumePicture>)> volume;
        std::function<void(double)> volumeProgress; ///< 0..1
        std::function<void(std::vector<ChannelSettings>)>
            limitsRefined; ///< provisional limits changed; state() has them
        std::function<void()> problemsChanged;
    };

    Viewer(graph::Executor& executor, Listener listener, ViewerPace pace = {});
    ~Viewer(); ///< cancels, and waits for callbacks under way

    Viewer(const Viewer&) = delete;
    Viewer& operator=(const Viewer&) = delete;

    /// Shows another array from `state` on; an empty array shows nothing. Clears the problems. `reduced` are copies of
    /// it with fewer rows and columns, the largest first: a slice is read from the smallest whose pixels are not larger
    /// than the canvas's, and from a finer one once the camera comes closer. Volumes and values elsewhere are not.
    void show(graph::LazyArray array, ViewState state, std::vector<graph::LazyArray> reduced = {});
    /// What is to be shown now. Returns at once; the picture follows through the listener.
    void setState(ViewState state);
    /// The canvas's size in device pixels.
    void setCanvas(int width, int height);
    /// The limit of a 3D texture's side (GL_MAX_3D_TEXTURE_SIZE); 0 until known.
    void setTextureLimit(int side);
    /// Whether positions ahead of the slider that moves are read before they are asked for (they are, unless told).
    void setPrefetch(bool wanted);

    ViewState state() const;
    graph::LazyArray array() const;
    std::shared_ptr<const Picture> picture() const; ///< the last one, or null

    /// Whether something that was asked for is not shown yet, and since how many ms.
    std::optional<double> busyForMs() const;
    /// How much of the slice that was asked for is done, 0..1.
    double progress() const;

    std::vector<Problem> problems() const;
    /// Forgets the problems and loads the current slice again.
    void retry();

    /// Stops loading the volume; what is shown of it stays.
    void cancelVolume();

    /// Sets contrast limits of a channel from percentiles 0.5 and 99.8 of what is shown; state() has them at once.
    void autoContrast(std::size_t channel);

private:
    class Impl;
    std::unique_ptr<Impl> impl_;
};

/// Where a canvas point lies in the plane: fractional row and column indices. For the cursor and for zooming at it.
struct PlanePoint {
    double row = 0;
    double column = 0;
};
/// A `fitted` camera is replaced by fitCamera() for this canvas, here and wherever a canvas is involved.
PlanePoint canvasToPlane(const ViewState& state, const Axes& axes, int width, int height, double x, double y);
PlanePoint planeToCanvas(const ViewState& state, const Axes& axes, int width, int height,
                         PlanePoint point); ///< row = y, column = x

/// Canvas pixels for one position along the row and the column axis at this zoom (voxel aspect kept).
std::array<double, 2> pixelsPerStep(const ViewState& state, const Axes& axes);

/// The camera that shows the whole plane centred, for a canvas of this size.
Camera2D fitCamera(const ViewState& state, const Axes& axes, int width, int height);

/// The values of every channel at a plane point of the picture, from the slices it already holds (of a reduced copy
/// where picture.step is above 1); costs microseconds.
std::vector<std::optional<double>> valuesAt(const Picture& picture, PlanePoint point);

} // namespace lazulite::view
