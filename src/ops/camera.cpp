#include <fmt/format.h>

#include <algorithm>

#include "lazulite/core/error.h"
#include "lazulite/graph/operation.h"
#include "lazulite/ops/intensity.h"
#include "pointwise.h"
#include "view_helpers.h"

namespace lazulite::ops {

using compute::Kernel;
using graph::ArrayInfo;
using graph::Piece;

namespace {

/// For each plane the one that the camera took before it; the very first stands for itself.
class FrameBefore final : public graph::ViewOperation {
public:
    FrameBefore(std::optional<std::size_t> t, std::optional<std::size_t> z, std::int64_t planes)
        : t_(t), z_(z), planes_(planes) {}

    std::string name() const override { return "frame-before"; }
    std::string parameters() const override { return ""; }
    ArrayInfo describe(std::span<const LazyArray> inputs) const override {
        return {inputs[0].axes(), inputs[0].dtype(), inputs[0].blockShape()};
    }

    std::vector<Piece> pieces(const Region& out) const override {
        std::vector<Piece> pieces;
        const auto add = [&](const Region& here, std::int64_t timeStep, std::int64_t planeStep) {
            if (here.empty()) return;
            Region in = here;
            if (t_) in[*t_] = {here[*t_].begin + timeStep, here[*t_].end + timeStep};
            if (z_) in[*z_] = {here[*z_].begin + planeStep, here[*z_].end + planeStep};
            pieces.push_back({0, std::move(in), here, sameAxes(out.rank())});
        };
        add(cut(out, z_, {1, planes_}), 0, -1);
        const Region firstPlanes = cut(out, z_, {0, 1});
        add(cut(firstPlanes, t_, {1, std::numeric_limits<std::int64_t>::max()}), -1, planes_ - 1);
        add(cut(firstPlanes, t_, {0, 1}), 0, 0);
        return pieces;
    }

private:
    /// The part of a region within an interval of an axis; an axis that is missing has the position 0 alone.
    static Region cut(const Region& region, const std::optional<std::size_t>& axis, Interval interval) {
        Region part = region;
        if (axis) {
            part[*axis] = {std::max(region[*axis].begin, interval.begin), std::min(region[*axis].end, interval.end)};
        } else if (interval.begin > 0) {
            part[0] = {0, 0};
        }
        return part;
    }

    std::optional<std::size_t> t_;
    std::optional<std::size_t> z_;
    std::int64_t planes_; ///< of a timepoint
};

LazyArray frameBefore(const LazyArray& array) {
    const auto z = findAxis(array.axes(), "z");
    auto view = std::make_shared<FrameBefore>(findAxis(array.axes(), "t"), z, z ? array.axes()[*z].size : 1);
    return LazyArray::fromOperation(std::move(view), {array});
}

/// What divides by a gain map.
LazyArray inverse(const LazyArray& gain, DType type) {
    return pointwise(gain, {.name = "inverse gain",
                            .parameters = "",
                            .type = type,
                            .kernel = [](const PointwiseStep::Part&) -> Kernel { return compute::Quotient{}; }});
}

/// What the kernels take of the camera's images; an image that is missing is a number everywhere.
class CameraImages {
public:
    explicit CameraImages(DType array) : array_(array) {}

    Operand offset(const CameraOptions& options) const {
        const char* what = "the offset image";
        if (!options.offsetImage) return {what, options.offset};
        return {what, cast(options.offsetImage, typeFor(options.offsetImage))};
    }
    Operand gain(const LazyArray& gain) const {
        const char* what = "the gain map";
        if (!gain) return {what, 1.0};
        return {what, inverse(gain, typeFor(gain))};
    }
    Operand residual(const char* what, const LazyArray& image, double factor) const {
        return {what, rescale(image, {.gain = factor, .dtype = typeFor(image)})};
    }

private:
    DType typeFor(const LazyArray& image) const { return factorType(array_, image.dtype()); }

    DType array_;
};

} // namespace

LazyArray camera(const LazyArray& array, const CameraOptions& options) {
    if (static_cast<bool>(options.residualA) != static_cast<bool>(options.residualB)) {
        throw Failure("camera: the residual of the frame before needs both images, a and b");
    }
    const CameraImages images(array.dtype());
    PointwiseStep step{.name = "camera",
                       .parameters = "",
                       .type = array.dtype(),
                       .operands = {images.offset(options), images.gain(options.gain)},
                       .kernel = [](const PointwiseStep::Part&) -> Kernel { return compute::Camera{}; }};
    if (!options.residualA) return pointwise(array, std::move(step));
    using compute::CameraResidual;
    step.parameters = "residual";
    step.operands.insert(step.operands.begin(), {"the frame before", frameBefore(array)});
    step.operands.push_back(images.residual("the residual image a", options.residualA, CameraResidual::kShare));
    step.operands.push_back(images.residual("the residual image b", options.residualB, CameraResidual::kPerCount));
    step.firstPlaneApart = true;
    step.kernel = [t = findAxis(array.axes(), "t"),
                   z = findAxis(array.axes(), "z")](const PointwiseStep::Part& part) -> Kernel {
        const auto isFirst = [&](const auto& axis) { return !axis || part.region[*axis].begin == 0; };
        return CameraResidual{.first = isFirst(t) && isFirst(z)};
    };
    return pointwise(array, std::move(step));
}

} // namespace lazulite::ops
