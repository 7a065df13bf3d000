#include "config_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>
#include <utility>

namespace lazulite::pipeline {

namespace {

std::string_view trimmed(std::string_view text) {
    constexpr std::string_view kSpace = " \t\r\n";
    const std::size_t first = text.find_first_not_of(kSpace);
    if (first == std::string_view::npos) return {};
    return text.substr(first, text.find_last_not_of(kSpace) - first + 1);
}

Section::Kind kindOf(const Statement& head) {
    const std::string& name = head.key.empty() ? "" : head.key.front();
    if (name == "pipeline") return Section::Kind::Pipeline;
    if (name == "view") return Section::Kind::View;
    if (name == "step") return Section::Kind::Step;
    return Section::Kind::Other;
}

/// Whether a head opens a section of its own, and not an inner table of the one before.
bool opensSection(const Statement& statement) {
    return statement.kind != Statement::Kind::KeyValue && statement.key.size() == 1;
}

} // namespace

std::string entryLine(const std::string& key, const Value& value, const std::string& newline) {
    // A table of one entry is written as TOML writes an entry, but for its braces.
    const std::string table = Value(Value::Table{{key, value}}).toml();
    return table.substr(2, table.size() - 4) + newline;
}

ConfigText::ConfigText(const std::string& text)
    : text_(text), scan_(scanToml(text)), newline_(text.find("\r\n") == std::string::npos ? "\n" : "\r\n") {
    std::size_t end = 0; // of what is a section already
    const auto open = [&](Section::Kind kind, std::size_t begin, std::size_t statement) {
        std::size_t gap = begin;
        while (gap > end &&
               trimmed(std::string_view(text_).substr(lineBegin(gap - 1), gap - lineBegin(gap - 1))).empty()) {
            gap = lineBegin(gap - 1);
        }
        if (!sections_.empty()) {
            sections_.back().end = gap;
            sections_.back().endStatement = statement;
        }
        sections_.push_back({kind, gap, begin, text_.size(), statement, scan_.statements.size()});
    };
    const std::size_t first = text_.find_first_not_of(" \t\r\n");
    if (first == std::string::npos) return;
    for (std::size_t i = 0; i < scan_.statements.size(); ++i) {
        if (!opensSection(scan_.statements[i])) continue;
        std::size_t begin = scan_.statements[i].begin;
        const std::size_t floor = i == 0 ? 0 : scan_.statements[i - 1].end;
        while (begin > floor && text_[begin - 1] == '\n') { // a comment directly above belongs to it
            const std::size_t above = lineBegin(begin - 1);
            if (above < floor || !trimmed(std::string_view(text_).substr(above, begin - above)).starts_with('#')) break;
            begin = above;
        }
        if (sections_.empty() && begin > lineBegin(first)) open(Section::Kind::Other, lineBegin(first), 0);
        open(kindOf(scan_.statements[i]), begin, i);
        end = scan_.statements[i].end;
    }
    if (sections_.empty()) open(Section::Kind::Other, lineBegin(first), 0);
    std::size_t& last = sections_.back().end;
    while (last > 0 &&
           trimmed(std::string_view(text_).substr(lineBegin(last - 1), last - lineBegin(last - 1))).empty()) {
        last = lineBegin(last - 1);
    }
}

std::size_t ConfigText::lineBegin(std::size_t offset) const {
    const std::size_t before = offset == 0 ? std::string::npos : text_.rfind('\n', offset - 1);
    return before == std::string::npos ? 0 : before + 1;
}

std::string ConfigText::gapBefore(const Section& section) const {
    return text_.substr(section.gap, section.begin - section.gap);
}

std::string ConfigText::tail() const {
    return sections_.empty() ? text_ : text_.substr(sections_.back().end);
}

std::vector<std::size_t> ConfigText::statementsOf(const Section& section, const std::string& key) const {
    std::vector<std::size_t> found;
    std::vector<std::string> inner; // below [section.inner]
    for (std::size_t i = section.firstStatement; i < section.endStatement; ++i) {
        const Statement& statement = scan_.statements[i];
        if (opensSection(statement)) {
            inner.clear();
            continue;
        }
        const bool isHead = statement.kind != Statement::Kind::KeyValue;
        if (isHead) inner.assign(statement.key.begin() + 1, statement.key.end());
        const std::vector<std::string>& path = inner.empty() ? statement.key : inner;
        if (!path.empty() && path.front() == key) found.push_back(i);
    }
    return found;
}

bool ConfigText::standsAlone(const Section& section, std::size_t statement) const {
    if (scan_.statements[statement].kind != Statement::Kind::KeyValue || scan_.statements[statement].key.size() != 1) {
        return false;
    }
    for (std::size_t i = section.firstStatement; i < statement; ++i) {
        const Statement& before = scan_.statements[i];
        if (before.kind != Statement::Kind::KeyValue && !opensSection(before)) return false;
    }
    return true;
}

std::size_t ConfigText::placeForNew(const Section& section) const {
    std::size_t place = section.begin;
    for (std::size_t i = section.firstStatement; i < section.endStatement; ++i) {
        const Statement& statement = scan_.statements[i];
        if (statement.kind != Statement::Kind::KeyValue && !opensSection(statement)) break;
        place = statement.end;
    }
    return place;
}

void ConfigText::erase(const Section& section, const std::string& key, std::vector<Edit>& edits,
                       std::vector<std::string>& lost) const {
    for (const std::size_t index : statementsOf(section, key)) {
        const Statement& statement = scan_.statements[index];
        edits.push_back({statement.begin, statement.end, ""});
        for (const std::string& comment : statement.innerComments) {
            lost.push_back(fmt::format("line {}: {}", statement.line, comment));
        }
        if (statement.comment == std::string::npos) continue;
        const std::string_view comment =
            std::string_view(text_).substr(statement.comment, statement.end - statement.comment);
        lost.push_back(fmt::format("line {}: {}", statement.lastLine, trimmed(comment)));
    }
}

void ConfigText::set(const Section& section, const std::string& key, const Value& value, std::vector<Edit>& edits,
                     std::vector<std::string>& lost) const {
    const std::vector<std::size_t> statements = statementsOf(section, key);
    if (statements.size() == 1 && standsAlone(section, statements.front())) {
        const Statement& statement = scan_.statements[statements.front()];
        edits.push_back({statement.valueBegin, statement.valueEnd, value.toml()});
        for (const std::string& comment : statement.innerComments) {
            lost.push_back(fmt::format("line {}: {}", statement.line, comment));
        }
        return;
    }
    erase(section, key, edits, lost);
    const std::size_t place = placeForNew(section);
    const bool needsNewline = place > 0 && text_[place - 1] != '\n';
    edits.push_back({place, place, (needsNewline ? newline_ : "") + entryLine(key, value, newline_)});
}

std::string ConfigText::edited(const Section& section, const Value::Table& before, const Value::Table& after,
                               std::vector<std::string>& lost) const {
    std::vector<Edit> edits;
    for (const Setting& entry : before) {
        if (findIn(after, entry.key) == nullptr) erase(section, entry.key, edits, lost);
    }
    for (const Setting& entry : after) {
        const Value* old = findIn(before, entry.key);
        if (old == nullptr || !(*old == entry.value)) set(section, entry.key, entry.value, edits, lost);
    }
    std::stable_sort(edits.begin(), edits.end(), [](const Edit& a, const Edit& b) {
        return std::pair(a.begin, a.end) < std::pair(b.begin, b.end); // what is put in comes before what is taken out
    });
    std::string result;
    std::size_t position = section.begin;
    for (const Edit& edit : edits) {
        result += text_.substr(position, edit.begin - position) + edit.text;
        position = edit.end;
    }
    return result + text_.substr(position, section.end - position);
}

void ConfigText::reportComments(const Section& section, std::vector<std::string>& lost) const {
    std::size_t position = section.begin;
    const auto reportLines = [&](std::size_t end) { // between statements there are only comments and blank lines
        while (position < end) {
            const std::size_t next = std::min(text_.find('\n', position), end - 1) + 1;
            const std::string_view line = trimmed(std::string_view(text_).substr(position, next - position));
            if (line.starts_with('#')) lost.push_back(fmt::format("line {}: {}", placeOf(text_, position).line, line));
            position = next;
        }
    };
    for (std::size_t i = section.firstStatement; i < section.endStatement; ++i) {
        const Statement& statement = scan_.statements[i];
        reportLines(statement.begin);
        for (const std::string& comment : statement.innerComments) {
            lost.push_back(fmt::format("line {}: {}", statement.line, comment));
        }
        if (statement.comment != std::string::npos) {
            position = statement.comment;
            reportLines(statement.end);
        }
        position = statement.end;
    }
    reportLines(section.end);
}

} // namespace lazulite::pipeline
