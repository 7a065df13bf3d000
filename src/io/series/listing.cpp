#include "series/listing.h"

#include <dirent.h>
#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <memory>
#include <numeric>

#include "lazulite/core/error.h"
#include "series/name_text.h"

namespace lazulite::io::series {

namespace {

constexpr std::size_t kMostSidecars = 64;
constexpr std::size_t kMostExtensions = 32;
constexpr std::size_t kMostFoldersForSecondFloor = 1000;
constexpr std::chrono::milliseconds kNewsEvery{50};

struct CloseDir {
    void operator()(DIR* dir) const { ::closedir(dir); }
};
using Dir = std::unique_ptr<DIR, CloseDir>;

/// Tells the listener how many names there are, now and then, and ends the listing when nobody wants it.
class News {
public:
    explicit News(const ListingWatch& watch) : watch_(watch) {}

    void tell(std::size_t names) {
        if (watch_.stop.stop_requested()) throw Failure(Error::cancelled());
        if (!watch_.onListed) return;
        const auto now = std::chrono::steady_clock::now();
        if (now - last_ < kNewsEvery) return;
        last_ = now;
        watch_.onListed(names);
    }
    void finish(std::size_t names) const {
        if (watch_.onListed) watch_.onListed(names);
    }

private:
    const ListingWatch& watch_;
    std::chrono::steady_clock::time_point last_ = std::chrono::steady_clock::now();
};

struct Entry {
    std::string_view name;
    bool folder = false;
    bool maybeFolder = false; ///< the file system does not tell without being asked
};

/// Calls `visit` for each entry; returns errno, 0 where all went well.
template <typename Visit>
int forEachEntry(const std::string& folder, Visit&& visit) {
    const Dir dir(::opendir(folder.empty() ? "/" : folder.c_str()));
    if (!dir) return errno;
    while (true) {
        errno = 0;
        const dirent* entry = ::readdir(dir.get()); // each DIR is used by one thread only, as POSIX asks
        if (entry == nullptr) return errno;
        const std::string_view name(entry->d_name);
        if (name == "." || name == "..") continue;
        visit(Entry{name, entry->d_type == DT_DIR, entry->d_type == DT_UNKNOWN || entry->d_type == DT_LNK});
    }
}

bool isSidecar(std::string_view name) {
    return endsWithIgnoringCase(name, "settings.txt") || name == "metadata.txt" ||
           endsWithIgnoringCase(name, ".companion.ome") || endsWithIgnoringCase(name, ".nd") || name == "NDTiff.index";
}

std::string extensionOf(std::string_view name) {
    constexpr std::size_t kLongest = 12;
    const std::size_t dot = name.rfind('.');
    if (dot == std::string_view::npos || dot == 0 || name.size() - dot > kLongest) return "other";
    return lowered(printable(name.substr(dot)));
}

class Lister {
public:
    Lister(Listing& listing, const ListingWatch& watch) : listing_(listing), news_(watch) {}

    /// The TIFFs of one folder into the listing, its sub-folders into `folders`.
    int list(const std::string& relative, std::vector<std::string>& folders) {
        return forEachEntry(absolute(relative), [&](const Entry& entry) {
            news_.tell(listing_.ids.size());
            if (entry.name.front() == '.') return;
            const bool tiff = tiffStemLength(entry.name) != std::string_view::npos;
            if (entry.folder) {
                if (tiff) {
                    listing_.warnings.push_back(
                        fmt::format("\"{}\" is a folder in spite of its name and was left out", printable(entry.name)));
                } else {
                    ++listing_.subFolders;
                    folders.push_back(relative + std::string(entry.name) + '/');
                }
            } else if (tiff) {
                if (isJunk(entry.name)) {
                    ++listing_.others["thumbnail"];
                } else {
                    listing_.ids.push_back(listing_.names.add(relative, entry.name));
                }
            } else if (isSidecar(entry.name)) {
                if (listing_.sidecars.size() < kMostSidecars) {
                    listing_.sidecars.push_back(relative + std::string(entry.name));
                }
                count(entry.name);
            } else {
                if (entry.maybeFolder && entry.name.find('.') == std::string_view::npos) {
                    folders.push_back(relative + std::string(entry.name) + '/');
                }
                count(entry.name);
            }
        });
    }

    int listAccepted(const std::string& relative, const std::function<bool(std::string_view)>& accept,
                     std::vector<std::string>* folders) {
        std::string path;
        return forEachEntry(absolute(relative), [&](const Entry& entry) {
            news_.tell(listing_.ids.size());
            if (entry.name.front() == '.') return;
            if (folders != nullptr) {
                if (entry.folder || entry.maybeFolder) folders->push_back(relative + std::string(entry.name) + '/');
                return;
            }
            if (isSidecar(entry.name) && listing_.sidecars.size() < kMostSidecars) {
                listing_.sidecars.push_back(relative + std::string(entry.name));
            }
            path.assign(relative).append(entry.name);
            if (!entry.folder && accept(path)) {
                listing_.ids.push_back(listing_.names.add({}, path));
            } else {
                count(entry.name);
            }
        });
    }

    void finish() const { news_.finish(listing_.ids.size()); }

private:
    std::string absolute(const std::string& relative) const { return listing_.folder + '/' + relative; }
    void count(std::string_view name) {
        std::string extension = extensionOf(name);
        if (listing_.others.size() >= kMostExtensions && !listing_.others.contains(extension)) extension = "other";
        ++listing_.others[extension];
    }

