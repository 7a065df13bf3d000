#pragma once

#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "lazulite/compute/context.h"
#include "lazulite/compute/kernel.h"
#include "lazulite/compute/richardson_lucy.h"
#include "lazulite/core/block.h"
#include "lazulite/core/error.h"

namespace lazulite::compute {

/// Where kernels run: the processor, or a graphics card. Thread-safe.
class Backend {
public:
    virtual ~Backend() = default;

    /// "cpu" or "cuda".
    virtual std::string name() const = 0;
    /// What it runs on, for people: "2 cores", "NVIDIA H100 (80 GB)".
    virtual std::string description() const = 0;

    /// How many volumes keep it busy, where each is worked on for long.
    virtual int volumesAtOnce() const = 0;

    /// Fills `output` with what the kernel makes of the inputs. Blocks and destination have the rank 3 (z, y, x); their
    /// regions are absolute, so that a part of a result equals the same part of the whole, to the bit. A kernel's
    /// header says what its inputs are and which part of them an output needs.
    virtual Result<void> run(const Kernel& kernel, std::span<const Block> inputs, const Destination& output,
                             const Context& context) = 0;

    /// What there is of light in an image (rank 3) above a background.
    virtual Result<Light> lightOf(const Block& image, double background, const Context& context) = 0;

    /// For windows of that size of an image, on this grid (at least as large). Takes its memory from the context, which
    /// it uses as long as it lives.
    virtual Result<std::unique_ptr<Deconvolver>> deconvolver(const Block& image, const Blur& blur,
                                                             const RichardsonLucy& options, const Size3& window,
                                                             const Size3& grid, const Context& context) = 0;
    /// The memory that one takes.
    struct DeconvolverMemory {
        std::vector<std::uint64_t> buffers{}; ///< the sizes of those from the context
        std::uint64_t own = 0;                ///< bytes of the backend's own, a graphics card's,
        std::uint64_t ownLimit = UINT64_MAX;  ///< and how many there are
    };
    virtual DeconvolverMemory deconvolverMemory(const RichardsonLucy& options, const Size3& window,
                                                const Size3& grid) const = 0;
};

/// The processor: oneTBB over rows, vectorised by the compiler. Always there.
const std::shared_ptr<Backend>& cpuBackend();

/// The graphics cards of this machine; the error says what is missing: this program's CUDA module, a driver, a card.
/// They are looked for when first asked; that takes up to half a second where there are some, else next to nothing.
const Result<std::shared_ptr<Backend>>& cudaBackend();

/// The backend that operations run on. The processor, until something else is chosen.
std::shared_ptr<Backend> activeBackend();
void setActiveBackend(std::shared_ptr<Backend> backend);

/// Makes "cpu", "cuda" or "auto" (graphics cards where there are some) the active backend and returns it. Where "cuda"
/// is wanted and cannot be had it is the processor, and a warning in the log says why. Throws Failure for other words.
/// Takes as long as cudaBackend().
std::shared_ptr<Backend> chooseBackend(std::string_view choice);

} // namespace lazulite::compute
