#include "lazulite/compute/statistics.h"

#include <oneapi/tbb/blocked_range.h>
#include <oneapi/tbb/combinable.h>
#include <oneapi/tbb/parallel_for.h>
#include <oneapi/tbb/parallel_reduce.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <limits>
#include <numeric>
#include <vector>

#include "lazulite/compute/kernels/portable.h"
#include "widest.h"

namespace lazulite::compute {

namespace {

/// A row of elements, maybe with gaps.
template <typename T>
struct ElementRow {
    const T* elements;
    Index step;
    Index count;

    T operator[](Index x) const { return elements[x * step]; }
};

template <typename T>
bool isFinite(T value) {
    if constexpr (std::is_integral_v<T>) {
        return true;
    } else if constexpr (std::is_same_v<T, Half>) {
        return (value.bits & 0x7C00U) != 0x7C00U;
    } else {
        return value - value == 0; // compilers vectorise this
    }
}

/// Calls `visit` for the rows with these running numbers; stops between rows.
template <typename T, typename Visit>
void visitRows(const Block& block, const oneapi::tbb::blocked_range<Index>& rows, const Context& context,
               const Visit& visit) {
    const Strides& strides = block.strides();
    const Shape shape = block.shape();
    for (Index row = rows.begin(); row < rows.end() && !context.stop.stop_requested(); ++row) {
        const std::byte* data = block.data() + (row / shape[1]) * strides[0] + (row % shape[1]) * strides[1];
        const Index step = strides[2] / static_cast<std::int64_t>(sizeof(T));
        visit(ElementRow<T>{reinterpret_cast<const T*>(data), step, shape[2]});
    }
}

oneapi::tbb::blocked_range<Index> rowsOf(const Block& block) {
    constexpr Index kElementsAtOnce = 1 << 16;
    const Shape shape = block.shape();
    const Index grain = std::max<Index>(1, kElementsAtOnce / std::max<Index>(1, shape[2]));
    return {0, shape[0] * shape[1], static_cast<std::size_t>(grain)};
}

/// Adds up rows; `Sum` has add(row) and join(other). Which sums are joined depends on the block alone.
template <typename T, typename Sum>
Result<Sum> sumOver(const Block& block, const Context& context, const Sum& empty) {
    Sum sum = oneapi::tbb::parallel_deterministic_reduce(
        rowsOf(block), empty,
        [&](const oneapi::tbb::blocked_range<Index>& rows, Sum part) {
            cpu::onWidest(
                [&] { visitRows<T>(block, rows, context, [&](const ElementRow<T>& row) { part.add(row); }); });
            return part;
        },
        [](Sum a, const Sum& b) {
            a.join(b);
            return a;
        });
    if (context.stop.stop_requested()) return Error::cancelled();
    return sum;
}

/// Half is looked at as float.
template <typename T>
using NumberOf = std::conditional_t<std::is_same_v<T, Half>, float, T>;

/// Sums stay exact for integers of up to 32 bits.
template <typename T>
using SumOf = std::conditional_t<std::is_integral_v<T> && sizeof(T) <= 4, std::int64_t, double>;

/// Every eighth element is added to a sum of its own, so that the compiler may add eight at a time.
constexpr Index kLanes = 8;

/// Calls take(lane, element) for the elements of a row.
template <typename T, typename Take>
void overLanes(const ElementRow<T>& row, const Take& take) {
    Index x = 0;
    for (; x + kLanes <= row.count; x += kLanes) {
        for (Index lane = 0; lane < kLanes; ++lane) take(lane, static_cast<NumberOf<T>>(row[x + lane]));
    }
    for (Index lane = 0; x < row.count; ++x, ++lane) take(lane, static_cast<NumberOf<T>>(row[x]));
}

template <typename Number>
using Lanes = std::array<Number, static_cast<std::size_t>(kLanes)>;

template <typename T>
struct MomentSums {
    using Number = NumberOf<T>;
    Lanes<Number> min = filled(std::numeric_limits<Number>::max());
    Lanes<Number> max = filled(std::numeric_limits<Number>::lowest());
    Lanes<SumOf<T>> sum{};
    Lanes<std::int64_t> count{};

