#pragma once

#include <array>
#include <complex>
#include <optional>
#include <stop_token>
#include <vector>

#include "lazulite/compute/fft_size.h"
#include "lazulite/core/block.h"

/// From a measured stack of a bead to what blurs an image.
namespace lazulite::compute {

using Voxel = std::array<double, 3>; ///< z, y, x in um

/// A measured point spread function: its background taken off, its centre and its reach found.
struct PointSpread {
    Size3 size{1, 1, 1};
    Voxel voxel{0.1, 0.1, 0.1};
    std::vector<float> values;      ///< background taken off, not clamped
    std::array<double, 3> centre{}; ///< sub-voxel, in voxels
    double background = 0;
    /// How far it reaches from its centre, in voxels: beyond, a mean of 3 x 3 x 3 voxels is below 1 % of the highest.
    Size3 reach{};
    /// Where the stack is noisy (it was measured), nothing beyond half more than the reach tells of the bead: the noise
    /// and the errors of the background of so many voxels would outweigh it. A computed stack is taken whole.
    bool trimmed = false;
    Size3 extent{};      ///< how far it is taken from its centre, in voxels
    double pedestal = 0; ///< what is left of the background at the edge of that, unless the background was given
};

struct PointSpreadOptions {
    std::optional<double> background{}; ///< counts; nothing: the mean of the rows 20 and more above the centre
    bool compatible = false; ///< cudadecon's centre (0.6 planes further) and its mean (over a fraction of a row)
};

/// Understands a stack (rank 3). The centre is the peak (the first maximum) and the vertex of the parabola through it
/// and its neighbours along each axis. Throws Failure: values that are not finite, no peak, no light in all.
PointSpread understoodPsf(const Block& stack, const Voxel& voxel, const PointSpreadOptions& options);

/// How an image samples space.
struct Sampling {
    Voxel voxel{0.1, 0.1, 0.1};
    double shear = 0; ///< columns that a plane lies further along x than the one before (data that are not deskewed)
};

/// How far it reaches on the voxels of an image.
Size3 reachOn(const PointSpread& psf, const Sampling& sampling);

/// A point spread function on the voxels of an image, where voxel (0, 0, 0) is its centre and the sum is 1.
struct ImagePsf {
    Size3 first{}; ///< the first offset along each axis, not positive
    Size3 size{};
    std::vector<float> values;
};

/// Moves the centre onto a voxel (exactly, by phases) and resamples (Lanczos with 3 lobes, where voxels differ) what
/// lies inside the extent and a grid of that size. Without values: stopped.
ImagePsf imagePsf(const PointSpread& psf, const Sampling& sampling, const Size3& grid, std::stop_token stop = {});

/// A rotationally averaged OTF over kr and kz, as LLSpy and cudadecon use it.
struct RadialOtf {
    Index radii = 0;
    Index planes = 0;
    std::vector<std::complex<float>> values; ///< (kr, kz), kz fastest and with negative frequencies behind
    double radialStep = 1;                   ///< between values, 1/um
    double axialStep = 1;
};

struct RadialOptions {
    int fixOrigin = 10;      ///< kr = 0 is extrapolated from kr = 1..fixOrigin; 0: as it is
    bool cleanUp = false;    ///< zeros outside the support of the optics below
    double wavelength = 520; ///< nm
    double na = 1.25;
    double immersionIndex = 1.3;
};

/// Throws Failure where the origin cannot be extrapolated, or is not positive.
RadialOtf radialOtf(const PointSpread& psf, const RadialOptions& options);

/// Whether values that are laid out as an OTF file's are those of one: the kz of a radius mirror each other, as those
/// of every PSF do, and its origin passes light. An image does neither.
bool isRadialOtf(const Block& values);

/// An OTF file's values (rank 3 with one plane, or rank 2: radii x (re, im of every kz)), made of a PSF with these
/// voxels. Throws Failure where it cannot be one.
RadialOtf radialOtfFromFile(const Block& values, const Voxel& psfVoxel);
/// The same values as a file holds them: float32, (1, radii, 2 planes).
Block fileOf(const RadialOtf& otf);

/// Its value at frequency (kz, ky, kx) of a grid, -n/2..n/2: bilinear; 0 beyond what is known.
class RadialInterpolation {
public:
    RadialInterpolation(const RadialOtf& otf, const Sampling& sampling, const Size3& grid);
    std::complex<float> at(Index kz, Index ky, Index kx) const;

private:
    const RadialOtf* otf_;
    double zScale_, yScale_, xScale_; ///< from a grid's frequency to places in the table
    double shear_;                    ///< kz that kx adds
    double period_;                   ///< of kz, in the grid's frequencies
};

/// How far an OTF's point spread function reaches on the voxels of an image.
Size3 reachOn(const RadialOtf& otf, const Sampling& sampling);

} // namespace lazulite::compute
