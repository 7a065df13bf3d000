#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "lazulite/compute/backend.h"
#include "lazulite/compute/phase_correlation.h"
#include "lazulite/core/error.h"
#include "lazulite/graph/memory_budget.h"
#include "lazulite/ops/arrays.h"
#include "lazulite/ops/deconvolve.h"
#include "spatial.h"
#include "view_helpers.h"

namespace lazulite::ops {

namespace {

using graph::ArrayInfo;
using graph::Need;

constexpr std::int64_t kComponents = 3; ///< of a shift: z, y, x

/// What an array of shifts looks like: the axes of the data, but that the three components of a shift lie along y.
ArrayInfo shiftInfo(const LazyArray& data) {
    ArrayInfo info{data.axes(), DType::Float64, Shape(data.rank(), 1)};
    for (std::size_t i = 0; i < info.axes.size(); ++i) {
        Axis& axis = info.axes[i];
        if (axis.name == "y") {
            info.blockShape[i] = kComponents;
            axis = {"y", kComponents, 1, "", {}};
        } else if (axis.name == "z" || axis.name == "x") {
            axis = {axis.name, 1, 1, "", {}};
        }
    }
    // Channels were taken through the same optics at about the same time: one shift for all of them.
    if (const auto channel = channelAxis(info.axes)) info.blockShape[*channel] = info.axes[*channel].size;
    return info;
}

/// Fills a block of shifts, whose components lie along axis `y`, with one for all of its places.
Result<Block> filled(const Region& out, std::size_t y, const std::array<double, 3>& shift,
                     graph::Workspace& workspace) {
    auto memory = workspace.allocate(DType::Float64, out);
    if (!memory) return memory.error();
    auto* numbers = reinterpret_cast<double*>(memory->data.get());
    const std::int64_t step = memory->destination.strides[y] / std::int64_t{sizeof(double)};
    for (std::int64_t i = 0; i < out.elementCount(); ++i) {
        numbers[i] = shift[static_cast<std::size_t>(i / step % kComponents)];
    }
    return memory->block();
}

/// How far each timepoint lies from another one, in voxels: the one before it, or a fixed one.
class Displacement final : public graph::ComputeOperation {
public:
    /// `reference`: nothing is the timepoint before.
    Displacement(const LazyArray& data, std::size_t time, std::optional<std::int64_t> reference)
        : axes_(data.axes()),
          shape_(data.shape()),
          time_(time),
          y_(axisIndex(data, "y")),
          channel_(channelAxis(data.axes())),
          reference_(reference) {}

    std::string name() const override { return "displacement"; }
    std::string parameters() const override {
        return reference_ ? fmt::format("from {}", *reference_) : std::string("from the one before");
    }
    ArrayInfo describe(std::span<const LazyArray> inputs) const override { return shiftInfo(inputs[0]); }
    Cost cost() const override { return Cost::Expensive; }

    std::vector<Need> required(const Region& out) const override {
        const std::int64_t t = out[time_].begin;
        if (!other(t)) return {};
        return {{0, volumeAt(out, *other(t))}, {0, volumeAt(out, t)}};
    }

    std::uint64_t scratchBytes(const Region& out, std::uint64_t) const override {
        if (!other(out[time_].begin)) return 0;
        std::uint64_t bytes = 0;
        for (const std::uint64_t buffer : compute::displacementBuffers(volumeSize(out))) {
            bytes += graph::MemoryBudget::capacityFor(buffer);
        }
        return bytes;
    }

    Result<Block> compute(const Region& out, std::span<const Block> inputs,
                          graph::Workspace& workspace) const override {
        if (!other(out[time_].begin)) return filled(out, y_, {}, workspace);
        const auto moved =
            compute::displacementBetween(axes_.volumeOf(inputs[0]), axes_.volumeOf(inputs[1]), contextOf(workspace));
        if (!moved) return moved.error();
        return filled(out, y_, *moved, workspace);
    }

private:
    /// The timepoint that `t` is compared with; nothing where that is itself.
    std::optional<std::int64_t> other(std::int64_t t) const {
        if (reference_) return *reference_ == t ? std::nullopt : reference_;
        return t == 0 ? std::nullopt : std::optional(t - 1);
    }

    Region volumeAt(const Region& out, std::int64_t t) const {
        Region region = out;
        for (std::size_t axis = 0; axis < shape_.size(); ++axis) {
            if (axes_.isSpatial(axis)) region[axis] = {0, shape_[axis]};
        }
        if (channel_) region[*channel_] = {0, 1};
        region[time_] = {t, t + 1};
        return region;
    }

    compute::Size3 volumeSize(const Region& out) const {
        const Shape shape = axes_.volumeOf(volumeAt(out, 0)).shape();
        return {shape[0], shape[1], shape[2]};
    }

