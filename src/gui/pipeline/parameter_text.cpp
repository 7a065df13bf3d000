#include "pipeline/parameter_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <string_view>

namespace lazulite::gui {

namespace {

using pipeline::ParameterKind;
using pipeline::Value;

constexpr int kDeepest = 3; // a list of lists of numbers is the deepest that a parameter has

std::string_view trimmed(std::string_view text) {
    constexpr std::string_view kBlanks = " \t";
    const std::size_t begin = text.find_first_not_of(kBlanks);
    if (begin == std::string_view::npos) return {};
    return text.substr(begin, text.find_last_not_of(kBlanks) - begin + 1);
}

std::optional<Value> numberFrom(std::string_view text) {
    text = trimmed(text);
    std::int64_t whole = 0;
    const char* end = text.data() + text.size();
    if (const auto read = std::from_chars(text.data(), end, whole); read.ec == std::errc() && read.ptr == end)
        return Value(whole);
    double real = 0;
    if (const auto read = std::from_chars(text.data(), end, real); read.ec == std::errc() && read.ptr == end)
        return Value(real);
    return std::nullopt;
}

/// The parts of a list: what stands between commas outside of inner brackets.
std::vector<std::string_view> parts(std::string_view text) {
    std::vector<std::string_view> found;
    int depth = 0;
    std::size_t begin = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '[') ++depth;
        if (text[i] == ']') --depth;
        if (text[i] != ',' || depth != 0) continue;
        found.push_back(trimmed(text.substr(begin, i - begin)));
        begin = i + 1;
    }
    found.push_back(trimmed(text.substr(begin)));
    return found;
}

/// "1, 2, 3", "[1, 2, 3]" or "[[1, 0], [0, 1]]"; nothing where that is no list of numbers.
std::optional<Value> listOfNumbers(std::string_view text, int depth = 0) {
    text = trimmed(text);
    if (depth > kDeepest) return std::nullopt;
    if (text.starts_with('[') && text.ends_with(']') && parts(text).size() == 1) text = text.substr(1, text.size() - 2);
    Value::List list;
    for (const std::string_view part : parts(text)) {
        const auto item = part.starts_with('[') ? listOfNumbers(part, depth + 1) : numberFrom(part);
        if (!item) return std::nullopt;
        list.push_back(*item);
    }
    return Value(std::move(list));
}

std::optional<Value> listOfWords(std::string_view text) {
    Value::List list;
    for (const std::string_view part : parts(text)) {
        if (part.empty()) return std::nullopt;
        list.emplace_back(std::string(part));
    }
    return Value(std::move(list));
}

std::string withoutBrackets(const std::string& list) {
    return list.size() >= 2 && list.front() == '[' && list.back() == ']' ? list.substr(1, list.size() - 2) : list;
}

bool isWord(const pipeline::ParameterSchema& parameter, std::string_view text) {
    return std::ranges::find(parameter.words, text) != parameter.words.end();
}

/// Nothing where the text cannot be a value of this kind.
std::optional<Value> parsed(const pipeline::ParameterSchema& parameter, std::string_view text) {
    if (isWord(parameter, text)) return Value(std::string(text));
    switch (parameter.kind) {
        case ParameterKind::Number:
        case ParameterKind::Integer:
        case ParameterKind::Timepoint:
            return numberFrom(text);
        case ParameterKind::Vector:
        case ParameterKind::Counts:
            if (parameter.oneForAll && numberFrom(text)) return numberFrom(text);
            return listOfNumbers(text);
        case ParameterKind::Matrix:
            return listOfNumbers(text);
        case ParameterKind::Names:
            return listOfWords(text);
        case ParameterKind::Boolean:
            if (text == "true" || text == "false") return Value(text == "true");
            return std::nullopt;
        case ParameterKind::Shifts:
            if (text.starts_with('[')) return listOfNumbers(text);
            return Value(std::string(text));
        case ParameterKind::Position:
            if (const auto number = numberFrom(text)) return number;
            return Value(std::string(text));
        case ParameterKind::Text:
        case ParameterKind::Choice:
        case ParameterKind::Path:
        case ParameterKind::Slice:
        case ParameterKind::Dtype:
        case ParameterKind::Expression:
            break;
    }
    return Value(std::string(text));
}

} // namespace

std::string textOf(const pipeline::ParameterSchema& parameter, const Value& value) {
    if (const auto* text = value.get<std::string>()) return *text;
    if (const auto* list = value.get<Value::List>(); list != nullptr && parameter.kind == ParameterKind::Names) {
        std::string names;
        for (const Value& name : *list) names += (names.empty() ? "" : ", ") + textOf(parameter, name);
        return names;
    }
    const bool flat = parameter.kind != ParameterKind::Matrix && parameter.kind != ParameterKind::Shifts;
    return flat ? withoutBrackets(value.toml()) : value.toml();
}

TypedValue typedValue(const pipeline::ParameterSchema& parameter, const std::string& text) {
    const std::string_view line = trimmed(text);
    if (line.empty()) return {};
    auto value = parsed(parameter, line);
    if (!value)
        return {Value(std::string(line)), mistakeIn(parameter, Value(std::string(line))).value_or("cannot be read")};
    const auto mistake = mistakeIn(parameter, *value);
    return {std::move(value), mistake.value_or("")};
}

std::string fallbackText(const pipeline::ParameterSchema& parameter) {
    if (parameter.fallback.empty()) return "required";
    const std::string& text = parameter.fallback;
    const bool quoted = text.size() >= 2 && text.front() == '"' && text.back() == '"';
    return quoted ? text.substr(1, text.size() - 2) : text;
}

std::optional<double> fallbackNumber(const pipeline::ParameterSchema& parameter) {
    const auto value = numberFrom(parameter.fallback);
    return value ? value->number() : std::nullopt;
}

} // namespace lazulite::gui
