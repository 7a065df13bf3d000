#pragma once

#include <cstddef>
#include <span>

namespace lazulite::io {

/// Whether the data were written before TIFF 5, least significant bit first, which decodeLzw does not read.
bool isOldLzw(std::span<const std::byte> stored);

/// Decodes TIFF's LZW (TIFF 6, section 13) until `decoded` is full, the data end, or a code makes no sense, and returns
/// how many bytes were decoded. Nothing outside the two spans is touched, whatever the data are.
std::size_t decodeLzw(std::span<const std::byte> stored, std::span<std::byte> decoded);

} // namespace lazulite::io
