#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

#include "lazulite/core/dtype.h"
#include "lazulite/core/mirror.h"
#include "lazulite/core/region.h"

namespace lazulite {

using Strides = std::vector<std::int64_t>; ///< bytes from an element to its neighbour, one an axis

/// The strides of a densely packed row-major array.
Strides rowMajorStrides(const Shape& shape, std::size_t elementBytes);

/// Memory to be filled: where the first element of `region` lies and how to step from it. Owns nothing. With a mirror
/// (the memory's own) values may be left on a graphics card, until somebody looks at them through a Block.
struct Destination {
    std::byte* data = nullptr;
    DType dtype = DType::UInt8;
    Region region;
    Strides strides;
    std::shared_ptr<Mirror> mirror{};

    /// The part that covers `part`, which must lie inside region.
    Destination at(const Region& part) const;
    /// Whether the elements lie densely packed in row-major order.
    bool contiguous() const;
    std::size_t bytes() const { return static_cast<std::size_t>(region.elementCount()) * bytesPer(dtype); }
    void fillZero() const;
};

/// An immutable n-d piece of an array: a shared buffer, the region it covers, and how to step through it. Cheap to
/// copy; `view` shares the buffer.
class Block {
public:
    Block() = default;
    Block(std::shared_ptr<const std::byte> data, DType dtype, Region region, Strides strides,
          std::shared_ptr<Mirror> mirror = nullptr);
    /// A densely packed block.
    Block(std::shared_ptr<const std::byte> data, DType dtype, Region region);

    explicit operator bool() const { return data_ != nullptr; }
    /// Fetches values that are still on a graphics card; throws Failure where that fails.
    const std::byte* data() const {
        if (mirror_ && mirror_->pending()) mirror_->settle().orThrow();
        return data_.get();
    }
    /// Where the values are or will be; does not fetch them.
    const std::byte* address() const { return data_.get(); }
    /// What graphics cards know of the buffer; null where nobody keeps that.
    const std::shared_ptr<Mirror>& mirror() const { return mirror_; }
    /// Fetches values that are still on a graphics card.
    Result<void> settle() const { return mirror_ ? mirror_->settle() : Result<void>(); }
    /// The values could not be fetched.
    bool lost() const { return mirror_ && mirror_->lost(); }
    DType dtype() const { return dtype_; }
    const Region& region() const { return region_; }
    Shape shape() const { return region_.shape(); }
    const Strides& strides() const { return strides_; }
    /// Bytes of the elements, densely packed; what the buffer behind it takes may be more.
    std::size_t bytes() const { return static_cast<std::size_t>(region_.elementCount()) * bytesPer(dtype_); }
    bool contiguous() const;
    /// How many blocks share the buffer, this one counted.
    long owners() const { return data_.use_count(); }

    /// The part that covers `part` (inside region()), sharing the buffer.
    Block view(const Region& part) const;
    /// The same elements under another description: axes reordered, added or dropped, origin moved.
    Block relabelled(Region region, Strides strides) const {
        return {data_, dtype_, std::move(region), std::move(strides), mirror_};
    }

    /// The element at absolute coordinates, as double (exact up to 2^53).
    double valueAt(const std::vector<std::int64_t>& position) const;

    /// Copies the elements that `destination.region` asks for (inside region()); types must be equal.
    void copyTo(const Destination& destination) const;

private:
    std::shared_ptr<const std::byte> data_;
    DType dtype_ = DType::UInt8;
    Region region_;
    Strides strides_;
    std::shared_ptr<Mirror> mirror_;
};

} // namespace lazulite
