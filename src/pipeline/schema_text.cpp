#include <fmt/format.h>

#include <string>

#include "lazulite/core/units.h"
#include "lazulite/pipeline/schema.h"

namespace lazulite::pipeline {

namespace {

std::string rangeOf(const ParameterSchema& parameter) {
    if (parameter.low && parameter.high) {
        return fmt::format(", {} to {}", numberText(*parameter.low), numberText(*parameter.high));
    }
    if (parameter.low) return fmt::format(", at least {}", numberText(*parameter.low));
    if (parameter.high) return fmt::format(", at most {}", numberText(*parameter.high));
    return "";
}

std::string wordsOf(const ParameterSchema& parameter) {
    std::string text;
    for (const std::string& word : parameter.words) text += fmt::format("{}`\"{}\"`", text.empty() ? "" : ", ", word);
    return text;
}

std::string kindText(ParameterKind kind) {
    switch (kind) {
        case ParameterKind::Number:
            return "number";
        case ParameterKind::Integer:
            return "whole number";
        case ParameterKind::Boolean:
            return "`true` or `false`";
        case ParameterKind::Text:
            return "text";
        case ParameterKind::Choice:
            return "one of ";
        case ParameterKind::Path:
            return "path";
        case ParameterKind::Slice:
            return "range";
        case ParameterKind::Vector:
            return "`[z, y, x]`";
        case ParameterKind::Counts:
            return "`[z, y, x]` of whole numbers";
        case ParameterKind::Matrix:
            return "3 or 4 rows of 4 numbers";
        case ParameterKind::Names:
            return "list of axes";
        case ParameterKind::Shifts:
            return "list of `[z, y, x]`, or path";
        case ParameterKind::Dtype:
            return "NumPy's name of a type, such as `\"float32\"`";
        case ParameterKind::Expression:
            return "expression in quotes";
        case ParameterKind::Timepoint:
            return "index of a timepoint";
        case ParameterKind::Position:
            return "index or label";
    }
    return "";
}

/// What may be written: "number (degrees), -90 to 90".
std::string valueText(const ParameterSchema& parameter) {
    std::string text = kindText(parameter.kind);
    if (parameter.kind == ParameterKind::Choice) return text + wordsOf(parameter);
    if (!parameter.unit.empty()) text += fmt::format(" ({})", parameter.unit);
    if (parameter.oneForAll) text += " or one number";
    text += rangeOf(parameter);
    if (!parameter.words.empty()) text += ", or " + wordsOf(parameter);
    return text;
}

/// A default as it is written in a config stands in code, words stand as they are.
std::string fallbackText(const std::string& fallback) {
    if (fallback.empty()) return "*needed*";
    const bool isValue = std::string("\"[0123456789-").find(fallback.front()) != std::string::npos ||
                         fallback == "true" || fallback == "false";
    return isValue ? "`" + fallback + "`" : fallback;
}

std::string tableCell(std::string text) {
    for (std::size_t at = text.find('|'); at != std::string::npos; at = text.find('|', at + 2)) text.insert(at, "\\");
    return text;
}

std::string spaceText(Space space) {
    switch (space) {
        case Space::Values:
            return "Changes values in their place.";
        case Space::Geometry:
            return "Changes where voxels lie.";
        case Space::Axes:
            return "Changes axes or channels.";
    }
    return "";
}

std::string stepText(const StepSchema& step) {
    std::string text = fmt::format("### {}\n\n{}\n\n{}", step.op, step.help, spaceText(step.space));
    if (step.needsDepth) text += " Needs stacks.";
    for (const std::string& name : step.otherNames) text += fmt::format(" Also written `{}`.", name);
    text += "\n\n| key | value | default | meaning |\n|---|---|---|---|\n";
    for (const ParameterSchema& parameter : step.parameters) {
        std::string meaning = parameter.help;
        if (parameter.perChannel) meaning += " (c)";
        if (!parameter.origin.empty()) meaning += fmt::format(" [{}]", parameter.origin);
        const std::string key = step.keysAreAxes ? "*axis*" : "`" + parameter.key + "`";
        text += fmt::format("| {} | {} | {} | {} |\n", key, tableCell(valueText(parameter)),
                            step.keysAreAxes ? "" : tableCell(fallbackText(parameter.fallback)), tableCell(meaning));
    }
    return text;
}

} // namespace

std::string schemaText() {
    std::string text;
    for (const StepSchema& step : stepSchemas()) text += (text.empty() ? "" : "\n") + stepText(step);
    return text;
}

} // namespace lazulite::pipeline
