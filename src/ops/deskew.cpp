#include <fmt/format.h>

#include <cmath>
#include <numbers>
#include <utility>

#include "lazulite/compute/backend.h"
#include "lazulite/core/error.h"
#include "lazulite/ops/geometry.h"
#include "spatial.h"

namespace lazulite::ops {

namespace {

double spacingOf(const LazyArray& array, const char* axis, std::optional<double> given, const char* what) {
    if (given) return *given;
    const auto index = findAxis(array.axes(), axis);
    if (index && array.axes()[*index].unit == "um") return array.axes()[*index].spacing;
    throw Failure(fmt::format("deskew: the data do not say {}; give it in um", what));
}

class DeskewOperation final : public SpatialOperation {
public:
    DeskewOperation(const LazyArray& array, const compute::Deskew& kernel, double planeSpacing)
        : SpatialOperation(array, "deskew", true), kernel_(kernel), planeSpacing_(planeSpacing) {}

    std::string name() const override { return "deskew"; }
    std::string parameters() const override {
        return fmt::format("step={} shift={} width={} pad={}", kernel_.step, kernel_.shift, kernel_.width, kernel_.pad);
    }

protected:
    void describeVolume(Description& result) const override {
        result.axes[0].spacing = planeSpacing_;
        result.axes[2].size = kernel_.width;
        result.axes[2].labels.clear();
        result.block[2] = kernel_.width;
    }

    Region requiredVolume(const Region& out) const override {
        Region in = out;
        in[2] = {0, kernel_.columns};
        return in;
    }

    Result<void> computeVolume(const Block& in, const Destination& out, const compute::Context& context,
                               const Place&) const override {
        return compute::activeBackend()->run(kernel_, {&in, 1}, out, context);
    }

private:
    compute::Deskew kernel_;
    double planeSpacing_;
};

} // namespace

LazyArray deskew(const LazyArray& array, const DeskewOptions& options) {
    const double stageStep = spacingOf(array, "z", options.stageStep, "the stage step");
    const double pixel = spacingOf(array, "x", options.pixel, "the pixel size");
    double radians = options.angle * std::numbers::pi / 180;
    if (radians < 0) radians += std::numbers::pi;
    compute::Deskew kernel;
    kernel.step = std::cos(radians) * stageStep / pixel;
    kernel.shift = options.shift;
    kernel.planes = array.axes()[findAxis(array.axes(), "z").value_or(0)].size;
    kernel.columns = array.axes()[findAxis(array.axes(), "x").value_or(0)].size;
    const double extra = std::floor(static_cast<double>(kernel.planes) * std::abs(kernel.step));
    kernel.width = options.width > 0 ? options.width : kernel.columns + static_cast<std::int64_t>(extra);
    kernel.pad = options.pad.value_or(0);
    return LazyArray::fromOperation(
        std::make_shared<DeskewOperation>(array, kernel, stageStep * std::abs(std::sin(radians))), {array});
}

} // namespace lazulite::ops
