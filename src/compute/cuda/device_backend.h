#pragma once

#include <memory>
#include <vector>

#include "card.h"
#include "lazulite/compute/backend.h"

namespace lazulite::compute::cuda {

/// Runs kernels on one or several graphics cards: a volume on the card that holds its inputs, else on the one with the
/// least to do. What does not fit a card is computed in tiles, and what does not fit even then, or finds no card that
/// works, on the processor; the context is told.
class DeviceBackend final : public Backend {
public:
    explicit DeviceBackend(std::vector<std::shared_ptr<Card>> cards) : cards_(std::move(cards)) {}

    std::string name() const override { return "cuda"; }
    std::string description() const override;
    /// While one is computed on a card another is copied.
    int volumesAtOnce() const override { return 2 * static_cast<int>(cards_.size()); }
    Result<void> run(const Kernel& kernel, std::span<const Block> inputs, const Destination& output,
                     const Context& context) override;
    Result<Light> lightOf(const Block& image, double background, const Context& context) override;
    Result<std::unique_ptr<Deconvolver>> deconvolver(const Block& image, const Blur& blur,
                                                     const RichardsonLucy& options, const Size3& window,
                                                     const Size3& grid, const Context& context) override;
    DeconvolverMemory deconvolverMemory(const RichardsonLucy& options, const Size3& window,
                                        const Size3& grid) const override;

private:
    std::shared_ptr<Card> choose(std::span<const Block> inputs) const;

    std::vector<std::shared_ptr<Card>> cards_;
};

} // namespace lazulite::compute::cuda
