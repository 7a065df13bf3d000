#include "tiff/imagej_blocks.h"

#include <string_view>

namespace lazulite::io {

namespace {

/// Backwards, as a little-endian reader expects them.
constexpr std::string_view kMagic = "JIJI";
constexpr std::string_view kInfo = "ofni";
constexpr std::string_view kLabel = "lbal";

void put(std::vector<std::byte>& to, std::string_view text) {
    for (const char c : text) to.push_back(static_cast<std::byte>(c));
}

void put(std::vector<std::byte>& to, std::uint32_t value, int bytes) {
    for (int i = 0; i < bytes; ++i) to.push_back(static_cast<std::byte>(value >> (8 * i)));
}

/// UTF-8 as UTF-16; bytes that are no UTF-8 are taken for Latin-1.
std::vector<std::byte> utf16(std::string_view text) {
    std::vector<std::byte> units;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const auto lead = static_cast<unsigned char>(text[i]);
        const std::size_t more = lead >= 0xF0 ? 3 : lead >= 0xE0 ? 2 : lead >= 0xC2 ? 1 : 0;
        std::uint32_t code = more == 0 ? lead : lead & (0x3FU >> more);
        bool valid = lead < 0xF5 && i + more < text.size();
        for (std::size_t k = 1; valid && k <= more; ++k) {
            const auto next = static_cast<unsigned char>(text[i + k]);
            valid = (next & 0xC0U) == 0x80U;
            code = (code << 6U) | (next & 0x3FU);
        }
        if (valid) {
            i += more;
        } else {
            code = lead;
        }
        constexpr std::uint32_t kPlane = 0x10000;
        if (code < kPlane) {
            put(units, code, 2);
        } else {
            put(units, 0xD800U + ((code - kPlane) >> 10U), 2);
            put(units, 0xDC00U + ((code - kPlane) & 0x3FFU), 2);
        }
    }
    return units;
}

} // namespace

ImageJBlockBytes imageJBlocks(const std::string& info, const std::vector<std::string>& labels) {
    constexpr int kCountBytes = 4;
    ImageJBlockBytes blocks;
    put(blocks.data, kMagic);
    if (!info.empty()) {
        put(blocks.data, kInfo);
        put(blocks.data, 1, kCountBytes);
    }
    if (!labels.empty()) {
        put(blocks.data, kLabel);
        put(blocks.data, static_cast<std::uint32_t>(labels.size()), kCountBytes);
    }
    blocks.counts.push_back(blocks.data.size());
    const auto add = [&blocks](const std::string& text) {
        const std::vector<std::byte> units = utf16(text);
        blocks.counts.push_back(units.size());
        blocks.data.insert(blocks.data.end(), units.begin(), units.end());
    };
    if (!info.empty()) add(info);
    for (const std::string& label : labels) add(label);
    return blocks;
}

} // namespace lazulite::io
