#include <algorithm>

#include "lazulite/ops/arrays.h"
#include "view_helpers.h"

namespace lazulite::ops {

using graph::ArrayInfo;
using graph::Piece;

namespace {

/// Throws unless all arrays agree in type and in every size but that along `except` (rank: none).
void checkAlike(std::span<const LazyArray> arrays, std::size_t except) {
    if (arrays.empty()) throw Failure("there is nothing to join: give at least one array");
    const Shape first = arrays.front().shape();
    for (std::size_t i = 1; i < arrays.size(); ++i) {
        const LazyArray& array = arrays[i];
        if (array.rank() != first.size()) {
            throw Failure(
                fmt::format("array {} has {} axes and the first one {}: only arrays of the same axes can be joined", i,
                            array.rank(), first.size()));
        }
        if (array.dtype() != arrays.front().dtype()) {
            throw Failure(fmt::format("array {} is {} and the first one {}: only arrays of one type can be joined", i,
                                      toString(array.dtype()), toString(arrays.front().dtype())));
        }
        for (std::size_t axis = 0; axis < first.size(); ++axis) {
            if (axis == except || array.axes()[axis].size == first[axis]) continue;
            throw Failure(fmt::format("array {} has {} elements along {} and the first one {}: the sizes must be equal",
                                      i, array.axes()[axis].size, array.axes()[axis].name, first[axis]));
        }
    }
}

class Stack final : public graph::ViewOperation {
public:
    explicit Stack(Axis axis) : axis_(std::move(axis)) {}

    std::string name() const override { return "stack"; }
    std::string parameters() const override { return axis_.name; }

    ArrayInfo describe(std::span<const LazyArray> inputs) const override {
        checkAlike(inputs, inputs.empty() ? 0 : inputs.front().rank());
        if (findAxis(inputs.front().axes(), axis_.name)) {
            throw Failure(
                fmt::format("the arrays have an axis \"{}\" already; join along it with concatenate", axis_.name));
        }
        ArrayInfo info{inputs.front().axes(), inputs.front().dtype(), inputs.front().blockShape()};
        Axis axis = axis_;
        axis.size = static_cast<std::int64_t>(inputs.size());
        info.axes.insert(info.axes.begin(), std::move(axis));
        info.blockShape.insert(info.blockShape.begin(), 1);
        return info;
    }

    std::vector<Piece> pieces(const Region& out) const override {
        std::vector<Piece> pieces;
        std::vector<int> axisOf = sameAxes(out.rank());
        for (int& axis : axisOf) --axis; // the new first axis has none: kNone
        for (std::int64_t i = out[0].begin; i < out[0].end; ++i) {
            Region here = out;
            here[0] = {i, i + 1};
            pieces.push_back({static_cast<std::size_t>(i), without(out, 0), std::move(here), axisOf});
        }
        return pieces;
    }

private:
    Axis axis_;
};

class Concatenate final : public graph::ViewOperation {
public:
    Concatenate(std::size_t axis, std::vector<std::int64_t> ends) : axis_(axis), ends_(std::move(ends)) {}

    std::string name() const override { return "concatenate"; }
    std::string parameters() const override { return fmt::format("{}", axis_); }

    ArrayInfo describe(std::span<const LazyArray> inputs) const override {
        checkAlike(inputs, axis_);
        ArrayInfo info{inputs.front().axes(), inputs.front().dtype(), inputs.front().blockShape()};
        Axis& joined = info.axes[axis_];
        joined.size = ends_.back();
        const bool labelled = std::all_of(inputs.begin(), inputs.end(),
                                          [&](const LazyArray& input) { return !input.axes()[axis_].labels.empty(); });
        joined.labels.clear();
        for (const LazyArray& input : inputs) {
            const auto& labels = input.axes()[axis_].labels;
            if (labelled) joined.labels.insert(joined.labels.end(), labels.begin(), labels.end());
        }
        return info;
    }

    std::vector<Piece> pieces(const Region& out) const override {
        std::vector<Piece> pieces;
        std::int64_t begin = 0;
        for (std::size_t input = 0; input < ends_.size(); ++input) {
            const Interval span{std::max(begin, out[axis_].begin), std::min(ends_[input], out[axis_].end)};
            if (!span.empty()) {
                Region here = out;
                here[axis_] = span;
                Region in = here;
                in[axis_] = {span.begin - begin, span.end - begin};
                pieces.push_back({input, std::move(in), std::move(here), sameAxes(out.rank())});
            }
            begin = ends_[input];
        }
        return pieces;
    }

private:
    std::size_t axis_;
    std::vector<std::int64_t> ends_; ///< where each input ends along the joined axis
};

} // namespace

LazyArray stack(const std::vector<LazyArray>& arrays, const Axis& newAxis) {
    return LazyArray::fromOperation(std::make_shared<Stack>(newAxis), arrays);
}

LazyArray concatenate(const std::vector<LazyArray>& arrays, const std::string& axis) {
    checkAlike(arrays, arrays.empty() ? 0 : axisIndex(arrays.front(), axis));
    const std::size_t index = axisIndex(arrays.front(), axis);
    std::vector<std::int64_t> ends;
    std::int64_t end = 0;
    for (const LazyArray& array : arrays) ends.push_back(end += array.axes()[index].size);
    return LazyArray::fromOperation(std::make_shared<Concatenate>(index, std::move(ends)), arrays);
}

} // namespace lazulite::ops
