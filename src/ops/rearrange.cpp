#include <algorithm>

#include "lazulite/ops/arrays.h"
#include "view_helpers.h"

namespace lazulite::ops {

using graph::ArrayInfo;
using graph::Piece;

namespace {

class Transpose final : public graph::ViewOperation {
public:
    explicit Transpose(std::vector<std::size_t> order) : order_(std::move(order)) {}

    std::string name() const override { return "transpose"; }
    std::string parameters() const override { return fmt::format("{}", fmt::join(order_, " ")); }

    ArrayInfo describe(std::span<const LazyArray> inputs) const override {
        ArrayInfo info{{}, inputs[0].dtype(), {}};
        for (const std::size_t axis : order_) {
            info.axes.push_back(inputs[0].axes()[axis]);
            info.blockShape.push_back(inputs[0].blockShape()[axis]);
        }
        return info;
    }

    std::vector<Piece> pieces(const Region& out) const override {
        Region in = out;
        std::vector<int> axisOf;
        for (std::size_t i = 0; i < order_.size(); ++i) {
            in[order_[i]] = out[i];
            axisOf.push_back(static_cast<int>(order_[i]));
        }
        return {{0, std::move(in), out, std::move(axisOf)}};
    }

private:
    std::vector<std::size_t> order_;
};

/// Axis `axis` of size n becomes (n / inner, inner).
class Split final : public graph::ViewOperation {
public:
    Split(std::size_t axis, Axis outer, Axis inner) : axis_(axis), outer_(std::move(outer)), inner_(std::move(inner)) {}

    std::string name() const override { return "split-axis"; }
    std::string parameters() const override { return fmt::format("{} {}", axis_, inner_.size); }

    ArrayInfo describe(std::span<const LazyArray> inputs) const override {
        ArrayInfo info{inputs[0].axes(), inputs[0].dtype(), inputs[0].blockShape()};
        const auto at = static_cast<std::ptrdiff_t>(axis_);
        info.axes[axis_] = inner_;
        info.axes.insert(info.axes.begin() + at, outer_);
        info.blockShape[axis_] = std::min(info.blockShape[axis_], inner_.size);
        info.blockShape.insert(info.blockShape.begin() + at, 1);
        return info;
    }

    std::vector<Piece> pieces(const Region& out) const override {
        std::vector<int> axisOf = sameAxes(out.rank());
        for (std::size_t i = axis_ + 1; i < axisOf.size(); ++i) --axisOf[i];
        axisOf[axis_] = Piece::kNone;
        std::vector<Piece> pieces;
        for (std::int64_t i = out[axis_].begin; i < out[axis_].end; ++i) {
            Region here = out;
            here[axis_] = {i, i + 1};
            Region in = without(out, axis_);
            in[axis_] = {i * inner_.size + out[axis_ + 1].begin, i * inner_.size + out[axis_ + 1].end};
            pieces.push_back({0, std::move(in), std::move(here), axisOf});
        }
        return pieces;
    }

private:
    std::size_t axis_;
    Axis outer_;
    Axis inner_;
};

/// Axes `outer` and `inner` = outer + 1 become one of size outer x inner.
class Merge final : public graph::ViewOperation {
public:
    Merge(std::size_t outer, std::int64_t innerSize, std::string name)
        : outer_(outer), innerSize_(innerSize), axisName_(std::move(name)) {}

    std::string name() const override { return "merge-axis"; }
    std::string parameters() const override { return fmt::format("{}", outer_); }

    ArrayInfo describe(std::span<const LazyArray> inputs) const override {
        ArrayInfo info{without(inputs[0].axes(), outer_), inputs[0].dtype(), without(inputs[0].blockShape(), outer_)};
        Axis merged = inputs[0].axes()[outer_ + 1];
        merged.name = axisName_;
        merged.size *= inputs[0].axes()[outer_].size;
        merged.labels.clear();
        info.axes[outer_] = std::move(merged);
        return info;
    }

    std::vector<Piece> pieces(const Region& out) const override {
        std::vector<int> axisOf = sameAxes(out.rank());
        for (std::size_t i = outer_; i < axisOf.size(); ++i) ++axisOf[i];
        std::vector<Piece> pieces;
        for (std::int64_t begin = out[outer_].begin; begin < out[outer_].end;) {
            const std::int64_t slow = begin / innerSize_;
            const std::int64_t end = std::min(out[outer_].end, (slow + 1) * innerSize_);
            Region here = out;
            here[outer_] = {begin, end};
            Region in = withInterval(out, outer_, {slow, slow + 1});
            in[outer_ + 1] = {begin - slow * innerSize_, end - slow * innerSize_};
            pieces.push_back({0, std::move(in), std::move(here), axisOf});
            begin = end;
        }
        return pieces;
    }

private:
    std::size_t outer_;
    std::int64_t innerSize_;
    std::string axisName_;
};

} // namespace

LazyArray transpose(const LazyArray& array, const std::vector<std::string>& order) {
    std::vector<std::size_t> indices;
    for (const std::string& name : order) {
        const std::size_t index = axisIndex(array, name);
        if (std::find(indices.begin(), indices.end(), index) != indices.end()) {
            throw Failure(fmt::format("the new order names axis \"{}\" twice", name));
        }
        indices.push_back(index);
    }
    if (indices.size() != array.rank()) {
        throw Failure(fmt::format("the new order names {} of {} axes: name all of them", indices.size(), array.rank()));
    }
    return LazyArray::fromOperation(std::make_shared<Transpose>(std::move(indices)), {array});
}

LazyArray splitAxis(const LazyArray& array, const std::string& axis, const Axis& outer, const Axis& inner) {
    const std::size_t index = axisIndex(array, axis);
    const std::int64_t size = array.axes()[index].size;
    if (inner.size < 1 || size % inner.size != 0) {
        throw Failure(fmt::format("axis {} has {} elements, which {} does not divide", axis, size, inner.size));
    }
    Axis slow = outer;
    slow.size = size / inner.size;
    return LazyArray::fromOperation(std::make_shared<Split>(index, std::move(slow), inner), {array});
}

LazyArray mergeAxes(const LazyArray& array, const std::string& outer, const std::string& inner,
                    const std::string& name) {
    const std::size_t outerIndex = axisIndex(array, outer);
    const std::size_t innerIndex = axisIndex(array, inner);
    if (outerIndex == innerIndex) throw Failure(fmt::format("axis {} cannot be merged with itself", outer));
    std::vector<std::string> order;
    for (const Axis& axis : array.axes()) {
        if (axis.name == inner) continue;
        order.push_back(axis.name);
        if (axis.name == outer) order.push_back(inner);
    }
    const LazyArray adjacent = transpose(array, order);
    const std::size_t at = axisIndex(adjacent, outer);
    return LazyArray::fromOperation(std::make_shared<Merge>(at, adjacent.axes()[at + 1].size, name), {adjacent});
}

} // namespace lazulite::ops
