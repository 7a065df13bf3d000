#pragma once

#include <oneapi/tbb/blocked_range2d.h>
#include <oneapi/tbb/parallel_for.h>

#include <algorithm>
#include <array>

#include "launches.h"
#include "rounding.h"
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

/// Calls visit(step) with the distance of neighbours in elements. Where they lie densely it is a constant, so that the
/// loop over them is compiled for that as well.
template <typename T, typename Visit>
void withStep(std::int64_t stride, const Visit& visit) {
    if (stride == std::int64_t{sizeof(T)}) {
        visit(std::integral_constant<Index, 1>{});
    } else {
        visit(stride / std::int64_t{sizeof(T)});
    }
}

/// Puts computed numbers into a row of elements of type T; `step`: as withStep() says.
template <typename T, typename Value, typename Step>
void storeElements(const Value* __restrict values, Index count, T* __restrict elements, Step step) {
    if constexpr (std::is_same_v<T, Value>) {
        for (Index i = 0; i < count; ++i) elements[i * step] = values[i];
    } else if constexpr (std::is_same_v<Step, Index>) {
        for (Index i = 0; i < count; ++i) toElements(values + i, 1, elements + i * step);
    } else {
        toElements(values, count, elements);
    }
}

/// Puts computed numbers into a row of a destination; numbers of another type than float and double are of its type.
template <typename Value>
void storeRow(const Value* values, Index count, DType type, std::byte* row, std::int64_t stride) {
    const auto store = [&](auto t) {
        using T = typename decltype(t)::type;
        withStep<T>(stride, [&](auto step) { storeElements(values, count, reinterpret_cast<T*>(row), step); });
    };
    if constexpr (std::is_floating_point_v<Value>) {
        visitType(type, store);
    } else {
        store(std::type_identity<Value>{});
    }
}

/// Numbers of a row of a block.
template <typename Real>
void loadRow(const std::byte* row, std::int64_t stride, DType type, Index count, Real* __restrict values) {
    visitType(type, [&](auto t) {
        using T = typename decltype(t)::type;
        withStep<T>(stride, [&](auto step) {
            const auto* __restrict elements = reinterpret_cast<const T*>(row);
            for (Index i = 0; i < count; ++i) values[i] = static_cast<Real>(elements[i * step]);
        });
    });
}

/// The same, without a copy where they are numbers already; `room` is for those that are not.
template <typename Real>
const Real* numbersOf(const std::byte* row, std::int64_t stride, DType type, Index count, Real* room) {
    constexpr DType kType = std::is_same_v<Real, float> ? DType::Float32 : DType::Float64;
    if (type == kType && stride == std::int64_t{sizeof(Real)}) return reinterpret_cast<const Real*>(row);
    loadRow(row, stride, type, count, room);
    return room;
}

/// Calls `makeRows(z, ys)` for neighbouring rows of a plane of the region, on all cores until all are made; stops in
/// between.
template <typename MakeRows>
Result<void> overNeighbours(const Region& region, const Context& context, const MakeRows& makeRows) {
    using Range = oneapi::tbb::blocked_range2d<Index>;
    constexpr Index kVoxelsAtOnce = 8192; // a few microseconds of work
    constexpr Index kMostRowsAtOnce = 32;
    const Index rows = std::clamp<Index>(kVoxelsAtOnce / region[2].size(), 1, kMostRowsAtOnce);
    oneapi::tbb::parallel_for(
        Range(region[0].begin, region[0].end, 1, region[1].begin, region[1].end, static_cast<std::size_t>(rows)),
        [&](const Range& range) {
            for (Index z = range.rows().begin(); z < range.rows().end(); ++z) {
                for (Index y = range.cols().begin(); y < range.cols().end(); y += rows) {
                    if (context.stop.stop_requested()) return;
                    const Interval ys{y, std::min(y + rows, range.cols().end())};
                    onWidest([&] { makeRows(z, ys); });
                }
            }
        });
    if (context.stop.stop_requested()) return Error::cancelled();
    return {};
}

/// Where a row begins, of a block or a destination.
template <typename Data>
auto rowAt(Data* data, const Region& region, const Strides& strides, Index z, Index y) {
    return data + (z - region[0].begin) * strides[0] + (y - region[1].begin) * strides[1];
}

