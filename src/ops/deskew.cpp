#include <fmt/format.h>

#include <cmath>
#include <numbers>
#include <utility>

#include "lazulite/compute/backend.h"
#include "lazulite/compute/needs.h"
#include "lazulite/core/error.h"
#include "lazulite/ops/geometry.h"
#include "lazulite/ops/statistic.h"
#include "spatial.h"
#include "view_helpers.h"
#include "voxel_size.h"

namespace lazulite::ops {

namespace {

double radians(double degrees) {
    return degrees * std::numbers::pi / 180;
}

/// What becomes of a stack: planes, columns and um between planes.
struct Outcome {
    std::int64_t planes = 1;
    std::int64_t columns = 1;
    double planeSpacing = 1;
};

compute::Kernel padded(compute::Deskew kernel, std::span<const double> pad) {
    if (!pad.empty()) kernel.pad = pad[0];
    return kernel;
}

compute::Kernel padded(compute::DeskewRotate kernel, std::span<const double> pad) {
    if (!pad.empty()) kernel.deskew.pad = pad[0];
    return kernel;
}

compute::Kernel padded(const compute::Rotate& kernel, std::span<const double>) {
    return kernel;
}

std::string text(const compute::Deskew& kernel) {
    return fmt::format("step={} shift={} width={} pad={}", kernel.step, kernel.shift, kernel.width, kernel.pad);
}

std::string text(const compute::Turn& turn) {
    return fmt::format("cosine={} sine={} scale={} height={} width={}", turn.cosine, turn.sine, turn.scale, turn.height,
                       turn.width);
}

std::string text(const compute::Rotate& kernel) {
    return text(kernel.turn);
}

std::string text(const compute::DeskewRotate& kernel) {
    return text(kernel.deskew) + " " + text(kernel.turn);
}

/// A kernel that moves voxels within the planes across y. Where the skew runs along y instead, y and x change places
/// around it.
template <typename Kernel>
class SkewOperation final : public SpatialOperation {
public:
    /// `padInput`: the value outside is a further input, a number of each volume.
    SkewOperation(const LazyArray& array, std::string name, const std::string& axis, const Kernel& kernel,
                  const Outcome& outcome, bool padInput)
        : SpatialOperation(array, name, true),
          name_(std::move(name)),
          skewed_(axis == "y" ? 1 : 2),
          kernel_(kernel),
          outcome_(outcome) {
        setNumbers(padInput ? 1 : 0);
    }

    std::string name() const override { return name_; }
    std::string parameters() const override { return fmt::format("{} {}", skewed_, text(kernel_)); }

protected:
    void describeVolume(Description& result) const override {
        Axis& depth = result.axes[0];
        if (depth.size != outcome_.planes) depth.labels.clear();
        depth.size = outcome_.planes;
        depth.spacing = outcome_.planeSpacing;
        depth.unit = "um";
        Axis& across = result.axes[skewed_];
        across.size = outcome_.columns;
        across.labels.clear();
        result.block[skewed_] = outcome_.columns;
    }

    Region requiredVolume(const Region& out) const override { return turned(neededBy(kernel_, turned(out))); }

    Result<void> computeVolume(const Block& in, const Destination& out, const compute::Context& context,
                               const Place& place) const override {
        const Block raw = in.relabelled(turned(in.region()), turned(in.strides()));
        const Destination skewed{out.data, out.dtype, turned(out.region), turned(out.strides), out.mirror};
        return compute::activeBackend()->run(padded(kernel_, place.numbers), {&raw, 1}, skewed, context);
    }

private:
    /// With the axis of the skew last.
    template <typename T>
    T turned(T values) const {
        std::swap(values[skewed_], values[2]);
        return values;
    }

