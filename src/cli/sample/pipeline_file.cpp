#include <fmt/format.h>

#include <algorithm>

#include "files.h"
#include "lazulite/core/units.h"

namespace lazulite::cli::sample {

std::string psfName(const Recording& recording, std::size_t channel) {
    return fmt::format("psf/psf_{}nm.tif", recording.optics().excitation[channel]);
}

std::string pipelineText(const Recording& recording) {
    const auto [planes, rows, columns] = recording.options().size;
    // So much is cut off each side, so that something is left of small recordings too.
    const std::int64_t firstPlane = planes > 8 ? 2 : 0;
    const std::int64_t rowMargin = rows / 32;
    const std::int64_t columnMargin = columns / 16;
    const auto slice = [](std::int64_t first, std::int64_t behind) {
        return fmt::format("\"{}:{}\"", first > 0 ? std::to_string(first) : "",
                           behind > 0 ? "-" + std::to_string(behind) : "");
    };
    return fmt::format(
        R"(# A pipeline: what is to be done with the raw stacks before they are shown. Nothing is computed ahead and nothing is
# written; each picture takes what it needs. Open it with File > Open pipeline..., and look at
#
#     lazulite check lattice.toml .
#
# for what each step makes of these data. This file is watched: save a change, and the picture follows.

[pipeline]
name = "deskew, deconvolve, crop"
version = 1

# The stage moves the specimen at an angle to the light sheet, so raw stacks are sheared along x. The angle comes from
# the settings file beside the data ({angle} degrees), as do the stage step and the size of a pixel; `angle = ...` would
# override it.
[[step]]
op = "deskew"

# Deconvolution with the image of a bead, one for each channel. Paths are relative to this file.
[[step]]
op = "deconvolve"
psf = {{ ch0 = "{psf0}", ch1 = "{psf1}" }}
background = {offset}                 # counts that the camera adds; "auto" measures them
iterations = 10

# A part of each axis, as NumPy writes it: FIRST:END, negative numbers count from the end.
[[step]]
op = "crop"
z = {z}
y = {y}
x = {x}

# Planes parallel to the cover slip. Switch it on here or with the eye in the pipeline panel; right behind the deskew it
# would share its interpolation.
[[step]]
op = "rotate"
enabled = false

# How the result is first shown: 2 for slices, 3 for the volume. Contrast and the size of a voxel come from the data
# unless they are written here, such as
#     contrast-limits = [90, 1500]
#     scale = {{ z = 3, y = 1, x = 1 }}
[view]
ndisplay = 2
)",
        fmt::arg("angle", numberText(recording.optics().angleDegrees)), fmt::arg("psf0", psfName(recording, 0)),
        fmt::arg("psf1", psfName(recording, 1)), fmt::arg("offset", numberText(recording.camera().offset)),
        fmt::arg("z", slice(firstPlane, 0)), fmt::arg("y", slice(rowMargin, rowMargin)),
        fmt::arg("x", slice(columnMargin, columnMargin)));
}

} // namespace lazulite::cli::sample
