#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace lazulite::io::series {

enum class TokenKind : std::uint8_t {
    Word,      ///< letters
    Separator, ///< anything that is neither a letter nor a digit
    Number,    ///< 1 to 18 digits
    Opaque, ///< an identifier that means nothing to people: a GUID, a very long number, what lies past the token limit
    Label,  ///< MetaMorph's free text behind w1, w2: "Conf561"
};

struct Token {
    TokenKind kind = TokenKind::Word;
    std::uint16_t begin = 0;
    std::uint16_t end = 0;

    std::string_view in(std::string_view name) const { return name.substr(begin, end - begin); }
};

using Tokens = std::vector<Token>;

/// Cuts a name (without its extension, folders included) into tokens; at most kMostTokens of them.
constexpr std::size_t kMostTokens = 96;
void tokenise(std::string_view stem, Tokens& tokens);

/// The name with its numbers, identifiers and labels blanked: names of one pattern have one shape.
void shapeOf(std::string_view stem, const Tokens& tokens, std::string& shape);

/// Whether a separator parts two fields ("_", "/", "--") and not merely two words of one.
bool partsFields(std::string_view separator);

} // namespace lazulite::io::series
