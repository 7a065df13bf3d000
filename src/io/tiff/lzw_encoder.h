#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace lazulite::io {

/// Appends `data` compressed by TIFF's LZW (TIFF 6, section 13) to `to`.
void encodeLzw(std::span<const std::byte> data, std::vector<std::byte>& to);

} // namespace lazulite::io
