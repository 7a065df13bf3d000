// Text files beside the data: the lattice microscope's settings and MetaMorph's .nd files.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <string_view>

#include "series/metadata.h"
#include "series/name_text.h"

namespace lazulite::io::series {

namespace {

constexpr std::size_t kMostText = std::size_t{1} << 20;

std::string_view trimmed(std::string_view text) {
    const auto blank = [](char c) { return c == ' ' || c == '\t' || c == '\r'; };
    while (!text.empty() && blank(text.front())) text.remove_prefix(1);
    while (!text.empty() && blank(text.back())) text.remove_suffix(1);
    return text;
}

template <typename Visit>
void forEachLine(std::string_view text, Visit&& visit) {
    while (!text.empty()) {
        const std::size_t end = std::min(text.find('\n'), text.size());
        visit(trimmed(text.substr(0, end)));
        text.remove_prefix(std::min(text.size(), end + 1));
    }
}

/// All numbers of a text, which tabs, commas or blanks part.
std::vector<double> numbersOf(std::string_view text) {
    std::vector<double> numbers;
    while (!text.empty()) {
        const std::size_t end = std::min(text.find_first_of("\t ,"), text.size());
        double value = 0;
        const auto part = text.substr(0, end);
        if (std::from_chars(part.data(), part.data() + part.size(), value).ec == std::errc() && std::isfinite(value)) {
            numbers.push_back(value);
        }
        text.remove_prefix(std::min(text.size(), end + 1));
    }
    return numbers;
}

double firstNumber(std::string_view text) {
    const auto numbers = numbersOf(text);
    return numbers.empty() ? 0.0 : numbers[0];
}

struct Lattice {
    double stageStep = 0;
    double piezoStep = 0;
    double angle = 0;
    double cycle = 0;
    double magnification = 0;
    double binning = 1;
    std::size_t lasers = 0;
    bool perPlane = false;
    std::string camera;
};

Lattice readLattice(std::string_view text) {
    Lattice found;
    std::string section;
    forEachLine(text, [&](std::string_view line) {
        if (startsWith(line, "[")) section = line;
        // The waveform's values stand behind the last colon, settings of the .ini part behind the first equals sign.
        const std::size_t colon = line.rfind(" :");
        const std::size_t equals = line.find('=');
        const std::string_view key = trimmed(line.substr(0, std::min({colon, equals, line.size()})));
        const std::string_view colonValue = colon == std::string_view::npos ? "" : trimmed(line.substr(colon + 2));
        const std::string_view value = equals == std::string_view::npos ? "" : trimmed(line.substr(equals + 1));
        const auto interval = [&](double& step) {
            const auto numbers = numbersOf(colonValue);
            if (numbers.size() >= 2 && step == 0) step = std::abs(numbers[1]);
        };
        if (startsWith(key, "S PZT Offset")) interval(found.stageStep);
        if (startsWith(key, "Z PZT Offset")) interval(found.piezoStep);
        if (startsWith(key, "Excitation Filter")) ++found.lasers;
        if (key == "Cycle lasers") found.perPlane = colonValue == "per Z";
        if (key == "Cycle(s)") found.cycle = firstNumber(colonValue);
        if (key == "Model" && found.camera.empty()) found.camera = colonValue;
        if (startsWith(key, "Binning") && value.size() > 0) found.binning = std::max(1.0, firstNumber(value));
        if (key == "Magnification" && section == "[Detection optics]") found.magnification = firstNumber(value);
        if (startsWith(key, "Angle between stage and bessel beam")) found.angle = firstNumber(value);
    });
    return found;
}

} // namespace

void readSettings(const std::string& path, Metadata& metadata, ScanSettings& settings, std::int64_t planes) {
    const Lattice found = readLattice(readText(path, kMostText));
    const bool any = found.stageStep > 0 || found.piezoStep > 0 || found.angle > 0;
    if (!any) return;
    settings.path = path;
    if (found.angle > 0 && found.angle < 90) settings.angleDegrees = found.angle;
    if (found.stageStep > 0) settings.stageStep = found.stageStep;
    const bool unknown = !metadata.x && !metadata.y && !metadata.z;
    if (!metadata.z) {
        if (found.stageStep > 0 || found.piezoStep > 0)
            metadata.z = found.stageStep > 0 ? found.stageStep : found.piezoStep;
    }
    // Hamamatsu's Orca Flash 4.0 (C11440, C13440) has pixels of 6.5 um; other cameras' are not in the file.
    constexpr double kOrcaPixel = 6.5;
    const bool orca = startsWith(found.camera, "C11440") || startsWith(found.camera, "C13440");
    if (orca && found.magnification > 0) {
        const double pixel = kOrcaPixel * found.binning / found.magnification;
        if (!metadata.y) metadata.y = pixel;
        if (!metadata.x) metadata.x = pixel;
    }
    if (!metadata.seconds && found.cycle > 0 && planes > 0) {
        metadata.seconds =
            found.cycle * static_cast<double>(planes) * static_cast<double>(std::max<std::size_t>(1, found.lasers));
    }
    if (unknown) metadata.origin = "settings file";
}

std::optional<Metadata> readMetaMorph(const MetadataInput& input) {
    for (const std::string& path : input.sidecars) {
        if (!endsWithIgnoringCase(path, ".nd")) continue;
        const std::string text = readText(path, kMostText);
        if (text.find("NDInfoFile") == std::string::npos) continue;
        Metadata metadata;
        metadata.convention = "MetaMorph";
        metadata.origin = "MetaMorph .nd file";
        forEachLine(text, [&](std::string_view line) {
            const std::size_t comma = line.find(',');
            if (comma == std::string_view::npos) return;
            const auto unquoted = [](std::string_view part) {
                part = trimmed(part);
                if (part.size() >= 2 && part.front() == '"' && part.back() == '"')
                    part = part.substr(1, part.size() - 2);
                return part;
            };
            const std::string_view key = unquoted(line.substr(0, comma));
            const std::string_view value = unquoted(line.substr(comma + 1));
            if (key == "ZStepSize" && firstNumber(value) > 0) metadata.z = firstNumber(value);
            if (startsWith(key, "WaveName")) metadata.channelNames.push_back(printable(value));
        });
        return metadata;
    }
    return std::nullopt;
}

} // namespace lazulite::io::series
