#pragma once

#include <oneapi/tbb/blocked_range2d.h>
#include <oneapi/tbb/parallel_for.h>

#include <algorithm>
#include <array>

#include "launches.h"
#include "runs.h"
#include "widest.h"

/// Runs kernels on the processor: rows of the output over oneTBB, in pieces that stay in the first cache where a kernel
/// needs several passes. The loops over a row are plain, so that the compiler vectorises them.
namespace lazulite::compute::cpu {

constexpr Index kRowPiece = 256; ///< voxels of a row that are computed at a time

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

/// Calls `makeRows(z, ys)` for neighbouring rows of a plane of the region, on all cores until all are made; stops in
/// between. With kAcross = 0 neighbours are those of other planes, makeRows(y, zs).
template <std::size_t kAcross = 1, typename MakeRows>
Result<void> overNeighbours(const Region& region, const Context& context, const MakeRows& makeRows) {
    using Range = oneapi::tbb::blocked_range2d<Index>;
    constexpr Index kVoxelsAtOnce = 8192; // a few microseconds of work
    constexpr Index kMostRowsAtOnce = 32;
    constexpr Index kEvenRows = 8; // of most widths they fill whole lines of caches
    Index rows = std::clamp<Index>(kVoxelsAtOnce / region[2].size(), 1, kMostRowsAtOnce);
    if (rows > kEvenRows) rows -= rows % kEvenRows;
    const Interval& outer = region[1 - kAcross];
    const Interval& inner = region[kAcross];
    oneapi::tbb::parallel_for(Range(outer.begin, outer.end, 1, inner.begin, inner.end, static_cast<std::size_t>(rows)),
                              [&](const Range& range) {
                                  for (Index i = range.rows().begin(); i < range.rows().end(); ++i) {
                                      for (Index j = range.cols().begin(); j < range.cols().end(); j += rows) {
                                          if (context.stop.stop_requested()) return;
                                          const Interval js{j, std::min(j + rows, range.cols().end())};
                                          onWidest([&] { makeRows(i, js); });
                                      }
                                  }
                              });
    if (context.stop.stop_requested()) return Error::cancelled();
    return {};
}

/// Calls makeRun(z, y, length) for runs of voxels that follow each other from the begin of row (z, y) on, in the output
/// and in all inputs: for every row or, where there are no gaps, for several at once.
template <typename MakeRun>
Result<void> overRuns(Inputs inputs, const Destination& out, const Context& context, const MakeRun& makeRun) {
    const Index width = out.region[2].size();
    const auto gapless = [width](const Strides& strides) { return strides[1] == width * strides[2]; };
    const bool asOne = gapless(out.strides) && std::all_of(inputs.begin(), inputs.end(),
                                                           [&](const Block& in) { return gapless(in.strides()); });
    return overNeighbours(out.region, context, [&](Index z, const Interval& ys) {
        if (asOne) return makeRun(z, ys.begin, ys.size() * width);
        for (Index y = ys.begin; y < ys.end; ++y) makeRun(z, y, width);
    });
}

/// Calls `makeRow(z, y)` for every row of a region; for those of neighbouring planes one after the other where a kernel
/// mixes these.
template <bool kMixesPlanes, typename MakeRow>
Result<void> overRows(const Region& region, const Context& context, const MakeRow& makeRow) {
    if constexpr (kMixesPlanes) {
        return overNeighbours<0>(region, context, [&](Index y, const Interval& zs) {
            for (Index z = zs.begin; z < zs.end; ++z) makeRow(z, y);
        });
    } else {
        return overNeighbours(region, context, [&](Index z, const Interval& ys) {
            for (Index y = ys.begin; y < ys.end; ++y) makeRow(z, y);
        });
    }
}

/// Runs a gather kernel (see kernels/portable.h).
template <typename Kernel>
Result<void> gather(const Kernel& kernel, const Block& input, const Destination& out, const Context& context) {
    return visitType(input.dtype(), [&](auto t) {
        using T = typename decltype(t)::type;
        const Reader<T> in(input);
        const Interval& columns = out.region[2];
        constexpr bool kMixesPlanes = requires {
            Kernel::kMixesPlanes;
        };
        return overRows<kMixesPlanes>(out.region, context, [&](Index z, Index y) {
            const auto source = kernel.row(in, z, y);
            OutputRun row(out, z, y);
            std::array<typename std::remove_cvref_t<decltype(source)>::Value, kRowPiece> piece;
            for (Index x = columns.begin; x < columns.end; x += kRowPiece) {
                const Index count = std::min(columns.end - x, kRowPiece);
                source.template values<static_cast<int>(kRowPiece)>(x, count, piece.data());
                row.put(piece.data(), count);
            }
        });
    });
}

/// How many of a kernel's inputs, from the first on, are frames of a camera as a rule.
template <typename Kernel>
constexpr std::size_t framesOf() {
    if constexpr (requires { Kernel::kFrames; }) {
        return Kernel::kFrames;
    } else {
        return 1;
    }
}

/// What a pointwise kernel makes of neighbouring elements of its frames and numbers of its other inputs.
template <typename Real, typename Kernel, typename Frame, std::size_t kFrames, std::size_t kOthers>
void computeRow(Kernel kernel, std::array<const Frame*, kFrames> frames, std::array<const Real*, kOthers> others,
                Index count, Real* __restrict results) {
    for (Index i = 0; i < count; ++i) {
        Real values[kFrames + kOthers];
        for (std::size_t k = 0; k < kFrames; ++k) values[k] = static_cast<Real>(frames[k][i]);
        for (std::size_t k = 0; k < kOthers; ++k) values[kFrames + k] = others[k][i];
        results[i] = kernel(values);
    }
}

/// Runs a pointwise kernel. `Frame`: what its frames are read as; Real, or what their elements are.
template <typename Real, typename Frame, typename Kernel>
Result<void> pointwiseFrom(const Kernel& kernel, Inputs inputs, const Destination& out, const Context& context) {
    constexpr std::size_t kFrames = framesOf<Kernel>();
    constexpr std::size_t kOthers = static_cast<std::size_t>(Kernel::kInputs) - kFrames;
    return overRuns(inputs, out, context, [&](Index z, Index y, Index length) {
        std::array<InputRun, Kernel::kInputs> runs;
        for (std::size_t k = 0; k < runs.size(); ++k) runs[k] = InputRun(inputs[k], out.region, z, y);
        OutputRun to(out, z, y);
        alignas(kCacheLine) std::array<std::array<Frame, kRowPiece>, kFrames> roomOfFrames;
        alignas(kCacheLine) std::array<std::array<Real, kRowPiece>, kOthers> room;
        alignas(kCacheLine) std::array<Real, kRowPiece> results;
        for (Index done = 0; done < length; done += kRowPiece) {
            const Index count = std::min(length - done, kRowPiece);
            std::array<const Frame*, kFrames> frames;
            for (std::size_t k = 0; k < kFrames; ++k) frames[k] = runs[k].next(count, roomOfFrames[k].data());
            std::array<const Real*, kOthers> others;
            for (std::size_t k = 0; k < kOthers; ++k) others[k] = runs[kFrames + k].next(count, room[k].data());
            const auto compute = [&] { computeRow(kernel, frames, others, count, results.data()); };
            if constexpr (requires { Kernel::kManySteps; }) {
                withMostLanes(compute);
            } else {
                compute();
            }
            to.put(results.data(), count);
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
    if (needsDouble(inputs, out)) return pointwiseFrom<double, double>(kernel, inputs, out, context);
    // What cameras give is converted while it is computed with, all else beforehand: types make code grow.
    const Inputs frames = inputs.first(framesOf<Kernel>());
    const bool asCamerasGive = std::all_of(frames.begin(), frames.end(), [](const Block& frame) {
        return frame.dtype() == DType::UInt16 && isDense(frame.strides()[2], DType::UInt16);
    });
    if (asCamerasGive) return pointwiseFrom<float, std::uint16_t>(kernel, inputs, out, context);
    return pointwiseFrom<float, float>(kernel, inputs, out, context);
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
