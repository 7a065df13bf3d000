#include <algorithm>

#include "lazulite/ops/arrays.h"
#include "view_helpers.h"

namespace lazulite::ops {

using graph::ArrayInfo;
using graph::Piece;

namespace {

class Crop final : public graph::ViewOperation {
public:
    Crop(std::size_t axis, Interval part) : axis_(axis), part_(part) {}

    std::string name() const override { return "crop"; }
    std::string parameters() const override { return fmt::format("{} {}:{}", axis_, part_.begin, part_.end); }

    ArrayInfo describe(std::span<const LazyArray> inputs) const override {
        ArrayInfo info{inputs[0].axes(), inputs[0].dtype(), inputs[0].blockShape()};
        Axis& axis = info.axes[axis_];
        axis.size = part_.size();
        if (!axis.labels.empty()) {
            axis.labels = {axis.labels.begin() + part_.begin, axis.labels.begin() + part_.end};
        }
        info.blockShape[axis_] = std::min(info.blockShape[axis_], axis.size);
        return info;
    }

    std::vector<Piece> pieces(const Region& out) const override {
        Region in = out;
        in[axis_] = {out[axis_].begin + part_.begin, out[axis_].end + part_.begin};
        return {{0, std::move(in), out, sameAxes(out.rank())}};
    }

private:
    std::size_t axis_;
    Interval part_;
};

class Select final : public graph::ViewOperation {
public:
    Select(std::size_t axis, std::int64_t position) : axis_(axis), position_(position) {}

    std::string name() const override { return "select"; }
    std::string parameters() const override { return fmt::format("{} {}", axis_, position_); }

    ArrayInfo describe(std::span<const LazyArray> inputs) const override {
        return {without(inputs[0].axes(), axis_), inputs[0].dtype(), without(inputs[0].blockShape(), axis_)};
    }

    std::vector<Piece> pieces(const Region& out) const override {
        std::vector<int> axisOf = sameAxes(out.rank());
        for (int& axis : axisOf) axis += axis >= static_cast<int>(axis_) ? 1 : 0;
        return {{0, withInterval(out, axis_, {position_, position_ + 1}), out, std::move(axisOf)}};
    }

private:
    std::size_t axis_;
    std::int64_t position_;
};

} // namespace

LazyArray crop(const LazyArray& array, const std::string& axis, std::int64_t begin, std::int64_t end) {
    const std::size_t index = axisIndex(array, axis);
    const std::int64_t size = array.axes()[index].size;
    const auto fromEnd = [size](std::int64_t position) {
        return std::clamp<std::int64_t>(position < 0 ? position + size : position, 0, size);
    };
    const Interval part{fromEnd(begin), fromEnd(end)};
    if (part.empty()) {
        throw Failure(
            fmt::format("the crop {}:{} of axis {} leaves nothing of its {} elements", begin, end, axis, size));
    }
    return LazyArray::fromOperation(std::make_shared<Crop>(index, part), {array});
}

LazyArray select(const LazyArray& array, const std::string& axis, std::int64_t position) {
    const std::size_t index = axisIndex(array, axis);
    const std::int64_t size = array.axes()[index].size;
    const std::int64_t chosen = position < 0 ? position + size : position;
    if (chosen < 0 || chosen >= size) {
        throw Failure(fmt::format("position {} of axis {} is outside 0 to {}", position, axis, size - 1));
    }
    return LazyArray::fromOperation(std::make_shared<Select>(index, chosen), {array});
}

} // namespace lazulite::ops
