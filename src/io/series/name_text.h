#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace lazulite::io::series {

constexpr bool isDigit(char c) {
    return c >= '0' && c <= '9';
}
constexpr bool isUpper(char c) {
    return c >= 'A' && c <= 'Z';
}
constexpr bool isLower(char c) {
    return c >= 'a' && c <= 'z';
}
/// ASCII letters and every byte of a multi-byte character, whatever the encoding.
constexpr bool isLetter(char c) {
    return isUpper(c) || isLower(c) || static_cast<unsigned char>(c) >= 0x80;
}
constexpr bool isHex(char c) {
    return isDigit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}
constexpr char toLower(char c) {
    return isUpper(c) ? static_cast<char>(c - 'A' + 'a') : c;
}

std::string lowered(std::string_view text);
bool endsWithIgnoringCase(std::string_view text, std::string_view lowerEnd);
bool startsWith(std::string_view text, std::string_view start);

/// Digits as a number; the longest that are asked for have 18 digits.
std::uint64_t numberOf(std::string_view digits);
bool allDigits(std::string_view text);

/// Order as people count: "z2" before "z10". Negative, 0 or positive; 0 only for equal texts.
int compareNaturally(std::string_view a, std::string_view b);

/// The length of a name without a TIFF extension (".ome.tif", ".tiff", ".stk" ... in any case), or npos where it has
/// none.
std::size_t tiffStemLength(std::string_view name);

/// The name in a form that can be shown: bytes that are not UTF-8 replaced, at most about `most` bytes.
std::string printable(std::string_view name, std::size_t most = 120);

} // namespace lazulite::io::series
