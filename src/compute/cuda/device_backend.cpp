#include "device_backend.h"

#include <fmt/format.h>

#include <algorithm>

#include "device_deconvolver.h"
#include "lazulite/core/units.h"
#include "tiles.h"

namespace lazulite::compute::cuda {

namespace {
constexpr const char* kNoCard = "computed on the processor, for no graphics card works any more";
} // namespace

std::string DeviceBackend::description() const {
    std::string text;
    for (const std::shared_ptr<Card>& card : cards_) {
        if (!text.empty()) text += ", ";
        text += fmt::format("{} ({})", card->device().name(), bytesText(card->memory().usage().limit));
    }
    return text;
}

/// Null where no card works any more.
std::shared_ptr<Card> DeviceBackend::choose(std::span<const Block> inputs) const {
    std::shared_ptr<Card> best;
    std::pair<std::int64_t, int> bestMerit;
    for (const std::shared_ptr<Card>& card : cards_) {
        if (card->device().lost()) continue;
        const auto held = std::count_if(inputs.begin(), inputs.end(),
                                        [&](const Block& input) { return card->find(input).has_value(); });
        const std::pair merit(static_cast<std::int64_t>(held), -card->load());
        if (best && merit <= bestMerit) continue;
        best = card;
        bestMerit = merit;
    }
    return best;
}

Result<void> DeviceBackend::run(const Kernel& kernel, std::span<const Block> inputs, const Destination& output,
                                const Context& context) {
    if (output.region.empty()) return {};
    const std::shared_ptr<Card> card = choose(inputs);
    if (!card) {
        remark(context, kNoCard);
        return cpuBackend()->run(kernel, inputs, output, context);
    }
    auto done = card->run(kernel, inputs, output, context);
    if (done || done.error().kind != Error::Kind::TooLarge) return done;
    return runInTiles(*card, kernel, inputs, output, context);
}

/// Found where the image is.
Result<Light> DeviceBackend::lightOf(const Block& image, double background, const Context& context) {
    for (const std::shared_ptr<Card>& card : cards_) {
        const auto found = card->device().lost() ? std::nullopt : card->find(image);
        if (!found) continue;
        const Box box = Box::whole(found->array.size);
        const auto sums = card->sum(AddLight{View::fromZero(found->array), background, box}, box, context.stop);
        if (!sums) return sums.error();
        Light light;
        for (const Sums& part : *sums) {
            light.highest = std::max(light.highest, part.first);
            light.sum += part.second;
        }
        return light;
    }
    return cpuBackend()->lightOf(image, background, context);
}

Result<std::unique_ptr<Deconvolver>> DeviceBackend::deconvolver(const Block& image, const Blur& blur,
                                                                const RichardsonLucy& options, const Size3& window,
                                                                const Size3& grid, const Context& context) {
    const std::shared_ptr<Card> card = choose({&image, 1});
    if (card) {
        auto made = std::make_unique<DeviceDeconvolver>(card, blur, options, window, grid, context);
        const auto prepared = made->prepare();
        if (prepared) return std::unique_ptr<Deconvolver>(std::move(made));
        if (prepared.error().kind != Error::Kind::TooLarge) return prepared.error();
    }
    remark(context, card ? doesNotFit(*card) : kNoCard);
    return cpuBackend()->deconvolver(image, blur, options, window, grid, context);
}

DeviceBackend::DeconvolverMemory DeviceBackend::deconvolverMemory(const RichardsonLucy& options, const Size3& window,
                                                                  const Size3& grid) const {
    DeconvolverMemory memory;
    for (const std::shared_ptr<Card>& card : cards_) {
        if (card->device().lost()) continue;
        memory.own = std::max(memory.own, DeviceDeconvolver::bytesFor(card->device(), options, window, grid));
        memory.ownLimit = std::min(memory.ownLimit, card->memory().usage().limit);
    }
    const bool willNotFit = memory.own > memory.ownLimit && options.edges == Edges::Periodic; // it cannot be cut
    if (memory.own == 0 || willNotFit) return cpuBackend()->deconvolverMemory(options, window, grid);
    return memory;
}

} // namespace lazulite::compute::cuda
