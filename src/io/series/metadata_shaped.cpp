// tifffile's shaped series: {"shape": [2, 3, 64, 64], "axes": "TCYX"} in the first page's description.
#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "series/metadata.h"
#include "series/name_text.h"

namespace lazulite::io::series {

namespace {

using nlohmann::json;

std::string axisName(char letter) {
    switch (letter) {
        case 'T':
            return "t";
        case 'C':
            return "c";
        case 'Z':
            return "z";
        case 'P':
        case 'R':
            return "p";
        default:
            return std::string(1, toLower(letter));
    }
}

/// The names of `count` axes before y and x where the file gives none: what stacks mostly are.
std::string guessedAxes(std::size_t count) {
    static const std::string kUsual = "PTCZ";
    if (count == 2) return "TZ";
    return count <= kUsual.size() ? kUsual.substr(kUsual.size() - count)
                                  : std::string(count - kUsual.size(), 'Q') + kUsual;
}

} // namespace

std::optional<Metadata> readShaped(const MetadataInput& input) {
    const std::string& description = input.file.tags().description;
    if (!startsWith(description, "{") || description.find("\"shape\"") == std::string::npos) return std::nullopt;
    const json data = json::parse(description, nullptr, false);
    if (!data.is_object() || !data.contains("shape") || !data["shape"].is_array()) return std::nullopt;
    std::vector<std::int64_t> shape;
    constexpr std::int64_t kMost = std::int64_t{1} << 31;
    for (const json& size : data["shape"]) {
        if (!size.is_number_integer() || size.get<std::int64_t>() < 1 || size.get<std::int64_t>() > kMost)
            return std::nullopt;
        shape.push_back(size.get<std::int64_t>());
    }
    const TiffPage& page = input.file.firstPage();
    std::size_t inPage = 2;
    if (page.samples > 1) inPage = 3;
    if (shape.size() < inPage) return std::nullopt;
    const std::size_t outer = shape.size() - inPage;
    std::string letters = data.contains("axes") && data["axes"].is_string() ? data["axes"].get<std::string>() : "";
    const bool planar = page.samples > 1 && page.separateSamples;
    Metadata metadata;
    metadata.convention = "tifffile's shaped series";
    metadata.contiguous = data.value("truncated", false);
    if (letters.size() != shape.size()) {
        letters = guessedAxes(outer);
        if (outer > 1) {
            metadata.warnings.push_back(
                fmt::format("the file names none of its {} axes; they were taken as {} (--axes says otherwise)",
                            shape.size(), lowered(letters) + "yx"));
        }
    }
    const std::size_t ySize = planar ? shape.size() - 2 : outer;
    if (shape[ySize] != page.height || shape[ySize + 1] != page.width) return std::nullopt;
    std::int64_t stride = 1;
    for (std::size_t k = outer; k-- > 0;) {
        if (stride > kMost / shape[k]) return std::nullopt;
        if (shape[k] > 1) {
            std::string name = axisName(letters[k]);
            if (name == "y" || name == "x" || name == "s" || name == "i" || name == "q")
                name = k == outer - 1 ? "z" : "q";
            for (const InnerAxis& other : metadata.axes) {
                if (other.name == name) name += std::to_string(k);
            }
            metadata.axes.push_back({std::move(name), shape[k], stride, {}});
        }
        stride *= shape[k];
    }
    readResolution(input.file.tags(), metadata);
    return metadata;
}

} // namespace lazulite::io::series
