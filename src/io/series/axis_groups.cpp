#include "series/axis_groups.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "series/name_text.h"

namespace lazulite::io::series {

namespace {

constexpr std::size_t kMostCandidates = 8;

class Chooser {
public:
    Chooser(const NameArena& names, const FieldSurvey& survey, NameReader& reader, const std::stop_token& stop,
            std::vector<std::string>& warnings)
        : names_(names), survey_(survey), reader_(reader), stop_(stop), warnings_(warnings), fields_(reader.fields()) {}

    std::vector<AxisGroup> choose() {
        addKnown();
        addTexts();
        addNumbers();
        return std::move(groups_);
    }

private:
    bool varies(std::size_t f) const { return survey_.varies[f] && !fields_[f].opaque; }
    bool complete() const { return tuple_.size == survey_.fitting.size(); }
    bool has(std::string_view axis) const {
        return std::any_of(groups_.begin(), groups_.end(), [&](const AxisGroup& g) { return g.name == axis; });
    }

    std::vector<std::size_t> varyingWith(FieldRole role) const {
        std::vector<std::size_t> found;
        for (std::size_t f = 0; f < fields_.size(); ++f) {
            if (varies(f) && fields_[f].role == role) found.push_back(f);
        }
        std::stable_sort(found.begin(), found.end(),
                         [&](std::size_t a, std::size_t b) { return fields_[a].strength > fields_[b].strength; });
        return found;
    }

    void add(AxisGroup group) {
        tuple_ = groups_.empty() ? group.column : combined(tuple_, group.column);
        groups_.push_back(std::move(group));
    }

    /// A free name for an axis that is called by its word.
    std::string ownName(const std::string& word) const {
        std::string name;
        for (const char c : word) {
            if (isLower(c) || isDigit(c)) name += c;
        }
        constexpr std::size_t kLongest = 16;
        static constexpr std::array<std::string_view, 6> kTaken = {"x", "y", "s", "z", "t", "c"};
        const bool taken = std::find(kTaken.begin(), kTaken.end(), name) != kTaken.end();
        if (name.empty() || name.size() > kLongest || isGenericWord(name) || taken || has(name)) name = "p";
        std::string free = name;
        for (int n = 2; has(free); ++n) free = name + std::to_string(n);
        return free;
    }

    /// Fields of one role that make one axis as a tuple.
    void addTuple(const std::string& name, const std::vector<std::size_t>& fields) {
        if (fields.empty()) return;
        auto columns = columnsOf(names_, survey_, fields, reader_, stop_);
        AxisGroup group{name, fields_[fields[0]].role, {fields[0]}, std::move(columns[0])};
        for (std::size_t k = 1; k < fields.size(); ++k) {
            group.fields.push_back(fields[k]);
            if (!determines(group.column, columns[k])) group.column = combined(group.column, columns[k]);
        }
        add(std::move(group));
    }

    /// Fields of one role of which the strongest takes the axis, and others only where they tell something new.
    void addSingles(const std::string& name, FieldRole role) {
        const auto fields = varyingWith(role);
        if (fields.empty()) return;
        auto columns = columnsOf(names_, survey_, fields, reader_, stop_);
        const std::size_t first = groups_.size();
        for (std::size_t k = 0; k < fields.size(); ++k) {
            bool told = false;
            for (std::size_t g = first; g < groups_.size(); ++g)
                told = told || determines(groups_[g].column, columns[k]);
            if (told) continue;
            const bool own = name.empty() || has(name);
            add({own ? ownName(fields_[fields[k]].word) : name, role, {fields[k]}, std::move(columns[k])});
        }
    }

    void addKnown() {
        std::vector<std::size_t> channel;
        for (const FieldRole role : {FieldRole::Channel, FieldRole::Camera, FieldRole::Wavelength, FieldRole::Dye}) {
            for (const std::size_t f : varyingWith(role)) channel.push_back(f);
        }
        addTuple("c", channel);
        if (!varyingWith(FieldRole::Well).empty()) {
            std::vector<std::size_t> well; // those that do not vary are part of the well's name all the same
            for (std::size_t f = 0; f < fields_.size(); ++f) {
                if (fields_[f].role == FieldRole::Well) well.push_back(f);
            }
            addTuple("well", well);
        }
        addSingles("t", FieldRole::Time);
        addSingles("z", FieldRole::Depth);
        addSingles("p", FieldRole::Position);
        addSingles("tilex", FieldRole::TileX);
        addSingles("tiley", FieldRole::TileY);
        addSingles("tilez", FieldRole::TileZ);
        addSingles("", FieldRole::Other);
    }

