#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>

namespace lazulite::io {

static_assert(std::endian::native == std::endian::little,
              "arrays are kept in the machine's order, taken as little-endian");

inline std::uint8_t swapped(std::uint8_t value) {
    return value;
}
inline std::uint16_t swapped(std::uint16_t value) {
    return __builtin_bswap16(value);
}
inline std::uint32_t swapped(std::uint32_t value) {
    return __builtin_bswap32(value);
}
inline std::uint64_t swapped(std::uint64_t value) {
    return __builtin_bswap64(value);
}

/// Reads an unsigned number that lies anywhere in memory, in the file's byte order.
template <typename T>
T loadNumber(const std::byte* from, bool bigEndian) {
    T value;
    std::memcpy(&value, from, sizeof(T));
    return bigEndian ? swapped(value) : value;
}

template <typename T>
void storeNumber(std::byte* to, T value, bool bigEndian) {
    if (bigEndian) value = swapped(value);
    std::memcpy(to, &value, sizeof(T));
}

} // namespace lazulite::io
