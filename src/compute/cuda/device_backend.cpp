#include "device_backend.h"

#include <fmt/format.h>

#include <algorithm>

#include "lazulite/core/units.h"
#include "tiles.h"

namespace lazulite::compute::cuda {

std::string DeviceBackend::description() const {
    std::string text;
    for (const std::shared_ptr<Card>& card : cards_) {
        if (!text.empty()) text += ", ";
        text += fmt::format("{} ({})", card->device().name(), bytesText(card->memory().limit));
    }
    return text;
}

/// Null where no card works any more.
Card* DeviceBackend::choose(std::span<const Block> inputs) const {
    Card* best = nullptr;
    std::pair<std::int64_t, int> bestMerit;
    for (const std::shared_ptr<Card>& card : cards_) {
        if (card->device().lost()) continue;
        const auto held = std::count_if(inputs.begin(), inputs.end(), [&](const Block& b) { return card->holds(b); });
        const std::pair merit(static_cast<std::int64_t>(held), -card->load());
        if (best == nullptr || merit > bestMerit) {
            best = card.get();
            bestMerit = merit;
        }
    }
    return best;
}

Result<void> DeviceBackend::run(const Kernel& kernel, std::span<const Block> inputs, const Destination& output,
                                const Context& context) {
    if (output.region.empty()) return {};
    Card* card = choose(inputs);
    if (card == nullptr) {
        remark(context, "computed on the processor, for no graphics card works any more");
        return cpuBackend()->run(kernel, inputs, output, context);
    }
    auto done = card->run(kernel, inputs, output, context);
    if (done || done.error().kind != Error::Kind::TooLarge) return done;
    return runInTiles(*card, kernel, inputs, output, context);
}

Result<std::unique_ptr<Deconvolver>> DeviceBackend::deconvolver(const Blur& blur, const RichardsonLucy& options,
                                                                const Size3& image, const Size3& grid,
                                                                const Context& context) {
    return cpuBackend()->deconvolver(blur, options, image, grid, context);
}

std::vector<std::uint64_t> DeviceBackend::deconvolverBuffers(const RichardsonLucy& options, const Size3& grid) const {
    return cpuBackend()->deconvolverBuffers(options, grid);
}

} // namespace lazulite::compute::cuda
