#include "toml_scan.h"

#include <fmt/format.h>

#include <algorithm>

namespace lazulite::pipeline {

namespace {

constexpr std::size_t kMostMistakes = 20; ///< past that it is no config
constexpr int kDeepest = 16; ///< lists and tables in each other, or parts of a key: more than any config has

bool isBlank(char c) {
    return c == ' ' || c == '\t' || c == '\r';
}

bool isBare(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
}

bool startsCharacter(char c) {
    return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U;
}

class Scanner {
public:
    explicit Scanner(std::string_view text) : text_(text) {
        if (text_.starts_with("\xEF\xBB\xBF")) position_ = 3;
    }

    Scan run() {
        while (position_ < text_.size()) {
            const std::size_t lineBegin = position_;
            skipBlanks();
            if (atLineEnd()) {
                toNextLine();
            } else {
                readStatement(lineBegin);
            }
        }
        return std::move(scan_);
    }

private:
    char peek(std::size_t ahead = 0) const {
        return position_ + ahead < text_.size() ? text_[position_ + ahead] : '\0';
    }
    bool finished() const { return position_ >= text_.size(); }
    bool atLineEnd() const { return finished() || peek() == '\n' || peek() == '#'; }
    void skipBlanks() {
        while (!finished() && isBlank(text_[position_])) ++position_;
    }
    void toLineEnd() { position_ = std::min(text_.find('\n', position_), text_.size()); }
    void toNextLine() {
        toLineEnd();
        if (finished()) return;
        ++position_;
        ++line_;
    }

    void mistake(std::size_t offset, std::string text) {
        if (scan_.mistakes.size() == kMostMistakes) return;
        scan_.mistakes.push_back({placeOf(text_, offset), std::move(text), scan_.statements.size()});
    }

    void readStatement(std::size_t lineBegin) {
        Statement statement;
        statement.begin = lineBegin;
        statement.line = line_;
        if (peek() == '[') {
            const bool list = peek(1) == '[';
            statement.kind = list ? Statement::Kind::TableList : Statement::Kind::Table;
            position_ += list ? 2 : 1;
            readKey(statement);
        } else {
            readKey(statement);
            if (peek() == '=') {
                ++position_;
                skipBlanks();
                statement.valueBegin = position_;
                readValue(statement);
            }
        }
        if (peek() != '\n') {
            const std::size_t hash = findComment();
            if (hash != std::string_view::npos) statement.comment = hash;
        }
        statement.lastLine = line_;
        toNextLine();
        statement.end = position_;
        scan_.statements.push_back(std::move(statement));
    }

    /// From here to the end of the line, outside of strings.
    std::size_t findComment() const {
        const std::size_t lineEnd = std::min(text_.find('\n', position_), text_.size());
        char quote = '\0';
        for (std::size_t i = position_; i < lineEnd; ++i) {
            const char c = text_[i];
            if (quote != '\0') {
                if (c == '\\' && quote == '"') ++i;
                if (c == quote) quote = '\0';
            } else if (c == '"' || c == '\'') {
                quote = c;
            } else if (c == '#') {
                return i;
            }
        }
        return std::string_view::npos;
    }

    void readKey(Statement& statement) {
        const std::size_t begin = position_;
        while (true) {
            skipBlanks();
            std::string part;
            if (peek() == '"' || peek() == '\'') {
                const char quote = peek();
                const std::size_t close = text_.find_first_of(std::string{quote, '\n'}, position_ + 1);
                if (close == std::string_view::npos || text_[close] == '\n') break;
                part = std::string(text_.substr(position_ + 1, close - position_ - 1));
                position_ = close + 1;
            } else {
                while (isBare(peek())) part += text_[position_++];
                if (part.empty()) break;
            }
            statement.key.push_back(std::move(part));
            skipBlanks();
            if (peek() != '.') break;
            ++position_;
        }
        if (statement.key.size() > kDeepest) {
            mistake(begin, fmt::format("a key of {} parts is none of a pipeline config", statement.key.size()));
            statement.key.resize(kDeepest);
        }
    }

