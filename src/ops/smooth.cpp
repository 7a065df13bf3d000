#include <fmt/format.h>

#include <cmath>
#include <utility>

#include "lazulite/compute/backend.h"
#include "lazulite/compute/needs.h"
#include "lazulite/core/error.h"
#include "lazulite/graph/memory_budget.h"
#include "lazulite/ops/reduce.h"
#include "spatial.h"
#include "voxel_size.h"

namespace lazulite::ops {

namespace {

constexpr std::array<const char*, 3> kSpace{"z", "y", "x"};

using Volume = SpatialOperation::Volume;

/// The window of these radii; `size` is the input's.
compute::Window windowOf(const Volume& radius, const Volume& size) {
    return {compute::Span::around(radius[0], size[0]), compute::Span::around(radius[1], size[1]),
            compute::Span::around(radius[2], size[2])};
}

/// One pass an axis, first z, last x, in between as float or double.
class GaussianOperation final : public SpatialOperation {
public:
    /// `sigma` in voxels.
    GaussianOperation(const LazyArray& array, const std::array<double, 3>& sigma)
        : SpatialOperation(array, "gaussian", false), sigma_(sigma) {
        constexpr double kReach = 4; // standard deviations; beyond lie less than 1e-4 of the bell
        for (std::size_t i = 0; i < 3; ++i) {
            const auto reach = static_cast<std::int64_t>(kReach * sigma[i] + 0.5);
            bells_[i] = compute::Gaussian(sigma[i], reach, inputShape()[i]);
            radius_[i] = bells_[i].radius;
        }
    }

    std::string name() const override { return "gaussian"; }
    std::string parameters() const override { return fmt::format("{},{},{}", sigma_[0], sigma_[1], sigma_[2]); }

protected:
    void describeVolume(Description&) const override {}

    Region requiredVolume(const Region& out) const override { return neededBy(windowOf(radius_, inputShape()), out); }

    std::uint64_t scratchVolume(const Region& out, std::uint64_t) const override {
        std::uint64_t bytes = 0;
        for (const Pass& pass : passes(out)) {
            if (!pass.last) bytes += bytesOf(pass.out);
        }
        return bytes;
    }

    Result<void> computeVolume(const Block& in, const Destination& out, const compute::Context& context,
                               const Place&) const override {
        Block before = in;
        for (const Pass& pass : passes(out.region)) {
            Volume radius{};
            radius[pass.axis] = radius_[pass.axis];
            const compute::Reduce<compute::Gaussian> kernel{windowOf(radius, inputShape()), bells_[pass.axis]};
            if (pass.last) return compute::activeBackend()->run(kernel, {&before, 1}, out, context);
            auto between = compute::intermediateOf(context, workType(), pass.out);
            if (!between) return between.error();
            auto done = compute::activeBackend()->run(kernel, {&before, 1}, between->destination, context);
            if (!done) return done;
            before = between->block;
        }
        return {};
    }

private:
    struct Pass {
        std::size_t axis;
        Region out;
        bool last;
    };

    DType workType() const { return compute::computesInDouble(inputType()) ? DType::Float64 : DType::Float32; }
    std::uint64_t bytesOf(const Region& region) const {
        return graph::MemoryBudget::capacityFor(static_cast<std::uint64_t>(region.elementCount()) *
                                                bytesPer(workType()));
    }

    /// Passes along axes that are smoothed; the last one makes the result.
    std::vector<Pass> passes(const Region& out) const {
        std::vector<Pass> all;
        Region region = requiredVolume(out);
        for (std::size_t axis = 0; axis < 3; ++axis) {
            if (radius_[axis] == 0) continue;
            region[axis] = out[axis];
            all.push_back({axis, region, false});
        }
        if (all.empty()) all.push_back({2, out, false});
        all.back().last = true;
        return all;
    }

    std::array<double, 3> sigma_;
    std::array<compute::Gaussian, 3> bells_;
    Volume radius_{};
};

class MedianOperation final : public SpatialOperation {
public:
    MedianOperation(const LazyArray& array, const Volume& radius)
        : SpatialOperation(array, "median", false), radius_(radius), kernel_{windowOf(radius, inputShape())} {}

    std::string name() const override { return "median"; }
    std::string parameters() const override { return fmt::format("{},{},{}", radius_[0], radius_[1], radius_[2]); }

protected:
    void describeVolume(Description&) const override {}
    Region requiredVolume(const Region& out) const override { return neededBy(kernel_.window, out); }
    Result<void> computeVolume(const Block& in, const Destination& out, const compute::Context& context,
                               const Place&) const override {
        return compute::activeBackend()->run(kernel_, {&in, 1}, out, context);
    }

private:
    Volume radius_;
    compute::Median kernel_;
};

} // namespace

LazyArray gaussian(const LazyArray& array, const std::array<double, 3>& sigma, bool physical) {
    constexpr double kMostVoxels = 1e6;
    std::array<double, 3> voxels = sigma;
    for (std::size_t i = 0; i < 3; ++i) {
        if (!(sigma[i] >= 0 && std::isfinite(sigma[i]))) {
            throw Failure(
                fmt::format("gaussian: a standard deviation of {} along {} makes no sense; it must be 0 or more",
                            sigma[i], kSpace[i]));
        }
        if (physical && sigma[i] > 0) voxels[i] /= spacingOf(array, kSpace[i], "gaussian");
        if (voxels[i] > kMostVoxels) {
            throw Failure(fmt::format("gaussian: a standard deviation of {} voxels along {} is more than any data have",
                                      voxels[i], kSpace[i]));
        }
    }
    return LazyArray::fromOperation(std::make_shared<GaussianOperation>(array, voxels), {array});
}

LazyArray median(const LazyArray& array, const std::array<std::int64_t, 3>& radius) {
    for (std::size_t i = 0; i < 3; ++i) {
        if (radius[i] >= 0) continue;
        throw Failure(
            fmt::format("median: a radius of {} along {} makes no sense; it must be 0 or more", radius[i], kSpace[i]));
    }
    return LazyArray::fromOperation(std::make_shared<MedianOperation>(array, radius), {array});
}

} // namespace lazulite::ops
