#pragma once

#include <cstddef>
#include <memory>
#include <span>

namespace lazulite::io {

/// Memory that a thread uses again from chunk to chunk; its contents are not kept when it grows.
class Scratch {
public:
    std::span<std::byte> take(std::size_t size) {
        if (size > capacity_) {
            bytes_.reset();
            capacity_ = 0;
            bytes_ = std::make_unique_for_overwrite<std::byte[]>(size);
            capacity_ = size;
        }
        return {bytes_.get(), size};
    }

    /// Gives back what is more than a thread should keep for later.
    void trim() {
        constexpr std::size_t kKept = std::size_t{32} << 20U;
        if (capacity_ <= kKept) return;
        bytes_.reset();
        capacity_ = 0;
    }

private:
    std::unique_ptr<std::byte[]> bytes_;
    std::size_t capacity_ = 0;
};

} // namespace lazulite::io
