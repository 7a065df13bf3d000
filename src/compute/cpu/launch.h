#pragma once

#include <oneapi/tbb/blocked_range2d.h>
#include <oneapi/tbb/parallel_for.h>

#include <algorithm>
#include <array>
#include <span>

#include "lazulite/compute/context.h"
#include "lazulite/compute/elements.h"
#include "lazulite/core/block.h"

/// Runs kernels on the processor: rows of the output over oneTBB, each row in pieces that stay in the first cache. The
/// loops over a row are plain, so that the compiler vectorises them.
namespace lazulite::compute::cpu {

constexpr Index kRowPiece = 1024; ///< voxels of a row that are computed at a time

/// Reads a block of rank 3 as numbers.
template <typename T>
class Reader {
public:
    using Real = RealOf<T>;

    explicit Reader(const Block& block)
        : data_(block.data()), strides_{block.strides()[0], block.strides()[1], block.strides()[2]} {
        for (std::size_t i = 0; i < 3; ++i) origin_[i] = block.region()[i].begin;
    }

    class RowReader {
    public:
        RowReader(const std::byte* data, Index origin, std::int64_t stride)
            : elements_(reinterpret_cast<const T*>(data)), origin_(origin), step_(stride / std::int64_t{sizeof(T)}) {}
        Real operator[](Index x) const { return static_cast<Real>(elements_[(x - origin_) * step_]); }

    private:
        const T* elements_;
        Index origin_;
        Index step_;
    };

    RowReader row(Index z, Index y) const {
        return {data_ + (z - origin_[0]) * strides_[0] + (y - origin_[1]) * strides_[1], origin_[2], strides_[2]};
    }

private:
    const std::byte* data_;
    std::array<std::int64_t, 3> strides_;
    std::array<Index, 3> origin_{};
};

/// Puts computed numbers into a row of a destination.
template <typename Real>
void storeRow(const Real* values, Index count, DType type, std::byte* row, std::int64_t stride) {
    visitType(type, [&](auto t) {
        using T = typename decltype(t)::type;
        using Wide = std::conditional_t<std::is_integral_v<T>, RealOf<T>, Real>; // 32 bits need more than float
        auto* elements = reinterpret_cast<T*>(row);
        const Index step = stride / static_cast<std::int64_t>(sizeof(T));
        for (Index i = 0; i < count; ++i) elements[i * step] = toElement<T>(static_cast<Wide>(values[i]));
    });
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
                    makeRow(z, y,
                            out.data + (z - out.region[0].begin) * out.strides[0] +
                                (y - out.region[1].begin) * out.strides[1]);
                }
            }
        });
    if (context.stop.stop_requested()) return Error::cancelled();
    return {};
}

/// Runs a gather kernel (see kernels/portable.h), computed in the Real of the input's type.
template <typename Kernel>
Result<void> gather(const Kernel& kernel, const Block& input, const Destination& out, const Context& context) {
    return visitType(input.dtype(), [&](auto t) {
        using In = Reader<typename decltype(t)::type>;
        using Real = typename In::Real;
        const In in(input);
        return overRows(out, context, [&](Index z, Index y, std::byte* row) {
            const auto source = kernel.row(in, z, y);
            std::array<Real, kRowPiece> piece;
            const Interval columns = out.region[2];
            for (Index x = columns.begin; x < columns.end; x += kRowPiece) {
                const Index end = std::min(columns.end, x + kRowPiece);
                const Index first = std::clamp(source.begin, x, end);
                const Index behind = std::clamp(source.end, first, end);
                std::fill(piece.data(), piece.data() + (first - x), source.outside);
                for (Index i = first; i < behind; ++i) piece[static_cast<std::size_t>(i - x)] = source.value(i);
                std::fill(piece.data() + (behind - x), piece.data() + (end - x), source.outside);
                storeRow(piece.data(), end - x, out.dtype, row + (x - columns.begin) * out.strides[2], out.strides[2]);
            }
        });
    });
}

/// Runs a pointwise kernel: all inputs cover the output's region (a stride of 0 repeats an element along an axis).
template <typename Real, typename Kernel>
Result<void> pointwiseIn(const Kernel& kernel, std::span<const Block> inputs, const Destination& out,
                         const Context& context) {
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
inline bool needsDouble(std::span<const Block> inputs, const Destination& out) {
    return computesInDouble(out.dtype) || std::any_of(inputs.begin(), inputs.end(), [](const Block& input) {
               return computesInDouble(input.dtype());
           });
}

template <typename Kernel>
Result<void> pointwise(const Kernel& kernel, std::span<const Block> inputs, const Destination& out,
                       const Context& context) {
    if (needsDouble(inputs, out)) return pointwiseIn<double>(kernel, inputs, out, context);
    return pointwiseIn<float>(kernel, inputs, out, context);
}

} // namespace lazulite::compute::cpu
