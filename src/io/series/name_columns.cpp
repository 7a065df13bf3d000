#include "series/name_columns.h"

#include <algorithm>
#include <numeric>
#include <unordered_map>

#include "lazulite/core/error.h"
#include "series/name_text.h"

namespace lazulite::io::series {

namespace {

constexpr std::size_t kStopEvery = 4096;
constexpr std::size_t kMostStrangersNamed = 3;
constexpr std::size_t kMostDigits = 18;

void checkStop(std::size_t i, const std::stop_token& stop) {
    if (i % kStopEvery == 0 && stop.stop_requested()) throw Failure(Error::cancelled());
}

/// Numbers that lie densely are ranked by a table of which of them occur.
Column rankedByTable(const std::vector<std::uint64_t>& numbers, std::uint64_t smallest, std::uint64_t range) {
    std::vector<std::uint32_t> rank(range, 0);
    for (const std::uint64_t number : numbers) rank[number - smallest] = 1;
    Column column;
    for (std::uint32_t& place : rank) {
        const std::uint32_t occurs = place;
        place = column.size;
        column.size += occurs;
    }
    column.ranks.reserve(numbers.size());
    for (const std::uint64_t number : numbers) column.ranks.push_back(rank[number - smallest]);
    return column;
}

/// Numbers -> ranks; `numbers` is given up, so that the peak stays low.
Column ranked(std::vector<std::uint64_t> numbers) {
    if (numbers.empty()) return {};
    const auto [smallest, largest] = std::minmax_element(numbers.begin(), numbers.end());
    if (*largest - *smallest < 2 * numbers.size()) return rankedByTable(numbers, *smallest, *largest - *smallest + 1);
    std::vector<std::uint64_t> sorted = numbers;
    std::sort(sorted.begin(), sorted.end());
    sorted.erase(std::unique(sorted.begin(), sorted.end()), sorted.end());
    Column column;
    column.size = static_cast<std::uint32_t>(sorted.size());
    column.ranks.reserve(numbers.size());
    for (const std::uint64_t number : numbers) {
        const auto place = std::lower_bound(sorted.begin(), sorted.end(), number);
        column.ranks.push_back(static_cast<std::uint32_t>(place - sorted.begin()));
    }
    return column;
}

/// Texts are numbered as they come and ranked at the end.
class TextRanks {
public:
    std::uint32_t number(std::string_view text) {
        if (lastText_ != nullptr && *lastText_ == text) return last_;
        const auto [place, added] =
            numbers_.try_emplace(std::string(text), static_cast<std::uint32_t>(numbers_.size()));
        lastText_ = &place->first;
        last_ = place->second;
        return last_;
    }

    std::uint32_t size() const { return static_cast<std::uint32_t>(numbers_.size()); }

    std::vector<std::uint32_t> ranks() const {
        std::vector<const std::pair<const std::string, std::uint32_t>*> order;
        order.reserve(numbers_.size());
        for (const auto& entry : numbers_) order.push_back(&entry);
        std::sort(order.begin(), order.end(),
                  [](const auto* a, const auto* b) { return compareNaturally(a->first, b->first) < 0; });
        std::vector<std::uint32_t> ranks(order.size());
        for (std::size_t r = 0; r < order.size(); ++r) ranks[order[r]->second] = static_cast<std::uint32_t>(r);
        return ranks;
    }

private:
    std::unordered_map<std::string, std::uint32_t> numbers_;
    const std::string* lastText_ = nullptr;
    std::uint32_t last_ = 0;
};

} // namespace

FieldSurvey surveyFields(const NameArena& names, const std::vector<NameArena::Id>& ids, NameReader& reader,
                         const std::stop_token& stop) {
    const std::size_t count = reader.fields().size();
    FieldSurvey survey;
    survey.varies.assign(count, false);
    survey.numeric.assign(count, true);
    survey.smallest.assign(count, ~std::uint64_t{0});
    survey.largest.assign(count, 0);
    survey.fitting.reserve(ids.size());
    std::vector<std::string> first(count);
    std::vector<std::string_view> values;
    for (std::size_t i = 0; i < ids.size(); ++i) {
        checkStop(i, stop);
        if (!reader.read(names.at(ids[i]), values)) {
            if (survey.strangers.size() < kMostStrangersNamed) survey.strangers.push_back(printable(names.at(ids[i])));
            ++survey.strangerCount;
            continue;
        }
        const bool isFirst = survey.fitting.empty();
        survey.fitting.push_back(ids[i]);
        for (std::size_t f = 0; f < count; ++f) {
            if (isFirst) first[f] = values[f];
            if (survey.numeric[f] && (values[f].size() > kMostDigits || !allDigits(values[f])))
                survey.numeric[f] = false;
            if (survey.numeric[f]) {
                const std::uint64_t number = numberOf(values[f]);
                survey.smallest[f] = std::min(survey.smallest[f], number);
                survey.largest[f] = std::max(survey.largest[f], number);
            }
            if (!survey.varies[f]) survey.varies[f] = values[f] != first[f];
        }
    }
    for (std::size_t f = 0; f < count; ++f) {
        // "1" and "01" are one number.
        if (survey.numeric[f] && survey.smallest[f] >= survey.largest[f]) survey.varies[f] = false;
    }
    return survey;
}

std::vector<Column> columnsOf(const NameArena& names, const FieldSurvey& survey, const std::vector<std::size_t>& fields,
                              NameReader& reader, const std::stop_token& stop) {
    const std::size_t count = survey.fitting.size();
    std::vector<std::vector<std::uint64_t>> numbers(fields.size());
    std::vector<TextRanks> texts(fields.size());
    std::vector<Column> columns(fields.size());
    for (std::size_t k = 0; k < fields.size(); ++k) {
        if (survey.numeric[fields[k]]) {
            numbers[k].reserve(count);
        } else {
            columns[k].ranks.reserve(count);
        }
    }
    std::vector<std::string_view> values;
    for (std::size_t i = 0; i < count; ++i) {
        checkStop(i, stop);
        reader.read(names.at(survey.fitting[i]), values);
        for (std::size_t k = 0; k < fields.size(); ++k) {
            const std::string_view value = values[fields[k]];
            if (survey.numeric[fields[k]]) {
                numbers[k].push_back(numberOf(value));
            } else {
                columns[k].ranks.push_back(texts[k].number(value));
            }
        }
    }
    for (std::size_t k = 0; k < fields.size(); ++k) {
        if (survey.numeric[fields[k]]) {
            columns[k] = ranked(std::move(numbers[k]));
            continue;
        }
        const auto ranks = texts[k].ranks();
        columns[k].size = texts[k].size();
        for (std::uint32_t& rank : columns[k].ranks) rank = ranks[rank];
    }
    return columns;
}

Column combined(const Column& first, const Column& second) {
    std::vector<std::uint64_t> pairs;
    pairs.reserve(first.ranks.size());
    for (std::size_t i = 0; i < first.ranks.size(); ++i) {
        pairs.push_back(std::uint64_t{first.ranks[i]} * second.size + second.ranks[i]);
    }
    return ranked(std::move(pairs));
}

bool determines(const Column& first, const Column& second) {
    constexpr std::uint32_t kUnseen = 0xFFFFFFFF;
    std::vector<std::uint32_t> partner(first.size, kUnseen);
    for (std::size_t i = 0; i < first.ranks.size(); ++i) {
        std::uint32_t& known = partner[first.ranks[i]];
        if (known == kUnseen) known = second.ranks[i];
        if (known != second.ranks[i]) return false;
    }
    return true;
}

} // namespace lazulite::io::series
