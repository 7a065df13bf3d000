#include "series/name_pattern.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "lazulite/core/error.h"
#include "series/name_text.h"

namespace lazulite::io::series {

namespace {

/// One step of a pattern.
struct Step {
    enum class Kind { Literal, Any, One, Field } kind = Kind::Literal;
    char literal = 0;
    std::size_t field = 0;
};

/// What fields may take; a name is held against the pattern with the narrowest first.
enum class FieldText { Digits, Word, Any };

/// Names and patterns that would take longer than this to compare do not match: bad input ends soon.
constexpr std::size_t kMostWork = 200000;
constexpr std::size_t kLongestPattern = 4096;

class Matcher : public NamePattern {
public:
    explicit Matcher(const std::string& pattern) : text_(pattern) {
        if (pattern.size() > kLongestPattern) fail("it is longer than 4096 characters");
        for (std::size_t at = 0; at < pattern.size(); ++at) {
            const char c = pattern[at];
            if (c == '*') {
                if (steps_.empty() || steps_.back().kind != Step::Kind::Any) steps_.push_back({Step::Kind::Any});
            } else if (c == '?') {
                steps_.push_back({Step::Kind::One});
            } else if (c == '{') {
                const std::size_t end = pattern.find('}', at);
                if (end == std::string::npos) fail("a \"{\" has no \"}\"");
                addField(pattern.substr(at + 1, end - at - 1));
                at = end;
            } else if (c == '}') {
                fail("a \"}\" has no \"{\"");
            } else {
                steps_.push_back({Step::Kind::Literal, c});
            }
        }
        depth_ = static_cast<std::size_t>(std::count(pattern.begin(), pattern.end(), '/'));
        begins_.resize(fields_.size());
        ends_.resize(fields_.size());
    }

    const std::vector<NameField>& fields() const override { return fields_; }
    std::size_t depth() const override { return depth_; }

    bool matches(std::string_view name) override {
        name_ = depth_ == 0 ? name.substr(name.rfind('/') + 1) : name;
        for (const FieldText allowed : {FieldText::Digits, FieldText::Word, FieldText::Any}) {
            allowed_ = allowed;
            work_ = 0;
            if (match(0, 0)) return true;
            if (fields_.empty()) return false;
        }
        return false;
    }

    bool read(std::string_view name, std::vector<std::string_view>& values) override {
        if (!matches(name)) return false;
        values.clear();
        for (std::size_t f = 0; f < fields_.size(); ++f)
            values.push_back(name_.substr(begins_[f], ends_[f] - begins_[f]));
        return true;
    }

    std::string pattern(const std::vector<std::string>&) const override { return text_; }

private:
    [[noreturn]] void fail(const std::string& reason) const {
        throw Failure(fmt::format("the pattern \"{}\" cannot be used: {}. Write it like *_ch{{c}}_stack{{t}}_*.tif",
                                  printable(text_), reason));
    }

    void addField(const std::string& name) {
        static constexpr std::array<std::string_view, 3> kInner = {"y", "x", "s"};
        if (name.empty() || !(isUpper(name[0]) || isLower(name[0]))) fail("a field has no name");
        for (const char c : name) {
            if (!isDigit(c) && !isUpper(c) && !isLower(c) && c != '_')
                fail(fmt::format("\"{}\" is no axis name", printable(name)));
        }
        if (std::find(kInner.begin(), kInner.end(), name) != kInner.end()) {
            fail(fmt::format("axis {} comes from inside the files", name));
        }
        if (!steps_.empty() && steps_.back().kind == Step::Kind::Field) {
            if (fields_.back().word == name) return; // "{well}{well}" is one text of two parts
            fail("two fields touch; put a text between them");
        }
        NameField field;
        field.word = name;
        field.role = name == "c" ? FieldRole::Channel : name == "t" ? FieldRole::Time : FieldRole::Unknown;
        steps_.push_back({Step::Kind::Field, 0, fields_.size()});
        fields_.push_back(std::move(field));
    }

    bool match(std::size_t step, std::size_t at) {
        if (++work_ > kMostWork) return false;
        while (step < steps_.size()) {
            const Step& now = steps_[step];
            if (now.kind == Step::Kind::Any) return matchAny(step, at, at);
            if (now.kind == Step::Kind::Field) return matchField(step, at);
            if (at >= name_.size()) return false;
            if (now.kind == Step::Kind::One ? name_[at] == '/' : name_[at] != now.literal) return false;
            ++step;
            ++at;
        }
        return at == name_.size();
    }

    bool matchAny(std::size_t step, std::size_t at, std::size_t end) {
        if (step + 1 == steps_.size()) return name_.find('/', at) == std::string_view::npos;
        for (;; ++end) {
            const Step& next = steps_[step + 1];
            const bool hopeless =
                next.kind == Step::Kind::Literal && (end >= name_.size() || name_[end] != next.literal);
            if (!hopeless && match(step + 1, end)) return true;
            if (end >= name_.size() || name_[end] == '/' || work_ > kMostWork) return false;
        }
    }

    bool matchField(std::size_t step, std::size_t at) {
        const std::size_t field = steps_[step].field;
        std::size_t digits = at;
        while (digits < name_.size() && isDigit(name_[digits])) ++digits;
        if (digits > at && accept(step, field, at, digits)) return true;
        if (allowed_ == FieldText::Digits) return false;
        for (std::size_t end = at + 1; end <= name_.size() && name_[end - 1] != '/'; ++end) {
            if (allowed_ == FieldText::Word && name_[end - 1] == '_') return false;
            if (accept(step, field, at, end)) return true;
            if (work_ > kMostWork) return false;
        }
        return false;
    }

    bool accept(std::size_t step, std::size_t field, std::size_t begin, std::size_t end) {
        if (!match(step + 1, end)) return false;
        begins_[field] = begin;
        ends_[field] = end;
        return true;
    }

    std::string text_;
    std::vector<Step> steps_;
    std::vector<NameField> fields_;
    std::size_t depth_ = 0;
    std::string_view name_;
    std::size_t work_ = 0;
    FieldText allowed_ = FieldText::Digits;
    std::vector<std::size_t> begins_;
    std::vector<std::size_t> ends_;
};

} // namespace

std::unique_ptr<NamePattern> NamePattern::parse(const std::string& pattern) {
    return std::make_unique<Matcher>(pattern);
}

bool looksLikePattern(std::string_view path) {
    return path.find_first_of("*?{}") != std::string_view::npos;
}

} // namespace lazulite::io::series