    void readValue(Statement& statement) {
        int depth = 0;
        int dots = 0; // of a key inside of the value
        std::size_t outermost = position_;
        while (!finished()) {
            const char c = peek();
            if (c == '\n') {
                if (depth == 0) break;
                ++position_;
                ++line_;
                if (!startsStatement()) continue;
                --position_; // the value was not closed: the next line is a statement of its own
                --line_;
                break;
            }
            if (c == '#') {
                if (depth == 0) break;
                const std::size_t begin = position_;
                toLineEnd();
                statement.innerComments.emplace_back(text_.substr(begin, position_ - begin));
                continue;
            }
            if (c == '"' || c == '\'') {
                if (!readString()) break;
                statement.valueEnd = position_;
                continue;
            }
            if (c == '[' || c == '{') {
                if (depth == 0) outermost = position_;
                if (++depth == kDeepest + 1) mistake(position_, "lists and tables are nested too deeply");
            }
            if ((c == ']' || c == '}') && depth > 0) --depth;
            if (std::string_view("[]{},=").find(c) != std::string_view::npos) dots = 0;
            if (c == '.' && ++dots == kDeepest) mistake(position_, "this key has too many parts for a pipeline config");
            ++position_;
            if (!isBlank(c)) statement.valueEnd = position_;
        }
        if (depth > 0 && (scan_.mistakes.empty() || scan_.mistakes.back().statement != scan_.statements.size())) {
            mistake(outermost, text_[outermost] == '[' ? "this list is not closed; a ']' is missing"
                                                       : "this table is not closed; a '}' is missing");
        }
        statement.valueEnd = std::max(statement.valueEnd, statement.valueBegin);
    }

    /// Whether the line that begins here can only be a statement, even inside of a list: [name], [[name]], name =
    bool startsStatement() const {
        std::size_t i = position_;
        while (i < text_.size() && isBlank(text_[i])) ++i;
        int brackets = 0;
        while (i < text_.size() && text_[i] == '[' && brackets < 2) ++i, ++brackets;
        const std::size_t wordBegin = i;
        while (i < text_.size() && (isBare(text_[i]) || text_[i] == '.')) ++i;
        const std::string_view word = text_.substr(wordBegin, i - wordBegin);
        if (word.empty()) return false;
        if (brackets > 0) {
            const bool value = word == "true" || word == "false" || word == "inf" || word == "nan";
            return !value && (word[0] < '0' || word[0] > '9') && word[0] != '-' && i < text_.size() && text_[i] == ']';
        }
        while (i < text_.size() && isBlank(text_[i])) ++i;
        return i < text_.size() && text_[i] == '=';
    }

    /// Stands behind the string afterwards; false (and a mistake) where it is not closed.
    bool readString() {
        const std::size_t begin = position_;
        const char quote = peek();
        const bool multiline = peek(1) == quote && peek(2) == quote;
        position_ += multiline ? 3 : 1;
        while (!finished()) {
            const char c = peek();
            if (c == '\n') {
                if (!multiline) break;
                ++line_;
            }
            if (c == '\\' && quote == '"' && peek(1) != '\n') {
                position_ += 2;
                continue;
            }
            if (c == quote && (!multiline || (peek(1) == quote && peek(2) == quote))) {
                position_ += multiline ? 3 : 1;
                while (multiline && peek() == quote) ++position_; // up to two quotes may stand before the closing ones
                return true;
            }
            ++position_;
        }
        position_ = std::min(position_, text_.size());
        mistake(begin, fmt::format("this text is not closed; a {} is missing",
                                   multiline ? std::string(3, quote) : std::string(1, quote)));
        return false;
    }

    std::string_view text_;
    std::size_t position_ = 0;
    int line_ = 1;
    Scan scan_;
};

} // namespace

Scan scanToml(std::string_view text) {
    return Scanner(text).run();
}

Place placeOf(std::string_view text, std::size_t offset) {
    const std::string_view before = text.substr(0, offset);
    const std::size_t lineBegin = before.rfind('\n') == std::string_view::npos ? 0 : before.rfind('\n') + 1;
    return {1 + static_cast<int>(std::count(before.begin(), before.end(), '\n')),
            1 + static_cast<int>(std::count_if(before.begin() + static_cast<std::ptrdiff_t>(lineBegin), before.end(),
                                               startsCharacter))};
}

Place placeInString(std::string_view text, Place string, std::size_t offset) {
    std::size_t at = 0;
    for (int line = 1; line < string.line; ++line) at = std::min(text.find('\n', at), text.size() - 1) + 1;
    for (int column = 1; column < string.column && at < text.size(); ++column) {
        ++at;
        while (at < text.size() && !startsCharacter(text[at])) ++at;
    }
    if (at >= text.size() || (text[at] != '"' && text[at] != '\'')) return string;
    const char quote = text[at];
    const bool multiline = text.substr(at, 3) == std::string(3, quote);
    at += multiline ? 3 : 1;
    if (multiline && text.substr(at, 1) == "\n") ++at; // the first line break of such a text does not count
    for (std::size_t i = 0; i < offset && at < text.size(); ++i) {
        const bool escape = quote == '"' && text[at] == '\\' && at + 1 < text.size();
        if (escape) at += text[at + 1] == 'u' ? 5 : text[at + 1] == 'U' ? 9 : 1;
        ++at;
    }
    return placeOf(text, std::min(at, text.size()));
}

} // namespace lazulite::pipeline
