#include <fmt/format.h>

#include <utility>

#include "lazulite/compute/backend.h"
#include "lazulite/compute/needs.h"
#include "lazulite/core/error.h"
#include "lazulite/ops/reduce.h"
#include "promote.h"
#include "spatial.h"
#include "view_helpers.h"

namespace lazulite::ops {

namespace {

compute::Kernel kernelOf(Projection kind, const compute::Window& window) {
    switch (kind) {
        case Projection::Max:
            return compute::Reduce<compute::Max>{window};
        case Projection::Min:
            return compute::Reduce<compute::Min>{window};
        case Projection::Mean:
            return compute::Reduce<compute::Mean>{window};
        case Projection::Sum:
            return compute::Reduce<compute::Sum>{window};
        case Projection::Median:
            return compute::Median{window};
        case Projection::Std:
            break;
    }
    return compute::Reduce<compute::Std>{window};
}

bool isSpace(const std::string& axis) {
    return axis == "z" || axis == "y" || axis == "x";
}

/// Volumes are (z, y, x), or (the axis, y, x) where another one is projected.
class ProjectOperation final : public SpatialOperation {
public:
    ProjectOperation(const LazyArray& array, const std::string& axis, Projection kind, Interval range)
        : SpatialOperation(array, "project", false, isSpace(axis) ? "z" : axis),
          axis_(axis == "y"   ? 1
                : axis == "x" ? 2
                              : 0),
          kind_(kind),
          range_(range),
          outer_(!isSpace(axis)),
          name_(axis) {
        if (kind == Projection::Mean || kind == Projection::Sum || kind == Projection::Std) {
            setOutputType(promoted(array.dtype()));
        }
        const Volume& size = inputShape();
        std::array<compute::Span, 3> spans;
        for (std::size_t i = 0; i < 3; ++i) spans[i] = compute::Span::same(size[i]);
        spans[axis_] = compute::Span::range(range.begin, range.end, size[axis_]);
        window_ = {spans[0], spans[1], spans[2]};
    }

    std::string name() const override { return "project"; }
    std::string parameters() const override {
        return fmt::format("{} {} {}:{}", name_, static_cast<int>(kind_), range_.begin, range_.end);
    }
    /// All timepoints, say, take long to read: done plane by plane, and kept.
    Cost cost() const override { return outer_ ? Cost::Expensive : Cost::Cheap; }

protected:
    void describeVolume(Description& result) const override {
        Axis& along = result.axes[axis_];
        along.size = 1;
        along.labels.clear();
        if (outer_) result.block = {1, result.axes[1].size, result.axes[2].size};
    }
    Region requiredVolume(const Region& out) const override { return neededBy(window_, out); }
    Result<void> computeVolume(const Block& in, const Destination& out, const compute::Context& context,
                               const Place&) const override {
        return compute::activeBackend()->run(kernelOf(kind_, window_), {&in, 1}, out, context);
    }

private:
    std::size_t axis_;
    Projection kind_;
    Interval range_;
    bool outer_;
    std::string name_;
    compute::Window window_;
};

} // namespace

LazyArray project(const LazyArray& array, const std::string& axis, Projection kind, std::optional<Interval> range) {
    const std::int64_t size = array.axes()[axisIndex(array, axis)].size;
    const Interval part = range.value_or(Interval{0, size});
    if (part.empty() || part.begin < 0 || part.end > size) {
        throw Failure(fmt::format("project: {}:{} is no range of axis {}, which has {} elements", part.begin, part.end,
                                  axis, size));
    }
    return LazyArray::fromOperation(std::make_shared<ProjectOperation>(array, axis, kind, part), {array});
}

} // namespace lazulite::ops
