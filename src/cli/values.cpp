#include "values.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <optional>

#include "lazulite/core/error.h"
#include "lazulite/core/spelling.h"

namespace lazulite::cli {
namespace {

std::vector<std::string> split(const std::string& text, char separator) {
    std::vector<std::string> parts;
    std::size_t begin = 0;
    while (true) {
        const std::size_t end = text.find(separator, begin);
        parts.push_back(text.substr(begin, end - begin));
        if (end == std::string::npos) return parts;
        begin = end + 1;
    }
}

std::string_view trimmed(std::string_view text) {
    while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
    while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
    return text;
}

template <typename T>
std::optional<T> number(std::string_view text) {
    text = trimmed(text);
    if (!text.empty() && text.front() == '+') text.remove_prefix(1);
    T value{};
    const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (failure != std::errc{} || end != text.data() + text.size()) return std::nullopt;
    return value;
}

std::string namesOf(const Axes& axes) {
    std::string names;
    for (const Axis& axis : axes) names += (names.empty() ? "" : ", ") + axis.name;
    return names;
}

} // namespace

std::vector<Assignment> parseAssignments(const std::vector<std::string>& texts, std::string_view option) {
    std::vector<Assignment> assignments;
    for (const std::string& text : texts) {
        for (const std::string& part : split(text, ',')) {
            const std::size_t equals = part.find('=');
            const std::string axis(trimmed(std::string_view(part).substr(0, equals)));
            if (equals == std::string::npos || axis.empty() || equals + 1 == part.size()) {
                throw Failure(fmt::format("{}: '{}' is not of the form AXIS=VALUE", option, part));
            }
            const bool twice = std::any_of(assignments.begin(), assignments.end(),
                                           [&](const Assignment& other) { return other.axis == axis; });
            if (twice) throw Failure(fmt::format("{}: axis '{}' is given twice", option, axis));
            assignments.push_back({axis, std::string(trimmed(std::string_view(part).substr(equals + 1)))});
        }
    }
    return assignments;
}

std::vector<double> parseNumbers(const std::string& text, std::string_view option, std::size_t least,
                                 std::size_t most) {
    std::vector<double> numbers;
    for (const std::string& part : split(text, ',')) {
        const std::optional<double> value = number<double>(part);
        if (!value || !std::isfinite(*value)) {
            throw Failure(fmt::format("{}: '{}' in '{}' is not a number", option, part, text));
        }
        numbers.push_back(*value);
    }
    if (numbers.size() < least || numbers.size() > most) {
        const std::string wanted = least == most ? fmt::format("{}", least) : fmt::format("{} to {}", least, most);
        throw Failure(fmt::format("{}: '{}' holds {} numbers; {} are needed, with commas between", option, text,
                                  numbers.size(), wanted));
    }
    return numbers;
}

std::array<double, 2> parseLimits(const std::string& text, std::string_view option) {
    const std::vector<double> pair = parseNumbers(text, option, 2, 2);
    if (pair[0] >= pair[1]) {
        throw Failure(fmt::format("{}: in '{}' the first number must be the smaller one", option, text));
    }
    return {pair[0], pair[1]};
}

std::array<std::int64_t, 3> parseSize(const std::string& text, std::string_view option) {
    const std::vector<std::string> parts = split(text, ',');
    std::array<std::int64_t, 3> size{};
    for (std::size_t i = 0; i < size.size(); ++i) {
        const std::optional<std::int64_t> value = i < parts.size() ? number<std::int64_t>(parts[i]) : std::nullopt;
        if (!value || *value < 1 || parts.size() != size.size()) {
            throw Failure(
                fmt::format("{}: '{}' is not a size; write planes,rows,columns such as 64,256,280", option, text));
        }
        size[i] = *value;
    }
    return size;
}

std::pair<int, int> parsePixels(const std::string& text, std::string_view option) {
    constexpr int kMost = 16384;
    const std::vector<std::string> parts = split(text, 'x');
    const std::optional<int> width = number<int>(parts[0]);
    const std::optional<int> height = parts.size() == 2 ? number<int>(parts[1]) : std::nullopt;
    if (!width || !height || *width < 1 || *height < 1 || *width > kMost || *height > kMost) {
        throw Failure(
            fmt::format("{}: '{}' is not a picture's size; write WIDTHxHEIGHT such as 1024x768, at most {} each",
                        option, text, kMost));
    }
    return {*width, *height};
}

std::pair<double, std::string> parseQuantity(const std::string& text, std::string_view option) {
    double value = 0;
    const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (failure != std::errc{} || !std::isfinite(value) || value <= 0) {
        throw Failure(
            fmt::format("{}: '{}' is not a positive number with a unit, such as 2.5s or 0.1um", option, text));
    }
    return {value,
            std::string(trimmed(std::string_view(end, static_cast<std::size_t>(text.data() + text.size() - end))))};
}

std::size_t requireAxis(const Axes& axes, const std::string& name, std::string_view option) {
    if (const auto index = findAxis(axes, name)) return *index;
    std::vector<std::string> names;
    for (const Axis& axis : axes) names.push_back(axis.name);
    const std::string guess = nearest(name, names);
    throw Failure(fmt::format("{}: there is no axis '{}'{}; the axes are {}", option, name,
                              guess.empty() ? "" : fmt::format(" (did you mean '{}'?)", guess), namesOf(axes)));
}

std::int64_t parseIndex(const Axis& axis, const std::string& text, std::string_view option) {
    const auto label = std::find(axis.labels.begin(), axis.labels.end(), text);
    if (label != axis.labels.end()) return label - axis.labels.begin();
    const std::optional<std::int64_t> index = number<std::int64_t>(text);
    if (!index) {
        throw Failure(fmt::format("{}: '{}' is not an index of axis {}; it goes from 0 to {}", option, text, axis.name,
                                  axis.size - 1));
    }
    if (*index >= axis.size || *index < -axis.size) {
        throw Failure(fmt::format("{}: {}={} is out of range; {} goes from 0 to {}", option, axis.name, *index,
                                  axis.name, axis.size - 1));
    }
    return *index < 0 ? *index + axis.size : *index;
}

Interval parseRange(const Axis& axis, const std::string& text, std::string_view option) {
    const std::vector<std::string> ends = split(text, ':');
    if (ends.size() == 1) {
        throw Failure(fmt::format("{}: '{}={}' is not a range; write {}=FIRST:END, as in NumPy", option, axis.name,
                                  text, axis.name));
    }
    if (ends.size() > 2) {
        throw Failure(
            fmt::format("{}: '{}={}' has a step; only {}=FIRST:END is possible", option, axis.name, text, axis.name));
    }
    const auto edge = [&](const std::string& end, std::int64_t whole) {
        if (trimmed(end).empty()) return whole;
        const std::optional<std::int64_t> value = number<std::int64_t>(end);
        if (!value)
            throw Failure(fmt::format("{}: '{}' in '{}={}' is not a whole number", option, end, axis.name, text));
        const std::int64_t clipped = std::clamp(*value, -axis.size, axis.size);
        return clipped < 0 ? clipped + axis.size : clipped;
    };
    const Interval range{edge(ends[0], 0), edge(ends[1], axis.size)};
    if (range.empty()) {
        throw Failure(fmt::format("{}: '{}={}' holds nothing; {} goes from 0 to {}", option, axis.name, text, axis.name,
                                  axis.size - 1));
    }
    return range;
}

Interval parsePart(const Axis& axis, const std::string& text, std::string_view option) {
    const bool label = std::find(axis.labels.begin(), axis.labels.end(), text) != axis.labels.end();
    if (!label && text.find(':') != std::string::npos) return parseRange(axis, text, option);
    const std::int64_t index = parseIndex(axis, text, option);
    return {index, index + 1};
}

std::array<std::size_t, 2> parsePlane(const Axes& axes, const std::string& text) {
    constexpr std::string_view kOption = "--plane";
    std::vector<std::string> names = split(text, ',');
    if (names.size() == 1 && text.size() == 2) names = {text.substr(0, 1), text.substr(1, 1)};
    if (names.size() != 2) {
        throw Failure(fmt::format("{}: '{}' does not name two axes; write yx, zx or zy (or two names with a comma)",
                                  kOption, text));
    }
    const std::array<std::size_t, 2> plane{requireAxis(axes, names[0], kOption), requireAxis(axes, names[1], kOption)};
    if (plane[0] == plane[1]) throw Failure(fmt::format("{}: '{}' names one axis twice", kOption, text));
    return plane;
}

} // namespace lazulite::cli
