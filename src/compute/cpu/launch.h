#pragma once

#include <oneapi/tbb/blocked_range2d.h>
#include <oneapi/tbb/parallel_for.h>

#include <algorithm>
#include <array>

#include "launches.h"
#include "lazulite/compute/elements.h"
#include "widest.h"

/// Runs kernels on the processor: rows of the output over oneTBB, in pieces that stay in the first cache where a kernel
/// needs several passes. The loops over a row are plain, so that the compiler vectorises them.
namespace lazulite::compute::cpu {

constexpr Index kRowPiece = 512; ///< voxels of a row that are computed at a time

/// Reads a block of rank 3, also an empty one (then nothing may be asked for).
template <typename T>
class Reader {
public:
    using Element = T;
    using Real = RealOf<T>;

    explicit Reader(const Block& block) : elements_(reinterpret_cast<const T*>(block.data())) {
        for (std::size_t i = 0; i < 3; ++i) {
            steps_[i] = block.strides()[i] / std::int64_t{sizeof(T)};
            origin_ += block.region()[i].begin * steps_[i];
        }
    }

    class RowReader {
    public:
        RowReader(const T* elements, Index offset, Index step) : elements_(elements), offset_(offset), step_(step) {}
        Real operator[](Index x) const { return static_cast<Real>(element(x)); }
        T element(Index x) const { return elements_[offset_ + x * step_]; }

    private:
        const T* elements_;
        Index offset_;
        Index step_;
    };

