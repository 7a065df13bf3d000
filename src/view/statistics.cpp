#include "lazulite/view/statistics.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>

namespace lazulite::view {

namespace {

constexpr double kLowShare = 0.005;
constexpr double kHighShare = 0.998;
constexpr std::size_t kBins = 256;
constexpr double kLeastLight = 0.2; ///< of the values, where the zeros among them are taken for padding

/// Steps along each axis so that no more than `samples` elements are visited, the longest axes thinned most.
Shape stepsFor(const Shape& shape, std::int64_t samples) {
    Shape step(shape.size(), 1);
    const auto visited = [&] {
        double count = 1;
        for (std::size_t i = 0; i < shape.size(); ++i) {
            count *= static_cast<double>((shape[i] + step[i] - 1) / step[i]);
        }
        return count;
    };
    while (visited() > static_cast<double>(samples)) {
        std::size_t widest = 0;
        for (std::size_t i = 1; i < shape.size(); ++i) {
            if (shape[i] / step[i] > shape[widest] / step[widest]) widest = i;
        }
        ++step[widest];
    }
    return step;
}

template <typename T, typename Visit>
void forEachSample(const std::byte* data, const Shape& shape, const Strides& strides, const Shape& step,
                   std::size_t axis, const Visit& visit) {
    if (axis == shape.size()) {
        T value;
        std::memcpy(&value, data, sizeof(T));
        visit(value);
        return;
    }
    const std::int64_t jump = strides[axis] * step[axis];
    const std::int64_t count = (shape[axis] + step[axis] - 1) / step[axis];
    if (axis + 1 == shape.size()) {
        for (std::int64_t i = 0; i < count; ++i) {
            T value;
            std::memcpy(&value, data + i * jump, sizeof(T));
            visit(value);
        }
        return;
    }
    for (std::int64_t i = 0; i < count; ++i) {
        forEachSample<T>(data + i * jump, shape, strides, step, axis + 1, visit);
    }
}

/// Limits that differ, so that something can be seen around a flat plane's value.
std::array<double, 2> apart(double low, double high, bool whole) {
    if (high > low) return {low, high};
    const double least = whole ? 1.0 : std::max(std::abs(low) * 1e-3, 1e-6);
    return {low, low + least};
}

/// A mask of zeros and ones has no other values to take limits from.
std::array<double, 2> limitsWithoutPadding(std::array<double, 2> with, std::array<double, 2> without) {
    return without[1] > without[0] ? without : with;
}

std::size_t rankOf(double share, std::size_t count) {
    return std::min(count - 1, static_cast<std::size_t>(share * static_cast<double>(count)));
}

/// Whether zeros would be the low limit although nothing else is near: what a deskew or a stitching pads with, not
/// light.
bool zerosArePadding(std::size_t zeros, std::size_t total) {
    const auto share = static_cast<double>(zeros) / static_cast<double>(total);
    return share > kLowShare && share < 1 - kLeastLight;
}

/// Integers of up to 16 bits: every value is counted, so nothing is estimated beyond the sampling itself.
Statistics fromCounts(const std::vector<std::uint32_t>& counts, double offset) {
    std::size_t total = 0;
    std::size_t first = counts.size();
    std::size_t last = 0;
    for (std::size_t i = 0; i < counts.size(); ++i) {
        if (counts[i] == 0) continue;
        total += counts[i];
        first = std::min(first, i);
        last = i;
    }
    const auto zero = static_cast<std::size_t>(-offset);
    const auto limitsWithout = [&](std::size_t zeros) {
        const auto valueAtRank = [&](std::size_t rank) {
            std::size_t seen = 0;
            for (std::size_t i = first; i <= last; ++i) {
                seen += counts[i] - (i == zero ? zeros : 0);
                if (seen > rank) return static_cast<double>(i) + offset;
            }
            return static_cast<double>(last) + offset;
        };
        const std::size_t counted = total - zeros;
        return std::array{valueAtRank(rankOf(kLowShare, counted)), valueAtRank(rankOf(kHighShare, counted))};
    };
    std::array<double, 2> limits = limitsWithout(0);
    if (limits[0] == 0 && zerosArePadding(counts[zero], total))
        limits = limitsWithoutPadding(limits, limitsWithout(counts[zero]));
    Statistics statistics;
    statistics.percentiles = apart(limits[0], limits[1], true);
    Histogram& histogram = statistics.histogram;
    histogram.low = static_cast<double>(first) + offset;
    histogram.high = static_cast<double>(last + 1) + offset;
    histogram.counts.assign(kBins, 0);
    const double scale = static_cast<double>(kBins) / (histogram.high - histogram.low);
    for (std::size_t i = first; i <= last; ++i) {
        const auto bin = static_cast<std::size_t>(static_cast<double>(i - first) * scale);
        histogram.counts[std::min(bin, kBins - 1)] += counts[i];
    }
    return statistics;
}

std::optional<Statistics> fromValues(std::vector<double> values, bool whole) {
    if (values.empty()) return std::nullopt;
    const auto [least, most] = std::minmax_element(values.begin(), values.end());
    Statistics statistics;
    Histogram& histogram = statistics.histogram;
    const std::array<double, 2> range = apart(*least, *most, whole);
    histogram.low = range[0];
    histogram.high = range[1];
    histogram.counts.assign(kBins, 0);
    // Halved so that a range from the lowest to the highest double does not overflow.
    const double halfWidth = histogram.high / 2 - histogram.low / 2;
    for (const double value : values) {
        const double share = (value / 2 - histogram.low / 2) / halfWidth;
        ++histogram.counts[std::min(static_cast<std::size_t>(share * static_cast<double>(kBins)), kBins - 1)];
    }
    const auto limitsOf = [&] {
        const auto valueAtRank = [&](double share) {
            const auto nth = values.begin() + static_cast<std::ptrdiff_t>(rankOf(share, values.size()));
            std::nth_element(values.begin(), nth, values.end());
            return *nth;
        };
        const double low = valueAtRank(kLowShare);
        return std::array{low, valueAtRank(kHighShare)};
    };
    std::array<double, 2> limits = limitsOf();
    const auto zeros = static_cast<std::size_t>(std::count(values.begin(), values.end(), 0.0));
    if (limits[0] == 0 && zerosArePadding(zeros, values.size())) {
        std::erase(values, 0.0);
        limits = limitsWithoutPadding(limits, limitsOf());
    }
    statistics.percentiles = apart(limits[0], limits[1], whole);
    return statistics;
}

} // namespace

std::optional<Statistics> statisticsOf(const Block& block, std::int64_t samples) {
    if (!block || block.region().empty()) return std::nullopt;
    const Shape shape = block.shape();
    const Shape step = stepsFor(shape, std::max<std::int64_t>(1, samples));
    return visitType(block.dtype(), [&](auto type) -> std::optional<Statistics> {
        using T = typename decltype(type)::type;
        if constexpr (std::is_integral_v<T> && sizeof(T) <= 2) {
            constexpr int kOffset = std::numeric_limits<T>::min();
            std::vector<std::uint32_t> counts(std::size_t{1} << (8 * sizeof(T)), 0);
            forEachSample<T>(block.data(), shape, block.strides(), step, 0,
                             [&](T value) { ++counts[static_cast<std::size_t>(value - kOffset)]; });
            return fromCounts(counts, kOffset);
        } else {
            std::vector<double> values;
            forEachSample<T>(block.data(), shape, block.strides(), step, 0, [&](T value) {
                const auto real = static_cast<double>(value);
                if (std::isfinite(real)) values.push_back(real);
            });
            return fromValues(std::move(values), std::is_integral_v<T>);
        }
    });
}

} // namespace lazulite::view
