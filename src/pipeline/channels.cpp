#include "channels.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <optional>
#include <string>

#include "lazulite/core/spelling.h"

namespace lazulite::pipeline {

namespace {

Error refused(std::string message) {
    return {Error::Kind::BadArgument, std::move(message), {}, {}};
}

/// Without blanks and capitals: "488 nm" and "488NM" are the same label.
std::string plain(const std::string& label) {
    std::string text;
    for (const char c : label) {
        if (c != ' ' && c != '_') text += c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
    }
    return text;
}

std::string labelsOf(const Axis& axis) {
    constexpr std::size_t kMost = 8;
    std::string text;
    for (std::size_t i = 0; i < std::min(axis.labels.size(), kMost); ++i) {
        text += fmt::format("{}\"{}\"", i == 0 ? "" : ", ", axis.labels[i]);
    }
    return axis.labels.size() > kMost ? text + ", ..." : text;
}

/// What there is on an axis, for messages: "there are 0 to 2 (\"488 nm\", \"560 nm\", \"642 nm\")".
std::string choices(const Axis& axis) {
    const std::string range = axis.size == 1 ? "there is only 0" : fmt::format("there are 0 to {}", axis.size - 1);
    return axis.labels.empty() ? range : fmt::format("{} ({})", range, labelsOf(axis));
}

/// The only label that fits, or nothing.
std::optional<std::int64_t> labelled(const Axis& axis, const std::string& name) {
    const auto exact = std::find(axis.labels.begin(), axis.labels.end(), name);
    if (exact != axis.labels.end()) return exact - axis.labels.begin();
    const std::string wanted = plain(name);
    const bool isNumber = !wanted.empty() && wanted.find_first_not_of("0123456789") == std::string::npos;
    std::optional<std::int64_t> found;
    for (std::size_t i = 0; i < axis.labels.size(); ++i) {
        const std::string label = plain(axis.labels[i]);
        const bool begins = isNumber && label.starts_with(wanted) &&
                            (label.size() == wanted.size() || label[wanted.size()] < '0' || label[wanted.size()] > '9');
        if (label != wanted && !begins) continue;
        if (found) return std::nullopt;
        found = static_cast<std::int64_t>(i);
    }
    return found;
}

std::optional<std::int64_t> wholeNumber(std::string_view text) {
    std::int64_t value = 0;
    const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (text.empty() || failure != std::errc{} || end != text.data() + text.size()) return std::nullopt;
    return value;
}

} // namespace

Result<std::int64_t> positionOn(const Axis& axis, const Value& value) {
    if (const auto* index = value.get<std::int64_t>()) {
        if (*index >= -axis.size && *index < axis.size) return *index < 0 ? *index + axis.size : *index;
        return refused(fmt::format("there is no position {} on axis {}; {}", *index, axis.name, choices(axis)));
    }
    const std::string name = value.get<std::string>() == nullptr ? value.toml() : *value.get<std::string>();
    if (const auto found = labelled(axis, name)) return *found;
    const std::string guess = nearest(name, axis.labels);
    return refused(fmt::format("axis {} has no label \"{}\"{}; {}", axis.name, name,
                               guess.empty() ? "" : fmt::format(" (did you mean \"{}\"?)", guess), choices(axis)));
}

Result<std::int64_t> channelOf(const Axes& axes, const Value& name) {
    const auto index = channelAxis(axes);
    const Axis axis = index ? axes[*index] : Axis{.name = "c", .unit = {}, .labels = {}};
    const auto* text = name.get<std::string>();
    std::optional<std::int64_t> number;
    if (const auto* whole = name.get<std::int64_t>()) {
        number = *whole;
    } else if (text != nullptr) {
        number = wholeNumber(std::string_view(*text).substr(text->starts_with("ch") ? 2 : 0));
    }
    if (number && *number >= 0 && *number < axis.size) return *number;
    const std::string word = text == nullptr ? name.toml() : *text;
    if (const auto found = labelled(axis, word)) return *found;
    const std::string guess = number ? "" : nearest(word, axis.labels);
    return refused(fmt::format("there is no channel \"{}\"{}; {}", word,
                               guess.empty() ? "" : fmt::format(" (did you mean \"{}\"?)", guess), choices(axis)));
}

std::string channelName(const Axes& axes, std::int64_t channel) {
    const auto index = channelAxis(axes);
    const auto at = static_cast<std::size_t>(channel);
    const bool labelled = index && at < axes[*index].labels.size() && !axes[*index].labels[at].empty();
    return labelled ? axes[*index].labels[at] : fmt::format("channel {}", channel);
}

} // namespace lazulite::pipeline
