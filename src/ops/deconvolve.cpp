#include "lazulite/ops/deconvolve.h"

#include <fmt/format.h>

#include <cmath>
#include <utility>

#include "blur.h"
#include "lazulite/compute/backend.h"
#include "lazulite/core/error.h"
#include "lazulite/graph/memory_budget.h"
#include "lazulite/ops/intensity.h"
#include "lazulite/ops/statistic.h"
#include "raw_values.h"
#include "spatial.h"

namespace lazulite::ops {

namespace {

std::uint64_t bytesInBudget(const std::vector<std::uint64_t>& buffers) {
    std::uint64_t bytes = 0;
    for (const std::uint64_t buffer : buffers) bytes += graph::MemoryBudget::capacityFor(buffer);
    return bytes;
}

compute::RichardsonLucy iterationOf(const DeconvolveOptions& options) {
    return {.iterations = options.iterations,
            .accelerated = options.acceleration,
            .edges = options.boundary == Boundary::Periodic ? compute::Edges::Periodic : compute::Edges::Open,
            .apodize = options.napodize,
            .totalVariation = options.totalVariation,
            .wienerButterworth = options.backProjector == BackProjector::WienerButterworth};
}

class DeconvolveOperation final : public SpatialOperation {
public:
    DeconvolveOperation(const LazyArray& array, compute::Blur blur, const DeconvolveOptions& options)
        : SpatialOperation(array, "deconvolve", false),
          blur_(std::move(blur)),
          iteration_(iterationOf(options)),
          background_(options.background) {
        setOutputType(DType::Float32);
        if (!background_) setNumbers(1);
    }

    std::string name() const override { return "deconvolve"; }
    std::string parameters() const override {
        return fmt::format("iterations={} accelerated={} edges={} apodize={} tv={} back={} background={} {}",
                           iteration_.iterations, iteration_.accelerated, static_cast<int>(iteration_.edges),
                           iteration_.apodize, iteration_.totalVariation, iteration_.wienerButterworth,
                           background_ ? fmt::format("{}", *background_) : "auto", blur_.identity);
    }
    Cost cost() const override { return Cost::Expensive; }
    std::optional<int> mostAtOnce() const override { return compute::activeBackend()->volumesAtOnce(); }
    LazyArray standIn(std::span<const LazyArray> inputs) const override {
        return size() == inputShape() ? cast(inputs[0], DType::Float32) : LazyArray();
    }

protected:
    void describeVolume(Description& result) const override {
        const compute::Size3 kept = size();
        for (std::size_t axis = 0; axis < 3; ++axis) {
            if (result.axes[axis].size != kept[axis]) result.axes[axis].labels.clear();
            result.axes[axis].size = kept[axis];
        }
        result.block = kept;
    }

    Region requiredVolume(const Region&) const override {
        const compute::Size3 kept = size();
        return Region::whole({kept[0], kept[1], kept[2]});
    }

    std::uint64_t scratchVolume(const Region&, std::uint64_t most) const override {
        const auto backend = compute::activeBackend();
        const compute::Tiling tiling = tilingWithin(*backend, most);
        return bytesInBudget(backend->deconvolverMemory(iteration_, tiling.window, tiling.grid).buffers);
    }

    Result<void> computeVolume(const Block& in, const Destination& out, const compute::Context& context,
                               const Place& place) const override {
        const auto backend = compute::activeBackend();
        const double background = background_ ? *background_ : place.numbers[0];
        return compute::deconvolve(*backend, blur_, iteration_, tilingWithin(*backend, context.scratchBytes), in,
                                   std::isfinite(background) ? background : 0, out, context);
    }

private:
    /// Of the result: cudadecon's boundary cuts sizes to fast ones.
    compute::Size3 size() const {
        return iteration_.edges == compute::Edges::Periodic ? compute::fastSizeUpTo(inputShape()) : inputShape();
    }
    compute::Tiling tilingWithin(const compute::Backend& backend, std::uint64_t bytes) const {
        return compute::tilingFor(backend, blur_, iteration_, size(), bytes, bytesInBudget);
    }

    compute::Blur blur_;
    compute::RichardsonLucy iteration_;
    std::optional<double> background_;
};

void check(const DeconvolveOptions& options) {
    constexpr int kMostIterations = 10000;
    if (options.iterations < 1 || options.iterations > kMostIterations) {
        throw Failure(
            fmt::format("deconvolve: {} iterations make no sense; 1 to {} do", options.iterations, kMostIterations));
    }
    if (options.napodize < 0) throw Failure("deconvolve: napodize must not be negative");
    if (!(options.totalVariation >= 0 && options.totalVariation < 1)) {
        throw Failure("deconvolve: the weight of the total variation must lie in 0..1 (0.002 is usual)");
    }
    if (options.background && !std::isfinite(*options.background)) {
        throw Failure("deconvolve: the background must be a number of counts");
    }
}

} // namespace

LazyArray deconvolve(const LazyArray& array, const Psf& psf, const DeconvolveOptions& options) {
    check(options);
    auto operation = std::make_shared<DeconvolveOperation>(array, blurOf(array, psf, options).blur, options);
    std::vector<LazyArray> inputs{array};
    if (!options.background) inputs.push_back(statistic(beforeGeometry(array), Statistic::LastPlaneMedian));
    return LazyArray::fromOperation(std::move(operation), std::move(inputs));
}

std::vector<std::string> psfNotes(const LazyArray& array, const Psf& psf, const DeconvolveOptions& options) {
    return blurOf(array, psf, options).notes;
}

} // namespace lazulite::ops