    RowReader row(Index z, Index y) const { return {elements_, z * steps_[0] + y * steps_[1] - origin_, steps_[2]}; }

private:
    const T* elements_;
    std::array<Index, 3> steps_{};
    Index origin_ = 0; ///< where the element (0, 0, 0) would lie before the first one
};

/// Puts computed numbers into a row of a destination; numbers of another type than float and double are of its type.
template <typename Value>
void storeRow(const Value* values, Index count, DType type, std::byte* row, std::int64_t stride) {
    const auto store = [&](auto t) {
        using T = typename decltype(t)::type;
        auto* elements = reinterpret_cast<T*>(row);
        const Index step = stride / static_cast<std::int64_t>(sizeof(T));
        if constexpr (std::is_floating_point_v<Value>) {
            using Wide = std::conditional_t<std::is_integral_v<T>, RealOf<T>, Value>; // 32 bits need more than float
            for (Index i = 0; i < count; ++i) elements[i * step] = toElement<T>(static_cast<Wide>(values[i]));
        } else {
            for (Index i = 0; i < count; ++i) elements[i * step] = values[i];
        }
    };
    if constexpr (std::is_floating_point_v<Value>) {
        visitType(type, store);
    } else {
        store(std::type_identity<Value>{});
    }
}

/// Numbers of a row of a block.
template <typename Real>
void loadRow(const std::byte* row, std::int64_t stride, DType type, Index count, Real* values) {
    visitType(type, [&](auto t) {
        using T = typename decltype(t)::type;
        const auto* elements = reinterpret_cast<const T*>(row);
        const Index step = stride / static_cast<std::int64_t>(sizeof(T));
        for (Index i = 0; i < count; ++i) values[i] = static_cast<Real>(elements[i * step]);
    });
}

/// Calls `makeRow(z, y, row)` for every row of the destination, on all cores; stops between rows.
template <typename MakeRow>
Result<void> overRows(const Destination& out, const Context& context, const MakeRow& makeRow) {
    using Range = oneapi::tbb::blocked_range2d<Index>;
    constexpr std::size_t kRowsAtOnce = 16;
    oneapi::tbb::parallel_for(
        Range(out.region[0].begin, out.region[0].end, 1, out.region[1].begin, out.region[1].end, kRowsAtOnce),
        [&](const Range& range) {
            for (Index z = range.rows().begin(); z < range.rows().end(); ++z) {
                for (Index y = range.cols().begin(); y < range.cols().end(); ++y) {
                    if (context.stop.stop_requested()) return;
                    std::byte* row = out.data + (z - out.region[0].begin) * out.strides[0] +
                                     (y - out.region[1].begin) * out.strides[1];
                    onWidest([&] { makeRow(z, y, row); });
                }
            }
        });
    if (context.stop.stop_requested()) return Error::cancelled();
    return {};
}

/// The columns of a row whose voxels are made one by one, in the input's type.
template <typename T, typename Source>
void writeSingly(const Source& source, const Interval& columns, std::byte* row, std::int64_t stride) {
    auto* elements = reinterpret_cast<T*>(row);
    const Index step = stride / static_cast<std::int64_t>(sizeof(T));
    const Index first = std::clamp(source.begin, columns.begin, columns.end);
    const Index behind = std::clamp(source.end, first, columns.end);
    const auto element = [](auto value) {
        if constexpr (std::is_same_v<decltype(value), T>) {
            return value;
        } else {
            return toElement<T>(value);
        }
    };
    const T outside = element(source.outside);
    for (Index x = columns.begin; x < first; ++x) elements[(x - columns.begin) * step] = outside;
    for (Index x = first; x < behind; ++x) elements[(x - columns.begin) * step] = element(source.value(x));
    for (Index x = behind; x < columns.end; ++x) elements[(x - columns.begin) * step] = outside;
}

/// The columns of a row whose voxels are made side by side, in any type.
template <typename Source>
void writeSideBySide(const Source& source, const Interval& columns, DType type, std::byte* row, std::int64_t stride) {
    std::array<typename Source::Value, kRowPiece> piece;
    for (Index x = columns.begin; x < columns.end; x += kRowPiece) {
        const Index count = std::min(columns.end - x, kRowPiece);
        source.template values<static_cast<int>(kRowPiece)>(x, count, piece.data());
        storeRow(piece.data(), count, type, row + (x - columns.begin) * stride, stride);
    }
}

/// Runs a gather kernel (see kernels/portable.h).
template <typename Kernel>
Result<void> gather(const Kernel& kernel, const Block& input, const Destination& out, const Context& context) {
    return visitType(input.dtype(), [&](auto t) {
        using T = typename decltype(t)::type;
        const Reader<T> in(input);
        return overRows(out, context, [&](Index z, Index y, std::byte* row) {
            const auto source = kernel.row(in, z, y);
            if constexpr (requires { source.value(z); }) {
                writeSingly<T>(source, out.region[2], row, out.strides[2]);
            } else {
                writeSideBySide(source, out.region[2], out.dtype, row, out.strides[2]);
            }
        });
    });
}

/// Runs a pointwise kernel: all inputs cover the output's region (a stride of 0 repeats an element along an axis).
template <typename Real, typename Kernel>
Result<void> pointwiseIn(const Kernel& kernel, Inputs inputs, const Destination& out, const Context& context) {
    constexpr auto kInputs = static_cast<std::size_t>(Kernel::kInputs);
    return overRows(out, context, [&](Index z, Index y, std::byte* row) {
        std::array<std::array<Real, kRowPiece>, kInputs> rows;
        std::array<Real, kRowPiece> piece;
        const Interval columns = out.region[2];
        for (Index x = columns.begin; x < columns.end; x += kRowPiece) {
            const Index count = std::min(columns.end - x, kRowPiece);
            for (std::size_t k = 0; k < kInputs; ++k) {
                const Block& input = inputs[k];
                const Region& region = input.region();
                const Strides& strides = input.strides();
                const std::byte* from = input.data() + (z - region[0].begin) * strides[0] +
                                        (y - region[1].begin) * strides[1] + (x - region[2].begin) * strides[2];
                loadRow(from, strides[2], input.dtype(), count, rows[k].data());
            }
            for (std::size_t i = 0; i < static_cast<std::size_t>(count); ++i) {
                Real values[kInputs];
                for (std::size_t k = 0; k < kInputs; ++k) values[k] = rows[k][i];
                piece[i] = kernel(values);
            }
            storeRow(piece.data(), count, out.dtype, row + (x - columns.begin) * out.strides[2], out.strides[2]);
        }
    });
}

/// Whether a pointwise kernel is computed in double: where an input or the output needs it.
inline bool needsDouble(Inputs inputs, const Destination& out) {
    return computesInDouble(out.dtype) || std::any_of(inputs.begin(), inputs.end(), [](const Block& input) {
               return computesInDouble(input.dtype());
           });
}

template <typename Kernel>
Result<void> pointwise(const Kernel& kernel, Inputs inputs, const Destination& out, const Context& context) {
    if (needsDouble(inputs, out)) return pointwiseIn<double>(kernel, inputs, out, context);
    return pointwiseIn<float>(kernel, inputs, out, context);
}

template <typename Kernel>
Result<void> launch(const Kernel& kernel, Inputs inputs, const Destination& out, const Context& context) {
    if constexpr (requires { Kernel::kInputs; }) {
        return pointwise(kernel, inputs, out, context);
    } else {
        return gather(kernel, inputs[0], out, context);
    }
}

} // namespace lazulite::compute::cpu