    /// Texts that nobody knows: two prefixes are two channels or two positions.
    void addTexts() {
        constexpr std::uint32_t kMostChannels = 8;
        for (std::size_t f = 0; f < fields_.size(); ++f) {
            if (!varies(f) || !fields_[f].text || fields_[f].role != FieldRole::Unknown) continue;
            Column column = std::move(columnsOf(names_, survey_, {f}, reader_, stop_)[0]);
            if (!groups_.empty() && determines(tuple_, column)) continue;
            const bool channels = !has("c") && column.size <= kMostChannels && fields_.size() > 1;
            const std::string name = channels ? "c" : ownName("p");
            AxisGroup group{name, FieldRole::Unknown, {f}, std::move(column)};
            const OuterAxis axis = describeAxis(group, names_, survey_, reader_);
            std::string examples;
            for (std::size_t i = 0; i < std::min<std::size_t>(axis.labels.size(), 3); ++i) {
                examples += fmt::format("{}\"{}\"", i == 0 ? "" : ", ", printable(axis.labels[i], 40));
            }
            warnings_.push_back(fmt::format(
                "the names differ in a text ({}{}): its {} values were taken as {} (axis {}); a pattern "
                "such as *{{p}}* or --rename-axis says otherwise",
                examples, axis.labels.size() > 3 ? " ..." : "", axis.size, channels ? "channels" : "positions", name));
            add(std::move(group));
        }
    }

