#include "picture_pool.h"

#include <mutex>
#include <utility>
#include <vector>

namespace lazulite::view {

struct PicturePool::Shelf {
    static constexpr std::size_t kKept = 4; ///< one shown, one being shown, one being made, one spare

    std::mutex mutex;
    std::vector<std::pair<std::size_t, std::unique_ptr<std::uint8_t[]>>> free;
};

PicturePool::PicturePool() : shelf_(std::make_shared<Shelf>()) {}

std::shared_ptr<std::uint8_t> PicturePool::take(std::size_t bytes) {
    std::unique_ptr<std::uint8_t[]> buffer;
    {
        const std::lock_guard lock(shelf_->mutex);
        // Buffers of another size are of a canvas that was: they are let go.
        std::erase_if(shelf_->free, [bytes](const auto& entry) { return entry.first != bytes; });
        if (!shelf_->free.empty()) {
            buffer = std::move(shelf_->free.back().second);
            shelf_->free.pop_back();
        }
    }
    if (!buffer) buffer = std::make_unique_for_overwrite<std::uint8_t[]>(bytes);
    std::uint8_t* data = buffer.get();
    return {data, [shelf = shelf_, bytes, owned = std::move(buffer)](std::uint8_t*) mutable {
                const std::lock_guard lock(shelf->mutex);
                if (shelf->free.size() < Shelf::kKept) shelf->free.emplace_back(bytes, std::move(owned));
            }};
}

} // namespace lazulite::view
