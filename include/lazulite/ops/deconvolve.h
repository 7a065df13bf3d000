#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "lazulite/core/block.h"
#include "lazulite/graph/lazy_array.h"

/// Deconvolution and registration: steps that need whole volumes. All throw Failure where the array or the options make
/// no sense.
namespace lazulite::ops {

using graph::LazyArray;

/// A measured or synthetic point spread function: a stack in memory (z, y, x), with its voxel size in um (z, y, x).
struct Psf {
    Block stack;
    std::array<double, 3> voxel{0.1, 0.1, 0.1};
    std::string identity; ///< tells it from others: path, size and time
    bool isOtf = false;   ///< a radial OTF as LLSpy and cudadecon write it; voxel is that of its PSF
};

enum class OtfKind { Full, Radial };
enum class Boundary { Reflect, Periodic };
enum class BackProjector { Matched, WienerButterworth };

/// Whether a plane of floats is a radial OTF, which Psf::isOtf says of it; an image is none.
bool holdsOtf(const Block& plane);

/// Names and defaults are pycudadecon's, but for background (80 there) and boundary.
struct DeconvolveOptions {
    int iterations = 10;
    std::optional<double> background{}; ///< counts; nothing: the median of the volume's last raw plane ("auto")
    OtfKind otf = OtfKind::Full;
    Boundary boundary = Boundary::Reflect;
    BackProjector backProjector = BackProjector::Matched;
    bool acceleration = true;  ///< Biggs and Andrews
    double totalVariation = 0; ///< weight of the regularisation; 0: none
    int napodize = 15;         ///< pixels; periodic only
    int fixOrigin = 10;        ///< radial OTF: kr = 1..K that the value at 0 is extrapolated from
    bool cleanUp = false;      ///< radial OTF: zero outside the support of wavelength, na, index
    double wavelength = 520;   ///< nm
    double na = 1.25;
    double immersionIndex = 1.3;
    std::optional<double> psfBackground{}; ///< counts; nothing: as in the reference
    std::optional<double> skewAngle{}; ///< degrees: the data are skewed (not yet deskewed), so the PSF is skewed too
};

/// Richardson-Lucy. Float32; shape kept (but for the periodic boundary, whose sizes are cut to 7-smooth ones).
LazyArray deconvolve(const LazyArray& array, const Psf& psf, const DeconvolveOptions& options);

/// What is done to a PSF so that it fits the array (resampled, cropped), in sentences for people. Throws Failure as
/// deconvolve() does.
std::vector<std::string> psfNotes(const LazyArray& array, const Psf& psf, const DeconvolveOptions& options);

/// Against what a timepoint is registered.
enum class DriftReference { Neighbour, First };

/// Shifts each timepoint so that it lies on the reference; shifts are estimated by phase correlation of (projections
/// of) volumes when they are first needed, and kept.
LazyArray correctDrift(const LazyArray& array, DriftReference reference, std::int64_t referenceTimepoint = 0);

} // namespace lazulite::ops
