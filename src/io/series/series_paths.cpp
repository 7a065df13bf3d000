#include "series/series_paths.h"

#include <fmt/format.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "series/name_text.h"

namespace lazulite::io::series {

namespace {

enum class PathKind { Missing, Folder, File };

PathKind kindOf(const std::string& path) {
    struct stat status {};
    if (::stat(path.c_str(), &status) == 0) return S_ISDIR(status.st_mode) ? PathKind::Folder : PathKind::File;
    if (errno == ENOENT || errno == ENOTDIR) return PathKind::Missing;
    throw Failure(
        Error{Error::Kind::Unreadable,
              fmt::format("the path cannot be opened ({}); check it and your permissions", std::strerror(errno)),
              path,
              {}});
}

/// "a/b/c.tif" -> "a/b/", "c.tif"; the folder of a bare name is "./".
std::pair<std::string, std::string> split(const std::string& path) {
    const std::size_t slash = path.rfind('/');
    if (slash == std::string::npos) return {"./", path};
    return {path.substr(0, slash + 1), path.substr(slash + 1)};
}

[[noreturn]] void throwMissing(const std::string& path) {
    std::string trimmed = path;
    while (trimmed.size() > 1 && trimmed.back() == '/') trimmed.pop_back();
    const auto [folder, name] = split(trimmed);
    std::string hint = "check the path";
    if (kindOf(folder) != PathKind::Folder) {
        hint = fmt::format("\"{}\" does not exist either; check the path", printable(folder));
    } else if (const auto near = nearNames(folder, name); !near.empty()) {
        hint = "did you mean ";
        for (std::size_t i = 0; i < near.size(); ++i) hint += fmt::format("{}\"{}\"", i == 0 ? "" : " or ", near[i]);
        hint += "?";
    }
    throw Failure(Error{Error::Kind::Missing, "there is no such file or folder; " + hint, printable(path, 1000), {}});
}

[[noreturn]] void throwNothing(const std::string& where, const Listing& listing, const std::string& pattern) {
    const std::string others = describeOthers(listing);
    std::string message;
    if (!pattern.empty()) {
        message = fmt::format("no file matches \"{}\"{}", printable(pattern),
                              others.empty() ? "; the folder is empty" : "; there are " + others);
    } else if (others.empty()) {
        message = "the folder is empty; choose one that holds TIFF files";
    } else {
        message = fmt::format("the folder holds no TIFF files but {}; choose one that does", others);
    }
    throw Failure(Error{Error::Kind::Missing, message, where, {}});
}

SeriesNames fromPattern(const std::string& folder, const std::string& text, const ListingWatch& watch) {
    auto pattern = NamePattern::parse(text);
    if (kindOf(folder) == PathKind::Missing) throwMissing(folder);
    SeriesNames names;
    const bool nested = pattern->depth() > 0;
    if (!nested && !pattern->fields().empty()) {
        // A pattern of file names holds in sub-folders too, as long as the folder itself has no TIFFs.
        names.listing = listFolder(folder, watch);
        auto& ids = names.listing.ids;
        const auto strange = [&](NameArena::Id id) { return !pattern->matches(names.listing.names.at(id)); };
        const auto rest = std::remove_if(ids.begin(), ids.end(), strange);
        if (rest != ids.end()) names.listing.others["other TIFF"] += static_cast<std::size_t>(ids.end() - rest);
        ids.erase(rest, ids.end());
    } else {
        names.listing = listMatching(
            folder, pattern->depth(), [&](std::string_view name) { return pattern->matches(name); }, watch);
    }
    if (names.listing.ids.empty()) throwNothing(folder, names.listing, text);
    names.location = folder == "./" ? text : (folder.back() == '/' ? folder : folder + "/") + text;
    if (!pattern->fields().empty()) names.pattern = std::move(pattern);
    return names;
}

/// A path with wildcards: the folders before the first of them, and the rest.
SeriesNames fromGlob(const std::string& path, const ListingWatch& watch) {
    const std::size_t wild = path.find_first_of("*?{}");
    const std::size_t slash = path.rfind('/', wild);
    if (slash == std::string::npos) return fromPattern("./", path, watch);
    return fromPattern(path.substr(0, slash + 1), path.substr(slash + 1), watch);
}

std::string commonFolder(const std::vector<std::string>& paths) {
    std::string common = split(paths[0]).first;
    for (const std::string& path : paths) {
        while (!startsWith(path, common)) {
            const std::size_t slash = common.size() < 2 ? std::string::npos : common.rfind('/', common.size() - 2);
            if (slash == std::string::npos) return {};
            common.resize(slash + 1);
        }
    }
    return common;
}

void addFolder(const std::string& path, std::vector<std::string>& files, const ListingWatch& watch) {
    const Listing inside = listFolder(path, watch);
    for (const NameArena::Id id : inside.ids) files.push_back(inside.folder + "/" + std::string(inside.names.at(id)));
}

SeriesNames fromList(const std::vector<std::string>& paths, const ListingWatch& watch) {
    constexpr std::size_t kFew = 64; // more are not asked for one by one: a lost one shows when it is read
    std::vector<std::string> files;
    for (const std::string& path : paths) {
        if (watch.stop.stop_requested()) throw Failure(Error::cancelled());
        const bool trusted =
            paths.size() > kFew && tiffStemLength(path) != std::string::npos && !looksLikePattern(path);
        const PathKind kind = trusted ? PathKind::File : kindOf(path);
        if (kind == PathKind::File) {
            files.push_back(path);
        } else if (kind == PathKind::Folder) {
            addFolder(path, files, watch);
        } else if (looksLikePattern(path)) {
            const SeriesNames matched = fromGlob(path, watch);
            if (matched.pattern) throw Failure("a pattern with {fields} stands alone; give no other paths beside it");
            const std::string& folder = matched.listing.folder;
            for (const NameArena::Id id : matched.listing.ids)
                files.push_back(folder + "/" + std::string(matched.listing.names.at(id)));
        } else {
            throwMissing(path);
        }
    }
    if (files.empty()) {
        throw Failure(Error{Error::Kind::Missing, "none of the given folders holds a TIFF file", paths[0], {}});
    }
    for (std::string& file : files) {
        if (file.find('/') == std::string::npos) file.insert(0, "./");
    }
    std::sort(files.begin(), files.end());
    files.erase(std::unique(files.begin(), files.end()), files.end());
    SeriesNames names;
    const std::string folder = commonFolder(files);
    names.listing.folder = folder.empty() ? "." : folder.size() == 1 ? "" : folder.substr(0, folder.size() - 1);
    for (const std::string& file : files)
        names.listing.ids.push_back(names.listing.names.add({}, std::string_view(file).substr(folder.size())));
    names.location = folder.empty() ? "." : folder;
    if (watch.onListed) watch.onListed(files.size());
    return names;
}

SeriesNames fromFile(const std::string& path, const ListingWatch& watch) {
    SeriesNames names;
    const auto [folder, name] = split(path);
    names.listing.folder = folder.size() == 1 ? "" : folder.substr(0, folder.size() - 1);
    names.listing.ids.push_back(names.listing.names.add({}, name));
    names.location = path;
    names.oneFile = true;
    if (watch.onListed) watch.onListed(1);
    return names;
}

} // namespace

SeriesNames findNames(const std::vector<std::string>& paths, const SeriesOptions& options) {
    if (paths.empty()) throw Failure("nothing to open: give a folder, a file or a pattern");
    const ListingWatch watch{options.onListed, options.stop};
    if (paths.size() > 1) {
        if (!options.pattern.empty())
            throw Failure("a pattern goes with one folder, not with a list of files; give the folder alone");
        return fromList(paths, watch);
    }
    const std::string& path = paths[0];
    if (path.empty()) throw Failure("nothing to open: the path is empty");
    const PathKind kind = kindOf(path);
    if (kind == PathKind::Missing) {
        if (!looksLikePattern(path)) throwMissing(path);
        if (!options.pattern.empty()) {
            throw Failure(
                fmt::format("the path \"{}\" is a pattern itself and --pattern \"{}\" another one; give one of them",
                            printable(path), printable(options.pattern)));
        }
        return fromGlob(path, watch);
    }
    if (!options.pattern.empty())
        return fromPattern(kind == PathKind::Folder ? path : split(path).first, options.pattern, watch);
    if (kind == PathKind::File) return fromFile(path, watch);
    SeriesNames names;
    names.listing = listFolder(path, watch);
    names.location = path;
    if (names.listing.ids.empty()) throwNothing(path, names.listing, {});
    return names;
}

} // namespace lazulite::io::series
