#pragma once

#include <algorithm>

#include "device_array.h"
#include "lazulite/compute/elements.h"
#include "lazulite/compute/fft_size.h"

/// What the threads of a graphics card do, in plain C++: launch.cuh runs it on a card, tests in loops on the processor.
///
/// A thread makes some voxels of a row, every kNeighbours-th, so that those of its neighbours lie between them (a card
/// reads and writes neighbouring elements at once) and what a row needs to know is worked out once for several voxels.
namespace lazulite::compute::cuda {

constexpr int kNeighbours = 32;    ///< threads side by side along a row
constexpr int kVoxelsOfThread = 8; ///< of a row

/// Which voxels a thread makes: of the rows firstRow, firstRow + rowStep, ... the columns firstColumn,
/// firstColumn + kNeighbours, ...
struct Thread {
    Index firstRow;
    Index rowStep;
    Index firstColumn;
};

/// The box that is computed; threads count from its first voxel.
struct Box {
    Index begin[3];
    Index size[3];

    /// From voxel 0.
    static Box whole(const Size3& size) { return {{0, 0, 0}, {size[0], size[1], size[2]}}; }
    static Box of(const DeviceArray& array) {
        return {{array.begin[0], array.begin[1], array.begin[2]}, {array.size[0], array.size[1], array.size[2]}};
    }

    /// Calls visitRow(z, y) for the rows of a thread.
    template <typename VisitRow>
    LAZULITE_HD void overRows(const Thread& thread, const VisitRow& visitRow) const {
        for (Index row = thread.firstRow; row < size[0] * size[1]; row += thread.rowStep) {
            visitRow(row / size[1], row % size[1]);
        }
    }
    /// Calls visit(x) for its columns.
    template <typename Visit>
    LAZULITE_HD void overColumns(const Thread& thread, const Visit& visit) const {
        Index x = thread.firstColumn;
        for (int i = 0; i < kVoxelsOfThread; ++i, x += kNeighbours) {
            if (x < size[2]) visit(x);
        }
    }
    /// Calls visit(z, y, x) for all of its voxels.
    template <typename Visit>
    LAZULITE_HD void overVoxels(const Thread& thread, const Visit& visit) const {
        overRows(thread, [&](Index z, Index y) { overColumns(thread, [&](Index x) { visit(z, y, x); }); });
    }
};

/// How the threads of a box are dealt out: blocks of kNeighbours x kRowsOfBlock threads, `columns` x `rows` of them.
struct Blocks {
    static constexpr Index kRowsOfBlock = 8;
    static constexpr Index kColumnsOfBlock = Index{kNeighbours} * kVoxelsOfThread;

    Index columns;
    Index rows;

