// ImageJ's hyperstacks: "key=value" lines in the first page's description, and tag 50839 with labels, ranges and
// colours.
#include <algorithm>
#include <bit>
#include <charconv>
#include <cmath>
#include <cstring>
#include <map>
#include <set>

#include "lazulite/core/units.h"
#include "series/metadata.h"
#include "series/name_text.h"

namespace lazulite::io::series {

namespace {

using Lines = std::map<std::string, std::string, std::less<>>;

Lines linesOf(std::string_view text) {
    Lines lines;
    while (!text.empty()) {
        const std::size_t end = std::min(text.find('\n'), text.size());
        const std::string_view line = text.substr(0, end);
        if (const std::size_t equals = line.find('='); equals != std::string_view::npos) {
            std::string_view value = line.substr(equals + 1);
            while (!value.empty() && (value.back() == '\r' || value.back() == '\0')) value.remove_suffix(1);
            lines.emplace(line.substr(0, equals), value);
        }
        text.remove_prefix(std::min(text.size(), end + 1));
    }
    return lines;
}

std::int64_t countOf(const Lines& lines, std::string_view key) {
    const auto found = lines.find(key);
    std::int64_t value = 1;
    if (found == lines.end()) return 1;
    std::from_chars(found->second.data(), found->second.data() + found->second.size(), value);
    constexpr std::int64_t kMost = 1 << 30;
    return std::clamp<std::int64_t>(value, 1, kMost);
}

std::optional<double> numberOf(const Lines& lines, std::string_view key) {
    const auto found = lines.find(key);
    if (found == lines.end()) return std::nullopt;
    double value = 0;
    std::from_chars(found->second.data(), found->second.data() + found->second.size(), value);
    return std::isfinite(value) && value > 0 ? std::optional(value) : std::nullopt;
}

/// Tag 50839: a header of (type, count) pairs, then the entries one behind another with the byte counts of tag 50838.
class ImageJBlocks {
public:
    explicit ImageJBlocks(const TiffTags& tags)
        : bytes_(tags.imageJMetadata), counts_(tags.imageJCounts), big_(tags.bigEndian) {
        if (counts_.empty() || counts_[0] > bytes_.size() || counts_[0] < 4) return;
        big_ = bytes_.substr(0, 4) == "IJIJ";
        std::size_t at = counts_[0];
        std::size_t entry = 1;
        constexpr std::size_t kPair = 8;
        for (std::size_t pair = 4; pair + kPair <= counts_[0]; pair += kPair) {
            const std::uint32_t type = number(pair, 4);
            const std::uint32_t count = number(pair + 4, 4);
            for (std::uint32_t i = 0; i < count && entry < counts_.size(); ++i, ++entry) {
                if (at + counts_[entry] > bytes_.size()) return;
                found_[type].push_back({at, counts_[entry]});
                at += counts_[entry];
            }
        }
    }

    std::vector<std::string> labels() const {
        std::vector<std::string> texts;
        for (const auto& [at, size] : entries("labl")) {
            std::string text;
            for (std::size_t i = 0; i + 1 < size; i += 2) appendUtf8(text, number(at + i, 2));
            texts.push_back(std::move(text));
        }
        return texts;
    }

    std::vector<std::array<double, 2>> ranges() const {
        std::vector<std::array<double, 2>> pairs;
        for (const auto& [at, size] : entries("rang")) {
            for (std::size_t i = 0; i + 16 <= size; i += 16) pairs.push_back({real(at + i), real(at + i + 8)});
        }
        return pairs;
    }

    std::vector<std::optional<std::array<float, 3>>> colors() const {
        constexpr std::size_t kTable = 256;
        std::vector<std::optional<std::array<float, 3>>> colors;
        for (const auto& [at, size] : entries("luts")) {
            if (size < 3 * kTable) continue;
            const auto brightest = [&, at = at](std::size_t part) {
                return static_cast<float>(static_cast<unsigned char>(bytes_[at + part * kTable + kTable - 1])) / 255.0F;
            };
            colors.push_back(std::array<float, 3>{brightest(0), brightest(1), brightest(2)});
        }
        return colors;
    }

private:
    struct Entry {
        std::size_t at;
        std::size_t size;
    };

    std::vector<Entry> entries(std::string_view type) const {
        std::uint32_t code = 0;
        for (const char c : type) code = (code << 8U) | static_cast<unsigned char>(c);
        const auto found = found_.find(code);
        return found == found_.end() ? std::vector<Entry>() : found->second;
    }

    std::uint32_t number(std::size_t at, std::size_t size) const {
        std::uint32_t value = 0;
        for (std::size_t i = 0; i < size; ++i) {
            value = (value << 8U) | static_cast<unsigned char>(bytes_[at + (big_ ? i : size - 1 - i)]);
        }
        return value;
    }

