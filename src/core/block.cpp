#include "lazulite/core/block.h"

#include <cassert>
#include <cstring>

namespace lazulite {

namespace {

bool isDense(const Shape& shape, const Strides& strides, std::size_t elementBytes) {
    auto expected = static_cast<std::int64_t>(elementBytes);
    for (std::size_t i = shape.size(); i-- > 0;) {
        if (shape[i] != 1 && strides[i] != expected) return false;
        expected *= shape[i];
    }
    return true;
}

std::int64_t offsetOf(const Region& part, const Region& origin, const Strides& strides) {
    std::int64_t offset = 0;
    for (std::size_t i = 0; i < part.rank(); ++i) offset += (part[i].begin - origin[i].begin) * strides[i];
    return offset;
}

/// One n-d copy between two strided layouts; the innermost dense run is one memcpy.
struct StridedCopy {
    const Shape& shape;
    const Strides& from;
    const Strides& to;
    std::size_t elementBytes;
    std::size_t denseFrom; ///< axes from here on are one dense run in both layouts
    std::size_t runBytes;

    void run(const std::byte* source, std::byte* target, std::size_t axis) const {
        if (axis == denseFrom) {
            std::memcpy(target, source, runBytes);
            return;
        }
        const bool innermost = axis + 1 == shape.size();
        if (innermost) {
            copyLine(source, target, axis);
            return;
        }
        for (std::int64_t i = 0; i < shape[axis]; ++i) {
            run(source + i * from[axis], target + i * to[axis], axis + 1);
        }
    }

private:
    template <typename T>
    void copyTyped(const std::byte* source, std::byte* target, std::size_t axis) const {
        for (std::int64_t i = 0; i < shape[axis]; ++i) {
            std::memcpy(target + i * to[axis], source + i * from[axis], sizeof(T));
        }
    }

    void copyLine(const std::byte* source, std::byte* target, std::size_t axis) const {
        switch (elementBytes) {
            case 1:
                copyTyped<std::uint8_t>(source, target, axis);
                break;
            case 2:
                copyTyped<std::uint16_t>(source, target, axis);
                break;
            case 4:
                copyTyped<std::uint32_t>(source, target, axis);
                break;
            default:
                copyTyped<std::uint64_t>(source, target, axis);
                break;
        }
    }
};

} // namespace

Strides rowMajorStrides(const Shape& shape, std::size_t elementBytes) {
    Strides strides(shape.size());
    auto step = static_cast<std::int64_t>(elementBytes);
    for (std::size_t i = shape.size(); i-- > 0;) {
        strides[i] = step;
        step *= shape[i];
    }
    return strides;
}

Destination Destination::at(const Region& part) const {
    assert(region.contains(part));
    return {data + offsetOf(part, region, strides), dtype, part, strides, mirror};
}

bool Destination::contiguous() const {
    return isDense(region.shape(), strides, bytesPer(dtype));
}

void Destination::fillZero() const {
    const std::size_t size = bytesPer(dtype);
    const Shape shape = region.shape();
    if (region.empty()) return;
    if (contiguous()) {
        std::memset(data, 0, bytes());
        return;
    }
    static constexpr std::byte kZero[8] = {};
    const Strides still(shape.size(), 0);
    StridedCopy{shape, still, strides, size, shape.size(), size}.run(kZero, data, 0);
}

Block::Block(std::shared_ptr<const std::byte> data, DType dtype, Region region, Strides strides,
             std::shared_ptr<Mirror> mirror)
    : data_(std::move(data)),
      dtype_(dtype),
      region_(std::move(region)),
      strides_(std::move(strides)),
      mirror_(std::move(mirror)) {
    assert(strides_.size() == region_.rank());
}

Block::Block(std::shared_ptr<const std::byte> data, DType dtype, Region region)
    : data_(std::move(data)),
      dtype_(dtype),
      region_(std::move(region)),
      strides_(rowMajorStrides(region_.shape(), bytesPer(dtype))) {}

bool Block::contiguous() const {
    return isDense(region_.shape(), strides_, bytesPer(dtype_));
}

Block Block::view(const Region& part) const {
    assert(region_.contains(part));
    std::shared_ptr<const std::byte> shifted(data_, data_.get() + offsetOf(part, region_, strides_));
    return {std::move(shifted), dtype_, part, strides_, mirror_};
}

double Block::valueAt(const std::vector<std::int64_t>& position) const {
    std::int64_t offset = 0;
    for (std::size_t i = 0; i < position.size(); ++i) offset += (position[i] - region_[i].begin) * strides_[i];
    return visitType(dtype_, [&](auto type) {
        typename decltype(type)::type value;
        std::memcpy(&value, data() + offset, sizeof(value));
        return static_cast<double>(value);
    });
}

void Block::copyTo(const Destination& destination) const {
    assert(destination.dtype == dtype_ && region_.contains(destination.region));
    if (destination.region.empty()) return;
    const Shape shape = destination.region.shape();
    const std::size_t size = bytesPer(dtype_);
    std::size_t dense = shape.size();
    auto run = static_cast<std::int64_t>(size);
    while (dense > 0 &&
           (shape[dense - 1] == 1 || (strides_[dense - 1] == run && destination.strides[dense - 1] == run))) {
        --dense;
        run *= shape[dense];
    }
    const std::byte* source = data() + offsetOf(destination.region, region_, strides_);
    StridedCopy{shape, strides_, destination.strides, size, dense, static_cast<std::size_t>(run)}.run(
        source, destination.data, 0);
}

} // namespace lazulite
