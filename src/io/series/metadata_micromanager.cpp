// Micro-Manager: metadata.txt beside one-plane files, the summary in the header of MMStack files, and NDTiff's index.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <set>

#include "series/metadata.h"
#include "series/name_text.h"

namespace lazulite::io::series {

namespace {

using nlohmann::json;

constexpr std::size_t kMostMetadata = std::size_t{4} << 20;
constexpr std::int64_t kMostEach = 1 << 24;

/// The JSON object that starts at the first "{" behind `key`, cut out by its braces: the whole text may be huge.
json objectBehind(const std::string& text, std::string_view key) {
    const std::size_t at = text.find(key);
    const std::size_t begin = at == std::string::npos ? at : text.find('{', at + key.size());
    if (begin == std::string::npos) return json::value_t::discarded;
    int depth = 0;
    bool quoted = false;
    for (std::size_t i = begin; i < text.size(); ++i) {
        const char c = text[i];
        if (quoted) {
            if (c == '\\') ++i;
            if (c == '"') quoted = false;
        } else if (c == '"') {
            quoted = true;
        } else if (c == '{') {
            ++depth;
        } else if (c == '}' && --depth == 0) {
            return json::parse(text.begin() + static_cast<std::ptrdiff_t>(begin),
                               text.begin() + static_cast<std::ptrdiff_t>(i + 1), nullptr, false);
        }
    }
    return json::value_t::discarded;
}

double numberIn(const json& object, const char* key) {
    const auto found = object.find(key);
    if (found == object.end() || !found->is_number()) return 0;
    const double value = found->get<double>();
    return std::isfinite(value) ? value : 0;
}

std::int64_t countIn(const json& object, const char* key) {
    return static_cast<std::int64_t>(std::clamp(numberIn(object, key), 1.0, static_cast<double>(kMostEach)));
}

void readSummary(const json& summary, Metadata& metadata) {
    if (const double size = numberIn(summary, "PixelSize_um"); size > 0) metadata.x = metadata.y = size;
    if (const double step = std::abs(numberIn(summary, "z-step_um")); step > 0) metadata.z = step;
    constexpr double kMillisecond = 1e-3;
    for (const char* key : {"Interval_ms", "WaitInterval"}) {
        if (const double interval = numberIn(summary, key); interval > 0 && !metadata.seconds)
            metadata.seconds = interval * kMillisecond;
    }
    if (const auto names = summary.find("ChNames"); names != summary.end() && names->is_array()) {
        for (const json& name : *names) {
            metadata.channelNames.push_back(name.is_string() ? printable(name.get<std::string>()) : std::string());
        }
    }
    if (const auto colors = summary.find("ChColors"); colors != summary.end() && colors->is_array()) {
        for (const json& color : *colors) {
            if (!color.is_number_integer()) continue;
            const auto bits = static_cast<std::uint32_t>(color.get<std::int64_t>());
            const auto part = [&](unsigned shift) { return static_cast<float>((bits >> shift) & 0xFFU) / 255.0F; };
            metadata.channelColors.push_back(std::array<float, 3>{part(16), part(8), part(0)});
        }
    }
}

/// The summary that MMStack files keep behind their header: number 2355492 at byte 32, the length, the JSON.
json summaryOfStack(const std::string& path, bool bigEndian) {
    constexpr std::uint32_t kMark = 2355492;
    std::ifstream in(path, std::ios::binary);
    std::array<unsigned char, 40> header{};
    if (!in.read(reinterpret_cast<char*>(header.data()), header.size())) return json::value_t::discarded;
    const auto word = [&](std::size_t at) {
        std::uint32_t value = 0;
        for (std::size_t i = 0; i < 4; ++i) value = (value << 8U) | header[at + (bigEndian ? i : 3 - i)];
        return value;
    };
    if (word(32) != kMark || word(36) > kMostMetadata) return json::value_t::discarded;
    std::string text(word(36), '\0');
    if (!in.read(text.data(), static_cast<std::streamsize>(text.size()))) return json::value_t::discarded;
    return json::parse(text.c_str(), nullptr, false);
}

} // namespace

std::optional<Metadata> readMicroManager(const MetadataInput& input) {
    const TiffTags& tags = input.file.tags();
    Metadata metadata;
    metadata.convention = "Micro-Manager";
    metadata.origin = "Micro-Manager metadata";
    const json plane = tags.microManager.empty() ? json(json::value_t::discarded)
                                                 : json::parse(tags.microManager.c_str(), nullptr, false);
    json summary =
        tags.microManager.empty() ? json(json::value_t::discarded) : summaryOfStack(input.file.path(), tags.bigEndian);
    const bool stack = summary.is_object();
    if (!stack) {
        for (const std::string& path : input.sidecars) {
            if (std::string_view(path).substr(path.rfind('/') + 1) != "metadata.txt") continue;
            const std::string text = readText(path, kMostMetadata);
            summary = objectBehind(text, "\"Summary\"");
            const json frame = objectBehind(text, "\"FrameKey");
            if (frame.is_object() && numberIn(frame, "PixelSizeUm") > 0)
                metadata.x = metadata.y = numberIn(frame, "PixelSizeUm");
            if (summary.is_object()) break;
        }
    }
    if (!summary.is_object() && !plane.is_object()) return std::nullopt;
    if (plane.is_object() && numberIn(plane, "PixelSizeUm") > 0)
        metadata.x = metadata.y = numberIn(plane, "PixelSizeUm");
    if (!summary.is_object()) {
        if (!metadata.x) return std::nullopt;
        return metadata;
    }
    readSummary(summary, metadata);
    if (!stack) return metadata;
    metadata.convention = "Micro-Manager stack";
    const bool slicesFirst = summary.value("SlicesFirst", false);
    std::int64_t stride = 1;
    const auto add = [&](const char* name, std::int64_t size) {
        if (size > 1) metadata.axes.push_back({name, size, stride, {}});
        stride *= size;
    };
    const std::int64_t channels = countIn(summary, "Channels");
    const std::int64_t slices = countIn(summary, "Slices");
    add(slicesFirst ? "z" : "c", slicesFirst ? slices : channels);
    add(slicesFirst ? "c" : "z", slicesFirst ? channels : slices);
    add("t", countIn(summary, "Frames"));
    return metadata;
}

std::optional<Metadata> readNdTiff(const MetadataInput& input) {
    std::string text;
    for (const std::string& path : input.sidecars) {
        if (endsWithIgnoringCase(path, "/ndtiff.index")) text = readText(path, std::size_t{256} << 20);
        if (!text.empty()) break;
    }
    if (text.empty()) return std::nullopt;
    std::size_t at = 0;
    bool good = true;
    const auto number = [&] {
        std::uint32_t value = 0;
        good = good && at + sizeof(value) <= text.size();
        if (good)
            std::memcpy(&value, text.data() + at, sizeof(value)); // the format is little-endian, as are our machines
        at += sizeof(value);
        return value;
    };
    const auto string = [&] {
        const std::uint32_t length = number();
        good = good && length <= text.size() - std::min(at, text.size());
        std::string value = good ? text.substr(at, length) : std::string();
        at += length;
        return value;
    };
    struct Plane {
        std::array<std::string, 4> axes; ///< p, t, c, z as they are written
        std::uint32_t file;
        std::uint32_t page;
    };
    static constexpr std::array<const char*, 4> kKeys = {"position", "time", "channel", "z"};
    static constexpr std::array<const char*, 4> kNames = {"p", "t", "c", "z"};
    const auto naturally = [](const std::string& a, const std::string& b) { return compareNaturally(a, b) < 0; };
    std::array<std::set<std::string, decltype(naturally)>, 4> values = {
        std::set<std::string, decltype(naturally)>(naturally), std::set<std::string, decltype(naturally)>(naturally),
        std::set<std::string, decltype(naturally)>(naturally), std::set<std::string, decltype(naturally)>(naturally)};
    std::vector<Plane> planes;
    std::map<std::string, std::uint32_t> files;
    auto table = std::make_shared<PlaneTable>();
    std::vector<std::uint32_t> pagesOf;
    while (good && at < text.size()) {
        const json axes = json::parse(string(), nullptr, false);
        const std::string name = string();
        constexpr std::size_t kRest =
            8 * 4; // pixel offset, width, height, type, compression, metadata offset, length, compression
        at += kRest;
        if (!good || at > text.size() || !axes.is_object() || name.empty() || name.find('/') != std::string::npos)
            break;
        const auto [file, added] = files.try_emplace(name, static_cast<std::uint32_t>(table->files.size()));
        if (added) {
            table->files.push_back(name);
            pagesOf.push_back(0);
        }
        Plane plane{{}, file->second, pagesOf[file->second]++};
        for (std::size_t k = 0; k < kKeys.size(); ++k) {
            const auto value = axes.find(kKeys[k]);
            plane.axes[k] = value == axes.end() ? "0" : value->is_string() ? value->get<std::string>() : value->dump();
            values[k].insert(plane.axes[k]);
        }
        planes.push_back(std::move(plane));
    }
    if (planes.empty()) return std::nullopt;
    Metadata metadata;
    metadata.convention = "NDTiff";
    metadata.origin = "Micro-Manager metadata";
    std::size_t places = 1;
    for (const auto& set : values) {
        if (places > static_cast<std::size_t>(kMostEach) / set.size()) return std::nullopt;
        places *= set.size();
    }
    table->file.assign(places, PlaneTable::kNoPlane);
    table->page.assign(places, 0);
    std::array<std::map<std::string, std::size_t>, 4> ranks;
    for (std::size_t k = 0; k < kKeys.size(); ++k) {
        for (const std::string& value : values[k]) ranks[k].emplace(value, ranks[k].size());
        if (values[k].size() < 2) continue;
        const bool numbers =
            std::all_of(values[k].begin(), values[k].end(), [](const auto& v) { return allDigits(v); });
        metadata.axes.push_back({kNames[k], static_cast<std::int64_t>(values[k].size()), 0, {}});
        if (!numbers) metadata.axes.back().labels.assign(values[k].begin(), values[k].end());
    }
    for (const Plane& plane : planes) {
        std::size_t place = 0;
        for (std::size_t k = 0; k < kKeys.size(); ++k) place = place * values[k].size() + ranks[k][plane.axes[k]];
        table->file[place] = plane.file;
        table->page[place] = plane.page;
    }
    metadata.table = std::move(table);
    const json first = json::parse(input.file.tags().microManager.c_str(), nullptr, false);
    if (first.is_object() && numberIn(first, "PixelSizeUm") > 0)
        metadata.x = metadata.y = numberIn(first, "PixelSizeUm");
    return metadata;
}

} // namespace lazulite::io::series
