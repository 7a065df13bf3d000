#include "schema_check.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "lazulite/core/dtype.h"
#include "lazulite/core/spelling.h"
#include "lazulite/core/units.h"
#include "slice_text.h"

namespace lazulite::pipeline {

namespace {

/// "\"max\", \"mean\" or \"sum\""
std::string alternatives(const std::vector<std::string>& words) {
    std::string text;
    for (std::size_t i = 0; i < words.size(); ++i) {
        if (i > 0) text += i + 1 == words.size() ? " or " : ", ";
        text += fmt::format("\"{}\"", words[i]);
    }
    return text;
}

std::string withUnit(double value, const std::string& unit) {
    return numberText(value, 12) + (unit.empty() ? "" : " " + unit);
}

class Checker {
public:
    explicit Checker(const ParameterSchema& parameter) : parameter_(parameter) {}

    std::vector<Mistake> run(const Value& value) {
        const auto* table = value.get<Value::Table>();
        if (parameter_.perChannel && table != nullptr) {
            if (table->empty()) add(value, "names no channel; write {{ ch0 = ..., ch1 = ... }}");
            for (const Setting& entry : *table) check(entry.value);
        } else {
            check(value);
        }
        return std::move(mistakes_);
    }

private:
    template <typename... Arguments>
    void add(const Value& value, fmt::format_string<Arguments...> text, Arguments&&... arguments) {
        mistakes_.push_back({value.place(), fmt::format("`{}` {}", parameter_.key,
                                                        fmt::format(text, std::forward<Arguments>(arguments)...))});
    }

    void check(const Value& value) {
        switch (parameter_.kind) {
            case ParameterKind::Number:
            case ParameterKind::Integer:
            case ParameterKind::Timepoint:
                return checkNumber(value);
            case ParameterKind::Boolean:
                if (value.get<bool>() == nullptr) add(value, "is true or false, not {}", kindOf(value));
                return;
            case ParameterKind::Text:
            case ParameterKind::Expression:
                return checkText(value, "a text in quotes");
            case ParameterKind::Path:
                return checkText(value, parameter_.perChannel
                                            ? "the path of a file, or a table such as { ch0 = \"file\" }"
                                            : "the path of a file");
            case ParameterKind::Choice:
                return checkWord(value, parameter_.words);
            case ParameterKind::Dtype:
                return checkDtype(value);
            case ParameterKind::Slice:
                return checkSlice(value);
            case ParameterKind::Vector:
            case ParameterKind::Counts:
                return checkVector(value);
            case ParameterKind::Matrix:
                return checkMatrix(value);
            case ParameterKind::Names:
                return checkNames(value);
            case ParameterKind::Shifts:
                return checkShifts(value);
            case ParameterKind::Position:
                if (value.get<std::int64_t>() == nullptr) checkText(value, "an index or a label");
                return;
        }
    }

    bool isWhole() const {
        return parameter_.kind == ParameterKind::Integer || parameter_.kind == ParameterKind::Timepoint ||
               parameter_.kind == ParameterKind::Counts;
    }

    std::string wanted() const {
        std::string text = isWhole() ? "a whole number" : "a number";
        if (!parameter_.unit.empty()) text += fmt::format(" ({})", parameter_.unit);
        if (!parameter_.words.empty()) text += " or " + alternatives(parameter_.words);
        if (parameter_.perChannel) text += ", or a table such as { ch0 = ..., ch1 = ... }";
        return text;
    }

    void checkNumber(const Value& value) {
        if (const auto* word = value.get<std::string>(); word != nullptr && !parameter_.words.empty()) {
            if (std::find(parameter_.words.begin(), parameter_.words.end(), *word) != parameter_.words.end()) return;
        }
        checkOneNumber(value, wanted());
    }

    /// A number of the parameter's kind and range; `wanted` says what it should be.
    void checkOneNumber(const Value& value, const std::string& wanted) {
        const auto number = value.number();
        if (!number || (isWhole() && value.get<std::int64_t>() == nullptr)) {
            return add(value, "is {}, not {}", wanted, kindOf(value));
        }
        if (!std::isfinite(*number)) return add(value, "must be a finite number");
        const double low = parameter_.kind == ParameterKind::Timepoint ? 0 : parameter_.low.value_or(*number);
        const double high = parameter_.high.value_or(*number);
        if (*number >= low && *number <= high) return;
        const bool both = parameter_.low && parameter_.high;
        const std::string range = both
                                      ? fmt::format("from {} to {}", withUnit(low, ""), withUnit(high, parameter_.unit))
                                  : *number < low ? fmt::format("at least {}", withUnit(low, parameter_.unit))
                                                  : fmt::format("at most {}", withUnit(high, parameter_.unit));
        add(value, "must be {}, not {}", range, withUnit(*number, ""));
    }

    void checkText(const Value& value, const std::string& wanted) {
        const auto* text = value.get<std::string>();
        if (text == nullptr) return add(value, "is {}, not {}", wanted, kindOf(value));
        if (text->empty()) return add(value, "is empty; write {}", wanted);
        if (text->find('\0') != std::string::npos) add(value, "holds a character of code 0");
    }

    void checkWord(const Value& value, const std::vector<std::string>& words) {
        const auto* word = value.get<std::string>();
        if (word == nullptr) return add(value, "is one of {}, not {}", alternatives(words), kindOf(value));
        if (std::find(words.begin(), words.end(), *word) != words.end()) return;
        const std::string guess = nearest(*word, words);
        add(value, "is one of {}, not \"{}\"{}", alternatives(words), *word,
            guess.empty() ? "" : fmt::format("; did you mean \"{}\"?", guess));
    }