    std::string name_;
    std::size_t skewed_;
    Kernel kernel_;
    Outcome outcome_;
};

std::int64_t sizeOf(const LazyArray& array, const std::string& axis) {
    const auto index = findAxis(array.axes(), axis);
    return index ? array.axes()[*index].size : 1;
}

void checkAxis(const std::string& axis, const std::string& step) {
    if (axis == "x" || axis == "y") return;
    throw Failure(fmt::format("{}: planes can be sheared along x or y, not along \"{}\"", step, axis));
}

/// The numbers of a stage scan.
struct Scan {
    compute::Deskew kernel;
    double pixel = 0;        ///< um
    double planeSpacing = 0; ///< um between planes, across them
};

Scan scanOf(const LazyArray& array, const DeskewOptions& options, const std::string& step) {
    checkSpace(array, step, true);
    checkAxis(options.axis, step);
    if (!(std::abs(options.angle) > 0 && std::abs(options.angle) < 180)) {
        throw Failure(fmt::format(
            "{}: an angle of {} degrees between stage and light sheet makes no sense; it must lie between 0 "
            "and 180, or between 0 and -180",
            step, options.angle));
    }
    if (options.width < 0 || !std::isfinite(options.shift)) {
        throw Failure(fmt::format("{}: width must be 0 (automatic) or more columns, and shift a number", step));
    }
    const double stageStep = spacingOf(array, "z", step, options.stageStep);
    const double angle = radians(options.angle < 0 ? options.angle + 180 : options.angle);
    Scan scan;
    scan.pixel = spacingOf(array, options.axis, step, options.pixel);
    scan.planeSpacing = stageStep * std::abs(std::sin(angle));
    compute::Deskew& kernel = scan.kernel;
    kernel.step = std::cos(angle) * stageStep / scan.pixel;
    kernel.shift = options.shift;
    kernel.planes = sizeOf(array, "z");
    kernel.columns = sizeOf(array, options.axis);
    kernel.pad = options.pad.value_or(0);
    const double extra = std::floor(static_cast<double>(kernel.planes) * std::abs(kernel.step));
    kernel.width = options.width > 0 ? options.width : kernel.columns + static_cast<std::int64_t>(extra);
    return scan;
}

/// The rotation by `angle` of a deskewed stack of so many planes and columns.
compute::Turn turnOf(std::int64_t planes, std::int64_t columns, double planeSpacing, double pixel, double angle,
                     const std::string& step) {
    if (!(std::abs(angle) < 90)) {
        throw Failure(
            fmt::format("{}: an angle of {} degrees makes no sense; it must lie between -90 and 90", step, angle));
    }
    compute::Turn turn;
    turn.cosine = std::cos(radians(angle));
    turn.sine = std::sin(radians(angle));
    turn.scale = pixel / planeSpacing;
    turn.planes = planes;
    turn.columns = columns;
    turn.height = static_cast<std::int64_t>(static_cast<double>(planes) * planeSpacing / pixel);
    turn.width = static_cast<std::int64_t>(static_cast<double>(columns) * turn.cosine +
                                           static_cast<double>(planes) * std::abs(turn.sine) / turn.scale);
    if (turn.height < 1 || turn.width < 1) {
        throw Failure(fmt::format(
            "{}: planes {} um apart and pixels of {} um leave nothing of {} planes; is the voxel size right?", step,
            planeSpacing, pixel, planes));
    }
    return turn;
}

} // namespace

namespace {

/// A step on a raw stack, whose pad may be a number of each volume.
template <typename Kernel>
LazyArray unskewed(const LazyArray& array, const std::string& step, const DeskewOptions& options, const Kernel& kernel,
                   const Outcome& outcome) {
    std::vector<LazyArray> inputs{array};
    if (!options.pad) inputs.push_back(statistic(array, Statistic::LastPlaneMedian));
    const auto operation =
        std::make_shared<SkewOperation<Kernel>>(array, step, options.axis, kernel, outcome, !options.pad);
    return LazyArray::fromOperation(operation, std::move(inputs));
}

} // namespace

LazyArray deskew(const LazyArray& array, const DeskewOptions& options) {
    const std::string step = "deskew";
    const Scan scan = scanOf(array, options, step);
    return unskewed(array, step, options, scan.kernel, {scan.kernel.planes, scan.kernel.width, scan.planeSpacing});
}

LazyArray rotate(const LazyArray& array, double angle, const std::string& axis) {
    const std::string step = "rotate";
    checkSpace(array, step, true);
    checkAxis(axis, step);
    const double pixel = spacingOf(array, axis, step);
    const compute::Turn turn =
        turnOf(sizeOf(array, "z"), sizeOf(array, axis), spacingOf(array, "z", step), pixel, angle, step);
    return LazyArray::fromOperation(
        std::make_shared<SkewOperation<compute::Rotate>>(array, step, axis, compute::Rotate{turn},
                                                         Outcome{turn.height, turn.width, pixel}, false),
        {array});
}

LazyArray deskewRotate(const LazyArray& array, const DeskewOptions& options) {
    const std::string step = "deskew-rotate";
    const Scan scan = scanOf(array, options, step);
    const compute::Turn turn =
        turnOf(scan.kernel.planes, scan.kernel.width, scan.planeSpacing, scan.pixel, options.angle, step);
    return unskewed(array, step, options, compute::DeskewRotate{scan.kernel, turn},
                    {turn.height, turn.width, scan.pixel});
}

} // namespace lazulite::ops
