#include "series/series_opening.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <functional>
#include <unordered_map>

#include "series/name_text.h"
#include "series/series_axes.h"

namespace lazulite::io::series {

namespace {

constexpr std::size_t kMostTried = 8;

std::string folderOf(const std::string& path) {
    const std::size_t slash = path.rfind('/');
    return slash == std::string::npos ? std::string() : path.substr(0, slash + 1);
}

std::string_view fileNameOf(std::string_view path) {
    return path.substr(path.rfind('/') + 1);
}

/// The folder's metadata files, and those that usually lie beside one file.
std::vector<std::string> sidecarsOf(const SeriesNames& names, const std::string& firstPath) {
    std::vector<std::string> paths;
    for (const std::string& name : names.listing.sidecars) paths.push_back(names.listing.folder + "/" + name);
    std::sort(paths.begin(), paths.end(), [&](const auto& a, const auto& b) { return compareNaturally(a, b) < 0; });
    if (!paths.empty()) return paths;
    const std::string folder = folderOf(firstPath);
    for (const char* name : {"metadata.txt", "NDTiff.index"}) {
        if (::access((folder + name).c_str(), R_OK) == 0) paths.push_back(folder + name);
    }
    // "cell1_ch0_stack0000_..." lies beside "cell1_Settings.txt".
    const std::string_view file = fileNameOf(firstPath);
    for (std::size_t at = file.find('_'); at != std::string_view::npos; at = file.find('_', at + 1)) {
        const std::string path = folder + std::string(file.substr(0, at)) + "_Settings.txt";
        if (::access(path.c_str(), R_OK) == 0) paths.push_back(path);
    }
    return paths;
}

class Opening {
public:
    Opening(const SeriesOptions& options, ReadCounts& counts) : options_(options), counts_(counts) {}

    OpenSeries open(const std::vector<std::string>& paths) {
        SeriesNames names = findNames(paths, options_);
        result_.layout = std::make_shared<SeriesLayout>();
        result_.location = names.location;
        result_.warnings = names.listing.warnings;
        SeriesLayout& layout = *result_.layout;
        layout.folder = names.listing.folder == "." ? "" : names.listing.folder + "/";
        layout.names = std::move(names.listing.names);
        auto& ids = names.listing.ids;
        layout.grid = names.pattern ? resolveByPattern(layout.names, ids, *names.pattern, options_.stop)
                                    : resolveNames(layout.names, ids, options_.stop);
        oneFile_ = names.oneFile;
        ids = {};
        openFirst();
        readMetadata(names);
        mergeAxes(layout, metadata_, layout.grid.warnings);
        for (auto* sentences : {&layout.grid.warnings, &metadata_.warnings}) {
            result_.warnings.insert(result_.warnings.end(), sentences->begin(), sentences->end());
        }
        result_.convention = layout.grid.files.size() > 1 && !layout.grid.axes.empty()
                                 ? fmt::format("{}; {}", layout.grid.convention, metadata_.convention)
                                 : metadata_.convention;
        result_.pattern = layout.grid.pattern;
        result_.channelColors = std::move(metadata_.channelColors);
        result_.channelRanges = std::move(metadata_.channelRanges);
        const std::string origin = metadata_.origin.empty() ? "not known" : metadata_.origin;
        result_.spacingOrigin = applyOptions(layout.axes, options_, origin, result_.warnings);
        layout.identity = identity();
        return std::move(result_);
    }

private:
    /// The first file that can be read tells shape and type; those before it are marked when they are asked for.
    void openFirst() {
        SeriesLayout& layout = *result_.layout;
        std::optional<Error> firstError;
        for (std::size_t i = 0; i < std::min(layout.fileCount(), kMostTried); ++i) {
            auto opened = TiffFile::open(layout.path(i), counts_);
            if (!opened) {
                if (!firstError) firstError = opened.error();
                continue;
            }
            auto pages = (*opened)->pageCount();
            if (!pages && i + 1 < std::min(layout.fileCount(), kMostTried)) {
                if (!firstError) firstError = pages.error();
                continue;
            }
            if (firstError) {
                result_.warnings.push_back(fmt::format("{}; shape and type were taken from \"{}\"", firstError->text(),
                                                       printable(fileNameOf((*opened)->path()))));
            }
            if (!pages) result_.warnings.push_back(pages.error().text() + "; only its first page is shown");
            result_.first = *opened;
            result_.firstNumber = static_cast<std::uint32_t>(i);
            layout.page = result_.first->firstPage();
            layout.dtype = layout.page.dtype;
            pages_ = findLevels(*result_.first, pages ? *pages : 1, layout);
            return;
        }
        throw Failure(*firstError);
    }

