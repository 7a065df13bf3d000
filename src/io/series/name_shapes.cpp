#include "series/name_shapes.h"

#include <algorithm>

#include "series/field_words.h"
#include "series/name_text.h"

namespace lazulite::io::series {

namespace {

/// A field's part of a name between separators that part fields: tokens [begin, end).
struct Chunk {
    std::size_t begin = 0;
    std::size_t end = 0;
};

std::vector<Chunk> chunksOf(const NameShape& shape) {
    std::vector<Chunk> chunks = {{0, 0}};
    for (std::size_t i = 0; i < shape.tokens.size(); ++i) {
        if (shape.tokens[i].kind == TokenKind::Separator && partsFields(shape.text(i))) {
            chunks.back().end = i;
            chunks.push_back({i + 1, i + 1});
        }
    }
    chunks.back().end = shape.tokens.size();
    return chunks;
}

bool sameChunking(const NameShape& a, const std::vector<Chunk>& chunksA, const NameShape& b,
                  const std::vector<Chunk>& chunksB) {
    if (chunksA.size() != chunksB.size()) return false;
    for (std::size_t i = 0; i + 1 < chunksA.size(); ++i) {
        if (a.text(chunksA[i].end) != b.text(chunksB[i].end)) return false;
    }
    return true;
}

/// Tokens that mean the same in two shapes: equal text, or both a number.
bool sameToken(const NameShape& a, std::size_t i, const NameShape& b, std::size_t j) {
    const TokenKind kind = a.tokens[i].kind;
    if (kind != b.tokens[j].kind) return false;
    return (kind != TokenKind::Word && kind != TokenKind::Separator) || a.text(i) == b.text(j);
}

/// Tokens of one kind, where words may differ but separators may not.
bool sameFrame(const NameShape& a, const Chunk& spanA, const NameShape& b, const Chunk& spanB) {
    if (spanA.end - spanA.begin != spanB.end - spanB.begin) return false;
    for (std::size_t i = 0; i < spanA.end - spanA.begin; ++i) {
        if (a.tokens[spanA.begin + i].kind == TokenKind::Word && b.tokens[spanB.begin + i].kind == TokenKind::Word)
            continue;
        if (!sameToken(a, spanA.begin + i, b, spanB.begin + i)) return false;
    }
    return true;
}

class Aligner {
public:
    Aligner(const std::vector<NameShape>& shapes, Alignment& result) : shapes_(shapes), result_(result) {
        result_.spans.assign(result_.members.size(), {});
    }

    /// Aligns one span of every member and adds its fields.
    void align(const std::vector<Chunk>& spans) {
        const auto& reference = member(0);
        if (all([&](std::size_t m) { return sameFrame(reference, spans[0], member(m), spans[m]); })) {
            for (std::size_t i = 0; i < spans[0].end - spans[0].begin; ++i) alignToken(spans, i);
            return;
        }
        std::size_t shortest = spans[0].end - spans[0].begin;
        for (const Chunk& span : spans) shortest = std::min(shortest, span.end - span.begin);
        std::size_t head = 0;
        while (head < shortest && all([&](std::size_t m) {
                   return sameToken(reference, spans[0].begin + head, member(m), spans[m].begin + head);
               })) {
            ++head;
        }
        std::size_t tail = 0;
        while (tail < shortest - head && all([&](std::size_t m) {
                   return sameToken(reference, spans[0].end - 1 - tail, member(m), spans[m].end - 1 - tail);
               })) {
            ++tail;
        }
        // An empty text would be a poor label: take in a neighbour.
        if (head + tail == shortest && head > 0) {
            --head;
        } else if (head + tail == shortest && tail > 0) {
            --tail;
        }
        for (std::size_t i = 0; i < head; ++i) alignToken(spans, i);
        addField(true, [&](std::size_t m) { return Chunk{spans[m].begin + head, spans[m].end - tail}; });
        for (std::size_t i = 0; i < tail; ++i) {
            std::vector<Chunk> ends;
            for (const Chunk& span : spans) ends.push_back({span.end - tail + i, span.end - tail + i + 1});
            alignToken(ends, 0);
        }
    }

private:
    /// Whether `test` holds for every member but the reference.
    template <typename Test>
    bool all(Test&& test) const {
        for (std::size_t m = 1; m < result_.members.size(); ++m) {
            if (!test(m)) return false;
        }
        return true;
    }

    const NameShape& member(std::size_t m) const { return shapes_[result_.members[m]]; }

