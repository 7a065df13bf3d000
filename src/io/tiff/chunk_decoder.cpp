#include "tiff/chunk_decoder.h"

#include <fmt/format.h>
#include <libdeflate.h>
#include <tiff.h>
#include <zstd.h>
#include <zstd_errors.h>

#include <memory>
#include <new>

#include "tiff/libtiff_codec.h"
#include "tiff/lzw_decoder.h"
#include "tiff/predictor.h"
#include "tiff/samples.h"
#include "tiff/scratch.h"

namespace lazulite::io {

namespace {

Failure corrupt(const std::string& message) {
    return Failure(Error{Error::Kind::Corrupt, message, {}, {}});
}

Failure tooShort(std::size_t got, std::size_t expected) {
    return corrupt(fmt::format("a strip or tile decodes to {} bytes instead of {}", got, expected));
}

/// False where the data hold more than `decoded` does: a padded strip, for a decoder that can stop early.
bool decodeDeflate(std::span<const std::byte> stored, std::span<std::byte> decoded) {
    thread_local const std::unique_ptr<libdeflate_decompressor, decltype(&libdeflate_free_decompressor)> decompressor(
        libdeflate_alloc_decompressor(), &libdeflate_free_decompressor);
    if (decompressor == nullptr) throw std::bad_alloc();
    std::size_t got = 0;
    const libdeflate_result result = libdeflate_zlib_decompress(decompressor.get(), stored.data(), stored.size(),
                                                                decoded.data(), decoded.size(), &got);
    if (result == LIBDEFLATE_INSUFFICIENT_SPACE) return false;
    if (result != LIBDEFLATE_SUCCESS) throw corrupt("a strip or tile cannot be decoded: its Deflate data are damaged");
    if (got < decoded.size()) throw tooShort(got, decoded.size());
    return true;
}

bool decodeZstd(std::span<const std::byte> stored, std::span<std::byte> decoded) {
    thread_local const std::unique_ptr<ZSTD_DCtx, decltype(&ZSTD_freeDCtx)> context(ZSTD_createDCtx(), &ZSTD_freeDCtx);
    if (context == nullptr) throw std::bad_alloc();
    const std::size_t got =
        ZSTD_decompressDCtx(context.get(), decoded.data(), decoded.size(), stored.data(), stored.size());
    if (ZSTD_isError(got) != 0) {
        if (ZSTD_getErrorCode(got) == ZSTD_error_dstSize_tooSmall) return false;
        throw corrupt(fmt::format("a strip or tile cannot be decoded: ZSTD says {}", ZSTD_getErrorName(got)));
    }
    if (got < decoded.size()) throw tooShort(got, decoded.size());
    return true;
}

/// Decodes as much as `decoded` holds. False where the data are of the old kind.
bool decodeNewLzw(std::span<const std::byte> stored, std::span<std::byte> decoded) {
    if (isOldLzw(stored)) return false;
    const std::size_t got = decodeLzw(stored, decoded);
    if (got == decoded.size()) return true;
    throw corrupt(fmt::format("a strip or tile cannot be decoded: its LZW data end or are damaged after {} of {} bytes",
                              got, decoded.size()));
}

/// Decodes without libtiff what can be: false where it has to. Bytes behind `needed` may be left out.
bool decodeOurselves(int compression, std::span<const std::byte> stored, std::span<std::byte> decoded,
                     std::size_t needed) {
    switch (compression) {
        case COMPRESSION_ADOBE_DEFLATE:
        case COMPRESSION_DEFLATE:
            return decodeDeflate(stored, decoded);
        case COMPRESSION_ZSTD:
            return decodeZstd(stored, decoded);
        case COMPRESSION_LZW:
            return decodeNewLzw(stored, decoded.first(needed));
        default:
            return false;
    }
}

void undoPredictor(const PageLayout& layout, std::span<std::byte> decoded, std::int64_t firstRow, std::int64_t endRow) {
    const TiffPage& page = layout.page;
    const std::size_t size = static_cast<std::size_t>(page.bitsPerSample) / 8;
    const std::int64_t rowBytes = layout.rowBytes();
    const std::int64_t samples = layout.chunkSamples();
    std::byte* row = decoded.data() + firstRow * rowBytes;
    const std::int64_t rows = endRow - firstRow;
    if (page.predictor == PREDICTOR_FLOATINGPOINT) {
        thread_local Scratch scratch;
        std::byte* spare = scratch.take(static_cast<std::size_t>(rowBytes)).data();
        for (std::int64_t i = 0; i < rows; ++i)
            undoFloatingPoint(row + i * rowBytes, page.chunkWidth, samples, size, spare);
        scratch.trim();
        return;
    }
    if (layout.bigEndian && layout.kind != SampleKind::Packed) {
        swapElements(row, static_cast<std::size_t>(rows * page.chunkWidth * samples), size);
    }
    if (page.predictor == PREDICTOR_HORIZONTAL) {
        for (std::int64_t i = 0; i < rows; ++i) undoHorizontal(row + i * rowBytes, page.chunkWidth, samples, size);
    }
}

} // namespace

void checkPlausible(const PageLayout& layout, std::uint64_t storedBytes, std::int64_t chunkBytes) {
    // What one stored byte can become at most, generously.
    double ratio = 0;
    switch (layout.page.compression) {
        case COMPRESSION_ADOBE_DEFLATE:
        case COMPRESSION_DEFLATE:
            ratio = 1100;
            break;
        case COMPRESSION_ZSTD:
            ratio = 35000;
            break;
        case COMPRESSION_LZW:
            ratio = 4100;
            break;
        case COMPRESSION_PACKBITS:
            ratio = 128;
            break;
        default:
            return;
    }
    constexpr double kSmall = 65536;
    if (static_cast<double>(chunkBytes) > kSmall + ratio * static_cast<double>(storedBytes)) {
        throw corrupt(fmt::format("a strip or tile of {} bytes cannot hold the {} bytes that the page claims",
                                  storedBytes, chunkBytes));
    }
}

void decodeChunk(const PageLayout& layout, std::int64_t down, std::span<std::byte> stored, std::span<std::byte> decoded,
                 std::int64_t firstRow, std::int64_t endRow) {
    if (layout.reversedBits) reverseBits(stored.data(), stored.size());
    const auto needed = static_cast<std::size_t>(endRow * layout.rowBytes());
    const bool done = decodeOurselves(layout.page.compression, stored, decoded, needed);
    if (layout.reversedBits) reverseBits(stored.data(), stored.size());
    if (done) {
        undoPredictor(layout, decoded, firstRow, endRow);
        return;
    }
    const std::int64_t rows = layout.page.tiled ? layout.page.chunkHeight : layout.rowsOfChunk(down);
    decodeWithLibtiff(layout, rows, stored, decoded);
}

} // namespace lazulite::io