    void readMetadata(const SeriesNames& names) {
        const TiffFile& first = *result_.first;
        const MetadataInput input{first, folderOf(first.path()), sidecarsOf(names, first.path())};
        if (auto nd = readNdTiff(input); nd && useTable(*nd)) {
            metadata_ = std::move(*nd);
        } else if (auto found = readFirst(input)) {
            metadata_ = std::move(*found);
            if (metadata_.table && !useTable(metadata_)) metadata_.table = nullptr;
        } else {
            metadata_ = readPlain(first, pages_);
        }
        SeriesLayout& layout = *result_.layout;
        layout.table = metadata_.table;
        layout.pagesPerFile = pages_;
        if (!layout.table) {
            countPages(first);
            if (layout.table == nullptr) fitToPages(metadata_, layout.pagesPerFile);
        }
        if (metadata_.axes.empty() && layout.pagesPerFile > 1 && !layout.table) {
            // The metadata tell of no axes, or of single planes: what pages there are is z.
            metadata_.axes.push_back({"z", layout.pagesPerFile, 1, {}});
        }
        addFromBeside(input);
    }

    std::optional<Metadata> readFirst(const MetadataInput& input) {
        using Reader = std::optional<Metadata> (*)(const MetadataInput&);
        for (const Reader reader :
             {Reader{readOme}, Reader{readImageJ}, Reader{readShaped}, Reader{readMicroManager}}) {
            if (auto metadata = reader(input)) return metadata;
        }
        return std::nullopt;
    }

    /// How many planes a file holds: its pages, or those that lie behind one IFD.
    void countPages(const TiffFile& first) {
        SeriesLayout& layout = *result_.layout;
        std::int64_t wanted = metadata_.contiguous ? metadata_.pages() : 1;
        if (pages_ == 1 && endsWithIgnoringCase(first.path(), ".stk")) {
            wanted = planesOfStk(first.path());
            if (wanted > 1) metadata_.axes.assign(1, {"z", wanted, 1, {}});
        }
        if (pages_ > 1 || wanted < 2) return;
        const auto set = result_.first->setContiguousPages(wanted);
        if (!set) {
            metadata_.warnings.push_back(
                fmt::format("the metadata tell of {} planes behind one page, but: {}", wanted, set.error().text()));
            return;
        }
        layout.contiguousPages = wanted;
        layout.pagesPerFile = wanted;
    }

    /// Whether the plane table goes with the files that are there. Names that no longer match mean a renamed set: its
    /// names and page counts tell the truth then.
    bool useTable(Metadata& metadata) {
        SeriesLayout& layout = *result_.layout;
        PlaneTable& table = *metadata.table;
        if (table.files.empty()) {
            // Files of a set that tell of their own planes only: the names tell how they go together.
            const bool partial =
                std::find(table.file.begin(), table.file.end(), PlaneTable::kNoPlane) != table.file.end();
            if (partial && layout.grid.files.size() > 1) return false;
            const auto largest = *std::max_element(table.page.begin(), table.page.end());
            return static_cast<std::int64_t>(largest) < pages_;
        }
        const std::string& firstPath = result_.first->path();
        const std::string own(fileNameOf(firstPath));
        const auto known = std::find(table.files.begin(), table.files.end(), own);
        if (known == table.files.end()) return false;
        const std::string folder = folderOf(firstPath).substr(layout.folder.size());
        std::unordered_map<std::string_view, NameArena::Id> listed;
        for (const NameArena::Id id : layout.grid.files) listed.emplace(layout.names.at(id), id);
        std::vector<NameArena::Id> ids;
        std::size_t missing = 0;
        std::size_t fromListing = 0;
        std::vector<std::uint32_t> numbers(table.files.size(), PlaneTable::kNoPlane);
        for (std::size_t i = 0; i < table.files.size(); ++i) {
            if (table.files[i].find('/') != std::string::npos) return false;
            const std::string name = folder + table.files[i];
            const auto found = listed.find(name);
            if (found == listed.end() && ::access((layout.folder + name).c_str(), F_OK) != 0) {
                ++missing;
                continue;
            }
            fromListing += found != listed.end() ? 1 : 0;
            numbers[i] = static_cast<std::uint32_t>(ids.size());
            ids.push_back(found != listed.end() ? found->second : layout.names.add({}, name));
        }
        const bool others = !oneFile_ && fromListing < layout.grid.files.size();
        if (missing * 2 > table.files.size() || others) return false;
        if (missing > 0) {
            metadata.warnings.push_back(
                fmt::format("{} of the {} files that the metadata tell of are not there; their planes are holes",
                            missing, table.files.size()));
        }
        const std::uint32_t self = numbers[static_cast<std::size_t>(known - table.files.begin())];
        for (std::uint32_t& file : table.file) {
            if (file == PlaneTable::kThisFile)
                file = self;
            else if (file != PlaneTable::kNoPlane)
                file = numbers[file];
        }
        layout.grid.axes.clear();
        layout.grid.places.clear();
        layout.grid.warnings.clear();
        if (ids.size() > 1) layout.grid.pattern = "*";
        layout.grid.files = std::move(ids);
        result_.firstNumber = self;
        return true;
    }

