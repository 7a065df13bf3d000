#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "lazulite/core/axis.h"

namespace lazulite::view {

enum class Interpolation { Nearest, Linear };

/// How one channel is shown.
struct ChannelSettings {
    std::string name;
    bool visible = true;
    std::string colormap = "gray";      ///< a name of colormaps(), or "#rrggbb" for black to that colour
    std::array<double, 2> limits{0, 1}; ///< values shown darkest and brightest
    bool provisional = true; ///< limits are an estimate that may still be refined; false once anybody set them
    double gamma = 1.0;
    double opacity = 1.0;

    bool operator==(const ChannelSettings&) const = default;
};

/// Where the canvas looks in 2D: which point of the plane is in its middle, and how large a data pixel is drawn.
struct Camera2D {
    double row = 0; ///< centre, in positions of the row axis (pixel centres at whole numbers)
    double column = 0;
    double zoom = 1;    ///< canvas pixels for one position along the displayed axis of the finer spacing
    bool fitted = true; ///< follows the canvas's size until the user zooms or pans

    bool operator==(const Camera2D&) const = default;
};

struct Camera3D {
    std::array<double, 3> direction{0, 0,
                                    -1}; ///< x, y, z: from the focal point to the eye; at first plane 0 is in front
    std::array<double, 3> up{0, -1, 0};
    std::array<double, 3> focus{0, 0, 0}; ///< relative to the volume's centre, in the x spacing's unit
    double zoom = 1;                      ///< 1: the whole volume fits
    bool perspective = false;

    bool operator==(const Camera3D&) const = default;
};

/// All of what is looked at, as one value that can be compared, kept and written down.
struct ViewState {
    std::vector<std::int64_t> position; ///< one an axis of the array
    std::vector<std::size_t>
        order; ///< permutation of the axes; the last two (three in 3D) are displayed, the last to the right
    int ndisplay = 2;
    std::vector<ChannelSettings> channels; ///< one a position of the channel axis, or a single one
    Interpolation interpolation = Interpolation::Nearest;
    Camera2D camera2d;
    Camera3D camera3d;
    bool scaleBar = true;

    bool operator==(const ViewState&) const = default;

    std::size_t rowAxis() const { return order[order.size() - 2]; }
    std::size_t columnAxis() const { return order.back(); }
    std::size_t depthAxis() const { return order[order.size() - 3]; }
    bool isDisplayed(std::size_t axis) const;

    /// The state that a newly opened array starts with: the middle of every axis, y and x displayed, channels named by
    /// labels. `colourSamples`: axis "s" of 3 or 4 (RGB) is never a slider and never displayed as a spatial axis.
    static ViewState startFor(const Axes& axes);
};

/// The axis of red, green, blue (and alpha) samples: "s" of 3 or 4, or nothing.
std::optional<std::size_t> sampleAxis(const Axes& axes);

/// The axes that get a slider, in the array's order: longer than 1, not displayed, neither channels nor colour samples.
std::vector<std::size_t> sliderAxes(const ViewState& state, const Axes& axes);

/// Whether there is a third axis to be displayed in 3D (otherwise the volume is one plane thick).
bool hasDepth(const ViewState& state, const Axes& axes);

/// Rolls z, y and x so that the next plane is displayed (yx -> zy -> xz -> yx); an array without all three rolls every
/// axis but those of channels and samples.
void roll(ViewState& state, const Axes& axes);
/// Swaps the two displayed axes.
void transposeDisplayed(ViewState& state);

} // namespace lazulite::view
