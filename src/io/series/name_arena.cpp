#include "series/name_arena.h"

#include <cstring>

#include "lazulite/core/error.h"

namespace lazulite::io::series {

namespace {
constexpr std::size_t kLengthBytes = sizeof(std::uint16_t);
}

NameArena::Id NameArena::add(std::string_view folder, std::string_view name) {
    const std::size_t length = folder.size() + name.size();
    if (length > kLongestName) throw Failure("a file name of more than 16 KiB cannot be used");
    if (used_ + kLengthBytes + length > kChunkBytes) {
        if (chunks_.size() > 0xFFFF) {
            throw Failure(Error{Error::Kind::TooLarge, "more than 4 GiB of file names; open a part of them", {}, {}});
        }
        chunks_.push_back(std::make_unique_for_overwrite<char[]>(kChunkBytes));
        used_ = 0;
    }
    const Id id = static_cast<Id>(((chunks_.size() - 1) << kChunkBits) | used_);
    char* const place = chunks_.back().get() + used_;
    const auto stored = static_cast<std::uint16_t>(length);
    std::memcpy(place, &stored, kLengthBytes);
    if (!folder.empty()) std::memcpy(place + kLengthBytes, folder.data(), folder.size());
    if (!name.empty()) std::memcpy(place + kLengthBytes + folder.size(), name.data(), name.size());
    used_ += kLengthBytes + length;
    return id;
}

std::string_view NameArena::at(Id id) const {
    const char* const place = chunks_[id >> kChunkBits].get() + (id & (kChunkBytes - 1));
    std::uint16_t length = 0;
    std::memcpy(&length, place, kLengthBytes);
    return {place + kLengthBytes, length};
}

} // namespace lazulite::io::series
