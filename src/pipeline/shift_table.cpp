#include "shift_table.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <fstream>
#include <optional>
#include <string_view>

namespace lazulite::pipeline {

namespace {

constexpr std::string_view kBetween = " \t\r,;";
constexpr std::size_t kLongestLine = 10000;

std::vector<std::string> wordsOf(std::string_view line) {
    std::vector<std::string> words;
    for (std::size_t begin = line.find_first_not_of(kBetween); begin != std::string_view::npos;) {
        const std::size_t end = std::min(line.find_first_of(kBetween, begin), line.size());
        words.emplace_back(line.substr(begin, end - begin));
        begin = line.find_first_not_of(kBetween, end);
    }
    return words;
}

std::optional<double> numberOf(std::string_view word) {
    if (word.starts_with('+')) word.remove_prefix(1);
    double value = 0;
    const auto [end, failure] = std::from_chars(word.data(), word.data() + word.size(), value);
    if (failure != std::errc{} || end != word.data() + word.size() || !std::isfinite(value)) return std::nullopt;
    return value;
}

/// "Z", "z_um", "z(um)" -> "z"
std::string columnName(std::string_view word) {
    while (!word.empty() && (word.front() == '"' || word.front() == '\'')) word.remove_prefix(1);
    const std::size_t end = word.find_first_of("_([\"'");
    std::string name(word.substr(0, end));
    std::transform(name.begin(), name.end(), name.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
    return name;
}

Error atLine(const std::string& path, std::size_t line, const std::string& message) {
    return {Error::Kind::BadArgument, fmt::format("line {}: {}", line, message), path, {}};
}

} // namespace

Result<std::vector<std::array<double, 3>>> readShiftTable(const std::string& path) {
    std::ifstream file(path);
    if (!file) return Error{Error::Kind::Unreadable, "cannot be read; are you allowed to?", path, {}};
    std::vector<std::array<double, 3>> shifts;
    std::array<std::size_t, 3> columns{0, 1, 2};
    std::optional<std::size_t> width; // of a line
    std::string line;
    for (std::size_t number = 1; std::getline(file, line); ++number) {
        if (line.size() > kLongestLine || line.find('\0') != std::string::npos) {
            return atLine(path, number, "this is no table of shifts");
        }
        const std::vector<std::string> words = wordsOf(std::string_view(line).substr(0, line.find('#')));
        if (words.empty()) continue;
        if (!width && !numberOf(words.front())) {
            for (std::size_t i = 0; i < columns.size(); ++i) {
                const std::string name(1, "zyx"[i]);
                const auto found = std::find_if(words.begin(), words.end(),
                                                [&](const std::string& word) { return columnName(word) == name; });
                if (found == words.end()) return atLine(path, number, fmt::format("no column is called {}", name));
                columns[i] = static_cast<std::size_t>(found - words.begin());
            }
            width = words.size();
            continue;
        }
        if (!width) width = 3;
        if (words.size() != *width) {
            return atLine(path, number, fmt::format("{} numbers instead of {} (z, y, x in um)", words.size(), *width));
        }
        std::array<double, 3>& shift = shifts.emplace_back();
        for (std::size_t i = 0; i < columns.size(); ++i) {
            const auto value = numberOf(words[columns[i]]);
            if (!value) return atLine(path, number, fmt::format("\"{}\" is not a number", words[columns[i]]));
            shift[i] = *value;
        }
    }
    if (shifts.empty()) return Error{Error::Kind::BadArgument, "holds no shifts", path, {}};
    return shifts;
}

} // namespace lazulite::pipeline
