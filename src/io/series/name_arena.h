#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

namespace lazulite::io::series {

/// Keeps very many names in few allocations: each name costs its length, two bytes and a 4-byte id.
class NameArena {
public:
    using Id = std::uint32_t;

    static constexpr std::size_t kLongestName = 16 * 1024;

    /// Keeps `folder` + `name` as one text. Throws Failure past kLongestName and past 4 GiB of names.
    Id add(std::string_view folder, std::string_view name);
    std::string_view at(Id id) const;

private:
    static constexpr std::size_t kChunkBits = 16;
    static constexpr std::size_t kChunkBytes = std::size_t{1} << kChunkBits;

    std::vector<std::unique_ptr<char[]>> chunks_;
    std::size_t used_ = kChunkBytes;
};

} // namespace lazulite::io::series