    /// What text files beside the data and times in the names add.
    void addFromBeside(const MetadataInput& input) {
        if (const auto nd = readMetaMorph(input)) {
            if (!metadata_.z && nd->z) {
                metadata_.z = nd->z;
                if (metadata_.origin.empty()) metadata_.origin = nd->origin;
            }
            if (metadata_.channelNames.empty()) metadata_.channelNames = nd->channelNames;
        }
        if (const auto manager = metadata_.convention.find("Micro-Manager") == std::string::npos
                                     ? readMicroManager(input)
                                     : std::nullopt) {
            const bool unknown = !metadata_.x && !metadata_.z;
            if (!metadata_.x) metadata_.x = manager->x;
            if (!metadata_.y) metadata_.y = manager->y;
            if (!metadata_.z) metadata_.z = manager->z;
            if (!metadata_.seconds) metadata_.seconds = manager->seconds;
            if (metadata_.channelNames.empty()) metadata_.channelNames = manager->channelNames;
            if (metadata_.channelColors.empty()) metadata_.channelColors = manager->channelColors;
            if (unknown && (manager->x || manager->z)) metadata_.origin = manager->origin;
        }
        const SeriesLayout& layout = *result_.layout;
        const bool timeInFile =
            std::any_of(metadata_.axes.begin(), metadata_.axes.end(), [](const InnerAxis& a) { return a.name == "t"; });
        if (layout.grid.secondsPerStep && !timeInFile && !metadata_.seconds) {
            metadata_.seconds = layout.grid.secondsPerStep;
            if (metadata_.origin.empty()) metadata_.origin = "times in the names";
        }
        for (const std::string& path : input.sidecars) {
            if (!endsWithIgnoringCase(path, "settings.txt")) continue;
            readSettings(path, metadata_, result_.scan, layout.pagesPerFile);
            if (!result_.scan.path.empty()) break;
        }
    }

    std::string identity() const {
        const SeriesLayout& layout = *result_.layout;
        std::string text = fmt::format("{} | {} |", result_.location, result_.pattern);
        for (const Axis& axis : layout.axes) text += fmt::format(" {}={}", axis.name, axis.size);
        std::size_t hash = 0;
        constexpr std::size_t kMix = 1099511628211ULL;
        for (const NameArena::Id id : layout.grid.files)
            hash = hash * kMix + std::hash<std::string_view>{}(layout.names.at(id));
        return fmt::format("{} | {:016x}", text, hash);
    }

    const SeriesOptions& options_;
    ReadCounts& counts_;
    OpenSeries result_;
    Metadata metadata_;
    std::int64_t pages_ = 1;
    bool oneFile_ = false;
};

} // namespace

OpenSeries openSeries(const std::vector<std::string>& paths, const SeriesOptions& options, ReadCounts& counts) {
    return Opening(options, counts).open(paths);
}

} // namespace lazulite::io::series
