#include "series/name_tokens.h"

#include "series/field_words.h"
#include "series/name_text.h"

namespace lazulite::io::series {

namespace {

constexpr std::size_t kMostDigits = 18;
constexpr std::size_t kGuidLength = 36;

bool isGuidAt(std::string_view text, std::size_t at) {
    if (at + kGuidLength > text.size()) return false;
    for (std::size_t i = 0; i < kGuidLength; ++i) {
        const bool dash = i == 8 || i == 13 || i == 18 || i == 23;
        if (dash ? text[at + i] != '-' : !isHex(text[at + i])) return false;
    }
    return at + kGuidLength == text.size() || !isHex(text[at + kGuidLength]);
}

/// Where the next GUID starts at or behind `from`, or the end of the text. A GUID may follow a digit directly
/// (w1F3A0...).
std::size_t nextGuid(std::string_view text, std::size_t from) {
    constexpr std::size_t kFirstDash = 8;
    std::size_t dash = text.find('-', from + kFirstDash);
    while (dash != std::string_view::npos) {
        if (isGuidAt(text, dash - kFirstDash)) return dash - kFirstDash;
        dash = text.find('-', dash + 1);
    }
    return text.size();
}

std::size_t labelEnd(std::string_view text, std::size_t at) {
    while (at < text.size() && text[at] != '_' && text[at] != '/' && text.substr(at, 2) != "--") ++at;
    return at;
}

bool isWave(std::string_view word) {
    return word == "w" || word == "W";
}

/// Whether what follows "w2" is a free label and not the next field ("w2z003", "w2_s1").
bool startsLabel(std::string_view text, std::size_t at) {
    std::size_t end = at;
    while (end < text.size() && isLetter(text[end])) ++end;
    const std::string_view word = text.substr(at, end - at);
    constexpr std::size_t kShortest = 2;
    return word.size() >= kShortest && !knownField(word) && !knownSuffix(word);
}

} // namespace

void tokenise(std::string_view stem, Tokens& tokens) {
    tokens.clear();
    std::size_t at = 0;
    std::size_t guid = nextGuid(stem, 0);
    const auto push = [&](TokenKind kind, std::size_t end) {
        tokens.push_back({kind, static_cast<std::uint16_t>(at), static_cast<std::uint16_t>(end)});
        at = end;
    };
    while (at < stem.size()) {
        if (tokens.size() + 1 == kMostTokens) {
            push(TokenKind::Opaque, stem.size());
            return;
        }
        if (at == guid) {
            push(TokenKind::Opaque, at + kGuidLength);
            guid = nextGuid(stem, at);
            continue;
        }
        std::size_t end = at;
        if (isDigit(stem[at])) {
            while (end < guid && isDigit(stem[end])) ++end;
            const bool number = end - at <= kMostDigits;
            const bool wave = number && end - at <= 2 && tokens.size() >= 1 && tokens.back().kind == TokenKind::Word &&
                              isWave(tokens.back().in(stem)) &&
                              (tokens.size() == 1 || partsFields(tokens[tokens.size() - 2].in(stem)));
            push(number ? TokenKind::Number : TokenKind::Opaque, end);
            if (wave && at < guid && at < stem.size() && startsLabel(stem, at)) {
                push(TokenKind::Label, std::min(labelEnd(stem, at), guid));
            }
        } else if (isLetter(stem[at])) {
            while (end < guid && end < stem.size() && isLetter(stem[end])) ++end;
            push(TokenKind::Word, end);
        } else {
            while (end < guid && end < stem.size() && !isLetter(stem[end]) && !isDigit(stem[end])) ++end;
            push(TokenKind::Separator, end);
        }
    }
}

void shapeOf(std::string_view stem, const Tokens& tokens, std::string& shape) {
    shape.clear();
    for (const Token& token : tokens) {
        switch (token.kind) {
            case TokenKind::Number:
                shape.append("\0N", 2);
                break;
            case TokenKind::Opaque:
                shape.append("\0O", 2);
                break;
            case TokenKind::Label:
                shape.append("\0L", 2);
                break;
            case TokenKind::Word:
            case TokenKind::Separator:
                shape.append(token.in(stem));
                break;
        }
    }
}

bool partsFields(std::string_view separator) {
    return separator.find_first_of("_/") != std::string_view::npos || separator.find("--") != std::string_view::npos;
}

} // namespace lazulite::io::series
