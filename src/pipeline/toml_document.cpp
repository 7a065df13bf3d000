#include "toml_document.h"

#include <fmt/format.h>
#include <toml++/toml.h>

#include <algorithm>
#include <optional>
#include <utility>

#include "toml_scan.h"

/// The only unit that knows toml++.
namespace lazulite::pipeline {

namespace {

constexpr std::size_t kMostMistakes = 20; ///< of syntax; past that it is no config

Place placeOf(const toml::source_position& position) {
    return {static_cast<int>(position.line), static_cast<int>(position.column)};
}

class Converter {
public:
    explicit Converter(TomlDocument& document) : document_(document) {}

    Value::Table table(const toml::table& table) {
        Value::Table entries;
        for (const auto& [key, node] : table) {
            entries.push_back({std::string(key.str()), value(node), placeOf(key.source().begin)});
        }
        std::sort(entries.begin(), entries.end(), [](const Setting& a, const Setting& b) {
            return std::pair(a.place.line, a.place.column) < std::pair(b.place.line, b.place.column);
        });
        return entries;
    }

private:
    Value value(const toml::node& node) {
        const Place place = placeOf(node.source().begin);
        if (const auto* inner = node.as_table()) return Value(table(*inner)).at(place);
        if (const auto* list = node.as_array()) {
            Value::List items;
            for (const toml::node& item : *list) items.push_back(value(item));
            return Value(std::move(items)).at(place);
        }
        if (const auto text = node.value_exact<std::string>()) return Value(*text).at(place);
        if (const auto whole = node.value_exact<std::int64_t>()) return Value(*whole).at(place);
        if (const auto real = node.value_exact<double>()) return Value(*real).at(place);
        if (const auto truth = node.value_exact<bool>()) return Value(*truth).at(place);
        document_.mistakes.push_back({place, "dates and times are no values of a pipeline config"});
        return Value().at(place);
    }

    TomlDocument& document_;
};

/// The parser's words without what it was doing: "could not determine value type".
std::string plainWords(std::string_view description) {
    const std::size_t colon = description.find(": ");
    if (description.starts_with("Error while parsing") && colon != std::string_view::npos) {
        description.remove_prefix(colon + 2);
    }
    constexpr std::string_view kTwice = "cannot redefine existing ";
    const std::size_t name = description.find('\'');
    if (description.starts_with(kTwice) && name != std::string_view::npos && description.ends_with('\'')) {
        return fmt::format("`{}` is given twice", description.substr(name + 1, description.size() - name - 2));
    }
    if (description == "could not determine value type") return "this is no value; a text stands in quotes";
    std::string words(description);
    if (words.ends_with("saw ','")) words += " (numbers have a point, and one line holds one key)";
    if (words.starts_with('E')) words[0] = 'e'; // "Encountered ..."
    return "this is not TOML: " + words;
}

/// Makes bytes of a text spaces, so that what is left keeps its places.
void blank(std::string& text, std::size_t begin, std::size_t end) {
    for (std::size_t i = begin; i < end; ++i) {
        if (text[i] != '\n') text[i] = ' ';
    }
}

/// Takes a statement out of the text; with a table's head goes what stands below it.
void leaveOut(std::string& text, const Scan& scan, std::size_t index, std::vector<int>& brokenLines) {
    const bool isHead = scan.statements[index].kind != Statement::Kind::KeyValue;
    brokenLines.push_back(scan.statements[index].line);
    blank(text, scan.statements[index].begin, scan.statements[index].end);
    for (std::size_t i = index + 1; isHead && i < scan.statements.size(); ++i) {
        if (scan.statements[i].kind != Statement::Kind::KeyValue) return;
        blank(text, scan.statements[i].begin, scan.statements[i].end);
    }
}

void leaveOutLine(std::string& text, const Scan& scan, int line, std::vector<int>& brokenLines) {
    for (std::size_t i = 0; i < scan.statements.size(); ++i) {
        if (scan.statements[i].line > line || line > scan.statements[i].lastLine) continue;
        leaveOut(text, scan, i, brokenLines);
        return;
    }
    std::size_t begin = 0;
    for (int i = 1; i < line && begin < text.size(); ++i) begin = std::min(text.find('\n', begin), text.size() - 1) + 1;
    blank(text, begin, std::min(text.find('\n', begin), text.size()));
}

} // namespace

TomlDocument readToml(const std::string& text) {
    TomlDocument document;
    std::string usable = text;
    const Scan scan = scanToml(text);
    for (const ScanMistake& mistake : scan.mistakes) {
        document.mistakes.push_back({mistake.place, mistake.text});
        leaveOut(usable, scan, mistake.statement, document.brokenLines);
    }
    while (document.mistakes.size() < kMostMistakes) { // a mistake hides those behind it, until it is taken out
        try {
            const toml::table root = toml::parse(usable);
            document.root = Converter(document).table(root);
            break;
        } catch (const toml::parse_error& error) {
            const Place place = placeOf(error.source().begin);
            document.mistakes.push_back({place, plainWords(error.description())});
            const std::string before = usable;
            leaveOutLine(usable, scan, place.line, document.brokenLines);
            if (usable == before) break;
        }
    }
    return document;
}

} // namespace lazulite::pipeline