    VolumeAxes axes_;
    Shape shape_;
    std::size_t time_;
    std::size_t y_;
    std::optional<std::size_t> channel_;
    std::optional<std::int64_t> reference_;
};

/// Adds up how far timepoints lie from the ones before them, to how far they lie from a reference.
class AddedUp final : public graph::ComputeOperation {
public:
    AddedUp(const LazyArray& steps, std::size_t time, std::int64_t reference)
        : time_(time), y_(axisIndex(steps, "y")), reference_(reference) {}

    std::string name() const override { return "displacement-sum"; }
    std::string parameters() const override { return fmt::format("from {}", reference_); }
    ArrayInfo describe(std::span<const LazyArray> inputs) const override {
        return {inputs[0].axes(), inputs[0].dtype(), inputs[0].blockShape()};
    }
    Cost cost() const override { return Cost::Expensive; }

    std::vector<Need> required(const Region& out) const override {
        const std::int64_t t = out[time_].begin;
        if (t == reference_) return {};
        Region steps = out;
        steps[time_] = {std::min(t, reference_) + 1, std::max(t, reference_) + 1};
        return {{0, steps}};
    }

    Result<Block> compute(const Region& out, std::span<const Block> inputs,
                          graph::Workspace& workspace) const override {
        const std::int64_t t = out[time_].begin;
        std::array<double, 3> sum{};
        if (!inputs.empty()) {
            const Region& steps = inputs[0].region();
            std::vector<std::int64_t> place;
            for (const Interval& interval : steps) place.push_back(interval.begin);
            for (place[time_] = steps[time_].begin; place[time_] < steps[time_].end; ++place[time_]) {
                for (std::size_t i = 0; i < sum.size(); ++i) {
                    place[y_] = static_cast<std::int64_t>(i);
                    sum[i] += (t > reference_ ? 1 : -1) * inputs[0].valueAt(place);
                }
            }
        }
        return filled(out, y_, sum, workspace);
    }

private:
    std::size_t time_;
    std::size_t y_;
    std::int64_t reference_;
};

/// Moves every volume back by how far it lies from where it should.
class MovedBack final : public SpatialOperation {
public:
    explicit MovedBack(const LazyArray& array) : SpatialOperation(array, "drift", false) {
        setNumbers(static_cast<std::size_t>(kComponents));
    }

    std::string name() const override { return "drift"; }
    std::string parameters() const override { return "estimated"; }
    Cost cost() const override { return Cost::Expensive; } // where its voxels come from is not known beforehand
    LazyArray standIn(std::span<const LazyArray> inputs) const override { return inputs[0]; }

protected:
    void describeVolume(Description& result) const override {
        for (Axis& axis : result.axes) axis.labels.clear();
        result.block = inputShape();
    }
    Region requiredVolume(const Region&) const override {
        const Volume& shape = inputShape();
        return Region::whole({shape[0], shape[1], shape[2]});
    }
    Result<void> computeVolume(const Block& in, const Destination& out, const compute::Context& context,
                               const Place& place) const override {
        constexpr double kAsGoodAsWhole = 0.05; // voxels: nearer than the estimate is exact
        compute::Affine affine;
        bool whole = true;
        for (std::size_t axis = 0; axis < 3; ++axis) {
            const double displacement = place.numbers[axis];
            const double nearest = std::round(displacement);
            const bool snapped = std::abs(displacement - nearest) < kAsGoodAsWhole;
            affine.matrix[axis][3] = snapped ? nearest : displacement;
            affine.size[axis] = inputShape()[axis];
            whole = whole && snapped;
        }
        affine.width = inputShape()[2];
        const compute::Kernel kernel =
            whole ? compute::Kernel(compute::AffineNearest{affine}) : compute::Kernel(compute::AffineLinear{affine});
        return compute::activeBackend()->run(kernel, {&in, 1}, out, context);
    }
};

} // namespace

LazyArray correctDrift(const LazyArray& array, DriftReference reference, std::int64_t referenceTimepoint) {
    checkSpace(array, "drift", false);
    const auto time = findAxis(array.axes(), "t");
    if (!time) throw Failure("drift: the data have no axis t along which anything could drift (--rename-axis)");
    const std::int64_t timepoints = array.axes()[*time].size;
    if (referenceTimepoint < 0 || referenceTimepoint >= timepoints) {
        throw Failure(fmt::format("drift: there is no timepoint {} to compare with; there are 0 to {}",
                                  referenceTimepoint, timepoints - 1));
    }
    const bool fixed = reference == DriftReference::First;
    LazyArray displacements = LazyArray::fromOperation(
        std::make_shared<Displacement>(array, *time, fixed ? std::optional(referenceTimepoint) : std::nullopt),
        {array});
    if (!fixed) {
        displacements = LazyArray::fromOperation(std::make_shared<AddedUp>(displacements, *time, referenceTimepoint),
                                                 {displacements});
    }
    std::vector<LazyArray> inputs{array};
    for (std::int64_t i = 0; i < kComponents; ++i) inputs.push_back(crop(displacements, "y", i, i + 1));
    return LazyArray::fromOperation(std::make_shared<MovedBack>(array), std::move(inputs));
}

} // namespace lazulite::ops
