#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>

namespace lazulite::view {

/// Buffers for pictures, used again: memory touched for the first time is many times slower than the composing itself.
/// A buffer comes back when the last picture that holds it goes, also after the pool is gone.
class PicturePool {
public:
    PicturePool();

    std::shared_ptr<std::uint8_t> take(std::size_t bytes);

private:
    struct Shelf;
    std::shared_ptr<Shelf> shelf_;
};

} // namespace lazulite::view