    void add(const ElementRow<T>& row) {
        overLanes(row, [&](auto lane, Number value) {
            const auto i = static_cast<std::size_t>(lane);
            const bool counts = isFinite(value);
            const Number lower = value < min[i] ? value : min[i];
            const Number upper = value > max[i] ? value : max[i];
            min[i] = counts ? lower : min[i];
            max[i] = counts ? upper : max[i];
            sum[i] += counts ? static_cast<SumOf<T>>(value) : SumOf<T>(0);
            count[i] += counts ? 1 : 0;
        });
    }
    void join(const MomentSums& other) {
        for (std::size_t i = 0; i < min.size(); ++i) {
            min[i] = std::min(min[i], other.min[i]);
            max[i] = std::max(max[i], other.max[i]);
            sum[i] += other.sum[i];
            count[i] += other.count[i];
        }
    }

private:
    static Lanes<Number> filled(Number number) {
        Lanes<Number> lanes;
        lanes.fill(number);
        return lanes;
    }
};

template <typename T>
struct SumAbove {
    double threshold = 0;
    Lanes<double> sum{};
    Lanes<std::int64_t> count{};

    void add(const ElementRow<T>& row) {
        overLanes(row, [&](auto lane, NumberOf<T> value) {
            const auto i = static_cast<std::size_t>(lane);
            const auto number = static_cast<double>(value);
            const bool counts = number > threshold && isFinite(value);
            sum[i] += counts ? number : 0.0;
            count[i] += counts ? 1 : 0;
        });
    }
    void join(const SumAbove& other) {
        for (std::size_t i = 0; i < sum.size(); ++i) {
            sum[i] += other.sum[i];
            count[i] += other.count[i];
        }
    }
};

template <typename Number>
auto totalOf(const Lanes<Number>& lanes) {
    return std::accumulate(lanes.begin(), lanes.end(), Number(0));
}

/// Unsigned keys in the order of the numbers, so that a rank is found digit by digit.
template <typename T>
struct Keys {
    using Key =
        std::conditional_t<sizeof(T) == 1, std::uint8_t,
                           std::conditional_t<sizeof(T) == 2, std::uint16_t,
                                              std::conditional_t<sizeof(T) == 4, std::uint32_t, std::uint64_t>>>;
    static constexpr Key kSign = static_cast<Key>(Key{1} << (sizeof(T) * 8 - 1));

    static Key of(T value) {
        const Key bits = std::bit_cast<Key>(value);
        if constexpr (std::is_unsigned_v<T>)
            return bits;
        else if constexpr (std::is_integral_v<T>)
            return static_cast<Key>(bits ^ kSign);
        else
            return static_cast<Key>((bits & kSign) != 0 ? ~bits : bits | kSign);
    }
    static T toNumber(Key key) {
        if constexpr (std::is_unsigned_v<T>)
            return key;
        else if constexpr (std::is_integral_v<T>)
            return std::bit_cast<T>(static_cast<Key>(key ^ kSign));
        else
            return std::bit_cast<T>(static_cast<Key>((key & kSign) != 0 ? key ^ kSign : ~key));
    }
};

/// Which digit of the keys is looked at, of the elements whose higher digits are those of `prefix`.
template <typename T>
struct Digit {
    using Key = typename Keys<T>::Key;
    static constexpr int kBits = sizeof(T) == 1 ? 8 : 16;
    static constexpr std::size_t kValues = std::size_t{1} << kBits;

    int shift = static_cast<int>(sizeof(T) * 8) - kBits; ///< the highest
    Key prefix = 0;

