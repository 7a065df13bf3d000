#include "export_values.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <string_view>

#include "lazulite/core/error.h"

namespace lazulite::cli {
namespace {

using Compression = io::TiffWriteOptions::Compression;

struct Codec {
    std::string_view name;
    Compression compression;
    int most; ///< the highest level, 0 where it has none
};

constexpr std::array<Codec, 4> kCodecs{{{"none", Compression::None, 0},
                                        {"deflate", Compression::Deflate, 12},
                                        {"zstd", Compression::Zstd, 22},
                                        {"lzw", Compression::Lzw, 0}}};

} // namespace

DType parseType(const std::string& text, const std::string& option) {
    if (const auto type = dtypeFromName(text)) return *type;
    throw Failure(
        fmt::format("{}: '{}' is no element type; write uint8, uint16, uint32, uint64, int8, int16, int32, "
                    "int64, float16, float32 or float64",
                    option, text));
}

std::pair<Compression, int> parseCompression(const std::string& text) {
    const std::size_t colon = std::min(text.find(':'), text.size());
    const std::string_view name = std::string_view(text).substr(0, colon);
    for (const Codec& codec : kCodecs) {
        if (codec.name != name) continue;
        if (colon == text.size()) return {codec.compression, 0};
        if (codec.most == 0) throw Failure(fmt::format("--compression: {} has no levels", name));
        int level = 0;
        const auto [end, failure] = std::from_chars(text.data() + colon + 1, text.data() + text.size(), level);
        if (failure != std::errc{} || end != text.data() + text.size() || level < 1 || level > codec.most) {
            throw Failure(fmt::format("--compression: '{}' is no level of {}; it goes from 1 to {}",
                                      text.substr(colon + 1), name, codec.most));
        }
        return {codec.compression, level};
    }
    throw Failure(fmt::format("--compression: '{}' is not known; write none, deflate, zstd or lzw", text));
}

batch::MetadataKind parseMetadata(const std::string& text) {
    if (text == "auto") return batch::MetadataKind::Auto;
    if (text == "imagej") return batch::MetadataKind::ImageJ;
    if (text == "ome") return batch::MetadataKind::Ome;
    throw Failure(fmt::format("--metadata: '{}' is not known; write auto, imagej or ome", text));
}

} // namespace lazulite::cli
