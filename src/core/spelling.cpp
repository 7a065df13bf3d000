#include "lazulite/core/spelling.h"

#include <algorithm>
#include <cctype>
#include <limits>
#include <numeric>
#include <string_view>

namespace lazulite {

namespace {

std::size_t editDistance(std::string_view a, std::string_view b) {
    std::vector<std::size_t> row(b.size() + 1);
    std::iota(row.begin(), row.end(), std::size_t{0});
    for (std::size_t i = 0; i < a.size(); ++i) {
        std::size_t diagonal = row[0];
        row[0] = i + 1;
        for (std::size_t j = 0; j < b.size(); ++j) {
            const std::size_t replaced = diagonal + (a[i] == b[j] ? 0 : 1);
            diagonal = row[j + 1];
            row[j + 1] = std::min({replaced, diagonal + 1, row[j] + 1});
        }
    }
    return row.back();
}

} // namespace

std::string nearest(const std::string& word, const std::vector<std::string>& candidates) {
    const auto lower = [](std::string text) {
        std::transform(text.begin(), text.end(), text.begin(), [](unsigned char c) { return std::tolower(c); });
        return text;
    };
    std::string best;
    std::size_t bestDistance = std::numeric_limits<std::size_t>::max();
    for (const std::string& candidate : candidates) {
        const bool abbreviates = !word.empty() && !candidate.empty() && lower(word)[0] == lower(candidate)[0] &&
                                 std::min(word.size(), candidate.size()) == 1;
        const std::size_t distance = abbreviates ? 1 : editDistance(lower(word), lower(candidate));
        const std::size_t allowed = abbreviates ? 1 : std::max(word.size(), candidate.size()) / 2;
        if (distance <= allowed && distance < bestDistance) {
            best = candidate;
            bestDistance = distance;
        }
    }
    return best;
}

} // namespace lazulite
