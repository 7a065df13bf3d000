#include "preparation.h"

#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <optional>
#include <set>
#include <utility>

#include "lazulite/core/units.h"
#include "lazulite/io/output_files.h"
#include "lazulite/io/tiff_file.h"
#include "record.h"
#include "sink.h"

namespace lazulite::batch {

namespace {

namespace fs = std::filesystem;

Failure failureAt(const std::string& path, const std::string& message, Error::Kind kind = Error::Kind::BadArgument) {
    return Failure(Error{kind, message, path, {}});
}

bool exists(const std::string& path) {
    std::error_code ignored;
    return fs::exists(fs::symlink_status(path, ignored));
}

using FileNumber = std::pair<dev_t, ino_t>;

std::optional<FileNumber> numberOf(const std::string& path) {
    struct stat status {};
    if (stat(path.c_str(), &status) != 0) return std::nullopt;
    return FileNumber{status.st_dev, status.st_ino};
}

/// All files of a recording.
std::set<FileNumber> filesOf(const io::FileSeries* series) {
    std::set<FileNumber> numbers;
    if (series == nullptr) return numbers;
    const Shape shape = shapeOf(series->axes());
    forEachGridBlock(Region::whole(shape), series->source()->fileShape(), shape, [&](const Region& file) {
        std::vector<std::int64_t> position;
        for (const Interval& range : file) position.push_back(range.begin);
        const std::string path = series->pathAt(position);
        if (const auto number = path.empty() ? std::nullopt : numberOf(path)) numbers.insert(*number);
    });
    return numbers;
}

/// Results among the raw data would be taken for raw data when they are next opened.
void refuseRecordingsFolder(const Layout& layout) {
    const auto folder = numberOf(layout.folder);
    if (!folder) return;
    std::set<std::string> parents;
    for (const Volume& volume : layout.volumes) {
        for (const std::string& source : volume.sources) parents.insert(fs::path(source).parent_path().string());
    }
    for (const std::string& parent : parents) {
        if (numberOf(parent.empty() ? "." : parent) == folder)
            throw failureAt(layout.folder, "holds the files that are read; choose another folder for the results");
    }
}

/// What a result that exists is.
enum class Found {
    Same,    ///< whole, and what would be written
    Part,    ///< not whole
    Other,   ///< of an export by other steps, with other options, or of files that have changed since
    Foreign, ///< not made by an export
};

Found foundTiff(const Layout& layout, const Volume& volume, const ExportOptions& options,
                const std::set<std::string>& recorded) {
    const std::string name = fs::path(volume.file).lexically_relative(layout.folder).string();
    const Found unknown = recorded.contains(name) ? Found::Part : Found::Foreign;
    ReadCounts counts;
    const auto file = io::TiffFile::open(volume.file, counts);
    if (!file) return unknown;
    const auto key = keyIn((*file)->tags().description);
    if (!key) return unknown;
    if (*key != keyOf(layout, volume, options)) return Found::Other;
    // Directories lie at the end: where all of them can be read nothing is missing before.
    const auto pages = (*file)->pageCount();
    return pages && *pages == pagesOf(layout, volume) ? Found::Same : Found::Part;
}

Found foundNpy(const Layout& layout, const ExportOptions& options) {
    const auto key = keyInRecord(recordPath(layout, options));
    if (!key) return Found::Foreign;
    if (*key != keyOf(layout, options)) return Found::Other;
    std::error_code error;
    const std::uintmax_t bytes = fs::file_size(options.output, error);
    return !error && bytes > layout.bytesOf(layout.region) ? Found::Same : Found::Part;
}

/// `what` is of them, and what can be done.
[[noreturn]] void refuseExisting(const std::vector<std::string>& files, std::size_t all, const char* what) {
    constexpr std::size_t kNamed = 3;
    std::string names;
    for (std::size_t i = 0; i < std::min(files.size(), kNamed); ++i)
        names += (i == 0 ? "" : ", ") + fs::path(files[i]).filename().string();
    if (files.size() > kNamed) names += ", ...";
    throw failureAt(
        fs::path(files.front()).parent_path().string(),
        fmt::format("{} of {} results are there already ({}){} them with --overwrite, or choose another place",
                    files.size(), all, names, what));
}

/// The folder, or the nearest one above it that exists.
fs::path existingPart(const std::string& folder) {
    std::error_code ignored;
    fs::path path = fs::absolute(folder, ignored).lexically_normal();
    while (!fs::exists(path, ignored) && path.has_relative_path()) path = path.parent_path();
    return path;
}

/// Compressed results are smaller by nobody knows how much, so only plain ones are reckoned with.
void checkRoom(const Layout& layout, const ExportOptions& options, const Todo& todo, const fs::path& place) {
    const bool plain =
        layout.format == Layout::Format::Npy || options.compression == io::TiffWriteOptions::Compression::None;
    std::error_code error;
    const fs::space_info space = fs::space(place, error);
    if (!plain || error) return;
    std::uint64_t needed = 0;
    for (const std::size_t number : todo.volumes) {
        const Volume& volume = layout.volumes[number];
        if (!exists(volume.file)) needed += layout.bytesOf(volume.region);
    }
    if (needed <= space.available) return;
    throw failureAt(layout.folder,
                    fmt::format("the results take {} and only {} are free there; free some space, write elsewhere, or "
                                "try --compression",
                                bytesText(needed), bytesText(space.available)));
}

void makeFolder(const fs::path& folder) {
    std::error_code error;
    fs::create_directories(folder, error);
    if (error && !fs::is_directory(folder))
        throw failureAt(folder.string(), "the folder cannot be made: " + error.message(), Error::Kind::Unreadable);
}

} // namespace

Todo todoOf(const Layout& layout, const io::FileSeries* series, const ExportOptions& options, Shard shard) {
    const Interval range = rangeOf(shard, layout.volumes.size());
    if (layout.format == Layout::Format::Folder) refuseRecordingsFolder(layout);
    Todo todo;
    std::vector<std::string> there;
    std::vector<std::string> others;
    std::vector<std::string> foreign;
    std::set<FileNumber> recording;
    std::set<std::string> recorded;
    for (std::int64_t i = range.begin; i < range.end; ++i) {
        const auto number = static_cast<std::size_t>(i);
        const Volume& volume = layout.volumes[number];
        todo.volumes.push_back(number);
        if (!exists(volume.file)) continue;
        if (layout.format == Layout::Format::Npy && !there.empty()) continue; // all parts are the same file
        if (there.empty()) {
            recording = filesOf(series);
            recorded = filesInRecord(recordPath(layout, options));
        }
        there.push_back(volume.file);
        const auto fileNumber = numberOf(volume.file);
        if (fileNumber && recording.contains(*fileNumber))
            throw failureAt(volume.file, "is one of the files that are read; choose another place for the results");
        std::error_code ignored;
        if (fs::is_directory(volume.file, ignored)) throw failureAt(volume.file, "is a folder; a file would come here");
        if (options.existing != Existing::Resume) continue;
        const Found found = layout.format == Layout::Format::Npy ? foundNpy(layout, options)
                                                                 : foundTiff(layout, volume, options, recorded);
        if (found == Found::Foreign) foreign.push_back(volume.file);
        if (found == Found::Other) others.push_back(volume.file);
        if (found == Found::Same) todo.volumes.pop_back();
    }
    const std::size_t files = layout.format == Layout::Format::Folder ? static_cast<std::size_t>(range.size()) : 1;
    if (options.existing == Existing::Refuse && !there.empty())
        refuseExisting(there, files, "; keep those that are whole with --resume, replace");
    if (!foreign.empty()) {
        throw failureAt(foreign.front(),
                        "was not made by an export, so it is not replaced; move it away or write elsewhere");
    }
    if (!others.empty())
        refuseExisting(others, files,
                       " but were made otherwise: by other steps or options, or of files that have changed "
                       "since; replace");
    const auto all = static_cast<std::size_t>(range.size());
    if (layout.format == Layout::Format::Npy && todo.volumes.size() < all) todo.volumes.clear(); // one file, kept
    todo.kept = all - todo.volumes.size();
    return todo;
}

void makeReady(const Layout& layout, const ExportOptions& options, const Todo& todo) {
    const bool single = layout.format != Layout::Format::Folder;
    std::error_code ignored;
    const fs::path place = existingPart(layout.folder);
    if (!fs::is_directory(place, ignored)) throw failureAt(place.string(), "is a file; name a folder for the results");
    if (single && !fs::is_directory(layout.folder, ignored))
        throw failureAt(layout.folder, "there is no such folder; make it first", Error::Kind::Missing);
    if (access(place.c_str(), W_OK | X_OK) != 0) {
        throw failureAt(place.string(),
                        fmt::format("nothing can be written there: {}; check the permissions or write elsewhere",
                                    std::strerror(errno)),
                        Error::Kind::Unreadable);
    }
    checkRoom(layout, options, todo, place);
    std::set<std::string> folders{layout.folder};
    for (const std::size_t number : todo.volumes)
        folders.insert(fs::path(layout.volumes[number].file).parent_path().string());
    for (const std::string& folder : folders) {
        if (folder.empty()) continue;
        makeFolder(folder);
        io::removeAbandoned(folder);
    }
}

} // namespace lazulite::batch
