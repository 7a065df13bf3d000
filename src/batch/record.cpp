#include "record.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cctype>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <set>

#include "lazulite/io/output_files.h"
#include "lazulite/io/tiff_file.h"

namespace lazulite::batch {

namespace {

namespace fs = std::filesystem;
using nlohmann::ordered_json;

constexpr const char* kKeyNote = "lazulite-export";
constexpr std::size_t kKeyDigits = 32;

const char* compressionName(io::TiffWriteOptions::Compression compression) {
    using Compression = io::TiffWriteOptions::Compression;
    switch (compression) {
        case Compression::Deflate:
            return "deflate";
        case Compression::Zstd:
            return "zstd";
        case Compression::Lzw:
            return "lzw";
        case Compression::None:
            break;
    }
    return "none";
}

const char* metadataName(MetadataKind kind) {
    switch (kind) {
        case MetadataKind::ImageJ:
            return "imagej";
        case MetadataKind::Ome:
            return "ome";
        case MetadataKind::Auto:
            break;
    }
    return "auto";
}

std::string axesText(const Axes& axes) {
    std::string text;
    for (const Axis& axis : axes)
        text += fmt::format("{} {} {} {}\n", axis.name, axis.spacing, axis.unit, fmt::join(axis.labels, "|"));
    return text;
}

/// What all files of an export depend on.
std::string common(const Layout& layout, const ExportOptions& options) {
    const graph::Fingerprint& recipe = layout.lineage.recipe();
    return fmt::format("{:x} {:x}\n{}{} {} {} {} {} {}\n", recipe.low, recipe.high, axesText(layout.axes()),
                       toString(layout.array.dtype()), compressionName(options.compression), options.compressionLevel,
                       metadataName(options.metadata), options.bigTiff, options.fillHoles);
}

std::string sourcesText(const Volume& volume) {
    std::string text;
    for (const std::string& file : volume.sources)
        text += fmt::format("{} {:x}\n", fs::path(file).filename().string(), io::fileStamp(file));
    return text + volume.missing + "\n";
}

std::string hex(std::string_view text) {
    const graph::Fingerprint print = graph::Fingerprint::of(text);
    return fmt::format("{:016x}{:016x}", print.high, print.low);
}

/// The record may be read from anywhere.
std::string fromRoot(const std::string& path) {
    std::error_code error;
    const fs::path absolute = fs::absolute(path, error);
    return error ? path : absolute.lexically_normal().string();
}

/// Without what would end a line.
std::string oneLine(std::string text) {
    std::replace_if(
        text.begin(), text.end(), [](unsigned char c) { return std::iscntrl(c) != 0; }, ' ');
    return text;
}

ordered_json volumeJson(const Volume& volume, const fs::path& folder) {
    ordered_json json{{"file", fs::path(volume.file).lexically_relative(folder).string()},
                      {"place", volume.place},
                      {"sources", ordered_json::array()}};
    for (const std::string& source : volume.sources) json["sources"].push_back(fromRoot(source));
    if (!volume.missing.empty()) json["missing"] = volume.missing;
    return json;
}

/// One export, but for its volumes.
ordered_json exportJson(const Layout& layout, const Provenance& provenance, const ExportOptions& options) {
    ordered_json axes = ordered_json::array();
    for (const Axis& axis : layout.axes()) {
        axes.push_back({{"name", axis.name},
                        {"size", axis.size},
                        {"spacing", axis.spacing},
                        {"unit", axis.unit},
                        {"labels", axis.labels}});
    }
    ordered_json json{
        {"key", layout.format == Layout::Format::Folder ? hex(common(layout, options)) : keyOf(layout, options)}};
    if (!provenance.pipelineText.empty()) {
        json["pipeline"] = {{"name", provenance.pipelineName},
                            {"path", provenance.pipelinePath},
                            {"text", provenance.pipelineText},
                            {"files", provenance.files}};
    }
    if (provenance.series) {
        json["recording"] = {{"location", fromRoot(provenance.series->location())},
                             {"pattern", provenance.series->pattern()},
                             {"files", provenance.series->fileCount()}};
    }
    json["axes"] = axes;
    json["dtype"] = toString(layout.array.dtype());
    if (options.scale) json["scale"] = *options.scale;
    json["compression"] = compressionName(options.compression);
    json["volumes"] = ordered_json::array();
    return json;
}

bool isExport(const ordered_json& one) {
    const auto isVolume = [](const ordered_json& volume) {
        return volume.is_object() && volume.contains("file") && volume["file"].is_string();
    };
    return one.is_object() && one.contains("key") && one["key"].is_string() && one.contains("volumes") &&
           one["volumes"].is_array() && std::all_of(one["volumes"].begin(), one["volumes"].end(), isVolume);
}

/// The record as it is, nothing where there is none or it is something else.
std::optional<ordered_json> readRecord(const std::string& path) {
    std::ifstream file(path);
    ordered_json json = ordered_json::parse(file, nullptr, false);
    if (!json.is_object() || !json.contains("lazulite") || !json.contains("exports")) return std::nullopt;
    const ordered_json& exports = json["exports"];
    if (!exports.is_array() || !std::all_of(exports.begin(), exports.end(), isExport)) return std::nullopt;
    return json;
}

std::string fileOf(const ordered_json& volume) {
    return volume["file"].get<std::string>();
}

/// Takes the files that are written anew out of other exports, and exports without files out of the record.
void forget(ordered_json& exports, const std::set<std::string>& files) {
    for (ordered_json& one : exports) {
        ordered_json kept = ordered_json::array();
        for (const ordered_json& volume : one["volumes"]) {
            if (!files.contains(fileOf(volume))) kept.push_back(volume);
        }
        one["volumes"] = std::move(kept);
    }
    ordered_json kept = ordered_json::array();
    for (ordered_json& one : exports) {
        if (!one["volumes"].empty()) kept.push_back(std::move(one));
    }
    exports = std::move(kept);
}

ordered_json& entryFor(ordered_json& exports, const ordered_json& wanted) {
    for (ordered_json& one : exports) {
        ordered_json rest = one;
        rest["volumes"] = ordered_json::array();
        if (rest == wanted) return one;
    }
    exports.push_back(wanted);
    return exports.back();
}

} // namespace

std::string keyOf(const Layout& layout, const Volume& volume, const ExportOptions& options) {
    return hex(common(layout, options) + volume.region.toString() + "\n" + sourcesText(volume));
}

std::string keyOf(const Layout& layout, const ExportOptions& options) {
    std::string text = common(layout, options) + layout.region.toString() + "\n";
    for (const Volume& volume : layout.volumes) text += sourcesText(volume);
    return hex(text);
}

io::TiffNotes notesFor(const Volume& volume, const Provenance& provenance, const std::string& key) {
    io::TiffNotes notes{{kKeyNote, key}};
    if (!provenance.pipelineText.empty()) {
        const std::string& name = provenance.pipelineName;
        notes.emplace_back("pipeline",
                           oneLine(name.empty() ? fs::path(provenance.pipelinePath).filename().string() : name));
    }
    if (volume.sources.size() == 1) {
        notes.emplace_back("source", oneLine(fs::path(volume.sources.front()).filename().string()));
    } else if (!volume.sources.empty()) {
        notes.emplace_back("source", fmt::format("{} files", volume.sources.size()));
    }
    return notes;
}

std::optional<std::string> keyIn(std::string_view description) {
    const std::size_t note = description.find(kKeyNote);
    if (note == std::string_view::npos) return std::nullopt;
    constexpr std::string_view kDigits = "0123456789abcdef";
    std::string key;
    for (const char c : description.substr(note + std::string_view(kKeyNote).size())) {
        if (kDigits.find(c) != std::string_view::npos) {
            key += c;
            if (key.size() == kKeyDigits) return key;
        } else if (!key.empty()) {
            break;
        }
    }
    return std::nullopt;
}

std::string recordPath(const Layout& layout, const ExportOptions& options) {
    if (layout.format == Layout::Format::Folder) return (fs::path(layout.folder) / "lazulite-export.json").string();
    return options.output + ".json";
}

std::set<std::string> filesInRecord(const std::string& recordPath) {
    std::set<std::string> files;
    const auto record = readRecord(recordPath);
    if (!record) return files;
    for (const ordered_json& one : (*record)["exports"]) {
        for (const ordered_json& volume : one["volumes"]) files.insert(fileOf(volume));
    }
    return files;
}

std::optional<std::string> keyInRecord(const std::string& recordPath) {
    const auto record = readRecord(recordPath);
    if (!record || (*record)["exports"].empty()) return std::nullopt;
    return (*record)["exports"].front()["key"].get<std::string>();
}

void writeRecord(const Layout& layout, const Provenance& provenance, const ExportOptions& options) {
    const std::string path = recordPath(layout, options);
    ordered_json record{{"lazulite", LAZULITE_VERSION}, {"exports", ordered_json::array()}};
    std::error_code ignored;
    if (fs::exists(path, ignored)) {
        const auto known = readRecord(path);
        if (!known) {
            throw Failure(Error{Error::Kind::BadArgument,
                                "the record of the export would come here, but this is another file; move it away",
                                path,
                                {}});
        }
        if (layout.format == Layout::Format::Folder) record["exports"] = (*known)["exports"];
    }
    ordered_json& exports = record["exports"];
    ordered_json volumes = ordered_json::array();
    std::set<std::string> files;
    for (const Volume& volume : layout.volumes) {
        volumes.push_back(volumeJson(volume, layout.folder));
        files.insert(fileOf(volumes.back()));
    }
    forget(exports, files);
    ordered_json& entry = entryFor(exports, exportJson(layout, provenance, options));
    for (ordered_json& volume : volumes) entry["volumes"].push_back(std::move(volume));
    // Names need not be UTF-8; JSON must be.
    io::writeFile(path, record.dump(1, ' ', false, ordered_json::error_handler_t::replace) + "\n");
}

} // namespace lazulite::batch
