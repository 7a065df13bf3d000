#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace lazulite::io {

/// The private tags of ImageJ: 50839 holds a table of kinds and counts and then the texts as UTF-16, 50838 the bytes of
/// the table and of each text (ij.io.TiffEncoder's layout, little-endian).
struct ImageJBlockBytes {
    std::vector<std::byte> data;
    std::vector<std::uint64_t> counts;
};
ImageJBlockBytes imageJBlocks(const std::string& info, const std::vector<std::string>& labels);

} // namespace lazulite::io