    double real(std::size_t at) const {
        const std::uint64_t first = number(at, 4);
        const std::uint64_t second = number(at + 4, 4);
        return std::bit_cast<double>(big_ ? (first << 32U) | second : (second << 32U) | first);
    }

    static void appendUtf8(std::string& text, std::uint32_t unit) {
        if (unit == 0) return;
        if (unit < 0x80) {
            text += static_cast<char>(unit);
        } else if (unit < 0x800) {
            text += static_cast<char>(0xC0U | (unit >> 6U));
            text += static_cast<char>(0x80U | (unit & 0x3FU));
        } else if (unit < 0xD800 || unit > 0xDFFF) {
            text += static_cast<char>(0xE0U | (unit >> 12U));
            text += static_cast<char>(0x80U | ((unit >> 6U) & 0x3FU));
            text += static_cast<char>(0x80U | (unit & 0x3FU));
        } else {
            text += '?';
        }
    }

    std::string_view bytes_;
    const std::vector<std::uint32_t>& counts_;
    bool big_;
    std::map<std::uint32_t, std::vector<Entry>> found_;
};

/// Labels that name the channels: one a channel, or the same ones over and over.
std::vector<std::string> channelNames(const std::vector<std::string>& labels, std::size_t channels) {
    if (channels < 2 || labels.size() < channels) return {};
    for (std::size_t i = channels; i < labels.size(); ++i) {
        if (labels[i] != labels[i % channels]) return {};
    }
    return {labels.begin(), labels.begin() + static_cast<std::ptrdiff_t>(channels)};
}

void readSpacing(const Lines& lines, const TiffTags& tags, Metadata& metadata) {
    const auto unit = lines.find("unit");
    const auto factor = unit == lines.end() ? std::nullopt : micrometresPer(unit->second);
    if (factor) {
        if (tags.xResolution > 0) metadata.x = *factor / tags.xResolution;
        if (tags.yResolution > 0) metadata.y = *factor / tags.yResolution;
        // ImageJ leaves a depth of 1 out.
        metadata.z = numberOf(lines, "spacing").value_or(1.0) * *factor;
    }
    // "tunit" is what newer versions write; older ones mean seconds.
    const auto timeUnit = lines.find("tunit");
    const double seconds = timeUnit == lines.end() ? 1.0 : secondsPer(timeUnit->second).value_or(1.0);
    if (const auto interval = numberOf(lines, "finterval")) {
        metadata.seconds = *interval * seconds;
    } else if (const auto rate = numberOf(lines, "fps")) {
        metadata.seconds = 1.0 / *rate;
    }
}

} // namespace

std::optional<Metadata> readImageJ(const MetadataInput& input) {
    const TiffTags& tags = input.file.tags();
    if (!startsWith(tags.description, "ImageJ=")) return std::nullopt;
    const Lines lines = linesOf(tags.description);
    Metadata metadata;
    metadata.convention = lines.contains("hyperstack") ? "ImageJ hyperstack" : "ImageJ stack";
    metadata.origin = "ImageJ metadata";
    metadata.contiguous = true;
    std::int64_t stride = 1;
    const auto add = [&](const char* name, std::int64_t size) {
        if (size > 1) metadata.axes.push_back({name, size, stride, {}});
        stride *= size;
    };
    const std::int64_t images = countOf(lines, "images");
    const std::int64_t channels = countOf(lines, "channels");
    const std::int64_t slices = countOf(lines, "slices");
    const std::int64_t frames = countOf(lines, "frames");
    constexpr std::int64_t kMost = std::int64_t{1} << 31;
    const bool sane = channels <= kMost / slices && channels * slices <= kMost / frames;
    if (!sane || channels * slices * frames != images) {
        if (sane && channels * slices * frames > 1) {
            metadata.warnings.emplace_back(
                "ImageJ's numbers of channels, slices and frames contradict its number of images; pages are taken as "
                "z");
        }
        add("z", images);
    } else {
        add("c", channels);
        add("z", slices);
        add("t", frames);
    }
    readSpacing(lines, tags, metadata);
    const ImageJBlocks blocks(tags);
    const auto labels = blocks.labels();
    metadata.channelNames = channelNames(labels, static_cast<std::size_t>(channels));
    if (metadata.axes.size() == 1 && labels.size() == static_cast<std::size_t>(metadata.axes[0].size) &&
        channels == 1 && std::set<std::string>(labels.begin(), labels.end()).size() == labels.size() &&
        std::none_of(labels.begin(), labels.end(), [](const auto& l) { return l.empty() || allDigits(l); })) {
        metadata.axes[0].labels = labels;
    }
    metadata.channelRanges = blocks.ranges();
    const auto mode = lines.find("mode");
    if (mode != lines.end() && (mode->second == "composite" || mode->second == "color"))
        metadata.channelColors = blocks.colors();
    return metadata;
}

} // namespace lazulite::io::series
