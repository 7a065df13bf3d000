#include "series/name_family.h"

#include <algorithm>
#include <map>

#include "lazulite/core/error.h"
#include "series/field_roles.h"
#include "series/name_shapes.h"
#include "series/name_text.h"

namespace lazulite::io::series {

namespace {

constexpr std::size_t kStopEvery = 4096;

std::string_view stemOf(std::string_view name) {
    return name.substr(0, std::min(name.size(), tiffStemLength(name)));
}

/// Text for a pattern: what would be taken for a wildcard becomes one that matches it.
std::string literal(std::string text) {
    for (char& c : text) {
        if (c == '*' || c == '{' || c == '}') c = '?';
    }
    return text;
}

class WholeNames : public NameReader {
public:
    WholeNames() : fields_(1) { fields_[0].text = true; }

    const std::vector<NameField>& fields() const override { return fields_; }
    bool read(std::string_view name, std::vector<std::string_view>& values) override {
        values.assign(1, stemOf(name));
        return true;
    }
    std::string pattern(const std::vector<std::string>&) const override { return "*"; }

private:
    std::vector<NameField> fields_;
};

class NameFamily : public NameReader {
public:
    NameFamily(ShapeTable table, Alignment alignment, std::string ending)
        : table_(std::move(table)), alignment_(std::move(alignment)), ending_(std::move(ending)) {
        memberOf_.assign(table_.shapes().size(), ShapeTable::kNone);
        for (std::size_t m = 0; m < alignment_.members.size(); ++m)
            memberOf_[alignment_.members[m]] = static_cast<std::uint32_t>(m);
        fields_ = fieldRoles(table_.shapes(), alignment_);
    }

    const std::vector<NameField>& fields() const override { return fields_; }

    bool read(std::string_view name, std::vector<std::string_view>& values) override {
        const std::string_view stem = stemOf(name);
        const std::uint32_t shape = table_.find(stem, tokens_);
        if (shape == ShapeTable::kNone || memberOf_[shape] == ShapeTable::kNone) return false;
        values.clear();
        for (const auto& [first, last] : alignment_.spans[memberOf_[shape]]) {
            const std::size_t begin = tokens_[first].begin;
            values.push_back(stem.substr(begin, tokens_[last - 1U].end - begin));
        }
        return true;
    }

    std::string pattern(const std::vector<std::string>& inserts) const override {
        const NameShape& reference = table_.shapes()[alignment_.reference];
        std::string text;
        std::size_t at = 0;
        for (std::size_t f = 0; f < fields_.size(); ++f) {
            const auto [first, last] = alignment_.spans[0][f];
            text += literal(reference.example.substr(at, reference.tokens[first].begin - at));
            at = reference.tokens[last - 1U].end;
            if (inserts[f] != "*" || text.empty() || text.back() != '*') text += inserts[f];
        }
        return text + literal(reference.example.substr(at)) + ending_;
    }

private:
    ShapeTable table_;
    Alignment alignment_;
    std::string ending_;
    std::vector<std::uint32_t> memberOf_; ///< shape -> member, kNone for strangers
    std::vector<NameField> fields_;
    Tokens tokens_;
};

} // namespace

std::unique_ptr<NameReader> wholeNameReader() {
    return std::make_unique<WholeNames>();
}

std::unique_ptr<NameReader> findFamily(const NameArena& names, const std::vector<NameArena::Id>& ids,
                                       const std::stop_token& stop) {
    ShapeTable table;
    std::string ending;
    for (std::size_t i = 0; i < ids.size(); ++i) {
        if (i % kStopEvery == 0 && stop.stop_requested()) throw Failure(Error::cancelled());
        const std::string_view name = names.at(ids[i]);
        const std::string_view stem = stemOf(name);
        const std::string_view rest = name.substr(stem.size());
        if (i == 0) ending = rest;
        if (ending != rest) ending = "*";
        table.count(stem);
    }
    if (table.shapes().empty()) return wholeNameReader();
    Alignment alignment = alignShapes(table.shapes(), table.uncounted());
    if (alignment.wholeNames) return wholeNameReader();
    return std::make_unique<NameFamily>(std::move(table), std::move(alignment), std::move(ending));
}

} // namespace lazulite::io::series
