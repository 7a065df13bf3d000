#pragma once

#include <libdeflate.h>
#include <zstd.h>

#include <cstddef>
#include <memory>
#include <span>
#include <vector>

#include "lazulite/io/tiff_writer.h"

namespace lazulite::io {

/// Compresses strips as a file's options say; one for each thread.
class StripEncoder {
public:
    explicit StripEncoder(const TiffWriteOptions& options) : options_(options) {}

    /// Whether the rows of such a file are stored as differences (predictor 2) before they are compressed.
    static bool differences(const TiffWriteOptions& options);

    /// `strip` holds whole rows. Replaces what `to` holds.
    void encode(std::span<const std::byte> strip, std::vector<std::byte>& to);

private:
    void encodeDeflate(std::span<const std::byte> strip, std::vector<std::byte>& to);
    void encodeZstd(std::span<const std::byte> strip, std::vector<std::byte>& to);

    const TiffWriteOptions& options_;
    std::vector<std::byte> differenced_;
    std::unique_ptr<libdeflate_compressor, decltype(&libdeflate_free_compressor)> deflate_{nullptr,
                                                                                           &libdeflate_free_compressor};
    std::unique_ptr<ZSTD_CCtx, decltype(&ZSTD_freeCCtx)> zstd_{nullptr, &ZSTD_freeCCtx};
};

} // namespace lazulite::io