    void alignToken(const std::vector<Chunk>& spans, std::size_t offset) {
        const auto place = [&](std::size_t m) { return Chunk{spans[m].begin + offset, spans[m].begin + offset + 1}; };
        const std::string_view text = member(0).text(spans[0].begin + offset);
        switch (member(0).tokens[spans[0].begin + offset].kind) {
            case TokenKind::Separator:
                return;
            case TokenKind::Word:
                if (!all([&](std::size_t m) { return member(m).text(spans[m].begin + offset) == text; }))
                    addField(true, place);
                return;
            case TokenKind::Number:
                addField(false, place);
                return;
            case TokenKind::Opaque:
            case TokenKind::Label:
                addField(true, place);
                return;
        }
    }

    template <typename Place>
    void addField(bool text, Place&& place) {
        result_.textField.push_back(text);
        for (std::size_t m = 0; m < result_.members.size(); ++m) {
            const Chunk span = place(m);
            result_.spans[m].emplace_back(static_cast<std::uint8_t>(span.begin), static_cast<std::uint8_t>(span.end));
        }
    }

    const std::vector<NameShape>& shapes_;
    Alignment& result_;
};

/// Whether the shapes differ in a plate's row letter only ("A01", "B01"): rows may be almost empty and still count.
bool differsInRowLetter(const NameShape& a, const NameShape& b) {
    if (a.tokens.size() != b.tokens.size()) return false;
    std::size_t differing = 0;
    for (std::size_t i = 0; i < a.tokens.size(); ++i) {
        if (sameToken(a, i, b, i)) continue;
        const auto isRow = [](std::string_view text) { return text.size() == 1 && text[0] >= 'A' && text[0] <= 'P'; };
        const bool numberFollows = i + 1 < a.tokens.size() && a.tokens[i + 1].kind == TokenKind::Number;
        if (a.tokens[i].kind != TokenKind::Word || !isRow(a.text(i)) || !isRow(b.text(i)) || !numberFollows)
            return false;
        ++differing;
    }
    return differing == 1;
}

/// Whether so many names have this shape, beside the commonest one, that they are no strangers.
bool commonEnough(const NameShape& shape, const NameShape& reference) {
    constexpr std::size_t kQuarter = 4;
    constexpr std::size_t kFew = 2;
    const bool alike = sameFrame(shape, {0, shape.tokens.size()}, reference, {0, reference.tokens.size()});
    if (reference.count < kFew || (reference.count == kFew && alike)) return true;
    return shape.count >= kFew && shape.count * kQuarter >= reference.count;
}

bool namesKnownChannel(const NameShape& shape, const NameShape& reference) {
    for (std::size_t i = 0; i < shape.tokens.size(); ++i) {
        if (shape.tokens[i].kind != TokenKind::Word || !(namesDye(shape.text(i)) || namesCamera(shape.text(i))))
            continue;
        const auto inReference = [&](std::size_t j) { return reference.text(j) == shape.text(i); };
        bool known = false;
        for (std::size_t j = 0; j < reference.tokens.size(); ++j) known = known || inReference(j);
        if (!known) return true;
    }
    return false;
}

std::size_t covered(const std::vector<NameShape>& shapes, const std::vector<std::size_t>& members) {
    std::size_t names = 0;
    for (const std::size_t m : members) names += shapes[m].count;
    return names;
}

/// Shapes of another number of parts that share the beginning or the end with a number in it: "wt_t\0N",
/// "my_mutant_t\0N".
std::vector<std::size_t> sharedAffix(const std::vector<NameShape>& shapes, std::size_t reference) {
    std::vector<std::size_t> members = {reference};
    const NameShape& ref = shapes[reference];
    for (std::size_t s = 0; s < shapes.size(); ++s) {
        if (s == reference || !commonEnough(shapes[s], ref)) continue;
        std::size_t tail = 0;
        bool number = false;
        while (tail < std::min(ref.tokens.size(), shapes[s].tokens.size()) - 1 &&
               sameToken(ref, ref.tokens.size() - 1 - tail, shapes[s], shapes[s].tokens.size() - 1 - tail)) {
            number = number || ref.tokens[ref.tokens.size() - 1 - tail].kind == TokenKind::Number;
            ++tail;
        }
        if (number) members.push_back(s);
    }
    return members;
}

} // namespace

void ShapeTable::count(std::string_view stem) {
    const std::uint32_t known = find(stem, scratch_);
    if (known != kNone) {
        ++shapes_[known].count;
        return;
    }
    if (shapes_.size() >= kMostShapes) {
        ++uncounted_;
        return;
    }
    const auto added = static_cast<std::uint32_t>(shapes_.size());
    index_.emplace(key_, added);
    constexpr std::ptrdiff_t kDashesOfGuid = 4;
    const bool plain = std::count(stem.begin(), stem.end(), '-') < kDashesOfGuid &&
                       std::none_of(scratch_.begin(), scratch_.end(), [](const Token& token) {
                           return token.kind == TokenKind::Opaque || token.kind == TokenKind::Label;
                       });
    shapes_.push_back({std::string(stem), scratch_, 1, plain});
    remember(added);
}

void ShapeTable::remember(std::uint32_t shape) {
    recent_[oldest_] = shape;
    oldest_ = (oldest_ + 1) % kRecentShapes;
}

/// Whether a name has a shape, told by walking along it: much faster than to cut the name up and look its shape up.
bool ShapeTable::follows(std::string_view stem, const NameShape& shape, Tokens& tokens) const {
    constexpr std::size_t kMostDigits = 18;
    tokens.resize(shape.tokens.size());
    std::size_t at = 0;
    for (std::size_t i = 0; i < shape.tokens.size(); ++i) {
        const Token& token = shape.tokens[i];
        std::size_t end = at;
        if (token.kind == TokenKind::Number) {
            while (end < stem.size() && isDigit(stem[end])) ++end;
            if (end == at || end - at > kMostDigits) return false;
        } else {
            const std::string_view text = token.in(shape.example);
            if (stem.substr(at, text.size()) != text) return false;
            end += text.size();
        }
        tokens[i] = {token.kind, static_cast<std::uint16_t>(at), static_cast<std::uint16_t>(end)};
        at = end;
    }
    return at == stem.size();
}

std::uint32_t ShapeTable::find(std::string_view stem, Tokens& tokens) {
    for (const std::uint32_t recent : recent_) {
        if (recent != kNone && shapes_[recent].plain && follows(stem, shapes_[recent], tokens)) return recent;
    }
    tokenise(stem, tokens);
    shapeOf(stem, tokens, key_);
    const auto found = index_.find(key_);
    if (found == index_.end()) return kNone;
    remember(found->second);
    return found->second;
}

Alignment alignShapes(const std::vector<NameShape>& shapes, std::size_t uncounted) {
    Alignment result;
    std::size_t total = uncounted;
    for (std::size_t s = 0; s < shapes.size(); ++s) {
        total += shapes[s].count;
        const NameShape& best = shapes[result.reference];
        if (shapes[s].count > best.count ||
            (shapes[s].count == best.count && compareNaturally(shapes[s].example, best.example) < 0)) {
            result.reference = s;
        }
    }
    const NameShape& reference = shapes[result.reference];
    const auto referenceChunks = chunksOf(reference);
    std::vector<std::size_t> fitting = {result.reference};
    for (std::size_t s = 0; s < shapes.size(); ++s) {
        if (s == result.reference || !sameChunking(reference, referenceChunks, shapes[s], chunksOf(shapes[s])))
            continue;
        if (commonEnough(shapes[s], reference) || differsInRowLetter(shapes[s], reference) ||
            namesKnownChannel(shapes[s], reference)) {
            fitting.push_back(s);
        }
    }
    const auto affix = sharedAffix(shapes, result.reference);
    const bool byAffix = covered(shapes, affix) > covered(shapes, fitting);
    result.members = byAffix ? affix : fitting;
    const std::size_t inside = covered(shapes, result.members);
    if (inside * 2 < total || (reference.count == 1 && inside < total)) {
        result.wholeNames = true;
        return result;
    }
    Aligner aligner(shapes, result);
    if (byAffix) {
        std::vector<Chunk> whole;
        for (const std::size_t m : result.members) whole.push_back({0, shapes[m].tokens.size()});
        aligner.align(whole);
        return result;
    }
    std::vector<std::vector<Chunk>> chunks;
    for (const std::size_t m : result.members) chunks.push_back(chunksOf(shapes[m]));
    for (std::size_t c = 0; c < referenceChunks.size(); ++c) {
        std::vector<Chunk> spans;
        for (const auto& of : chunks) spans.push_back(of[c]);
        aligner.align(spans);
    }
    return result;
}

} // namespace lazulite::io::series
