#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "card.h"
#include "lazulite/compute/richardson_lucy.h"

namespace lazulite::compute::cuda {

/// Deconvolution on a graphics card. An iteration is four transforms and, between them, passes over memory:
///     Y -> transform -> times the OTF -> back -> the image over it -> transform -> times the OTF's conjugate -> back
///     -> correct the estimate, add up how it changed
/// All memory is reserved at once. The OTF and the weights stay on the card for the next volume while there is memory.
class DeviceDeconvolver final : public Deconvolver {
public:
    DeviceDeconvolver(std::shared_ptr<Card> card, const Blur& blur, const RichardsonLucy& options, const Size3& image,
                      const Size3& grid, const Context& context);
    /// About what one takes of a card.
    static std::uint64_t bytesFor(const Device& device, const RichardsonLucy& options, const Size3& image,
                                  const Size3& grid);

    DeviceDeconvolver(const DeviceDeconvolver&) = delete;
    DeviceDeconvolver& operator=(const DeviceDeconvolver&) = delete;
    ~DeviceDeconvolver() override;

    /// Takes a lane and memory and makes the OTF. Errors: TooLarge, Cancelled, Device.
    Result<void> prepare();

    Result<void> begin(const Block& image, const Exposure& exposure) override;
    Result<Change> iterate(double lambda, const std::function<void(double)>& progress) override;
    Result<void> store(const Destination& out) override;

private:
    using Buffer = DeviceCopy::Buffer;

    /// A by-product that is found on the card or will be made.
    struct ByProduct {
        Buffer* buffer;
        std::string name;
        Result<void> (DeviceDeconvolver::*make)();
    };
    std::vector<ByProduct> byProducts();
    Result<void> takeMemory(std::vector<ByProduct>& missing);
    Result<void> makeFilter();
    Result<void> makeBackFilter();
    Result<void> makeWeights();
    Result<void> upload(const std::vector<float>& numbers, const Buffer& to);
    Result<std::vector<float>> fetch(const float* first, Index count, Index step, Index together);
    Result<void> takeImage(const Block& image, float background);
    void transform() { stream().transform(spectrum_->data(), size_, work_->data()); }
    void transformBack() { stream().transformBack(spectrum_->data(), size_, work_->data()); }
    void multiply(const Buffer& filter, bool conjugate);
    const Buffer& back() const { return backFilter_ ? backFilter_ : filter_; }
    DeviceArray arrayOn(const Buffer& volume) const;
    Result<Change> sumUp();
    Result<void> pause();
    Result<void> pauseIfLarge();

    Stream& stream() const { return lane_->stream(); }
    double voxels() const { return static_cast<double>(size_[0] * size_[1] * size_[2]); }

    std::shared_ptr<Card> card_;
    Lanes::Taken lane_;
    Blur blur_;
    RichardsonLucy options_;
    Size3 imageSize_;
    Size3 size_; ///< of the grid
    Grid grid_;
    Context context_;
    std::optional<DeviceMemory::Reservation> reservation_;
    Buffer work_;
    Buffer spectrum_;
    Buffer estimate_;
    Buffer before_;  ///< the estimate before
    Buffer earlier_; ///< and the one before that; the next one is written over it
    Buffer curvature_;
    Buffer data_;   ///< the image
    Buffer found_;  ///< what threads have added up
    Buffer filter_; ///< the OTF over the number of voxels, so that transforms need no scaling of their own
    Buffer backFilter_;
    Buffer weights_;
    double lambdaBefore_ = 0;
    float quiet_ = 0;
    bool first_ = true;
};

} // namespace lazulite::compute::cuda