    static Blocks of(const Box& box, Index mostRows) {
        const Index wanted = (box.size[0] * box.size[1] + kRowsOfBlock - 1) / kRowsOfBlock;
        return {(box.size[2] + kColumnsOfBlock - 1) / kColumnsOfBlock, std::min(wanted, mostRows)};
    }
    /// A thread by the place of its block and its place in there.
    LAZULITE_HD static Thread thread(Index blockColumn, Index blockRow, Index blockRows, Index row, Index column) {
        return {blockRow * kRowsOfBlock + row, blockRows * kRowsOfBlock, blockColumn * kColumnsOfBlock + column};
    }
};

constexpr Index kMostRowsOfBlocks = 65535; ///< what cards take

/// Of threads that add something up: few enough that what blocks have found is added up by the processor.
inline Blocks summingBlocks(const Box& box) {
    constexpr Index kMost = 256;
    return Blocks::of(box, kMost);
}

/// An element as a number. All threads take the same way, for an array has one type.
template <typename Number>
LAZULITE_HD Number load(const std::byte* at, DType type) {
    switch (type) {
        case DType::UInt16:
            return static_cast<Number>(*reinterpret_cast<const std::uint16_t*>(at));
        case DType::Float32:
            return static_cast<Number>(*reinterpret_cast<const float*>(at));
        case DType::UInt8:
            return static_cast<Number>(*reinterpret_cast<const std::uint8_t*>(at));
        case DType::Int8:
            return static_cast<Number>(*reinterpret_cast<const std::int8_t*>(at));
        case DType::Int16:
            return static_cast<Number>(*reinterpret_cast<const std::int16_t*>(at));
        case DType::Float16:
            return static_cast<Number>(static_cast<float>(*reinterpret_cast<const Half*>(at)));
        default:
            break;
    }
    if constexpr (!std::is_same_v<Number, float>) { // floats are not asked for the others
        switch (type) {
            case DType::UInt32:
                return static_cast<Number>(*reinterpret_cast<const std::uint32_t*>(at));
            case DType::Int32:
                return static_cast<Number>(*reinterpret_cast<const std::int32_t*>(at));
            case DType::UInt64:
                return static_cast<Number>(*reinterpret_cast<const std::uint64_t*>(at));
            case DType::Int64:
                return static_cast<Number>(*reinterpret_cast<const std::int64_t*>(at));
            default:
                return static_cast<Number>(*reinterpret_cast<const double*>(at));
        }
    }
    return 0;
}

template <typename T, typename Value>
LAZULITE_HD void storeAs(std::byte* at, Value value) {
    using Wide = std::conditional_t<std::is_integral_v<T>, RealOf<T>, Value>; // 32 bits need more than float
    *reinterpret_cast<T*>(at) = toElement<T>(static_cast<Wide>(value));
}

/// A number as an element. What is neither float nor double is an element of the array's type.
template <typename Value>
LAZULITE_HD void store(std::byte* at, DType type, Value value) {
    if constexpr (!std::is_floating_point_v<Value>) {
        *reinterpret_cast<Value*>(at) = value;
    } else {
        switch (type) {
            case DType::UInt16:
                return storeAs<std::uint16_t>(at, value);
            case DType::Float32:
                return storeAs<float>(at, value);
            case DType::UInt8:
                return storeAs<std::uint8_t>(at, value);
            case DType::Int8:
                return storeAs<std::int8_t>(at, value);
            case DType::Int16:
                return storeAs<std::int16_t>(at, value);
            case DType::Float16:
                return storeAs<Half>(at, value);
            case DType::UInt32:
                return storeAs<std::uint32_t>(at, value);
            case DType::Int32:
                return storeAs<std::int32_t>(at, value);
            case DType::UInt64:
                return storeAs<std::uint64_t>(at, value);
            case DType::Int64:
                return storeAs<std::int64_t>(at, value);
            case DType::Float64:
                return storeAs<double>(at, value);
        }
    }
}

/// Where the elements of an array lie.
struct View {
    std::byte* data;
    Index strides[3]; ///< bytes
    DType dtype;

    /// The element (0, 0, 0) is the array's first one.
    static View fromZero(const DeviceArray& array) {
        return {array.data, {array.strides[0], array.strides[1], array.strides[2]}, array.dtype};
    }
    /// The element (0, 0, 0) is the one that lies where the first one of `other` does.
    static View alignedWith(const DeviceArray& other, const DeviceArray& array) {
        View view = fromZero(array);
        for (std::size_t i = 0; i < 3; ++i) view.data += (other.begin[i] - array.begin[i]) * array.strides[i];
        return view;
    }
    LAZULITE_HD std::byte* at(Index z, Index y, Index x) const {
        return data + z * strides[0] + y * strides[1] + x * strides[2];
    }
};

/// What gather kernels read. `T` is the type of the elements, or one that holds all of those that they may have.
template <typename T>
class Reader {
public:
    using Element = T;
    using Real = RealOf<T>;

    explicit Reader(const DeviceArray& array) : view_(View::fromZero(array)), origin_(0) {
        for (std::size_t i = 0; i < 3; ++i) origin_ += array.begin[i] * array.strides[i];
    }

    class RowReader {
    public:
        LAZULITE_HD RowReader(const std::byte* data, Index offset, Index step, DType dtype)
            : data_(data), offset_(offset), step_(step), dtype_(dtype) {}
        LAZULITE_HD Real operator[](Index x) const { return static_cast<Real>(element(x)); }
        LAZULITE_HD T element(Index x) const {
            const std::byte* at = data_ + (offset_ + x * step_);
            if constexpr (std::is_floating_point_v<T>) {
                return load<T>(at, dtype_);
            } else {
                return *reinterpret_cast<const T*>(at);
            }
        }

