#include "slice_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <string_view>

namespace lazulite::pipeline {

namespace {

std::string_view trimmed(std::string_view text) {
    while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
    while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
    return text;
}

Error refused(std::string message) {
    return {Error::Kind::BadArgument, std::move(message), {}, {}};
}

} // namespace

Interval SliceText::on(std::int64_t size) const {
    const auto edge = [size](std::int64_t position) {
        const std::int64_t clipped = std::clamp(position, -size, size);
        return clipped < 0 ? clipped + size : clipped;
    };
    return {first ? edge(*first) : 0, end ? edge(*end) : size};
}

Result<SliceText> parseSlice(const std::string& text) {
    const std::size_t colon = text.find(':');
    if (colon == std::string::npos) {
        return refused(fmt::format(
            "\"{}\" is no range; write \"FIRST:END\" as in NumPy, such as \"2:\", \"10:-20\" or \":500\"", text));
    }
    if (text.find(':', colon + 1) != std::string::npos) {
        return refused(
            fmt::format("\"{}\" has a step, which is not possible here; op = \"bin\" makes fewer voxels", text));
    }
    SliceText slice;
    const auto read = [&](std::string_view part, std::optional<std::int64_t>& into) {
        part = trimmed(part);
        if (part.empty()) return true;
        if (part.front() == '+') part.remove_prefix(1);
        std::int64_t value = 0;
        const auto [stop, failure] = std::from_chars(part.data(), part.data() + part.size(), value);
        if (failure != std::errc{} || stop != part.data() + part.size()) return false;
        into = value;
        return true;
    };
    const std::string_view whole(text);
    if (!read(whole.substr(0, colon), slice.first) || !read(whole.substr(colon + 1), slice.end)) {
        return refused(fmt::format("\"{}\" is no range: both sides of the colon are whole numbers or empty", text));
    }
    return slice;
}

} // namespace lazulite::pipeline
