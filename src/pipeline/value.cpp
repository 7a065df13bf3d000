#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <string_view>

#include "lazulite/pipeline/config.h"

namespace lazulite::pipeline {

namespace {

bool isBareKey(std::string_view key) {
    return !key.empty() && std::all_of(key.begin(), key.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
    });
}

std::string quoted(std::string_view text) {
    std::string result = "\"";
    for (const char c : text) {
        switch (c) {
            case '"':
                result += "\\\"";
                break;
            case '\\':
                result += "\\\\";
                break;
            case '\n':
                result += "\\n";
                break;
            case '\t':
                result += "\\t";
                break;
            case '\r':
                result += "\\r";
                break;
            default:
                if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F) {
                    result += fmt::format("\\u{:04X}", static_cast<unsigned char>(c));
                } else {
                    result += c;
                }
        }
    }
    return result + "\"";
}

/// The shortest text that reads back as the same float, and never as an integer.
std::string floatText(double value) {
    if (std::isnan(value)) return "nan";
    if (std::isinf(value)) return value < 0 ? "-inf" : "inf";
    std::string text = fmt::format("{}", value);
    if (text.find_first_of(".e") == std::string::npos) text += ".0";
    return text;
}

/// The order of a table's entries means nothing.
bool sameEntries(const Value::Table& a, const Value::Table& b) {
    return a.size() == b.size() && std::all_of(a.begin(), a.end(), [&](const Setting& entry) {
               const Value* other = findIn(b, entry.key);
               return other != nullptr && *other == entry.value;
           });
}

template <typename... Handlers>
struct Overloaded : Handlers... {
    using Handlers::operator()...;
};
template <typename... Handlers>
Overloaded(Handlers...) -> Overloaded<Handlers...>;

} // namespace

Value::Value() = default;
Value::Value(bool value) : value_(value) {}
Value::Value(int value) : value_(static_cast<std::int64_t>(value)) {}
Value::Value(std::int64_t value) : value_(value) {}
Value::Value(double value) : value_(value) {}
Value::Value(std::string value) : value_(std::move(value)) {}
Value::Value(const char* value) : value_(std::string(value)) {}
Value::Value(List value) : value_(std::move(value)) {}
Value::Value(Table value) : value_(std::move(value)) {}
Value::Value(const Value& other) = default;
Value::Value(Value&& other) noexcept = default;
Value& Value::operator=(const Value& other) = default;
Value& Value::operator=(Value&& other) noexcept = default;
Value::~Value() = default;

std::optional<double> Value::number() const {
    if (const auto* whole = get<std::int64_t>()) return static_cast<double>(*whole);
    if (const auto* real = get<double>()) return *real;
    return std::nullopt;
}

std::string Value::toml() const {
    return std::visit(Overloaded{
                          [](std::int64_t value) { return fmt::format("{}", value); },
                          [](bool value) { return std::string(value ? "true" : "false"); },
                          [](double value) { return floatText(value); },
                          [](const std::string& value) { return quoted(value); },
                          [](const List& value) {
                              std::string text = "[";
                              for (const Value& item : value) text += (text.size() == 1 ? "" : ", ") + item.toml();
                              return text + "]";
                          },
                          [](const Table& value) {
                              if (value.empty()) return std::string("{}");
                              std::string text = "{ ";
                              for (const Setting& entry : value) {
                                  if (text.size() > 2) text += ", ";
                                  text += isBareKey(entry.key) ? entry.key : quoted(entry.key);
                                  text += " = " + entry.value.toml();
                              }
                              return text + " }";
                          },
                      },
                      value_);
}

Value Value::at(Place place) && {
    place_ = place;
    return std::move(*this);
}

bool Value::operator==(const Value& other) const {
    const auto* mine = get<Table>();
    const auto* theirs = other.get<Table>();
    if (mine != nullptr && theirs != nullptr) return sameEntries(*mine, *theirs);
    return value_ == other.value_;
}

const Value* findIn(const Value::Table& table, const std::string& key) {
    const auto found = std::find_if(table.begin(), table.end(), [&](const Setting& entry) { return entry.key == key; });
    return found == table.end() ? nullptr : &found->value;
}

std::string Message::toString() const {
    if (place.line == 0) return file.empty() ? text : fmt::format("{}: {}", file, text);
    return fmt::format("{}:{}:{}: {}", file, place.line, place.column, text);
}

const Value* Step::find(const std::string& key) const {
    return findIn(settings, key);
}

void Step::set(const std::string& key, Value value) {
    for (Setting& setting : settings) {
        if (setting.key != key) continue;
        setting.value = std::move(value);
        return;
    }
    settings.push_back({key, std::move(value)});
}

void Step::erase(const std::string& key) {
    std::erase_if(settings, [&](const Setting& setting) { return setting.key == key; });
}

bool Step::operator==(const Step& other) const {
    return op == other.op && label == other.label && enabled == other.enabled && channels == other.channels &&
           sameEntries(settings, other.settings);
}

} // namespace lazulite::pipeline
