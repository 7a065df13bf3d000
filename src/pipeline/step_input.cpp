#include <fmt/format.h>

#include <algorithm>

#include "lazulite/core/spelling.h"
#include "step_maker.h"
#include "toml_scan.h"

namespace lazulite::pipeline {

namespace {
constexpr double kUsualAngle = 31.5; ///< degrees, of lattice light-sheet microscopes
}

double Surroundings::angle() const {
    return skewAngle.value_or(scan.angleDegrees.value_or(kUsualAngle));
}

void StepInput::mistake(const std::string& key, const std::string& text) {
    const Value* value = step.find(key);
    mistake(value == nullptr ? step.place : value->place(), key, text);
}

void StepInput::mistake(Place place, const std::string& key, const std::string& text) {
    surroundings.messages.push_back({surroundings.config.path, place, text, index_, key});
}

std::optional<double> StepInput::number(const std::string& key) const {
    const Value* value = step.find(key);
    return value == nullptr ? std::nullopt : value->number();
}

std::int64_t StepInput::integer(const std::string& key, std::int64_t otherwise) const {
    const Value* value = step.find(key);
    const auto* whole = value == nullptr ? nullptr : value->get<std::int64_t>();
    return whole == nullptr ? otherwise : *whole;
}

bool StepInput::boolean(const std::string& key, bool otherwise) const {
    const Value* value = step.find(key);
    const auto* truth = value == nullptr ? nullptr : value->get<bool>();
    return truth == nullptr ? otherwise : *truth;
}

std::string StepInput::text(const std::string& key, const std::string& otherwise) const {
    const Value* value = step.find(key);
    const auto* word = value == nullptr ? nullptr : value->get<std::string>();
    return word == nullptr ? otherwise : *word;
}

std::vector<std::string> StepInput::names(const std::string& key) const {
    std::vector<std::string> names;
    const Value* value = step.find(key);
    const auto* list = value == nullptr ? nullptr : value->get<Value::List>();
    if (list == nullptr) return names;
    for (const Value& item : *list) {
        if (const auto* name = item.get<std::string>()) names.push_back(*name);
    }
    return names;
}

std::optional<std::array<double, 3>> StepInput::vector(const std::string& key) const {
    const Value* value = step.find(key);
    if (value == nullptr) return std::nullopt;
    if (const auto number = value->number()) return std::array{*number, *number, *number};
    std::array<double, 3> result{};
    const auto* list = value->get<Value::List>();
    for (std::size_t i = 0; list != nullptr && i < std::min(list->size(), result.size()); ++i) {
        result[i] = (*list)[i].number().value_or(0);
    }
    return result;
}

std::array<std::int64_t, 3> StepInput::counts(const std::string& key, std::int64_t otherwise) const {
    const auto numbers = vector(key);
    if (!numbers) return {otherwise, otherwise, otherwise};
    std::array<std::int64_t, 3> result{};
    std::transform(numbers->begin(), numbers->end(), result.begin(),
                   [](double n) { return static_cast<std::int64_t>(n); });
    return result;
}

std::optional<std::int64_t> StepInput::timepoint(const std::string& key, std::int64_t otherwise) {
    const std::int64_t index = integer(key, otherwise);
    const auto t = findAxis(array.axes(), "t");
    if (!t) {
        mistake(key, fmt::format("the step \"{}\" compares timepoints, but there is no axis t here; the axes are {}",
                                 step.op, namesOf(array.axes())));
        return std::nullopt;
    }
    if (index < array.axes()[*t].size) return index;
    mistake(key,
            fmt::format("`{}`: there is no timepoint {}; there are 0 to {}", key, index, array.axes()[*t].size - 1));
    return std::nullopt;
}

Place StepInput::placeIn(const std::string& key, std::size_t offset) const {
    const Value* value = step.find(key);
    if (value == nullptr || !surroundings.config.text) return step.place;
    return placeInString(*surroundings.config.text, value->place(), offset);
}

std::optional<std::size_t> StepInput::axis(const std::string& name, Place place, const std::string& key) {
    if (const auto index = findAxis(array.axes(), name)) return index;
    std::vector<std::string> names;
    for (const Axis& axis : array.axes()) names.push_back(axis.name);
    const std::string guess = nearest(name, names);
    mistake(place, key,
            fmt::format("there is no axis `{}`{}; the axes here are {}", name,
                        guess.empty() ? "" : fmt::format(" (did you mean `{}`?)", guess), namesOf(array.axes())));
    return std::nullopt;
}

std::string namesOf(const Axes& axes) {
    std::string names;
    for (const Axis& axis : axes) names += (names.empty() ? "" : ", ") + axis.name;
    return names;
}

} // namespace lazulite::pipeline
