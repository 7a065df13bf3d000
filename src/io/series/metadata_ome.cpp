// OME-XML: in the first page's description, or in a companion file beside it.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <map>
#include <pugixml.hpp>

#include "lazulite/core/units.h"
#include "series/metadata.h"
#include "series/name_text.h"

namespace lazulite::io::series {

namespace {

constexpr std::size_t kLargestCompanion = std::size_t{256} << 20;
constexpr std::int64_t kMostPlanes = std::int64_t{1} << 26;

/// Sizes and order of one Pixels element; several images of equal sizes are positions.
struct Sizes {
    std::int64_t c = 1;
    std::int64_t z = 1;
    std::int64_t t = 1;
    std::int64_t p = 1;
    std::string order = "ZCT"; ///< fastest first

    std::int64_t of(char axis) const { return axis == 'C' ? c : axis == 'Z' ? z : axis == 'T' ? t : p; }
    std::int64_t strideOf(char axis) const {
        std::int64_t stride = 1;
        for (const char faster : order) {
            if (faster == axis) return stride;
            stride *= of(faster);
        }
        return stride;
    }
    std::int64_t planes() const { return c * z * t; }
};

/// The local name of an element, whatever its namespace prefix.
std::string_view nameOf(const pugi::xml_node& node) {
    const std::string_view name(node.name());
    const std::size_t colon = name.find(':');
    return colon == std::string_view::npos ? name : name.substr(colon + 1);
}

pugi::xml_node child(const pugi::xml_node& parent, std::string_view name) {
    for (const pugi::xml_node& node : parent.children()) {
        if (nameOf(node) == name) return node;
    }
    return {};
}

std::optional<double> lengthOf(const pugi::xml_node& pixels, const char* name, const char* unitName) {
    const double value = pixels.attribute(name).as_double(0);
    const auto factor = micrometresPer(pixels.attribute(unitName).as_string("um"));
    if (!(value > 0) || !std::isfinite(value) || !factor) return std::nullopt;
    return value * *factor;
}

/// OME's colour: a signed 32-bit number, red in the highest byte, alpha in the lowest.
std::optional<std::array<float, 3>> colorOf(const pugi::xml_node& channel) {
    const pugi::xml_attribute attribute = channel.attribute("Color");
    if (!attribute) return std::nullopt;
    const auto bits = static_cast<std::uint32_t>(attribute.as_llong());
    const auto part = [&](unsigned shift) { return static_cast<float>((bits >> shift) & 0xFFU) / 255.0F; };
    return std::array<float, 3>{part(24), part(16), part(8)};
}

void readChannels(const pugi::xml_node& pixels, Metadata& metadata) {
    bool named = false;
    for (const pugi::xml_node& channel : pixels.children()) {
        if (nameOf(channel) != "Channel") continue;
        std::string name = channel.attribute("Name").as_string();
        if (name.empty() && channel.attribute("EmissionWavelength")) {
            name = numberText(channel.attribute("EmissionWavelength").as_double(), 4) + " nm";
        }
        named = named || !name.empty();
        metadata.channelNames.push_back(printable(name));
        metadata.channelColors.push_back(colorOf(channel));
    }
    if (!named) metadata.channelNames.clear();
    const auto colored = [](const auto& c) { return c.has_value(); };
    if (std::none_of(metadata.channelColors.begin(), metadata.channelColors.end(), colored))
        metadata.channelColors.clear();
}

/// Which file and page holds each plane, as TiffData elements say it.
class Planes {
public:
    Planes(const Sizes& sizes) : sizes_(sizes) {
        const auto count = static_cast<std::size_t>(sizes.planes() * sizes.p);
        file_.assign(count, PlaneTable::kNoPlane);
        page_.assign(count, 0);
    }

