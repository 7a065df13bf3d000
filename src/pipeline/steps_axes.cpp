#include <fmt/format.h>

#include <algorithm>

#include "channels.h"
#include "lazulite/ops/arrays.h"
#include "slice_text.h"
#include "step_maker.h"

namespace lazulite::pipeline {

namespace {

LazyArray makeCrop(StepInput& input) {
    LazyArray result = input.array;
    for (const Setting& setting : input.step.settings) {
        const auto axis = input.axis(setting.key, setting.place, setting.key);
        const auto* text = setting.value.get<std::string>();
        if (!axis || text == nullptr) continue;
        const std::int64_t size = input.array.axes()[*axis].size;
        const Interval part = parseSlice(*text).valueOrThrow().on(size);
        if (part.empty()) {
            input.mistake(setting.key,
                          fmt::format("`{}` = \"{}\" leaves nothing: the axis has {} elements here, 0 to {}",
                                      setting.key, *text, size, size - 1));
        } else if (part.size() < size) {
            result = ops::crop(result, setting.key, part.begin, part.end);
        }
    }
    return result;
}

LazyArray makeSelect(StepInput& input) {
    LazyArray result = input.array;
    for (const Setting& setting : input.step.settings) {
        const auto axis = input.axis(setting.key, setting.place, setting.key);
        if (!axis) continue;
        const auto position = positionOn(input.array.axes()[*axis], setting.value);
        if (!position) {
            input.mistake(setting.key, fmt::format("`{}`: {}", setting.key, position.error().message));
        } else if (result.rank() > 1) {
            result = ops::select(result, setting.key, *position);
        } else {
            input.mistake(setting.key, "no axis would be left");
        }
    }
    return result;
}

LazyArray makeTranspose(StepInput& input) {
    const Value::List& order = *input.step.find("order")->get<Value::List>();
    for (const Value& item : order) input.axis(*item.get<std::string>(), item.place(), "order");
    for (const Axis& axis : input.array.axes()) {
        const bool named = std::any_of(order.begin(), order.end(),
                                       [&](const Value& item) { return *item.get<std::string>() == axis.name; });
        if (named) continue;
        input.mistake("order", fmt::format("`order` leaves out the axis {}; name all of them: {}", axis.name,
                                           namesOf(input.array.axes())));
        return input.array;
    }
    return order.size() == input.array.rank() ? ops::transpose(input.array, input.names("order")) : input.array;
}

/// Whether a new axis may have this name.
bool isFree(StepInput& input, const std::string& name, const std::string& key,
            const std::vector<std::string>& vanishing) {
    const bool taken =
        findAxis(input.array.axes(), name) && std::find(vanishing.begin(), vanishing.end(), name) == vanishing.end();
    if (taken) input.mistake(key, fmt::format("there is an axis `{}` already; choose another name", name));
    return !taken;
}

LazyArray makeSplit(StepInput& input) {
    const std::string name = input.text("axis", "");
    const std::vector<std::string> into = input.names("into");
    const auto index = input.axis(name, input.step.find("axis")->place(), "axis");
    if (into.size() != 2) input.mistake("into", "`into` names two axes; the second one runs faster");
    if (!index || into.size() != 2) return input.array;
    if (!isFree(input, into[0], "into", {name}) || !isFree(input, into[1], "into", {name})) return input.array;
    const Axis& axis = input.array.axes()[*index];
    const std::int64_t size = input.integer("size", 1);
    if (axis.size % size != 0) {
        input.mistake("size",
                      fmt::format("`size` must divide the {} elements of axis {}; {} does not", axis.size, name, size));
        return input.array;
    }
    Axis outer{.name = into[0], .unit = {}, .labels = {}};
    Axis inner{.name = into[1], .size = size, .unit = {}, .labels = {}};
    Axis& same = into[0] == name ? outer : inner; // the one that goes on measuring what the axis measured
    same.spacing = axis.spacing * static_cast<double>(into[0] == name ? size : 1);
    same.unit = axis.unit;
    return ops::splitAxis(input.array, name, outer, inner);
}

LazyArray makeMerge(StepInput& input) {
    const Value::List& axes = *input.step.find("axes")->get<Value::List>();
    const std::vector<std::string> names = input.names("axes");
    if (names.size() != 2) {
        input.mistake("axes", fmt::format("`axes` names two axes, not {}; the second one runs faster", names.size()));
        return input.array;
    }
    bool known = true;
    for (std::size_t i = 0; i < names.size(); ++i) known &= input.axis(names[i], axes[i].place(), "axes").has_value();
    const std::string into = input.text("into", names[1]);
    if (!known || !isFree(input, into, "into", names)) return input.array;
    return ops::mergeAxes(input.array, names[0], names[1], into);
}

} // namespace

StepMaker axesMaker(std::string_view op) {
    if (op == "crop") return makeCrop;
    if (op == "select") return makeSelect;
    if (op == "transpose") return makeTranspose;
    if (op == "split-axis") return makeSplit;
    if (op == "merge-axis") return makeMerge;
    return nullptr;
}

} // namespace lazulite::pipeline
