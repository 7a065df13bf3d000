#include "series/name_text.h"

#include <array>

namespace lazulite::io::series {

namespace {

constexpr std::array<std::string_view, 10> kTiffEndings = {
    ".ome.tif", ".ome.tiff", ".ome.btf", ".ome.tf2", ".ome.tf8", ".tif", ".tiff", ".btf", ".stk", ".tf8",
};

/// Bytes of the UTF-8 character that starts at `at`, or 0 where none does.
std::size_t utf8Length(std::string_view text, std::size_t at) {
    const auto lead = static_cast<unsigned char>(text[at]);
    if (lead < 0x80) return 1;
    const std::size_t length = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
    if (lead < 0xC2 || lead > 0xF4 || at + length > text.size()) return 0;
    for (std::size_t i = 1; i < length; ++i) {
        if ((static_cast<unsigned char>(text[at + i]) & 0xC0U) != 0x80U) return 0;
    }
    return length;
}

std::size_t digitsEnd(std::string_view text, std::size_t at) {
    while (at < text.size() && isDigit(text[at])) ++at;
    return at;
}

std::string_view withoutLeadingZeros(std::string_view digits) {
    while (digits.size() > 1 && digits.front() == '0') digits.remove_prefix(1);
    return digits;
}

} // namespace

std::string lowered(std::string_view text) {
    std::string result(text);
    for (char& c : result) c = toLower(c);
    return result;
}

bool endsWithIgnoringCase(std::string_view text, std::string_view lowerEnd) {
    if (text.size() < lowerEnd.size()) return false;
    const std::size_t offset = text.size() - lowerEnd.size();
    for (std::size_t i = 0; i < lowerEnd.size(); ++i) {
        if (toLower(text[offset + i]) != lowerEnd[i]) return false;
    }
    return true;
}

bool startsWith(std::string_view text, std::string_view start) {
    return text.substr(0, start.size()) == start;
}

std::uint64_t numberOf(std::string_view digits) {
    std::uint64_t value = 0;
    for (const char c : digits) value = value * 10 + static_cast<std::uint64_t>(c - '0');
    return value;
}

bool allDigits(std::string_view text) {
    return !text.empty() && digitsEnd(text, 0) == text.size();
}

int compareNaturally(std::string_view a, std::string_view b) {
    std::size_t i = 0;
    std::size_t j = 0;
    while (i < a.size() && j < b.size()) {
        if (isDigit(a[i]) && isDigit(b[j])) {
            const std::size_t endA = digitsEnd(a, i);
            const std::size_t endB = digitsEnd(b, j);
            const std::string_view left = withoutLeadingZeros(a.substr(i, endA - i));
            const std::string_view right = withoutLeadingZeros(b.substr(j, endB - j));
            if (left.size() != right.size()) return left.size() < right.size() ? -1 : 1;
            if (const int order = left.compare(right); order != 0) return order;
            i = endA;
            j = endB;
            continue;
        }
        if (a[i] != b[j]) return static_cast<unsigned char>(a[i]) < static_cast<unsigned char>(b[j]) ? -1 : 1;
        ++i;
        ++j;
    }
    if (i < a.size()) return 1;
    if (j < b.size()) return -1;
    return a.compare(b);
}

std::size_t tiffStemLength(std::string_view name) {
    constexpr std::string_view kLastLetters = "fFkK28";
    if (name.empty() || kLastLetters.find(name.back()) == std::string_view::npos) return std::string_view::npos;
    for (const std::string_view ending : kTiffEndings) {
        if (name.size() > ending.size() && endsWithIgnoringCase(name, ending)) return name.size() - ending.size();
    }
    return std::string_view::npos;
}

std::string printable(std::string_view name, std::size_t most) {
    std::string result;
    for (std::size_t at = 0; at < name.size();) {
        if (result.size() >= most) return result + "...";
        const std::size_t length = utf8Length(name, at);
        if (length == 0 || static_cast<unsigned char>(name[at]) < 0x20) {
            result += '?';
            ++at;
        } else {
            result.append(name.substr(at, length));
            at += length;
        }
    }
    return result;
}

} // namespace lazulite::io::series
