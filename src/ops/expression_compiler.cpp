#include "expression_compiler.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <limits>
#include <numbers>
#include <optional>
#include <utility>

#include "expression_graph.h"

namespace lazulite::ops {

using compute::Opcode;

namespace {

constexpr std::size_t kMostCharacters = 4000;
constexpr int kDeepest = 100; ///< parentheses within parentheses

struct Function {
    std::string_view name;
    Opcode opcode;
    std::size_t values;
    std::string_view form;
};

constexpr std::array kFunctions{
    Function{"abs", Opcode::Abs, 1, "abs(v)"},
    Function{"ceil", Opcode::Ceil, 1, "ceil(v)"},
    Function{"clip", Opcode::Clip, 3, "clip(v, low, high)"},
    Function{"exp", Opcode::Exp, 1, "exp(v)"},
    Function{"floor", Opcode::Floor, 1, "floor(v)"},
    Function{"log", Opcode::Log, 1, "log(v)"},
    Function{"log10", Opcode::Log10, 1, "log10(v)"},
    Function{"log2", Opcode::Log2, 1, "log2(v)"},
    Function{"max", Opcode::Max, 2, "max(a, b)"},
    Function{"min", Opcode::Min, 2, "min(a, b)"},
    Function{"round", Opcode::Round, 1, "round(v)"},
    Function{"sqrt", Opcode::Sqrt, 1, "sqrt(v)"},
    Function{"where", Opcode::Where, 3, "where(condition, a, b)"},
};

constexpr std::array<std::pair<std::string_view, double>, 3> kNumbers{{
    {"inf", std::numeric_limits<double>::infinity()},
    {"nan", std::numeric_limits<double>::quiet_NaN()},
    {"pi", std::numbers::pi},
}};

constexpr std::array<std::pair<std::string_view, Opcode>, 6> kComparisons{{
    {"<=", Opcode::LessOrEqual}, // before "<", which they begin with
    {">=", Opcode::GreaterOrEqual},
    {"==", Opcode::Equal},
    {"!=", Opcode::NotEqual},
    {"<", Opcode::Less},
    {">", Opcode::Greater},
}};

bool isDigit(char c) {
    return c >= '0' && c <= '9';
}
bool isLetter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}
bool isBlank(char c) {
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

std::string channelsText(std::int64_t channels) {
    if (channels == 1) return "ch0 alone";
    if (channels == 2) return "ch0 and ch1";
    return fmt::format("ch0 to ch{}", channels - 1);
}

/// Recursive descent over the text; ends with an ExpressionMistake thrown at the first one.
class Parser {
public:
    using Node = ExpressionGraph::Node;

    Parser(std::string_view text, std::int64_t channels, std::span<const std::string> labels)
        : text_(text), channels_(channels), labels_(labels) {}

    CompiledExpression parse() {
        if (text_.size() > kMostCharacters) fail(kMostCharacters, "the expression is too long");
        skipBlanks();
        if (atEnd()) fail(at_, "the expression is empty; write one such as ch1 / ch0");
        const Node root = comparison();
        if (!atEnd()) fail(at_, unexpected());
        auto code = graph_.codeFor(root);
        if (!code) fail(0, "the expression has too many operations; make it two steps");
        if (code->channels.empty()) fail(0, "the expression depends on no channel, such as ch0");
        return {code->expression, std::move(code->channels)};
    }

private:
    [[noreturn]] static void fail(std::size_t column, std::string message) {
        throw ExpressionMistake{column, std::move(message)};
    }

    bool atEnd() const { return at_ == text_.size(); }
    char here() const { return atEnd() ? '\0' : text_[at_]; }
    void skipBlanks() {
        while (!atEnd() && isBlank(text_[at_])) ++at_;
    }
    bool take(std::string_view token) {
        if (!text_.substr(at_).starts_with(token)) return false;
        at_ += token.size();
        skipBlanks();
        return true;
    }
    std::string unexpected() const {
        if (atEnd()) return "the expression ends where a value is needed";
        if (here() == ')') return "this ) closes nothing";
        if (isLetter(here()) || isDigit(here()) || here() == '(') return "an operator is missing before this";
        if (here() == '=') return "= assigns nothing here; compare with ==";
        if (static_cast<unsigned char>(here()) >= 0x80 || here() < ' ') return "a character that means nothing here";
        return fmt::format("{} makes no sense here", here());
    }

    Node comparison() {
        if (++depth_ > kDeepest) fail(at_, "too many parentheses within parentheses");
        const Node left = sum();
        Node result = left;
        if (const auto opcode = takeComparison()) {
            result = graph_.apply(*opcode, left, sum());
            const std::size_t second = at_;
            if (takeComparison()) fail(second, "put one of the two comparisons in parentheses");
        }
        --depth_;
        return result;
    }

    std::optional<Opcode> takeComparison() {
        for (const auto& [token, opcode] : kComparisons) {
            if (take(token)) return opcode;
        }
        return std::nullopt;
    }

    Node sum() {
        Node left = product();
        while (true) {
            if (take("+")) {
                left = graph_.apply(Opcode::Add, left, product());
            } else if (take("-")) {
                left = graph_.apply(Opcode::Subtract, left, product());
            } else {
                return left;
            }
        }
    }

    Node product() {
        Node left = signedValue();
        while (true) {
            if (take("*")) {
                left = graph_.apply(Opcode::Multiply, left, signedValue());
            } else if (take("/")) {
                left = graph_.apply(Opcode::Divide, left, signedValue());
            } else {
                return left;
            }
        }
    }

    /// A sign binds less than a power: -2 ^ 2 is -4.
    Node signedValue() {
        bool negative = false;
        while (here() == '-' || here() == '+') {
            negative ^= here() == '-';
            take(text_.substr(at_, 1));
        }
        const Node value = power();
        return negative ? graph_.apply(Opcode::Negate, value) : value;
    }

    Node power() {
        const Node base = value();
        if (!take("^") && !take("**")) return base;
        if (++depth_ > kDeepest) fail(at_, "too many powers of powers");
        const Node exponent = signedValue();
        --depth_;
        return graph_.power(base, exponent);
    }

    Node value() {
        if (isDigit(here()) || here() == '.') return number();
        if (isLetter(here())) return named();
        if (here() == '"' || here() == '\'') return labelled();
        const std::size_t opened = at_;
        if (!take("(")) fail(at_, unexpected());
        const Node inside = comparison();
        close(opened);
        return inside;
    }

    void close(std::size_t opened) {
        if (take(")")) return;
        if (atEnd()) fail(opened, "this ( is not closed");
        fail(at_, unexpected());
    }

    Node number() {
        double value = 0;
        const char* begin = text_.data() + at_;
        const auto [end, problem] = std::from_chars(begin, text_.data() + text_.size(), value);
        if (problem != std::errc()) fail(at_, "this number cannot be read");
        at_ += static_cast<std::size_t>(end - begin);
        if (isLetter(here()) || isDigit(here()) || here() == '.') fail(at_, "an operator is missing behind the number");
        skipBlanks();
        return graph_.constant(value);
    }

    Node named() {
        const std::size_t begin = at_;
        while (isLetter(here()) || isDigit(here())) ++at_;
        const std::string_view name = text_.substr(begin, at_ - begin);
        skipBlanks();
        const std::size_t opened = at_;
        if (take("(")) return call(name, begin, opened);
        for (const auto& [known, value] : kNumbers) {
            if (name == known) return graph_.constant(value);
        }
        if (const auto index = channelIndex(name)) {
            if (*index < 0 || *index >= channels_) {
                fail(begin, fmt::format("there is no channel {}; the data have {}", name, channelsText(channels_)));
            }
            return graph_.channel(*index);
        }
        fail(begin, fmt::format("{} is not known; channels are {}, and functions take their values in parentheses",
                                name, channelsText(channels_)));
    }

    /// The number in "ch12"; -1 where it is too large for any data.
    static std::optional<std::int64_t> channelIndex(std::string_view name) {
        if (name.size() < 3 || !name.starts_with("ch")) return std::nullopt;
        const std::string_view digits = name.substr(2);
        if (!std::all_of(digits.begin(), digits.end(), isDigit)) return std::nullopt;
        std::int64_t index = 0;
        const auto [end, problem] = std::from_chars(digits.data(), digits.data() + digits.size(), index);
        return problem == std::errc() ? index : -1;
    }

    Node labelled() {
        const std::size_t begin = at_;
        const std::size_t end = text_.find(text_[begin], begin + 1);
        if (end == std::string_view::npos) fail(begin, "the quoted label does not end");
        const std::string_view label = text_.substr(begin + 1, end - begin - 1);
        at_ = end + 1;
        skipBlanks();
        const auto known = std::find(labels_.begin(), labels_.end(), label);
        if (known != labels_.end()) return graph_.channel(known - labels_.begin());
        fail(begin, labels_.empty() ? fmt::format("the channels have no labels; write {}", channelsText(channels_))
                                    : fmt::format("no channel is labelled \"{}\"; the labels are \"{}\"", label,
                                                  fmt::join(labels_, "\", \"")));
    }

    Node call(std::string_view name, std::size_t begin, std::size_t opened) {
        const auto function =
            std::find_if(kFunctions.begin(), kFunctions.end(), [&](const Function& f) { return f.name == name; });
        if (function == kFunctions.end()) {
            std::string known;
            for (const Function& f : kFunctions) known += (known.empty() ? "" : ", ") + std::string(f.name);
            fail(begin, fmt::format("there is no function {}; there are {}", name, known));
        }
        std::vector<Node> values;
        if (here() != ')') {
            do values.push_back(comparison());
            while (take(","));
        }
        close(opened);
        const bool reduces = function->opcode == Opcode::Min || function->opcode == Opcode::Max;
        if (values.size() != function->values && !(reduces && values.size() > 2)) {
            fail(begin, fmt::format("{} takes {} {}: {}", name, function->values,
                                    function->values == 1 ? "value" : "values", function->form));
        }
        if (function->values == 1) return graph_.apply(function->opcode, values[0]);
        if (function->values == 3) return graph_.apply(function->opcode, values[0], values[1], values[2]);
        Node result = values[0];
        for (std::size_t i = 1; i < values.size(); ++i) result = graph_.apply(function->opcode, result, values[i]);
        return result;
    }

    std::string_view text_;
    std::int64_t channels_;
    std::span<const std::string> labels_;
    std::size_t at_ = 0;
    int depth_ = 0;
    ExpressionGraph graph_;
};

} // namespace

std::variant<CompiledExpression, ExpressionMistake> compileExpression(std::string_view text, std::int64_t channels,
                                                                      std::span<const std::string> labels) {
    try {
        return Parser(text, channels, labels).parse();
    } catch (const ExpressionMistake& mistake) {
        return mistake;
    }
}

} // namespace lazulite::ops
