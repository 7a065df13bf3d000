#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "lazulite/graph/lazy_array.h"

/// Steps that move voxels about in space. Lengths in um, angles in degrees; voxel sizes come from the array's axes
/// unless an option says otherwise. All throw Failure where the array or the options make no sense.
namespace lazulite::ops {

using graph::LazyArray;

/// How a stage-scanned stack was taken, and what is to become of it (names and defaults: pycudadecon's).
struct DeskewOptions {
    double angle = 31.5;               ///< degrees between the stage and the light sheet; negative: the other way
    std::optional<double> stageStep{}; ///< um between planes along the stage; nothing: the spacing of z
    std::optional<double> pixel{};     ///< um; nothing: the spacing of x
    std::int64_t width = 0;            ///< columns of the result; 0: all of them
    double shift = 0;                  ///< columns
    std::optional<double> pad =
        0.0;                ///< value outside; nothing: the median of the volume's last raw plane, which is read
    std::string axis = "x"; ///< the axis along which planes are sheared, "x" or "y"
};

/// Undoes the shear of a stage scan, plane by plane; an XY slice needs one raw page. The planes of the result lie
/// stageStep |sin angle| apart.
LazyArray deskew(const LazyArray& array, const DeskewOptions& options);

/// Turns a deskewed stack so that its planes lie parallel to the cover slip; voxels become isotropic. Sizes are
/// cudadecon's: int(nz dz' / dx) planes of int(nx cos(angle) + nz |sin(angle)| dz' / dx) columns for nz planes, dz'
/// apart, of nx columns. 0 outside of the stack. `axis` is the one along which planes were sheared.
LazyArray rotate(const LazyArray& array, double angle, const std::string& axis = "x");

/// Deskew and rotation in one interpolation of the raw stack; sizes are those of the two steps.
///
/// Where things come to lie: let dx be the pixel, dz the stage step and the raw stack nz planes of nx columns. Real
/// space has x along the rows, y along the columns and z across the planes, so that raw plane k's column i lies at
/// x = i dx + k dz cos(angle), z = k dz |sin(angle)| (an angle below 0 counts as angle + 180). Then
///     across = x / dx - nz dz cos(angle) / (2 dx) - nx / 2 - shift,  up = (z - nz dz |sin(angle)| / 2) / dx
/// are the distances from the scan's centre in voxels. Deskewed, a point lies on plane z / (dz |sin(angle)|) at column
/// across + width / 2; turned as well, with W columns and H planes and the angle as given, at
///     column = cos(angle) across + sin(angle) up + W / 2,  plane = H / 2 - 1 + sin(angle) across - cos(angle) up.
LazyArray deskewRotate(const LazyArray& array, const DeskewOptions& options);

enum class Interpolation { Nearest, Linear };

/// Pull transform: the value at a point of the result is the input's at matrix x point. Points are (z, y, x, 1) in um
/// from the centre of voxel 0.
struct AffineOptions {
    std::array<std::array<double, 4>, 3> matrix{{{1, 0, 0, 0}, {0, 1, 0, 0}, {0, 0, 1, 0}}};
    Interpolation interpolation = Interpolation::Linear;
    double outside = 0;
};

/// The matrix of a rotation by `degrees` (z, y, x; applied in the order x, y, z) about the volume's centre, scaling and
/// translation (z, y, x in um) of the content.
AffineOptions affineFrom(const LazyArray& array, const std::array<double, 3>& translation,
                         const std::array<double, 3>& degrees, const std::array<double, 3>& scale);

LazyArray affine(const LazyArray& array, const AffineOptions& options);

/// Moves every timepoint by its own shift (z, y, x in um), one for each position of axis t.
LazyArray shiftByTime(const LazyArray& array, const std::vector<std::array<double, 3>>& shifts,
                      Interpolation interpolation = Interpolation::Linear);

} // namespace lazulite::ops