    void checkDtype(const Value& value) {
        std::vector<std::string> names;
        for (int type = 0; type <= static_cast<int>(DType::Float64); ++type) {
            names.emplace_back(toString(static_cast<DType>(type)));
        }
        checkWord(value, names);
    }

    void checkSlice(const Value& value) {
        const auto* text = value.get<std::string>();
        if (text != nullptr) {
            const auto slice = parseSlice(*text);
            if (!slice)
                mistakes_.push_back({value.place(), fmt::format("`{}`: {}", parameter_.key, slice.error().message)});
            return;
        }
        if (value.get<std::int64_t>() != nullptr) {
            return add(value, "is a range such as \"2:\"; op = \"select\" takes one position of an axis");
        }
        add(value, "is a range in quotes such as \"2:\", \"10:-20\" or \":500\", not {}", kindOf(value));
    }

    void checkVector(const Value& value) {
        const std::string three = fmt::format("[z, y, x]{}{}{}", isWhole() ? " of whole numbers" : "",
                                              parameter_.unit.empty() ? "" : fmt::format(" ({})", parameter_.unit),
                                              parameter_.oneForAll ? " or one number for all three" : "");
        const auto* list = value.get<Value::List>();
        if (list == nullptr) {
            if (parameter_.oneForAll && value.number()) return checkOneNumber(value, three);
            return add(value, "is {}, not {}", three, kindOf(value));
        }
        if (list->size() != 3) return add(value, "is {}: three numbers, not {}", three, list->size());
        for (const Value& item : *list) checkOneNumber(item, three);
    }

    void checkMatrix(const Value& value) {
        constexpr const char* kWanted = "a list of 3 or 4 rows of 4 numbers";
        const auto* rows = value.get<Value::List>();
        if (rows == nullptr) return add(value, "is {}, not {}", kWanted, kindOf(value));
        if (rows->size() != 3 && rows->size() != 4)
            return add(value, "is {}; there are {} rows", kWanted, rows->size());
        for (const Value& row : *rows) {
            const auto* numbers = row.get<Value::List>();
            if (numbers == nullptr || numbers->size() != 4) {
                add(row, "is {}; this row is {}", kWanted,
                    numbers == nullptr ? kindOf(row) : fmt::format("{} numbers", numbers->size()));
                continue;
            }
            for (const Value& item : *numbers) checkOneNumber(item, kWanted);
        }
        if (!mistakes_.empty() || rows->size() == 3) return;
        const Value::List& last = *rows->back().get<Value::List>();
        for (std::size_t i = 0; i < 4; ++i) {
            if (*last[i].number() == (i == 3 ? 1.0 : 0.0)) continue;
            return add(rows->back(), "must end with the row [0, 0, 0, 1]");
        }
    }

    void checkNames(const Value& value) {
        const auto* list = value.get<Value::List>();
        if (list == nullptr) return add(value, "is a list of axes such as [\"t\", \"z\"], not {}", kindOf(value));
        if (list->empty()) return add(value, "is empty; name the axes");
        std::vector<std::string> seen;
        for (const Value& item : *list) {
            const auto* name = item.get<std::string>();
            if (name == nullptr || name->empty()) {
                add(item, "is a list of axes such as [\"t\", \"z\"]; this entry is {}", kindOf(item));
            } else if (std::find(seen.begin(), seen.end(), *name) != seen.end()) {
                add(item, "names the axis \"{}\" twice", *name);
            } else {
                seen.push_back(*name);
            }
        }
    }

    void checkShifts(const Value& value) {
        constexpr const char* kWanted = "a list with one [z, y, x] a timepoint, or the path of a table";
        if (value.get<std::string>() != nullptr) return checkText(value, kWanted);
        const auto* rows = value.get<Value::List>();
        if (rows == nullptr) return add(value, "is {}, not {}", kWanted, kindOf(value));
        if (rows->empty()) return add(value, "is empty; write {}", kWanted);
        for (const Value& row : *rows) {
            const auto* numbers = row.get<Value::List>();
            if (numbers == nullptr || numbers->size() != 3) {
                add(row, "is {}; this entry is {}", kWanted,
                    numbers == nullptr ? kindOf(row) : fmt::format("{} numbers", numbers->size()));
                continue;
            }
            for (const Value& item : *numbers) checkOneNumber(item, kWanted);
        }
    }

    const ParameterSchema& parameter_;
    std::vector<Mistake> mistakes_;
};

} // namespace

std::string kindOf(const Value& value) {
    if (const auto* text = value.get<std::string>()) {
        return text->size() <= 40 ? fmt::format("the text \"{}\"", *text) : "a text";
    }
    if (value.get<bool>() != nullptr) return value.toml();
    if (value.get<std::int64_t>() != nullptr || value.get<double>() != nullptr) return value.toml();
    if (const auto* list = value.get<Value::List>()) return list->empty() ? "an empty list" : "a list";
    return "a table";
}

std::vector<Mistake> mistakesIn(const ParameterSchema& parameter, const Value& value) {
    return Checker(parameter).run(value);
}

std::optional<std::string> mistakeIn(const ParameterSchema& parameter, const Value& value) {
    const std::vector<Mistake> mistakes = mistakesIn(parameter, value);
    if (mistakes.empty()) return std::nullopt;
    return mistakes.front().text;
}

} // namespace lazulite::pipeline