    void read(const pugi::xml_node& pixels, std::int64_t position) {
        for (const pugi::xml_node& data : pixels.children()) {
            if (nameOf(data) != "TiffData") continue;
            const pugi::xml_node uuid = child(data, "UUID");
            const std::uint32_t file = fileNumber(uuid.attribute("FileName").as_string());
            const bool oneOnly = data.attribute("IFD") && !data.attribute("PlaneCount");
            const std::int64_t count = std::clamp<std::int64_t>(
                data.attribute("PlaneCount").as_llong(oneOnly ? 1 : sizes_.planes()), 0, sizes_.planes());
            const auto from = [&](const char* name, char axis) {
                const std::int64_t value = data.attribute(name).as_llong();
                return value >= 0 && value < sizes_.of(axis) ? value * sizes_.strideOf(axis) : -sizes_.planes();
            };
            const std::int64_t first = from("FirstC", 'C') + from("FirstZ", 'Z') + from("FirstT", 'T');
            const std::int64_t ifd = data.attribute("IFD").as_llong();
            for (std::int64_t i = 0; i < count && first >= 0 && ifd >= 0 && first + i < sizes_.planes(); ++i) {
                const auto plane = static_cast<std::size_t>(position * sizes_.planes() + first + i);
                file_[plane] = file;
                page_[plane] = static_cast<std::uint32_t>(ifd + i);
                any_ = true;
            }
        }
    }

    bool any() const { return any_; }
    const std::vector<std::string>& files() const { return files_; }

    /// Whether every plane lies in one file, in the order of the axes, without a gap.
    bool linear() const {
        if (files_.size() > 1) return false;
        for (std::size_t i = 0; i < file_.size(); ++i) {
            if (file_[i] == PlaneTable::kNoPlane || page_[i] != i) return false;
        }
        return true;
    }

    /// In the row-major order of p, t, c, z. `ownName`: planes without a file name, or all where there is one name
    /// only.
    std::shared_ptr<PlaneTable> table() const {
        auto table = std::make_shared<PlaneTable>();
        const bool one = files_.size() <= 1;
        if (!one) table->files = files_;
        for (std::int64_t p = 0; p < sizes_.p; ++p) {
            for (std::int64_t t = 0; t < sizes_.t; ++t) {
                for (std::int64_t c = 0; c < sizes_.c; ++c) {
                    for (std::int64_t z = 0; z < sizes_.z; ++z) {
                        const auto plane =
                            static_cast<std::size_t>(p * sizes_.planes() + c * sizes_.strideOf('C') +
                                                     z * sizes_.strideOf('Z') + t * sizes_.strideOf('T'));
                        const bool held = file_[plane] != PlaneTable::kNoPlane;
                        table->file.push_back(held && one ? PlaneTable::kThisFile : file_[plane]);
                        table->page.push_back(page_[plane]);
                    }
                }
            }
        }
        return table;
    }

private:
    std::uint32_t fileNumber(const std::string& name) {
        if (name.empty()) return PlaneTable::kThisFile;
        const auto [place, added] = numbers_.try_emplace(name, static_cast<std::uint32_t>(files_.size()));
        if (added) files_.push_back(name);
        return place->second;
    }

