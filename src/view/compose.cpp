#include "lazulite/view/compose.h"

#include <oneapi/tbb/blocked_range.h>
#include <oneapi/tbb/parallel_for.h>
#include <oneapi/tbb/task_arena.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <limits>

#include "sampling.h"

namespace lazulite::view {

namespace {

constexpr std::uint32_t kBlack = 0xFF000000U;
constexpr std::size_t kRgb = 3;

template <typename T>
constexpr bool kTabled = std::is_integral_v<T> && sizeof(T) <= 2;

template <typename T>
T load(const std::byte* at) {
    T value;
    std::memcpy(&value, at, sizeof(T));
    return value;
}

/// One entry for each value that an 8- or 16-bit integer can take, by its bits.
template <typename T, typename Entry>
std::vector<Entry> tabulate(const auto& entryOf) {
    using Bits = std::make_unsigned_t<T>;
    std::vector<Entry> table(std::size_t{1} << (8 * sizeof(T)));
    for (std::size_t i = 0; i < table.size(); ++i) {
        table[i] = entryOf(static_cast<float>(static_cast<T>(static_cast<Bits>(i))));
    }
    return table;
}

/// Colours one line of canvas pixels of one layer.
class LinePainter {
public:
    virtual ~LinePainter() = default;
    /// Paints pixels [columns().begin, columns().end) of a line; `out` is the first of them.
    virtual void paint(std::size_t line, std::uint32_t* out) const = 0;

    Sampling rows;
    Sampling columns;
};

template <typename T>
class ScalarPainter : public LinePainter {
public:
    ScalarPainter(const Layer& layer, bool linear) : base_(layer.plane.data()), scale_(layer.scale), linear_(linear) {
        if constexpr (kTabled<T>) {
            if (!linear) table_ = tabulate<T, std::uint32_t>([this](float value) { return scale_.rgba(value); });
        }
    }

    void paint(std::size_t line, std::uint32_t* out) const override {
        if (linear_) {
            paintLinear(line, out);
        } else {
            paintNearest(base_ + rows.offset[line], out);
        }
    }

private:
    void paintNearest(const std::byte* row, std::uint32_t* out) const {
        const std::ptrdiff_t* offset = columns.offset.data();
        const std::size_t count = columns.offset.size();
        if constexpr (kTabled<T>) {
            const std::uint32_t* table = table_.data();
            for (std::size_t i = 0; i < count; ++i) {
                out[i] = table[load<std::make_unsigned_t<T>>(row + offset[i])];
            }
        } else {
            for (std::size_t i = 0; i < count; ++i) out[i] = scale_.rgba(static_cast<float>(load<T>(row + offset[i])));
        }
    }

    void paintLinear(std::size_t line, std::uint32_t* out) const {
        const std::byte* above = base_ + rows.offset[line];
        const std::byte* below = base_ + rows.nextOffset[line];
        const float down = rows.part[line];
        for (std::size_t i = 0; i < columns.offset.size(); ++i) {
            const std::ptrdiff_t left = columns.offset[i];
            const std::ptrdiff_t right = columns.nextOffset[i];
            const float across = columns.part[i];
            const float top = mix(value(above + left), value(above + right), across);
            const float bottom = mix(value(below + left), value(below + right), across);
            out[i] = scale_.rgba(mix(top, bottom, down));
        }
    }

    static float value(const std::byte* at) { return static_cast<float>(load<T>(at)); }
    static float mix(float a, float b, float part) { return a + (b - a) * part; }

    const std::byte* base_;
    const ColourScale& scale_;
    bool linear_;
    std::vector<std::uint32_t> table_;
};

template <typename T>
class RgbPainter : public LinePainter {
public:
    RgbPainter(const Layer& layer, bool linear)
        : base_(layer.plane.data()), sample_(layer.plane.strides()[2]), scale_(layer.scale), linear_(linear) {
        if constexpr (kTabled<T>) {
            table_ = tabulate<T, std::uint8_t>([this](float value) { return scale_.level(value); });
        }
    }

    void paint(std::size_t line, std::uint32_t* out) const override {
        const std::byte* above = base_ + rows.offset[line];
        for (std::size_t i = 0; i < columns.offset.size(); ++i) {
            std::uint32_t colour = kBlack;
            for (std::size_t k = 0; k < kRgb; ++k) {
                const auto sample = static_cast<std::ptrdiff_t>(k) * sample_;
                const std::uint8_t part =
                    linear_ ? linearLevel(line, i, sample) : level(above + columns.offset[i] + sample);
                colour |= static_cast<std::uint32_t>(part) << (8U * k);
            }
            out[i] = colour;
        }
    }

private:
    std::uint8_t level(const std::byte* at) const {
        if constexpr (kTabled<T>) {
            return table_[load<std::make_unsigned_t<T>>(at)];
        } else {
            return scale_.level(static_cast<float>(load<T>(at)));
        }
    }

