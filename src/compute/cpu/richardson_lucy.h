#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "deconvolver_rows.h"
#include "fft/paired_fft.h"
#include "lazulite/compute/richardson_lucy.h"

namespace lazulite::compute::cpu {

/// Deconvolution on the processor. An iteration goes over memory five times, each time in pieces that stay in a core's
/// cache, spread over oneTBB:
///   1. pairs of planes: start from the estimate, transform along x and y
///   2. columns:         transform along z, times the OTF, and back
///   3. pairs of planes: transform back, the image over what came, transform again
///   4. columns:         as 2. with the conjugate
///   5. pairs of planes: transform back, correct the estimate, add up how it changed
/// (and, with total variation, once more before: how the estimate is curved). All volumes lie in pairs of planes
/// (fft/paired_fft.h), so that pointwise work runs along memory.
class CpuDeconvolver final : public Deconvolver {
public:
    CpuDeconvolver(Blur blur, const RichardsonLucy& options, const Size3& image, const Size3& grid, Context context);

    /// Takes memory and makes the OTFs.
    Result<void> prepare();

    Result<void> begin(const Block& image, const Exposure& exposure) override;
    Result<Change> iterate(double lambda, const std::function<void(double)>& progress) override;
    Result<void> store(const Destination& out) override;

    static std::vector<std::uint64_t> buffers(const RichardsonLucy& options, const Size3& grid);

private:
    using Memory = std::shared_ptr<std::byte>;
    using Kept = std::shared_ptr<const std::byte>;

    template <typename Work>
    bool overPairs(const Work& work) const;
    bool overColumns(const Complex* filter, bool conjugate);
    bool findCurvature(double lambda);
    bool start(double lambda);
    bool compare();
    std::optional<Change> correct(double lambda);
    void startRows(Index j, Index first, Index count, float lambda, float* out) const;
    void compareRows(Index j, Index first, Index count, float* blurred) const;
    void correctRows(Index j, Index first, Index count, float lambda, const float* correction, ProductSum& squares,
                     ProductSum& products);

    Result<void> allocate(Memory& memory);
    Result<void> makeWeights(std::byte* memory);
    void imageRow(Index z, Index y, float* row) const;
    bool apodizedImage();
    std::string name(const std::string& what) const;

    Complex* complexes(const Memory& memory) const { return reinterpret_cast<Complex*>(memory.get()); }
    static float* rowsIn(Complex* buffer) { return reinterpret_cast<float*>(buffer); }
    /// Row y of pair j of a volume, as numbers of its two planes in turn.
    template <typename Pointer>
    auto* rowOf(const Pointer& memory, Index j, Index y) const {
        using Byte = typename Pointer::element_type;
        using Number = std::conditional_t<std::is_const_v<Byte>, const float, float>;
        const PairedLayout& layout = fft_.layout();
        return reinterpret_cast<Number*>(memory.get()) + 2 * (j * layout.pairStride + y * layout.rowStride);
    }

    Blur blur_;
    RichardsonLucy options_;
    Size3 imageSize_;
    Context context_;
    Transforming transforming_;
    PairedFft fft_;
    Block image_;
    float background_ = 0;
    float quiet_ = 0; ///< differences that are none to the total variation
    Memory spectrum_;
    Memory estimate_;
    Memory before_; ///< the estimate before; the next one is written over it
    Memory change_; ///< g
    Memory apodized_;
    Memory curvature_;
    Kept weights_;
    Kept filter_;
    Kept backFilter_;
    std::vector<Change> changes_; ///< of every pair
};

} // namespace lazulite::compute::cpu