    Sizes sizes_;
    std::vector<std::uint32_t> file_;
    std::vector<std::uint32_t> page_;
    std::vector<std::string> files_;
    std::map<std::string, std::uint32_t> numbers_;
    bool any_ = false;
};

std::optional<Sizes> sizesOf(const pugi::xml_node& pixels) {
    Sizes sizes;
    sizes.c = pixels.attribute("SizeC").as_llong(1);
    sizes.z = pixels.attribute("SizeZ").as_llong(1);
    sizes.t = pixels.attribute("SizeT").as_llong(1);
    // Colour samples of one pixel count as channels in OME, but lie in one page.
    std::int64_t samples = 1;
    for (const pugi::xml_node& channel : pixels.children()) {
        if (nameOf(channel) == "Channel")
            samples = std::max<std::int64_t>(samples, channel.attribute("SamplesPerPixel").as_llong(1));
    }
    if (samples > 1 && sizes.c % samples == 0) sizes.c /= samples;
    std::string order;
    for (const char axis : std::string_view(pixels.attribute("DimensionOrder").as_string("XYZCT"))) {
        if ((axis == 'Z' || axis == 'C' || axis == 'T') && order.find(axis) == std::string::npos) order += axis;
    }
    constexpr std::size_t kAxes = 3;
    if (order.size() == kAxes) sizes.order = order;
    constexpr std::int64_t kMostEach = 1 << 24;
    for (const std::int64_t size : {sizes.c, sizes.z, sizes.t}) {
        if (size < 1 || size > kMostEach) return std::nullopt;
    }
    if (sizes.c > kMostPlanes / sizes.z || sizes.c * sizes.z > kMostPlanes / sizes.t) return std::nullopt;
    return sizes;
}

bool samePixels(const pugi::xml_node& a, const pugi::xml_node& b) {
    for (const char* name : {"SizeX", "SizeY", "SizeZ", "SizeC", "SizeT", "Type"}) {
        if (std::strcmp(a.attribute(name).as_string(), b.attribute(name).as_string()) != 0) return false;
    }
    return true;
}

/// The Pixels of the first image and of those that are alike: positions.
std::vector<pugi::xml_node> alikePixels(const pugi::xml_node& ome) {
    std::vector<pugi::xml_node> found;
    for (const pugi::xml_node& image : ome.children()) {
        if (nameOf(image) != "Image") continue;
        const pugi::xml_node pixels = child(image, "Pixels");
        if (pixels && (found.empty() || samePixels(found[0], pixels))) found.push_back(pixels);
    }
    return found;
}

std::optional<Metadata> fromXml(const pugi::xml_node& ome, const std::string& origin) {
    auto images = alikePixels(ome);
    if (images.empty()) return std::nullopt;
    const pugi::xml_node pixels = images[0];
    auto sizes = sizesOf(pixels);
    if (!sizes) return std::nullopt;
    if (static_cast<std::int64_t>(images.size()) > kMostPlanes / sizes->planes()) images.resize(1);
    sizes->p = static_cast<std::int64_t>(images.size());
    Metadata metadata;
    metadata.convention = "OME-TIFF";
    metadata.origin = origin;
    metadata.x = lengthOf(pixels, "PhysicalSizeX", "PhysicalSizeXUnit");
    metadata.y = lengthOf(pixels, "PhysicalSizeY", "PhysicalSizeYUnit");
    metadata.z = lengthOf(pixels, "PhysicalSizeZ", "PhysicalSizeZUnit");
    const double increment = pixels.attribute("TimeIncrement").as_double(0);
    const auto timeUnit = secondsPer(pixels.attribute("TimeIncrementUnit").as_string("s"));
    if (increment > 0 && std::isfinite(increment) && timeUnit) metadata.seconds = increment * *timeUnit;
    readChannels(pixels, metadata);
    Planes planes(*sizes);
    for (std::size_t i = 0; i < images.size(); ++i) planes.read(images[i], static_cast<std::int64_t>(i));
    for (const auto& [axis, name] : {std::pair{'P', "p"}, {'T', "t"}, {'C', "c"}, {'Z', "z"}}) {
        const std::int64_t stride = axis == 'P' ? sizes->planes() : sizes->strideOf(axis);
        if (sizes->of(axis) > 1) metadata.axes.push_back({name, sizes->of(axis), stride, {}});
    }
    if (planes.any() && !planes.linear()) metadata.table = planes.table();
    return metadata;
}

} // namespace

std::optional<Metadata> readOme(const MetadataInput& input) {
    const std::string& description = input.file.tags().description;
    const auto parse = [](const std::string& text, const std::string& origin) -> std::optional<Metadata> {
        pugi::xml_document document;
        if (!document.load_buffer(text.data(), text.size())) return std::nullopt;
        const pugi::xml_node ome = child(document, "OME");
        return ome ? fromXml(ome, origin) : std::nullopt;
    };
    const bool inFile = description.find("<OME") != std::string::npos || description.find(":OME") != std::string::npos;
    std::vector<std::string> companions;
    if (inFile) {
        if (auto metadata = parse(description, "OME-XML")) return metadata;
        pugi::xml_document document;
        if (document.load_buffer(description.data(), description.size())) {
            const std::string name = child(child(document, "OME"), "BinaryOnly").attribute("MetadataFile").as_string();
            if (!name.empty() && name.find('/') == std::string::npos) companions.push_back(input.folder + name);
        }
    }
    for (const std::string& sidecar : input.sidecars) {
        if (endsWithIgnoringCase(sidecar, ".companion.ome")) companions.push_back(sidecar);
    }
    for (const std::string& path : companions) {
        const std::string text = readText(path, kLargestCompanion);
        if (text.empty()) continue;
        if (auto metadata = parse(text, "OME companion file")) return metadata;
    }
    return std::nullopt;
}

} // namespace lazulite::io::series
