#include "tiles.h"

#include <fmt/format.h>

#include <vector>

#include "lazulite/compute/backend.h"
#include "lazulite/compute/needs.h"

namespace lazulite::compute::cuda {

namespace {

/// Both halves of a box, cut across its slowest axis that can be.
std::pair<Region, Region> halves(const Region& region) {
    std::size_t axis = 0;
    while (axis + 1 < region.rank() && region[axis].size() < 2) ++axis;
    std::pair<Region, Region> both{region, region};
    const std::int64_t middle = region[axis].begin + region[axis].size() / 2;
    both.first[axis].end = middle;
    both.second[axis].begin = middle;
    return both;
}

class Tiling {
public:
    Tiling(Card& card, const Kernel& kernel, std::span<const Block> inputs, const Context& context)
        : card_(card), kernel_(kernel), inputs_(inputs), context_(context) {}

    Result<void> run(const Destination& output) {
        const auto [first, second] = halves(output.region);
        for (const Region& half : {first, second}) {
            if (half.empty()) continue;
            if (auto done = runTile(output.at(half)); !done) return done;
        }
        return {};
    }

    std::string account() const {
        const std::string& name = card_.device().name();
        if (tiles_ == 0) return doesNotFit(card_);
        if (onProcessor_ == 0) return fmt::format("computed in {} tiles, for it does not fit {} at once", tiles_, name);
        return fmt::format("computed in {} tiles and in part on the processor, for it does not fit {}", tiles_, name);
    }

private:
    Result<void> runTile(Destination tile) {
        tile.mirror.reset(); // it is brought into its place at once, to make room for the next
        std::vector<Block> needed;
        for (const Block& input : inputs_) {
            const Region part = neededByAny(kernel_, tile.region).intersect(input.region());
            needed.push_back(part.empty() ? input.relabelled(part, input.strides()) : input.view(part));
        }
        auto done = card_.run(kernel_, needed, tile, context_);
        if (done) ++tiles_;
        if (done || done.error().kind != Error::Kind::TooLarge) return done;
        if (tile.bytes() > card_.device().pieceBytes()) return run(tile); // less is not worth the way to the card
        ++onProcessor_;
        return cpuBackend()->run(kernel_, needed, tile, context_);
    }

    Card& card_;
    const Kernel& kernel_;
    std::span<const Block> inputs_;
    const Context& context_;
    int tiles_ = 0;
    int onProcessor_ = 0;
};

} // namespace

std::string doesNotFit(const Card& card) {
    return fmt::format("computed on the processor, for it does not fit {}", card.device().name());
}

Result<void> runInTiles(Card& card, const Kernel& kernel, std::span<const Block> inputs, const Destination& output,
                        const Context& context) {
    Tiling tiling(card, kernel, inputs, context);
    auto done = tiling.run(output);
    if (done) remark(context, tiling.account());
    return done;
}

} // namespace lazulite::compute::cuda
