#include "series/name_grid.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <map>

#include "lazulite/core/error.h"
#include "series/axis_groups.h"
#include "series/name_columns.h"
#include "series/name_family.h"
#include "series/name_text.h"

namespace lazulite::io::series {

namespace {

/// A grid with more places than this for each file, and then some, is no grid but a misunderstanding.
constexpr std::size_t kMostPlacesPerFile = 16;
constexpr std::size_t kFreePlaces = 64;

std::string listed(const std::vector<std::string>& names, std::size_t count) {
    std::string text;
    for (const std::string& name : names) text += fmt::format("{}\"{}\"", text.empty() ? "" : ", ", name);
    return count > names.size() ? text + " ..." : text;
}

void warnOfStrangers(const FieldSurvey& survey, std::vector<std::string>& warnings) {
    if (survey.strangerCount == 0) return;
    warnings.push_back(fmt::format("{} file{} left out for not following the pattern of the others: {}",
                                   survey.strangerCount, survey.strangerCount == 1 ? " was" : "s were",
                                   listed(survey.strangers, survey.strangerCount)));
}

std::size_t rowMajorPlaces(const std::vector<AxisGroup>& groups, std::size_t most) {
    std::size_t places = 1;
    for (const AxisGroup& group : groups) {
        if (group.column.size != 0 && places > most / group.column.size) return most + 1;
        places *= group.column.size;
    }
    return places;
}

/// Every name its own place on one axis, in natural order.
OuterGrid oneAxis(const NameArena& names, std::vector<NameArena::Id> ids, const std::string& axisName) {
    constexpr std::size_t kMostLabels = 10000;
    OuterGrid grid;
    std::sort(ids.begin(), ids.end(), [&](auto a, auto b) { return compareNaturally(names.at(a), names.at(b)) < 0; });
    if (ids.size() > 1) {
        OuterAxis axis{axisName, static_cast<std::int64_t>(ids.size()), {}, {}};
        if (ids.size() <= kMostLabels) {
            for (const NameArena::Id id : ids) {
                const std::string_view name = names.at(id);
                axis.labels.push_back(printable(name.substr(0, std::min(name.size(), tiffStemLength(name)))));
            }
        }
        grid.axes.push_back(std::move(axis));
    }
    grid.files = std::move(ids);
    grid.convention = grid.files.size() > 1 ? "names without a common pattern" : "one file";
    grid.pattern = grid.files.size() > 1 ? "*" : grid.files.empty() ? "" : std::string(names.at(grid.files[0]));
    return grid;
}

void fillPlaces(OuterGrid& grid, const std::vector<AxisGroup>& groups, std::size_t places, const FieldSurvey& survey,
                const NameArena& names) {
    const std::size_t count = survey.fitting.size();
    grid.places.assign(places, OuterGrid::kHole);
    std::vector<std::string> doubles;
    std::size_t doubleCount = 0;
    for (std::size_t i = 0; i < count; ++i) {
        std::size_t place = 0;
        for (const AxisGroup& group : groups) place = place * group.column.size + group.column.ranks[i];
        std::uint32_t& held = grid.places[place];
        if (held == OuterGrid::kHole) {
            held = static_cast<std::uint32_t>(i);
            continue;
        }
        const std::string_view known = names.at(survey.fitting[held]);
        const std::string_view other = names.at(survey.fitting[i]);
        const bool keep = compareNaturally(known, other) <= 0;
        if (doubles.size() < 3) doubles.push_back(printable(keep ? other : known));
        ++doubleCount;
        if (!keep) held = static_cast<std::uint32_t>(i);
    }
    if (doubleCount > 0) {
        grid.warnings.push_back(fmt::format("{} file{} left out because another one has the same place: {}",
                                            doubleCount, doubleCount == 1 ? " was" : "s were",
                                            listed(doubles, doubleCount)));
    }
    grid.files.reserve(count - doubleCount);
    for (std::uint32_t& held : grid.places) {
        if (held == OuterGrid::kHole) continue;
        grid.files.push_back(survey.fitting[held]);
        held = static_cast<std::uint32_t>(grid.files.size() - 1);
    }
    if (grid.files.size() == grid.places.size()) grid.places = {};
}

/// Orders the axes, makes the places and describes the axes.
OuterGrid assemble(const NameArena& names, const FieldSurvey& survey, NameReader& reader, std::vector<AxisGroup> groups,
                   std::vector<std::string> warnings) {
    std::stable_sort(groups.begin(), groups.end(),
                     [](const AxisGroup& a, const AxisGroup& b) { return axisRank(a.name) < axisRank(b.name); });
    const std::size_t most = survey.fitting.size() * kMostPlacesPerFile + kFreePlaces;
    const std::size_t places = rowMajorPlaces(groups, most);
    if (places > most) {
        std::string axes;
        for (const AxisGroup& group : groups)
            axes += fmt::format("{}{} ({})", axes.empty() ? "" : ", ", group.name, group.column.size);
        OuterGrid grid = oneAxis(names, survey.fitting, "t");
        grid.warnings = std::move(warnings);
        grid.warnings.push_back(
            fmt::format("the numbers in the names, taken as axes {}, would leave most places empty; the files lie "
                        "along one axis t instead. A pattern such as *_t{{t}}* says which number counts",
                        axes));
        return grid;
    }
    OuterGrid grid;
    grid.warnings = std::move(warnings);
    fillPlaces(grid, groups, places, survey, names);
    std::vector<std::string> inserts(reader.fields().size(), "*");
    std::vector<std::string_view> values;
    reader.read(names.at(grid.files[0]), values);
    for (std::size_t f = 0; f < inserts.size(); ++f) {
        if (!survey.varies[f]) inserts[f] = std::string(values[f]);
    }
    for (const AxisGroup& group : groups) {
        for (const std::size_t f : group.fields)
            if (survey.varies[f]) inserts[f] = "{" + group.name + "}";
        grid.axes.push_back(describeAxis(group, names, survey, reader));
    }
    grid.pattern = reader.pattern(inserts);
    return grid;
}

/// The time between two steps along t, from milliseconds in the names; nothing where they do not grow evenly.
std::optional<double> stepFromNames(const OuterGrid& grid, const NameArena& names, NameReader& reader) {
    const auto& fields = reader.fields();
    const auto t = std::find_if(grid.axes.begin(), grid.axes.end(), [](const OuterAxis& a) { return a.name == "t"; });
    if (t == grid.axes.end()) return std::nullopt;
    std::size_t stride = 1;
    for (auto behind = t + 1; behind != grid.axes.end(); ++behind) stride *= static_cast<std::size_t>(behind->size);
    constexpr std::int64_t kMostLookedAt = 2000;
    constexpr double kMillisecond = 1e-3;
    for (const FieldRole role : {FieldRole::ElapsedAbs, FieldRole::Elapsed}) {
        const auto field =
            std::find_if(fields.begin(), fields.end(), [&](const NameField& f) { return f.role == role && !f.text; });
        if (field == fields.end()) continue;
        const auto f = static_cast<std::size_t>(field - fields.begin());
        std::vector<double> steps;
        std::optional<double> lastTime;
        double lastValue = 0;
        std::vector<std::string_view> values;
        for (std::int64_t i = 0; i < std::min(t->size, kMostLookedAt); ++i) {
            const std::uint32_t file = grid.fileAt(static_cast<std::size_t>(i) * stride);
            if (file == OuterGrid::kHole || !reader.read(names.at(grid.files[file]), values)) continue;
            const auto time = static_cast<double>(numberOf(values[f]));
            const auto value = static_cast<double>(t->values.empty() ? static_cast<std::uint64_t>(i)
                                                                     : t->values[static_cast<std::size_t>(i)]);
            // A counter that ran over starts again at 0: that step says nothing.
            if (lastTime && time > *lastTime) steps.push_back((time - *lastTime) / (value - lastValue));
            lastTime = time;
            lastValue = value;
        }
        if (steps.empty()) continue;
        std::nth_element(steps.begin(), steps.begin() + static_cast<std::ptrdiff_t>(steps.size() / 2), steps.end());
        const double median = steps[steps.size() / 2];
        constexpr double kTolerance = 0.05;
        constexpr double kJitter = 3.0; // ms
        const auto even = std::count_if(steps.begin(), steps.end(), [&](double step) {
            return std::abs(step - median) <= kTolerance * median + kJitter;
        });
        if (median > 0 && even * 5 >= static_cast<std::ptrdiff_t>(steps.size()) * 4) return median * kMillisecond;
    }
    return std::nullopt;
}

std::string conventionOf(const NameReader& reader, const std::vector<AxisGroup>& groups, std::string_view example) {
    const auto& fields = reader.fields();
    const auto role = [&](FieldRole wanted) {
        return std::any_of(fields.begin(), fields.end(), [&](const NameField& f) { return f.role == wanted; });
    };
    const auto word = [&](std::string_view wanted) {
        return std::any_of(fields.begin(), fields.end(), [&](const NameField& f) { return f.word == wanted; });
    };
    std::string used;
    for (const AxisGroup& group : groups) {
        const std::string& own = fields[group.fields[0]].word;
        used += fmt::format("{}{}", used.empty() ? "" : ", ", own.empty() ? group.name : own);
    }
    const std::size_t slash = example.rfind('/');
    const std::string_view file = slash == std::string_view::npos ? example : example.substr(slash + 1);
    std::string name = "numbered files";
    if (role(FieldRole::TileX) && role(FieldRole::TileY) && word("stack")) {
        name = "PetaKit5D names";
    } else if (word("stack") && (role(FieldRole::Elapsed) || role(FieldRole::ElapsedAbs))) {
        name = "lattice light-sheet names";
    } else if (startsWith(file, "img_") && (word("channel") || word("position") || word("time"))) {
        name = "Micro-Manager names";
    } else if (role(FieldRole::Well)) {
        name = "plate reader names";
    } else if (word("w")) {
        name = "MetaMorph names";
    } else if (example.find("--") != std::string_view::npos && (word("c") || word("t"))) {
        name = "Fiji names";
    } else if (slash != std::string_view::npos) {
        name = "numbered files in sub-folders";
    }
    return used.empty() ? name : fmt::format("{} ({})", name, used);
}

} // namespace

int axisRank(const std::string& name) {
    static constexpr std::array<std::string_view, 7> kOrder = {"p", "t", "c", "z", "y", "x", "s"};
    constexpr std::string_view kFile = "_file";
    const bool fromFiles =
        name.size() > kFile.size() && std::string_view(name).substr(name.size() - kFile.size()) == kFile;
    const std::string_view base = std::string_view(name).substr(0, name.size() - (fromFiles ? kFile.size() : 0));
    for (std::size_t k = 0; k < kOrder.size(); ++k) {
        if (base == kOrder[k]) return static_cast<int>(2 * k + (fromFiles ? 1 : 2));
    }
    return 0;
}

OuterGrid resolveNames(const NameArena& names, const std::vector<NameArena::Id>& ids, const std::stop_token& stop) {
    if (ids.size() <= 1) return oneAxis(names, ids, "p");
    const auto reader = findFamily(names, ids, stop);
    if (reader->fields().size() == 1 && reader->fields()[0].text && reader->pattern({"*"}) == "*") {
        OuterGrid grid = oneAxis(names, ids, "p");
        grid.warnings.emplace_back(
            "the names follow no common pattern; the files lie along one axis p in the order of their names");
        return grid;
    }
    const FieldSurvey survey = surveyFields(names, ids, *reader, stop);
    std::vector<std::string> warnings;
    warnOfStrangers(survey, warnings);
    auto groups = chooseAxes(names, survey, *reader, stop, warnings);
    const std::string convention = conventionOf(*reader, groups, names.at(survey.fitting[0]));
    OuterGrid grid = assemble(names, survey, *reader, std::move(groups), std::move(warnings));
    if (grid.convention.empty()) grid.convention = convention;
    grid.secondsPerStep = stepFromNames(grid, names, *reader);
    return grid;
}

OuterGrid resolveByPattern(const NameArena& names, const std::vector<NameArena::Id>& ids, NameReader& pattern,
                           const std::stop_token& stop) {
    const FieldSurvey survey = surveyFields(names, ids, pattern, stop);
    std::map<std::string, std::vector<std::size_t>> byName;
    std::vector<std::string> order;
    for (std::size_t f = 0; f < pattern.fields().size(); ++f) {
        auto& fields = byName[pattern.fields()[f].word];
        if (fields.empty()) order.push_back(pattern.fields()[f].word);
        fields.push_back(f);
    }
    std::vector<AxisGroup> groups;
    for (const std::string& name : order) {
        auto columns = columnsOf(names, survey, byName[name], pattern, stop);
        AxisGroup group{name, pattern.fields()[byName[name][0]].role, byName[name], std::move(columns[0])};
        for (std::size_t k = 1; k < columns.size(); ++k) group.column = combined(group.column, columns[k]);
        groups.push_back(std::move(group));
    }
    OuterGrid grid = assemble(names, survey, pattern, std::move(groups), {});
    if (grid.convention.empty()) grid.convention = "a given pattern";
    return grid;
}

} // namespace lazulite::io::series