/// Calls `makeRow(z, y, row)` for every row of the destination.
template <typename MakeRow>
Result<void> overRows(const Destination& out, const Context& context, const MakeRow& makeRow) {
    return overNeighbours(out.region, context, [&](Index z, const Interval& ys) {
        for (Index y = ys.begin; y < ys.end; ++y) makeRow(z, y, rowAt(out.data, out.region, out.strides, z, y));
    });
}

/// The columns of a row whose voxels are made one by one, in the input's type T.
template <typename T, typename Source>
void writeSingly(const Source& source, const Interval& columns, std::byte* row, std::int64_t stride) {
    using Value = decltype(source.value(columns.begin));
    const Index first = std::clamp(source.begin, columns.begin, columns.end);
    const Index behind = std::clamp(source.end, first, columns.end);
    withStep<T>(stride, [&](auto step) {
        auto* elements = reinterpret_cast<T*>(row) - columns.begin * step;
        T outside;
        storeElements(&source.outside, 1, &outside, step);
        for (Index x = columns.begin; x < first; ++x) elements[x * step] = outside;
        std::array<Value, kRowPiece> piece;
        for (Index x = first; x < behind; x += kRowPiece) {
            const Index count = std::min(behind - x, kRowPiece);
            for (Index i = 0; i < count; ++i) piece[static_cast<std::size_t>(i)] = source.value(x + i);
            storeElements(piece.data(), count, elements + x * step, step);
        }
        for (Index x = behind; x < columns.end; ++x) elements[x * step] = outside;
    });
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

/// What a pointwise kernel makes of rows of numbers.
template <typename Real, typename Kernel, std::size_t kInputs>
void computeRow(const Kernel& kernel, const std::array<const Real*, kInputs>& numbers, Index count, Real* results) {
    const auto compute = [&kernel, numbers, count, results] {
        for (Index i = 0; i < count; ++i) {
            Real values[kInputs];
            for (std::size_t k = 0; k < kInputs; ++k) values[k] = numbers[k][i];
            results[i] = kernel(values);
        }
    };
    if constexpr (requires { Kernel::kManySteps; }) {
        withMostLanes(compute);
    } else {
        compute();
    }
}

/// Runs a pointwise kernel: all inputs cover the output's region (a stride of 0 repeats an element along an axis).
template <typename Real, typename Kernel>
Result<void> pointwiseIn(const Kernel& kernel, Inputs inputs, const Destination& out, const Context& context) {
    constexpr auto kInputs = static_cast<std::size_t>(Kernel::kInputs);
    const Index width = out.region[2].size();
    // Where all rows follow each other without a gap several are made as one.
    const auto gapless = [&](const Strides& strides) { return strides[1] == width * strides[2]; };
    const bool asOne = gapless(out.strides) && std::all_of(inputs.begin(), inputs.end(),
                                                           [&](const Block& in) { return gapless(in.strides()); });
    const auto makeRun = [&](Index z, Index y, Index length) {
        std::array<const std::byte*, kInputs> from;
        for (std::size_t k = 0; k < kInputs; ++k) {
            const Block& in = inputs[k];
            from[k] = rowAt(in.data(), in.region(), in.strides(), z, y) +
                      (out.region[2].begin - in.region()[2].begin) * in.strides()[2];
        }
        std::byte* to = rowAt(out.data, out.region, out.strides, z, y);
        std::array<std::array<Real, kRowPiece>, kInputs> rows;
        std::array<Real, kRowPiece> piece;
        for (Index done = 0; done < length; done += kRowPiece) {
            const Index count = std::min(length - done, kRowPiece);
            std::array<const Real*, kInputs> numbers;
            for (std::size_t k = 0; k < kInputs; ++k) {
                const std::int64_t stride = inputs[k].strides()[2];
                numbers[k] = numbersOf(from[k] + done * stride, stride, inputs[k].dtype(), count, rows[k].data());
            }
            computeRow(kernel, numbers, count, piece.data());
            storeRow(piece.data(), count, out.dtype, to + done * out.strides[2], out.strides[2]);
        }
    };
    return overNeighbours(out.region, context, [&](Index z, const Interval& ys) {
        if (asOne) return makeRun(z, ys.begin, ys.size() * width);
        for (Index y = ys.begin; y < ys.end; ++y) makeRun(z, y, width);
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