    private:
        const std::byte* data_;
        Index offset_;
        Index step_;
        DType dtype_;
    };

    LAZULITE_HD RowReader row(Index z, Index y) const {
        return {view_.data, z * view_.strides[0] + y * view_.strides[1] - origin_, view_.strides[2], view_.dtype};
    }

private:
    View view_;
    Index origin_; ///< where the element (0, 0, 0) would lie before the first one
};

/// A gather kernel (kernels/portable.h) on one array.
template <typename Kernel, typename T>
struct Gather {
    Kernel kernel;
    Reader<T> in;
    View out;
    Box box;

    LAZULITE_HD void operator()(const Thread& thread) const {
        box.overRows(thread, [&](Index z, Index y) {
            const auto source = kernel.row(in, box.begin[0] + z, box.begin[1] + y);
            box.overColumns(thread, [&](Index x) {
                const Index column = box.begin[2] + x;
                typename std::remove_cvref_t<decltype(source)>::Value value;
                source.template values<1>(column, 1, &value);
                store(out.at(z, y, x), out.dtype, value);
            });
        });
    }
};

/// A pointwise kernel, computed in Real. Fewer than kMost inputs: the kernel knows how many it was given.
template <typename Kernel, typename Real, int kMost>
struct Pointwise {
    Kernel kernel;
    View in[kMost];
    int count;
    View out;
    Box box;

    LAZULITE_HD void operator()(const Thread& thread) const {
        constexpr bool kFixed = requires {
            Kernel::kInputs;
        };
        box.overRows(thread, [&](Index z, Index y) {
            box.overColumns(thread, [&](Index x) {
                Real values[kMost];
                for (int k = 0; k < (kFixed ? kMost : count); ++k)
                    values[k] = load<Real>(in[k].at(z, y, x), in[k].dtype);
                store(out.at(z, y, x), out.dtype, kernel(values));
            });
        });
    }
};

/// Calls run(body) with the body for a gather kernel and the types of its arrays.
template <typename Kernel, typename Run>
void withGather(const Kernel& kernel, const DeviceArray& input, const DeviceArray& out, const Run& run) {
    const auto in = [&]<typename T>(std::type_identity<T>) {
        run(Gather<Kernel, T>{kernel, Reader<T>(input), View::fromZero(out), Box::of(out)});
    };
    switch (input.dtype) {
        case DType::UInt16: // what cameras give
            return in(std::type_identity<std::uint16_t>{});
        case DType::UInt64: // what doubles do not hold
            return in(std::type_identity<std::uint64_t>{});
        case DType::Int64:
            return in(std::type_identity<std::int64_t>{});
        default:
            return computesInDouble(input.dtype) ? in(std::type_identity<double>{}) : in(std::type_identity<float>{});
    }
}

/// Calls run(body) with the body for a pointwise kernel, in double where an input or the output needs it.
template <int kMost, typename Kernel, typename Run>
void withPointwise(const Kernel& kernel, Arrays inputs, const DeviceArray& out, const Run& run) {
    const auto computedIn = [&]<typename Real>(std::type_identity<Real>) {
        Pointwise<Kernel, Real, kMost> body{
            kernel, {}, static_cast<int>(inputs.size()), View::fromZero(out), Box::of(out)};
        for (std::size_t k = 0; k < inputs.size(); ++k) body.in[k] = View::alignedWith(out, inputs[k]);
        run(body);
    };
    const auto isWide = [](const DeviceArray& array) { return computesInDouble(array.dtype); };
    if (isWide(out) || std::any_of(inputs.begin(), inputs.end(), isWide)) {
        computedIn(std::type_identity<double>{});
    } else {
        computedIn(std::type_identity<float>{});
    }
}

/// Calls run(body) with what a kernel makes threads do.
template <typename Kernel, typename Run>
void withBody(const Kernel& kernel, Arrays inputs, const DeviceArray& out, const Run& run) {
    if constexpr (requires { Kernel::kInputs; }) {
        withPointwise<Kernel::kInputs>(kernel, inputs, out, run);
    } else if constexpr (requires { Kernel::kMostSlots; }) {
        withPointwise<Kernel::kMostSlots>(kernel, inputs, out, run);
    } else {
        withGather(kernel, inputs[0], out, run);
    }
}

} // namespace lazulite::compute::cuda
