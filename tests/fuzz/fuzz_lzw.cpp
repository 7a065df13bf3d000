// Takes any bytes as LZW data and decodes them into memory of just the size that the first two bytes say; what was
// decoded must come back when it is encoded and decoded again.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <span>
#include <vector>

#include "tiff/lzw_decoder.h"
#include "tiff/lzw_encoder.h"

namespace {

/// Memory of its own for each span, so that one byte outside it is seen.
std::unique_ptr<std::byte[]> memory(std::size_t size) {
    return std::make_unique<std::byte[]>(size);
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size < 2) return 0;
    const std::size_t room = (static_cast<std::size_t>(data[0]) << 8U) | data[1];
    const auto decoded = memory(room);
    const std::span<const std::byte> stored(reinterpret_cast<const std::byte*>(data) + 2, size - 2);
    (void)lazulite::io::isOldLzw(stored);
    const std::size_t got = lazulite::io::decodeLzw(stored, {decoded.get(), room});
    if (got > room) std::abort();

    std::vector<std::byte> encoded;
    lazulite::io::encodeLzw({decoded.get(), got}, encoded);
    const auto again = memory(got);
    if (lazulite::io::decodeLzw(encoded, {again.get(), got}) != got) std::abort();
    if (!std::equal(decoded.get(), decoded.get() + got, again.get())) std::abort();
    return 0;
}