    bool highest() const { return shift + kBits == static_cast<int>(sizeof(T) * 8); }
    /// The digit below, where this one has the value `value`.
    Digit next(std::size_t value) const { return {shift - kBits, with(value)}; }
    Key with(std::size_t value) const { return static_cast<Key>((std::uint64_t{prefix} << kBits) | value); }
};

using Counts = std::vector<std::int64_t>;

/// How often each value of a digit occurs.
template <typename T>
Result<Counts> countDigit(const Block& block, const Digit<T>& digit, const Context& context) {
    oneapi::tbb::combinable<Counts> counts([] { return Counts(Digit<T>::kValues, 0); });
    oneapi::tbb::parallel_for(rowsOf(block), [&](const oneapi::tbb::blocked_range<Index>& rows) {
        Counts& here = counts.local();
        visitRows<T>(block, rows, context, [&](const ElementRow<T>& row) {
            for (Index x = 0; x < row.count; ++x) {
                const T value = row[x];
                if (!isFinite(value)) continue;
                const std::uint64_t key = Keys<T>::of(value);
                if (digit.highest() || key >> (digit.shift + Digit<T>::kBits) == digit.prefix) {
                    ++here[(key >> digit.shift) % Digit<T>::kValues];
                }
            }
        });
    });
    if (context.stop.stop_requested()) return Error::cancelled();
    Counts sum(Digit<T>::kValues, 0);
    counts.combine_each([&](const Counts& part) {
        for (std::size_t i = 0; i < sum.size(); ++i) sum[i] += part[i];
    });
    return sum;
}

/// The element that comes at place `rank` in order, found digit by digit; `counts` are those of the highest.
template <typename T>
Result<T> elementOfRank(const Block& block, std::int64_t rank, Counts counts, const Context& context) {
    Digit<T> digit;
    while (true) {
        std::size_t value = 0;
        while (rank >= counts[value]) rank -= counts[value++];
        if (digit.shift == 0) return Keys<T>::toNumber(digit.with(value));
        digit = digit.next(value);
        auto next = countDigit(block, digit, context);
        if (!next) return next.error();
        counts = std::move(next).value();
    }
}

template <typename T>
Result<double> percentileIn(const Block& block, double percent, const Context& context) {
    const auto counts = countDigit(block, Digit<T>{}, context);
    if (!counts) return counts.error();
    const std::int64_t count = std::accumulate(counts->begin(), counts->end(), std::int64_t{0});
    if (count == 0) return std::numeric_limits<double>::quiet_NaN();
    const double rank = std::clamp(percent, 0.0, 100.0) / 100 * static_cast<double>(count - 1);
    const auto below = static_cast<std::int64_t>(rank);
    const auto low = elementOfRank<T>(block, below, *counts, context);
    if (!low) return low.error();
    const auto lowValue = static_cast<double>(*low);
    const double fraction = rank - static_cast<double>(below);
    if (fraction == 0) return lowValue;
    const auto high = elementOfRank<T>(block, below + 1, *counts, context);
    if (!high) return high.error();
    return lowValue + (static_cast<double>(*high) - lowValue) * fraction;
}

} // namespace

Result<Moments> momentsOf(const Block& block, const Context& context) {
    return visitType(block.dtype(), [&](auto t) -> Result<Moments> {
        using T = typename decltype(t)::type;
        const auto sums = sumOver<T>(block, context, MomentSums<T>{});
        if (!sums) return sums.error();
        constexpr double kNone = std::numeric_limits<double>::quiet_NaN();
        const std::int64_t count = totalOf(sums->count);
        if (count == 0) return Moments{kNone, kNone, kNone, 0};
        return Moments{static_cast<double>(*std::min_element(sums->min.begin(), sums->min.end())),
                       static_cast<double>(*std::max_element(sums->max.begin(), sums->max.end())),
                       static_cast<double>(totalOf(sums->sum)) / static_cast<double>(count), count};
    });
}

Result<double> meanAbove(const Block& block, double threshold, const Context& context) {
    return visitType(block.dtype(), [&](auto t) -> Result<double> {
        using T = typename decltype(t)::type;
        const auto sums = sumOver<T>(block, context, SumAbove<T>{.threshold = threshold});
        if (!sums) return sums.error();
        const std::int64_t count = totalOf(sums->count);
        return count == 0 ? threshold : totalOf(sums->sum) / static_cast<double>(count);
    });
}

Result<double> percentileOf(const Block& block, double percent, const Context& context) {
    return visitType(block.dtype(), [&](auto t) -> Result<double> {
        return percentileIn<typename decltype(t)::type>(block, percent, context);
    });
}

} // namespace lazulite::compute
