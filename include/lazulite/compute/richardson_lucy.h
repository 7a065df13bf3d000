#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <variant>
#include <vector>

#include "lazulite/compute/context.h"
#include "lazulite/compute/point_spread.h"
#include "lazulite/core/block.h"

/// Richardson-Lucy deconvolution, accelerated as by Biggs and Andrews (Applied Optics 36, 1997).
namespace lazulite::compute {

class Backend;

/// What blurred an image.
struct Blur {
    std::variant<std::shared_ptr<const PointSpread>, std::shared_ptr<const RadialOtf>> source;
    Sampling sampling;
    Size3 reach{};        ///< on the image's voxels
    std::string identity; ///< tells its OTFs from others'
};

enum class Edges {
    /// What lies beyond the image is unknown: the estimate is continued there (beginning with the image's reflection)
    /// as far as the blur reaches, and every voxel is corrected by the part of its light that the image holds
    /// (1 / H^T 1).
    Open,
    /// The image goes on at its opposite edge, as cudadecon takes it; edges are apodized so that they meet.
    Periodic,
};

struct RichardsonLucy {
    int iterations = 10;
    bool accelerated = true;
    Edges edges = Edges::Open;
    Index apodize = 0;              ///< voxels in y and x, with periodic edges
    double totalVariation = 0;      ///< weight of the regularisation of Dey et al. (2006)
    bool wienerButterworth = false; ///< back projector of Guo et al. (2020) instead of the matched one

    /// Whether corrections are weighted by what the image holds of a voxel's light.
    bool weighted() const { return edges == Edges::Open; }
    bool apodizes() const { return edges == Edges::Periodic && apodize > 0; }
};

/// What there is of light in an image.
struct Light {
    double highest = 0; ///< the largest number, or 0
    double sum = 0;     ///< above the background
};

/// Deconvolves images of one size on one grid of Fourier transforms. The arrays stay with the backend from one
/// iteration to the next; what an iteration is for is decided in deconvolve().
class Deconvolver {
public:
    virtual ~Deconvolver() = default;

    /// How an image was exposed.
    struct Exposure {
        double background = 0; ///< counts
        double light = 0;      ///< the mean above it, of the whole image
    };
    /// Takes an image (rank 3; kept until the next one) and makes the first estimate of it: X = max(image - background,
    /// 0).
    virtual Result<void> begin(const Block& image, const Exposure& exposure) = 0;

    /// How the estimate changed beyond where it was started from, g = X' - Y.
    struct Change {
        double square = 0;     ///< <g, g>
        double withBefore = 0; ///< <g, g of the iteration before>; of no meaning in the first
    };
    /// Y = max(0, X + lambda (X - X_before)); X' = max(0, Y H^T(d / H Y)).
    virtual Result<Change> iterate(double lambda, const std::function<void(double)>& progress) = 0;

    /// The estimate at `out.region`, relative to the image's first voxel; float32.
    virtual Result<void> store(const Destination& out) = 0;
};

/// How a large image is cut into pieces that are deconvolved one by one.
struct Tiling {
    Size3 counts{1, 1, 1}; ///< pieces along each axis
    Size3 window{};        ///< voxels of the image that a piece sees: its own and those around it
    Size3 grid{};          ///< of its Fourier transforms

    bool whole() const { return counts == Size3{1, 1, 1}; }
};

/// Bytes that buffers of these sizes take in the caller's budget.
using BytesOf = std::function<std::uint64_t(const std::vector<std::uint64_t>& buffers)>;

/// The fastest way to deconvolve an image of this size within `most` bytes; where nothing fits, the one that takes the
/// least.
Tiling tilingFor(const Backend& backend, const Blur& blur, const RichardsonLucy& options, const Size3& image,
                 std::uint64_t most, const BytesOf& bytesOf);

/// Deconvolves `image` (rank 3) into `out` (float32; its region lies inside the image's). Errors: Cancelled, TooLarge;
/// BadArgument where all of the image lies below the background.
Result<void> deconvolve(Backend& backend, const Blur& blur, const RichardsonLucy& options, const Tiling& tiling,
                        const Block& image, double background, const Destination& out, const Context& context);

} // namespace lazulite::compute
