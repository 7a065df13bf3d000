#include "series/field_roles.h"

#include <algorithm>
#include <string>

#include "series/name_text.h"

namespace lazulite::io::series {

namespace {

/// Reads the surroundings of one field in the reference shape.
class Surroundings {
public:
    Surroundings(const NameShape& shape, TokenSpan span) : shape_(shape), first_(span.first), end_(span.second) {}

    bool atStart() const { return first_ == 0; }
    /// The token before (`distance` 1 is the neighbour) where it is of that kind, else "".
    std::string_view before(std::size_t distance, TokenKind kind) const {
        return first_ >= distance && shape_.tokens[first_ - distance].kind == kind ? shape_.text(first_ - distance)
                                                                                   : "";
    }
    std::string_view behind(std::size_t distance, TokenKind kind) const {
        const std::size_t at = end_ - 1 + distance;
        return at < shape_.tokens.size() && shape_.tokens[at].kind == kind ? shape_.text(at) : "";
    }
    bool startsPart() const { return first_ == 0 || !before(1, TokenKind::Separator).empty(); }
    bool endsPart(std::size_t at) const {
        return at >= shape_.tokens.size() || shape_.tokens[at].kind == TokenKind::Separator;
    }
    bool suffixEndsPart() const { return endsPart(end_ + 1U); }
    bool endsPart() const { return endsPart(end_); }
    /// Whether the word before starts its part: "_A01", not "T0001F001".
    bool wordStartsPart() const {
        return first_ == 1 || (first_ >= 2 && shape_.tokens[first_ - 2U].kind == TokenKind::Separator);
    }
    std::string_view text() const {
        return std::string_view(shape_.example)
            .substr(shape_.tokens[first_].begin, shape_.tokens[end_ - 1U].end - shape_.tokens[first_].begin);
    }

private:
    const NameShape& shape_;
    std::size_t first_;
    std::size_t end_;
};

void set(NameField& field, const FieldWord& word, std::string_view text) {
    field.role = word.role;
    field.strength = word.strength;
    field.word = lowered(text);
}

bool isRowLetter(std::string_view word) {
    return word.size() == 1 && word[0] >= 'A' && word[0] <= 'P';
}

NameField numberField(const Surroundings& around, bool wordVaries) {
    NameField field;
    const std::string_view suffix = around.behind(1, TokenKind::Word);
    if (const auto known = knownSuffix(suffix); known && around.suffixEndsPart()) {
        const bool letter = suffix.size() == 1; // "000x" stands for itself only where no word claims the number
        if (!letter || around.startsPart()) {
            set(field, *known, suffix);
            return field;
        }
    }
    const std::string_view word = wordVaries ? std::string_view() : around.before(1, TokenKind::Word);
    if (!word.empty()) {
        if (const auto known = knownField(word)) {
            set(field, *known, word);
        } else if (namesDye(word)) {
            set(field, {"", FieldRole::Dye, 1}, word);
        } else if (isRowLetter(word) && around.wordStartsPart() && around.endsPart()) {
            set(field, {"", FieldRole::Well, 1}, word);
        } else {
            field.word = lowered(word);
        }
        return field;
    }
    const std::string_view separator = around.before(1, TokenKind::Separator);
    const std::string_view earlier = around.before(2, TokenKind::Word);
    if (separator.size() == 1 && separator != "/" && !earlier.empty() && around.before(3, TokenKind::Number).empty()) {
        const auto known = knownField(earlier);
        if (known && (earlier.size() > 1 || separator == "=")) {
            set(field, *known, earlier);
        } else if (!known && lowered(earlier).size() > 1) {
            field.word = lowered(earlier);
        }
    }
    return field;
}

/// The different texts of a text field, with their numbers as in each shape's first name.
std::vector<std::string_view> textsOf(const std::vector<NameShape>& shapes, const Alignment& alignment,
                                      std::size_t field) {
    std::vector<std::string_view> texts;
    for (std::size_t m = 0; m < alignment.members.size(); ++m) {
        texts.push_back(Surroundings(shapes[alignment.members[m]], alignment.spans[m][field]).text());
    }
    return texts;
}

NameField textField(const Surroundings& around, const std::vector<std::string_view>& texts, TokenKind kind) {
    NameField field;
    field.text = true;
    if (kind == TokenKind::Opaque) {
        field.opaque = true;
        return field;
    }
    const bool numberFollows = !around.behind(1, TokenKind::Number).empty();
    const auto allOf = [&](auto&& test) { return std::all_of(texts.begin(), texts.end(), test); };
    if (kind == TokenKind::Label || std::any_of(texts.begin(), texts.end(), namesDye)) {
        set(field, {"", FieldRole::Dye, 3}, "");
    } else if (allOf(namesCamera)) {
        set(field, {"", FieldRole::Camera, 3}, "cam");
    } else if (numberFollows && allOf(isRowLetter) && around.startsPart()) {
        set(field, {"", FieldRole::Well, 3}, "well");
    } else if (const auto word = around.before(2, TokenKind::Word);
               !word.empty() && !around.before(1, TokenKind::Separator).empty()) {
        const auto known = knownField(word); // "channel_GFPx"
        if (known && known->role == FieldRole::Channel && word.size() > 1) set(field, {"", FieldRole::Dye, 2}, word);
    }
    return field;
}

bool hasRole(const std::vector<NameField>& fields, FieldRole role) {
    return std::any_of(fields.begin(), fields.end(), [&](const NameField& f) { return f.role == role; });
}

/// img_000000000_DAPI_000: time, channel name, z.
void readOldMicroManager(const NameShape& shape, const std::vector<TokenSpan>& spans, std::vector<NameField>& fields) {
    constexpr std::size_t kTimeDigits = 9;
    constexpr std::size_t kDepthDigits = 3;
    const std::size_t slash = shape.example.rfind('/');
    const std::size_t start = slash == std::string::npos ? 0 : slash + 1;
    if (!startsWith(std::string_view(shape.example).substr(start), "img_")) return;
    std::size_t time = fields.size();
    for (std::size_t f = 0; f < fields.size() && time == fields.size(); ++f) {
        if (shape.tokens[spans[f].first].begin == start + 4) time = f;
    }
    if (time == fields.size() || fields.empty() || time + 1 > fields.size()) return;
    const Token& first = shape.tokens[spans[time].first];
    const Token& last = shape.tokens.back();
    if (first.kind != TokenKind::Number || first.end - first.begin != kTimeDigits || last.kind != TokenKind::Number ||
        last.end - last.begin != kDepthDigits || &first == &last || shape.text(spans[time].second) != "_") {
        return;
    }
    fields[time].role = FieldRole::Time;
    fields[time].word = "time";
    for (std::size_t f = time + 1; f + 1 < fields.size(); ++f) {
        fields[f].role = FieldRole::Dye;
        fields[f].word.clear();
    }
    fields.back().role = FieldRole::Depth;
    fields.back().word = "z";
}

/// r01c02f03p04-ch1sk5: row, column, field, plane, channel, time.
void readRowsAndColumns(std::vector<NameField>& fields) {
    for (std::size_t f = 0; f + 1 < fields.size(); ++f) {
        if (fields[f].word != "r" || fields[f + 1].word != "c" || fields[f].text || fields[f + 1].text) continue;
        fields[f].role = fields[f + 1].role = FieldRole::Well;
        for (std::size_t g = f + 2; g < fields.size(); ++g) {
            if (fields[g].word == "p") fields[g].role = FieldRole::Depth;
            if (fields[g].word == "sk") fields[g].role = FieldRole::Time;
        }
        return;
    }
}

void readTiles(std::vector<NameField>& fields) {
    if (hasRole(fields, FieldRole::TileX) && hasRole(fields, FieldRole::TileY)) return;
    for (NameField& field : fields) {
        if (field.role == FieldRole::TileZ) field.role = FieldRole::Depth;
        if (field.role == FieldRole::TileX || field.role == FieldRole::TileY) field.role = FieldRole::Other;
        if (field.role == FieldRole::Other && (field.word == "x" || field.word == "y"))
            field.word = "tile" + field.word;
    }
}

} // namespace

std::vector<NameField> fieldRoles(const std::vector<NameShape>& shapes, const Alignment& alignment) {
    const NameShape& reference = shapes[alignment.reference];
    std::vector<NameField> fields;
    for (std::size_t f = 0; f < alignment.textField.size(); ++f) {
        const TokenSpan span = alignment.spans[0][f];
        const Surroundings around(reference, span);
        if (alignment.textField[f]) {
            fields.push_back(textField(around, textsOf(shapes, alignment, f), reference.tokens[span.first].kind));
            continue;
        }
        const bool wordVaries = f > 0 && alignment.textField[f - 1] && alignment.spans[0][f - 1].second == span.first;
        fields.push_back(numberField(around, wordVaries));
        if (wordVaries && fields[f - 1].role == FieldRole::Well) set(fields[f], {"", FieldRole::Well, 3}, "well");
        if (wordVaries && fields[f - 1].role == FieldRole::Dye) set(fields[f], {"", FieldRole::Dye, 3}, "");
    }
    // A row C of a plate looks like a channel; another channel field beside it tells.
    for (std::size_t f = 0; f < fields.size(); ++f) {
        const Surroundings around(reference, alignment.spans[0][f]);
        const auto isOtherChannel = [&](const NameField& other) {
            return &other != &fields[f] && other.role == FieldRole::Channel;
        };
        if (fields[f].role == FieldRole::Channel && around.before(1, TokenKind::Word) == "C" &&
            around.wordStartsPart() && around.endsPart() && std::any_of(fields.begin(), fields.end(), isOtherChannel)) {
            fields[f].role = FieldRole::Well;
        }
    }
    readRowsAndColumns(fields);
    readTiles(fields);
    readOldMicroManager(reference, alignment.spans[0], fields);
    return fields;
}

} // namespace lazulite::io::series
