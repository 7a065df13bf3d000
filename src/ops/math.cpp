#include <fmt/format.h>

#include "expression_compiler.h"
#include "lazulite/core/error.h"
#include "lazulite/ops/arrays.h"
#include "lazulite/ops/intensity.h"
#include "pointwise.h"

namespace lazulite::ops {

namespace {

/// The array as channels along `axis`; one that has no such axis becomes its only channel.
LazyArray withChannels(const LazyArray& array, std::string& axis) {
    if (const auto index = channelAxis(array.axes())) {
        axis = array.axes()[*index].name;
        return array;
    }
    axis = "c";
    return stack({array}, {axis, 1, 1, "", {}});
}

LazyArray labelled(const LazyArray& array, const std::string& axis, std::vector<std::string> labels) {
    Axes axes = array.axes();
    axes[*findAxis(axes, axis)].labels = std::move(labels);
    return array.withAxes(std::move(axes));
}

} // namespace

LazyArray math(const LazyArray& array, const std::string& expression, const std::string& label, bool alone) {
    std::string axis;
    const LazyArray channels = withChannels(array, axis);
    const Axis& channelAxis = channels.axes()[*findAxis(channels.axes(), axis)];
    auto compiled = compileExpression(expression, channelAxis.size, channelAxis.labels);
    if (const auto* mistake = std::get_if<ExpressionMistake>(&compiled)) {
        throw Failure(fmt::format("math: column {} of the expression: {}", mistake->column + 1, mistake->message));
    }
    const auto& [code, used] = std::get<CompiledExpression>(compiled);
    PointwiseStep step{.name = "math",
                       .parameters = expression,
                       .type = DType::Float32,
                       .kernel = [code = code](const PointwiseStep::Part&) -> compute::Kernel { return code; }};
    for (std::size_t i = 1; i < used.size(); ++i) {
        step.operands.push_back({fmt::format("channel {}", used[i]), crop(channels, axis, used[i], used[i] + 1)});
    }
    const LazyArray made = pointwise(crop(channels, axis, used[0], used[0] + 1), std::move(step));
    const LazyArray result = labelled(made, axis, {label});
    if (alone) return result;
    std::vector<std::string> labels = channelAxis.labels;
    if (labels.empty()) {
        for (std::int64_t i = 0; i < channelAxis.size; ++i) labels.push_back(fmt::format("ch{}", i));
    }
    return concatenate({labelled(cast(channels, DType::Float32), axis, std::move(labels)), result}, axis);
}

std::optional<ExpressionMistake> checkExpression(const std::string& expression, std::int64_t channels,
                                                 const std::vector<std::string>& labels) {
    auto compiled = compileExpression(expression, channels, labels);
    if (auto* mistake = std::get_if<ExpressionMistake>(&compiled)) return std::move(*mistake);
    return std::nullopt;
}

} // namespace lazulite::ops
