#pragma once

#include <array>
#include <limits>
#include <memory>
#include <mutex>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "lazulite/compute/elements.h"
#include "lazulite/core/source.h"
#include "support/memory_source.h"

namespace lazulite::testing {

inline constexpr std::array kAllTypes{DType::UInt8,   DType::UInt16,  DType::UInt32, DType::UInt64,
                                      DType::Int8,    DType::Int16,   DType::Int32,  DType::Int64,
                                      DType::Float16, DType::Float32, DType::Float64};

/// A densely packed block; values are rounded and saturate, so that infinity makes an integer's extreme.
inline Block blockOf(DType type, const Region& region, const ValueAt& value) {
    const auto bytes = static_cast<std::size_t>(region.elementCount()) * bytesPer(type);
    const std::shared_ptr<std::byte[]> data(new std::byte[bytes + 1]);
    std::byte* next = data.get();
    forEachPosition(region, [&](const std::vector<std::int64_t>& at) {
        visitType(type, [&](auto t) {
            using T = typename decltype(t)::type;
            const T element = compute::toElement<T>(value(at));
            std::memcpy(next, &element, sizeof(T));
            next += sizeof(T);
        });
    });
    return {std::shared_ptr<const std::byte>(data, data.get()), type, region};
}

/// Random values that fit the type: small ones, its extremes, and, where `special`, NaN and infinities of floats.
inline Block randomBlock(DType type, const Region& region, unsigned seed, bool special = false) {
    std::mt19937 random(seed);
    constexpr double kInfinity = std::numeric_limits<double>::infinity();
    std::uniform_real_distribution<double> small(0, 255);
    return blockOf(type, region, [&](const std::vector<std::int64_t>&) {
        const unsigned kind = random() % 16;
        const double value = small(random);
        if (kind == 0 && (special || !isFloat(type))) return kInfinity;
        if (kind == 1 && (special || !isFloat(type))) return -kInfinity;
        if (kind == 2 && special) return std::numeric_limits<double>::quiet_NaN();
        return isSigned(type) && kind < 8 ? -value / 2 : value;
    });
}

/// A recording whose values are those of a block; a page is (y, x), a file (z, y, x).
class BlockSource final : public Source {
public:
    BlockSource(Axes axes, Block block, std::string name = "block")
        : axes_(std::move(axes)), block_(std::move(block)), name_(std::move(name)) {}

    const Axes& axes() const override { return axes_; }
    DType dtype() const override { return block_.dtype(); }
    std::string identity() const override { return name_; }
    Shape blockShape() const override { return lastAxes(axes_, 2); }
    Shape grainShape() const override { return lastAxes(axes_, 2); }
    Shape fileShape() const override { return lastAxes(axes_, 3); }
    std::uint64_t stamp(const Region&) const override { return version; }

    Result<void> read(const Destination& destination, std::stop_token, ReadCounts& counts) const override {
        const std::lock_guard lock(mutex_);
        reads.push_back(destination.region);
        forEachGridBlock(destination.region, blockShape(), shapeOf(axes_), [&](const Region&) { ++counts.pagesRead; });
        block_.copyTo(destination);
        return {};
    }

    const Block& values() const { return block_; }

    std::atomic<std::uint64_t> version = 1; ///< change it to say that the file changed on disk
    mutable std::vector<Region> reads;      ///< every read that was done

private:
    Axes axes_;
    Block block_;
    std::string name_;
    mutable std::mutex mutex_;
};

} // namespace lazulite::testing
