#include "tiff/strip_encoder.h"

#include <fmt/format.h>

#include <algorithm>
#include <new>

#include "lazulite/core/error.h"
#include "tiff/lzw_encoder.h"
#include "tiff/predictor.h"

namespace lazulite::io {

namespace {

using Compression = TiffWriteOptions::Compression;

constexpr int kUsualDeflate = 6;
constexpr int kUsualZstd = 3;

} // namespace

bool StripEncoder::differences(const TiffWriteOptions& options) {
    return options.compression != Compression::None && !isFloat(options.dtype) && bytesPer(options.dtype) <= 2;
}

void StripEncoder::encode(std::span<const std::byte> strip, std::vector<std::byte>& to) {
    if (differences(options_)) {
        const std::size_t size = bytesPer(options_.dtype);
        const std::size_t rowBytes = static_cast<std::size_t>(options_.width * options_.samples) * size;
        differenced_.assign(strip.begin(), strip.end());
        for (std::size_t at = 0; at < differenced_.size(); at += rowBytes)
            applyHorizontal(differenced_.data() + at, options_.width, options_.samples, size);
        strip = differenced_;
    }
    switch (options_.compression) {
        case Compression::Deflate:
            return encodeDeflate(strip, to);
        case Compression::Zstd:
            return encodeZstd(strip, to);
        case Compression::Lzw:
            to.clear();
            return encodeLzw(strip, to);
        case Compression::None:
            to.assign(strip.begin(), strip.end());
    }
}

void StripEncoder::encodeDeflate(std::span<const std::byte> strip, std::vector<std::byte>& to) {
    if (deflate_ == nullptr)
        deflate_.reset(libdeflate_alloc_compressor(options_.level > 0 ? options_.level : kUsualDeflate));
    if (deflate_ == nullptr) throw std::bad_alloc();
    to.resize(libdeflate_zlib_compress_bound(deflate_.get(), strip.size()));
    to.resize(libdeflate_zlib_compress(deflate_.get(), strip.data(), strip.size(), to.data(), to.size()));
}

void StripEncoder::encodeZstd(std::span<const std::byte> strip, std::vector<std::byte>& to) {
    if (zstd_ == nullptr) zstd_.reset(ZSTD_createCCtx());
    if (zstd_ == nullptr) throw std::bad_alloc();
    to.resize(ZSTD_compressBound(strip.size()));
    const std::size_t size = ZSTD_compressCCtx(zstd_.get(), to.data(), to.size(), strip.data(), strip.size(),
                                               options_.level > 0 ? options_.level : kUsualZstd);
    if (ZSTD_isError(size) != 0) throw Failure(fmt::format("ZSTD cannot compress: {}", ZSTD_getErrorName(size)));
    to.resize(size);
}

} // namespace lazulite::io
