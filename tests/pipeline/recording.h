#pragma once

#include <atomic>
#include <cstdint>
#include <cstring>
#include <memory>
#include <vector>

#include "lazulite/core/source.h"
#include "lazulite/graph/lazy_array.h"

namespace lazulite::pipeline {

/// A recording in memory (t, c, z, y, x) of uint16 that counts what is read of it.
class MemorySource : public Source {
public:
    explicit MemorySource(Axes axes) : axes_(std::move(axes)), values_(elementCount(shapeOf(axes_))) {
        std::uint32_t state = 7;
        for (std::uint16_t& value : values_)
            value = static_cast<std::uint16_t>((state = state * 1664525U + 1013904223U) >> 20U);
    }

    const Axes& axes() const override { return axes_; }
    DType dtype() const override { return DType::UInt16; }
    std::string identity() const override { return "memory"; }
    Shape blockShape() const override {
        Shape block(axes_.size(), 1);
        for (std::size_t i = axes_.size() - 2; i < axes_.size(); ++i) block[i] = axes_[i].size;
        return block;
    }
    Shape grainShape() const override { return blockShape(); }
    Shape fileShape() const override {
        Shape file(axes_.size(), 1);
        for (std::size_t i = axes_.size() < 3 ? 0 : axes_.size() - 3; i < axes_.size(); ++i) file[i] = axes_[i].size;
        return file;
    }
    std::uint64_t stamp(const Region&) const override { return 1; }

    Result<void> read(const Destination& destination, std::stop_token, ReadCounts& counts) const override {
        const Shape shape = shapeOf(axes_);
        const std::shared_ptr<const std::byte> data(reinterpret_cast<const std::byte*>(values_.data()),
                                                    [](const std::byte*) {});
        Block(data, DType::UInt16, Region::whole(shape)).copyTo(destination);
        ++counts.filesOpened;
        ++counts.pagesRead;
        counts.bytesRead += static_cast<std::int64_t>(destination.bytes());
        return {};
    }

private:
    Axes axes_;
    std::vector<std::uint16_t> values_;
};

inline Axes recordingAxes() {
    return {{"t", 3, 2.5, "s", {}},
            {"c", 2, 1, "", {"488 nm", "560 nm"}},
            {"z", 7, 0.4, "um", {}},
            {"y", 10, 0.1, "um", {}},
            {"x", 12, 0.1, "um", {}}};
}

inline graph::LazyArray recording(Axes axes = recordingAxes()) {
    return graph::LazyArray::fromSource(std::make_shared<MemorySource>(std::move(axes)));
}

} // namespace lazulite::pipeline