    Listing& listing_;
    News news_;
};

[[noreturn]] void throwUnlistable(const std::string& folder, int code) {
    const auto kind = code == ENOENT || code == ENOTDIR ? Error::Kind::Missing : Error::Kind::Unreadable;
    throw Failure(
        Error{kind,
              fmt::format("the folder cannot be listed ({}); check the path and your permissions", std::strerror(code)),
              folder,
              {}});
}

std::string withoutSlash(std::string folder) {
    while (!folder.empty() && folder.back() == '/') folder.pop_back();
    return folder;
}

void sortNaturally(std::vector<std::string>& names) {
    std::sort(names.begin(), names.end(), [](const auto& a, const auto& b) { return compareNaturally(a, b) < 0; });
}

/// Levenshtein distance, for names that were mistyped.
std::size_t editDistance(std::string_view a, std::string_view b) {
    std::vector<std::size_t> row(b.size() + 1);
    std::iota(row.begin(), row.end(), std::size_t{0});
    for (std::size_t i = 1; i <= a.size(); ++i) {
        std::size_t diagonal = row[0];
        row[0] = i;
        for (std::size_t j = 1; j <= b.size(); ++j) {
            const std::size_t substitution = diagonal + (toLower(a[i - 1]) == toLower(b[j - 1]) ? 0 : 1);
            diagonal = row[j];
            row[j] = std::min({row[j] + 1, row[j - 1] + 1, substitution});
        }
    }
    return row.back();
}

} // namespace

bool isJunk(std::string_view fileName) {
    if (fileName.empty() || fileName.front() == '.') return true;
    if (fileName.find("humb") == std::string_view::npos && fileName.find("HUMB") == std::string_view::npos)
        return false;
    const std::string lower = lowered(fileName);
    for (const std::string_view mark : {"_thumb", "-thumb", "thumbnail"}) {
        if (lower.find(mark) != std::string::npos) return true;
    }
    return startsWith(lower, "thumb_");
}

Listing listFolder(const std::string& folder, const ListingWatch& watch) {
    Listing listing;
    listing.folder = withoutSlash(folder);
    Lister lister(listing, watch);
    std::vector<std::string> floor;
    if (const int code = lister.list("", floor); code != 0) throwUnlistable(folder, code);
    for (int depth = 1; depth <= 2 && listing.ids.empty() && !floor.empty(); ++depth) {
        if (depth == 2 && floor.size() > kMostFoldersForSecondFloor) break;
        sortNaturally(floor);
        std::vector<std::string> next;
        for (const std::string& sub : floor) {
            const int code = lister.list(sub, next);
            if (code != 0 && code != ENOTDIR && code != ENOENT) {
                listing.warnings.push_back(
                    fmt::format("the sub-folder \"{}\" cannot be listed ({})", printable(sub), std::strerror(code)));
            }
        }
        floor = std::move(next);
    }
    lister.finish();
    return listing;
}

Listing listMatching(const std::string& folder, std::size_t depth, const std::function<bool(std::string_view)>& accept,
                     const ListingWatch& watch) {
    Listing listing;
    listing.folder = withoutSlash(folder);
    Lister lister(listing, watch);
    std::vector<std::string> floor = {""};
    for (std::size_t level = 0; level <= depth; ++level) {
        std::vector<std::string> next;
        for (const std::string& sub : floor) {
            const int code = lister.listAccepted(sub, accept, level < depth ? &next : nullptr);
            if (code != 0 && sub.empty()) throwUnlistable(folder, code);
        }
        sortNaturally(next);
        floor = std::move(next);
    }
    lister.finish();
    return listing;
}

std::string describeOthers(const Listing& listing) {
    std::vector<std::pair<std::string, std::size_t>> sorted(listing.others.begin(), listing.others.end());
    std::stable_sort(sorted.begin(), sorted.end(), [](const auto& a, const auto& b) { return a.second > b.second; });
    std::string text;
    constexpr std::size_t kMostNamed = 4;
    for (std::size_t i = 0; i < std::min(sorted.size(), kMostNamed); ++i) {
        text += fmt::format("{}{} {}", text.empty() ? "" : ", ", sorted[i].second, sorted[i].first);
    }
    if (sorted.size() > kMostNamed) text += " and more";
    if (listing.subFolders > 0) {
        text += fmt::format("{}{} folder{}", text.empty() ? "" : ", ", listing.subFolders,
                            listing.subFolders == 1 ? "" : "s");
    }
    return text;
}

std::vector<std::string> nearNames(const std::string& folder, const std::string& name) {
    constexpr std::size_t kMostAsked = 20000;
    constexpr std::size_t kMostNear = 3;
    std::vector<std::pair<std::size_t, std::string>> found;
    std::size_t asked = 0;
    forEachEntry(folder, [&](const Entry& entry) {
        if (++asked > kMostAsked || entry.name.front() == '.' || entry.name.size() > 2 * name.size() + 2) return;
        const std::size_t distance = editDistance(entry.name, name);
        if (distance <= std::max<std::size_t>(2, name.size() / 3)) found.emplace_back(distance, printable(entry.name));
    });
    std::sort(found.begin(), found.end());
    std::vector<std::string> near;
    for (std::size_t i = 0; i < std::min(found.size(), kMostNear); ++i) near.push_back(found[i].second);
    return near;
}

} // namespace lazulite::io::series