    /// Numbers that nobody knows, as few as are needed to tell the names apart. The last of them is time.
    void addNumbers() {
        std::vector<std::pair<std::size_t, Column>> chosen;
        for (const bool elapsed : {false, true}) {
            auto candidates = numbers(elapsed);
            while (!complete() && !candidates.empty()) {
                const std::size_t best = bestOf(candidates);
                if (best == candidates.size()) break;
                Column column = std::move(columnsOf(names_, survey_, {candidates[best]}, reader_, stop_)[0]);
                tuple_ = tuple_.ranks.empty() ? column : combined(tuple_, column);
                chosen.emplace_back(candidates[best], std::move(column));
                candidates.erase(candidates.begin() + static_cast<std::ptrdiff_t>(best));
            }
        }
        std::sort(chosen.begin(), chosen.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
        for (std::size_t k = 0; k < chosen.size(); ++k) {
            const bool time = k + 1 == chosen.size() && !has("t");
            const std::string name = time ? "t" : ownName(fields_[chosen[k].first].word);
            groups_.push_back({name, FieldRole::Unknown, {chosen[k].first}, std::move(chosen[k].second)});
        }
    }

    std::vector<std::size_t> numbers(bool elapsed) const {
        std::vector<std::size_t> found;
        for (std::size_t f = fields_.size(); f-- > 0 && found.size() < kMostCandidates;) {
            const FieldRole role = fields_[f].role;
            const bool wanted =
                elapsed ? role == FieldRole::ElapsedAbs || role == FieldRole::Elapsed : role == FieldRole::Unknown;
            if (wanted && varies(f) && !fields_[f].text && survey_.numeric[f]) found.push_back(f);
        }
        return found;
    }

    /// The candidate that completes the tuple with the densest numbers, else the last that tells names apart.
    std::size_t bestOf(const std::vector<std::size_t>& candidates) const {
        std::size_t best = candidates.size();
        double bestSpread = 0;
        bool completes = false;
        for (std::size_t k = 0; k < candidates.size(); ++k) {
            const std::size_t f = candidates[k];
            const Column column = std::move(columnsOf(names_, survey_, {f}, reader_, stop_)[0]);
            const std::uint32_t size = tuple_.ranks.empty() ? column.size : combined(tuple_, column).size;
            const bool whole = size == survey_.fitting.size();
            const double spread = static_cast<double>(survey_.largest[f] - survey_.smallest[f] + 1) / column.size;
            if (whole ? !completes || spread < bestSpread : best == candidates.size() && size > tuple_.size) {
                best = k;
                bestSpread = spread;
            }
            completes = completes || whole;
        }
        return best;
    }

    const NameArena& names_;
    const FieldSurvey& survey_;
    NameReader& reader_;
    const std::stop_token& stop_;
    std::vector<std::string>& warnings_;
    const std::vector<NameField>& fields_;
    std::vector<AxisGroup> groups_;
    Column tuple_;
};

/// Labels are for people: no axis of more positions than this has any.
constexpr std::uint32_t kMostLabels = 10000;

bool unitSteps(const std::vector<std::uint64_t>& values) {
    if (values.empty() || values[0] > 1) return false;
    for (std::size_t i = 1; i < values.size(); ++i) {
        if (values[i] != values[i - 1] + 1) return false;
    }
    return true;
}

bool allDifferent(std::vector<std::string> labels) {
    if (std::any_of(labels.begin(), labels.end(), [](const auto& l) { return l.empty(); })) return false;
    std::sort(labels.begin(), labels.end());
    return std::adjacent_find(labels.begin(), labels.end()) == labels.end();
}

using Values = std::vector<std::string>; ///< a name's values of a group's fields

std::string wellLabel(const Values& values, const std::vector<NameField>& fields,
                      const std::vector<std::size_t>& group) {
    std::string label;
    for (std::size_t k = 0; k < group.size(); ++k) {
        const NameField& field = fields[group[k]];
        if (!field.text && field.word.size() == 1) label += static_cast<char>(field.word[0] - 'a' + 'A');
        label += values[k];
    }
    return printable(label);
}

/// A channel as people call it: its dye or wavelength, with camera and number only where these leave a doubt.
std::vector<std::string> channelLabels(const std::vector<Values>& values, const std::vector<NameField>& fields,
                                       const std::vector<std::size_t>& group) {
    constexpr std::uint64_t kShortestWave = 300;
    constexpr std::uint64_t kLongestWave = 1100;
    std::vector<std::string> labels(values.size());
    const auto append = [&](auto&& textOf) {
        for (std::size_t i = 0; i < values.size(); ++i) {
            for (std::size_t k = 0; k < group.size(); ++k) {
                const std::string part = textOf(fields[group[k]], values[i][k]);
                if (!part.empty()) labels[i] += (labels[i].empty() ? "" : " ") + printable(part);
            }
        }
        return allDifferent(labels);
    };
    const auto isWave = [&](const NameField& field, const std::string& value) {
        if (field.text || !allDigits(value) || value.size() > 4) return false;
        const bool mayBe = field.role == FieldRole::Wavelength || field.role == FieldRole::Channel;
        return mayBe && numberOf(value) >= kShortestWave && numberOf(value) <= kLongestWave;
    };
    if (append([&](const NameField& field, const std::string& value) -> std::string {
            if (field.role == FieldRole::Dye) return field.word + value;
            return field.text && field.role == FieldRole::Unknown ? value : "";
        })) {
        return labels;
    }
    if (append([&](const NameField& field, const std::string& value) {
            return isWave(field, value) ? std::to_string(numberOf(value)) + " nm" : std::string();
        })) {
        return labels;
    }
    if (append([](const NameField& field, const std::string& value) {
            if (field.role != FieldRole::Camera) return std::string();
            return field.text ? value : "Cam" + value;
        })) {
        return labels;
    }
    const bool onlyNumbers = std::all_of(labels.begin(), labels.end(), [](const auto& l) { return l.empty(); });
    append([&](const NameField& field, const std::string& value) {
        if (field.role != FieldRole::Channel || field.text || isWave(field, value)) return std::string();
        return (onlyNumbers ? "" : field.word + " ") + std::to_string(numberOf(value));
    });
    return allDifferent(labels) ? labels : std::vector<std::string>();
}

} // namespace

std::vector<AxisGroup> chooseAxes(const NameArena& names, const FieldSurvey& survey, NameReader& reader,
                                  const std::stop_token& stop, std::vector<std::string>& warnings) {
    return Chooser(names, survey, reader, stop, warnings).choose();
}

OuterAxis describeAxis(const AxisGroup& group, const NameArena& names, const FieldSurvey& survey, NameReader& reader) {
    OuterAxis axis;
    axis.name = group.name;
    axis.size = group.column.size;
    const bool number = group.fields.size() == 1 && survey.numeric[group.fields[0]];
    if (!number && group.column.size > kMostLabels) return axis;
    std::vector<NameArena::Id> example(group.column.size);
    for (std::size_t i = group.column.ranks.size(); i-- > 0;) example[group.column.ranks[i]] = survey.fitting[i];
    std::vector<std::string_view> values;
    if (number) {
        for (const NameArena::Id id : example) {
            reader.read(names.at(id), values);
            axis.values.push_back(numberOf(values[group.fields[0]]));
        }
        if (unitSteps(axis.values)) axis.values.clear();
        const bool bare = group.role != FieldRole::Channel && group.role != FieldRole::Dye &&
                          group.role != FieldRole::Well && group.role != FieldRole::Wavelength &&
                          group.role != FieldRole::Camera;
        if (group.column.size > kMostLabels || (bare && axis.values.empty())) return axis;
        if (bare) {
            for (const std::uint64_t value : axis.values) axis.labels.push_back(std::to_string(value));
            return axis;
        }
        const bool plain = axis.values.empty() && group.role == FieldRole::Channel;
        axis.values.clear();
        if (plain) return axis;
    }
    std::vector<Values> texts;
    for (const NameArena::Id id : example) {
        reader.read(names.at(id), values);
        Values& own = texts.emplace_back();
        for (const std::size_t f : group.fields) own.emplace_back(values[f]);
    }
    if (group.name == "well") {
        for (const Values& own : texts) axis.labels.push_back(wellLabel(own, reader.fields(), group.fields));
    } else if (group.name == "c" || group.role == FieldRole::Channel) {
        axis.labels = channelLabels(texts, reader.fields(), group.fields);
    } else {
        for (const Values& own : texts) {
            std::string& label = axis.labels.emplace_back();
            for (const std::string& text : own) label += (label.empty() ? "" : " ") + printable(text);
        }
    }
    return axis;
}

} // namespace lazulite::io::series
