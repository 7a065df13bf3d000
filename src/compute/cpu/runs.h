#pragma once

#include <algorithm>

#include "lazulite/core/block.h"
#include "rounding.h"

/// Neighbouring elements of blocks as numbers to compute with, and back.
namespace lazulite::compute::cpu {

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

/// Whether neighbours of a row lie side by side.
inline bool isDense(std::int64_t stride, DType type) {
    return stride == static_cast<std::int64_t>(bytesPer(type));
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

/// The same, without a copy where they are of that type already; `room` is for those that are not.
template <typename Number>
const Number* numbersOf(const std::byte* row, std::int64_t stride, DType type, Index count, Number* room) {
    const bool areNumbers = visitType(type, [](auto t) { return std::is_same_v<typename decltype(t)::type, Number>; });
    if (areNumbers && isDense(stride, type)) return reinterpret_cast<const Number*>(row);
    if constexpr (std::is_floating_point_v<Number>) loadRow(row, stride, type, count, room);
    return room;
}

constexpr Index kCacheLine = 64; ///< bytes

/// Has memory fetch what will be read (0) or written (1) soon: what lies a page behind a piece. Processors look ahead
/// by themselves, but not beyond the page. Nothing happens where no memory is.
template <int kToWrite>
void fetchAhead(const std::byte* piece, Index bytes) {
    constexpr Index kPage = 4096;
    for (Index at = 0; at < bytes; at += kCacheLine) __builtin_prefetch(piece + kPage + at, kToWrite);
}

/// Where a row begins, of a block or a destination.
template <typename Data>
auto rowAt(Data* data, const Region& region, const Strides& strides, Index z, Index y) {
    return data + (z - region[0].begin) * strides[0] + (y - region[1].begin) * strides[1];
}

/// Neighbouring elements of an input that covers the output's region (a stride of 0 repeats an element along an axis),
/// taken from left to right.
class InputRun {
public:
    InputRun() = default;
    InputRun(const Block& block, const Region& out, Index z, Index y)
        : at_(rowAt(block.data(), block.region(), block.strides(), z, y) +
              (out[2].begin - block.region()[2].begin) * block.strides()[2]),
          stride_(block.strides()[2]),
          type_(block.dtype()),
          passes_(isDense(stride_, type_) && block.strides()[0] != 0) {}

    /// The next `count`: where they lie, or converted in `room`. Other than floating Numbers must be what the input
    /// holds, side by side.
    template <typename Number>
    const Number* next(Index count, Number* room) {
        const std::byte* piece = at_;
        at_ += count * stride_;
        if (passes_) fetchAhead<0>(piece, count * stride_);
        return numbersOf(piece, stride_, type_, count, room);
    }

private:
    const std::byte* at_ = nullptr;
    std::int64_t stride_ = 0;
    DType type_ = DType::UInt8;
    bool passes_ = false; ///< is read but once; an image that is repeated for every plane is in a cache
};

/// Neighbouring elements of the output, written from left to right.
class OutputRun {
public:
    OutputRun(const Destination& out, Index z, Index y)
        : at_(rowAt(out.data, out.region, out.strides, z, y)), stride_(out.strides[2]), type_(out.dtype) {}

    template <typename Value>
    void put(const Value* values, Index count) {
        if (isDense(stride_, type_)) fetchAhead<1>(at_, count * stride_);
        storeRow(values, count, type_, at_, stride_);
        at_ += count * stride_;
    }

private:
    std::byte* at_;
    std::int64_t stride_;
    DType type_;
};

} // namespace lazulite::compute::cpu
