#include "naming.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <filesystem>
#include <unordered_set>

namespace lazulite::batch {

namespace {

namespace fs = std::filesystem;

/// The folder that a recording lies in.
fs::path rootOf(const io::FileSeries& series) {
    const std::string& location = series.location();
    std::error_code ignored;
    if (fs::is_directory(location, ignored)) return location;
    const std::size_t wild = std::min(location.find_first_of("*?{"), location.size());
    return fs::path(location.substr(0, wild)).parent_path();
}

/// "scan" of "scan.ome.tif".
std::string stemOf(const fs::path& file) {
    const std::string name = file.filename().string();
    const std::size_t dot = name.find('.', 1);
    return name.substr(0, dot);
}

/// What the results of a recording are called together.
std::string titleOf(const io::FileSeries* series) {
    constexpr const char* kUnknown = "volume";
    if (series == nullptr) return kUnknown;
    std::error_code ignored;
    if (fs::is_regular_file(series->location(), ignored)) return stemOf(series->location());
    const fs::path root = rootOf(*series);
    fs::path folder = fs::canonical(root.empty() ? "." : root, ignored);
    return folder.filename().empty() ? kUnknown : folder.filename().string();
}

bool isTiffEnding(const fs::path& file) {
    std::string ending = file.extension().string();
    std::transform(ending.begin(), ending.end(), ending.begin(), [](unsigned char c) { return std::tolower(c); });
    return ending == ".tif" || ending == ".tiff";
}

/// The names of the files themselves; empty where two would be alike or a volume has more than one.
std::vector<std::string> keptNames(const std::vector<Nameable>& volumes, const fs::path& root) {
    std::vector<std::string> names;
    std::unordered_set<std::string> known;
    for (const Nameable& volume : volumes) {
        if (volume.files.size() > 1) return {};
        names.emplace_back();
        if (volume.files.empty()) continue;
        const fs::path file = fs::path(volume.files.front()).lexically_normal();
        fs::path name = file.lexically_relative(root.lexically_normal());
        if (name.empty() || *name.begin() == "..") name = file.filename();
        if (!isTiffEnding(name)) name.replace_extension(".tif");
        if (!known.insert(name.string()).second) return {};
        names.back() = name.string();
    }
    return names;
}

std::string axisWord(const Axis& axis) {
    std::string word;
    for (const char c : axis.name) {
        if (std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '-') word += c;
    }
    return word.empty() ? "i" : word;
}

std::string positionName(const std::string& title, const Region& region, const Axes& axes, std::size_t outer) {
    std::string name = title;
    for (std::size_t i = 0; i < outer; ++i) {
        if (axes[i].size == 1) continue;
        const std::size_t digits = std::to_string(axes[i].size - 1).size();
        name += fmt::format("_{}{:0{}}", axisWord(axes[i]), region[i].begin, digits);
    }
    return name + ".tif";
}

} // namespace

std::vector<std::string> namesFor(const std::vector<Nameable>& volumes, const Axes& axes, std::size_t outer,
                                  const io::FileSeries* series) {
    std::vector<std::string> names;
    if (series != nullptr) names = keptNames(volumes, rootOf(*series));
    names.resize(volumes.size());
    const std::string title = titleOf(series);
    for (std::size_t i = 0; i < volumes.size(); ++i) {
        if (names[i].empty()) names[i] = positionName(title, volumes[i].region, axes, outer);
    }
    return names;
}

} // namespace lazulite::batch