    std::uint8_t linearLevel(std::size_t line, std::size_t i, std::ptrdiff_t sample) const {
        const auto value = [&](std::ptrdiff_t row, std::ptrdiff_t column) {
            return static_cast<float>(load<T>(base_ + row + column + sample));
        };
        const auto along = [&](std::ptrdiff_t row) {
            const float left = value(row, columns.offset[i]);
            return left + (value(row, columns.nextOffset[i]) - left) * columns.part[i];
        };
        const float top = along(rows.offset[line]);
        return scale_.level(top + (along(rows.nextOffset[line]) - top) * rows.part[line]);
    }

    const std::byte* base_;
    std::ptrdiff_t sample_;
    const ColourScale& scale_;
    bool linear_;
    std::vector<std::uint8_t> table_;
};

std::unique_ptr<LinePainter> painterFor(const Layer& layer, const PlaneTransform& transform, bool linear, int width,
                                        int height) {
    const Shape shape = layer.plane.shape();
    const Strides& strides = layer.plane.strides();
    if (shape.size() > 2 && shape[2] < static_cast<std::int64_t>(kRgb)) return nullptr;
    auto painter = visitType(layer.plane.dtype(), [&](auto type) -> std::unique_ptr<LinePainter> {
        using T = typename decltype(type)::type;
        if (shape.size() > 2) return std::make_unique<RgbPainter<T>>(layer, linear);
        return std::make_unique<ScalarPainter<T>>(layer, linear);
    });
    const auto sample = linear ? &Sampling::linear : &Sampling::nearest;
    painter->rows = sample(transform.rowOrigin, transform.rowStep, height, shape[0], strides[0]);
    painter->columns = sample(transform.columnOrigin, transform.columnStep, width, shape[1], strides[1]);
    return painter;
}

/// Adds colours byte by byte, staying at 255. A plain loop over bytes, which compilers turn into saturating vector
/// adds.
void addSaturating(std::uint32_t* sum, const std::uint32_t* colours, std::size_t count) {
    auto* to = reinterpret_cast<std::uint8_t*>(sum);
    const auto* from = reinterpret_cast<const std::uint8_t*>(colours);
    for (std::size_t i = 0; i < 4 * count; ++i) {
        const auto added = static_cast<std::uint8_t>(to[i] + from[i]);
        to[i] = static_cast<std::uint8_t>(added | -static_cast<int>(added < to[i]));
    }
}

void composeLine(std::span<const std::unique_ptr<LinePainter>> painters, int line, std::span<std::uint32_t> out,
                 std::span<std::uint32_t> scratch) {
    bool painted = false;
    for (const auto& painter : painters) {
        if (line < painter->rows.begin || line >= painter->rows.end || painter->columns.begin == painter->columns.end) {
            continue;
        }
        const auto row = static_cast<std::size_t>(line - painter->rows.begin);
        const auto begin = static_cast<std::size_t>(painter->columns.begin);
        const auto count = painter->columns.offset.size();
        if (!painted) {
            std::fill_n(out.data(), begin, kBlack);
            painter->paint(row, out.data() + begin);
            std::fill(out.begin() + static_cast<std::ptrdiff_t>(begin + count), out.end(), kBlack);
            painted = true;
        } else {
            painter->paint(row, scratch.data());
            addSaturating(out.data() + begin, scratch.data(), count);
        }
    }
    if (!painted) std::fill(out.begin(), out.end(), kBlack);
}

} // namespace

void compose(std::span<const Layer> layers, const PlaneTransform& transform, Interpolation interpolation, int width,
             int height, std::uint8_t* rgba) {
    if (width <= 0 || height <= 0) return;
    const bool linear = interpolation == Interpolation::Linear;
    auto* pixels = reinterpret_cast<std::uint32_t*>(rgba);
    // Isolated: a thread that waits here for its bands must not pick up somebody's long computation meanwhile.
    oneapi::tbb::this_task_arena::isolate([&] {
        std::vector<std::unique_ptr<LinePainter>> painters(layers.size());
        oneapi::tbb::parallel_for(std::size_t{0}, layers.size(), [&](std::size_t i) {
            if (layers[i].plane && !layers[i].plane.region().empty()) {
                painters[i] = painterFor(layers[i], transform, linear, width, height);
            }
        });
        std::erase(painters, nullptr);
        constexpr int kBand = 16;
        oneapi::tbb::parallel_for(oneapi::tbb::blocked_range<int>(0, height, kBand), [&](const auto& band) {
            std::vector<std::uint32_t> scratch(static_cast<std::size_t>(width));
            for (int line = band.begin(); line < band.end(); ++line) {
                const std::span<std::uint32_t> out(
                    pixels + static_cast<std::size_t>(line) * static_cast<std::size_t>(width),
                    static_cast<std::size_t>(width));
                composeLine(painters, line, out, scratch);
            }
        });
    });
}

} // namespace lazulite::view
