#include <gtest/gtest.h>
#include <tiffio.h>

#include <cmath>
#include <cstring>

#include "fixtures.h"

namespace lazulite::test {
namespace {

/// A page that libtiff writes, for what tifffile has no encoder for.
struct Recipe {
    const char* name;
    std::uint16_t compression = COMPRESSION_NONE;
    std::uint16_t bits = 8;
    std::uint16_t samples = 1;
    std::uint16_t photometric = PHOTOMETRIC_MINISBLACK;
    std::uint16_t format = SAMPLEFORMAT_UINT;
    std::uint16_t predictor = PREDICTOR_NONE;
    bool reversedBits = false;
    bool separate = false;
    bool tiled = false;
    const char* mode = "wl"; ///< w8b: BigTIFF, big-endian
};

constexpr std::uint32_t kHeight = 70;
constexpr std::uint32_t kWidth = 96;

class LibtiffTest : public testing::TestWithParam<Recipe> {
protected:
    struct Close {
        void operator()(TIFF* tiff) const { TIFFClose(tiff); }
    };
    using Handle = std::unique_ptr<TIFF, Close>;

    Handle openByLibtiff(const char* mode) const { return Handle(TIFFOpen(path_.c_str(), mode)); }

    void setModes(TIFF* tiff) const {
        const Recipe& recipe = GetParam();
        if (recipe.compression == COMPRESSION_JPEG && recipe.photometric == PHOTOMETRIC_YCBCR) {
            TIFFSetField(tiff, TIFFTAG_JPEGCOLORMODE, JPEGCOLORMODE_RGB);
        }
        if (recipe.compression == COMPRESSION_SGILOG) TIFFSetField(tiff, TIFFTAG_SGILOGDATAFMT, SGILOGDATAFMT_FLOAT);
    }

    void write() const {
        const Recipe& recipe = GetParam();
        const Handle tiff = openByLibtiff(recipe.mode);
        ASSERT_NE(tiff, nullptr);
        TIFFSetField(tiff.get(), TIFFTAG_IMAGEWIDTH, kWidth);
        TIFFSetField(tiff.get(), TIFFTAG_IMAGELENGTH, kHeight);
        TIFFSetField(tiff.get(), TIFFTAG_BITSPERSAMPLE, recipe.bits);
        TIFFSetField(tiff.get(), TIFFTAG_SAMPLESPERPIXEL, recipe.samples);
        TIFFSetField(tiff.get(), TIFFTAG_SAMPLEFORMAT, recipe.format);
        TIFFSetField(tiff.get(), TIFFTAG_COMPRESSION, recipe.compression);
        TIFFSetField(tiff.get(), TIFFTAG_PHOTOMETRIC, recipe.photometric);
        TIFFSetField(tiff.get(), TIFFTAG_PLANARCONFIG, recipe.separate ? PLANARCONFIG_SEPARATE : PLANARCONFIG_CONTIG);
        if (recipe.reversedBits) TIFFSetField(tiff.get(), TIFFTAG_FILLORDER, FILLORDER_LSB2MSB);
        if (recipe.predictor != PREDICTOR_NONE) TIFFSetField(tiff.get(), TIFFTAG_PREDICTOR, recipe.predictor);
        if (recipe.tiled) {
            TIFFSetField(tiff.get(), TIFFTAG_TILEWIDTH, 64);
            TIFFSetField(tiff.get(), TIFFTAG_TILELENGTH, 32);
        } else {
            TIFFSetField(tiff.get(), TIFFTAG_ROWSPERSTRIP, 32);
        }
        setModes(tiff.get());
        std::vector<std::uint8_t> chunk(
            static_cast<std::size_t>(recipe.tiled ? TIFFTileSize(tiff.get()) : TIFFStripSize(tiff.get())));
        const std::uint32_t chunks = recipe.tiled ? TIFFNumberOfTiles(tiff.get()) : TIFFNumberOfStrips(tiff.get());
        for (std::uint32_t i = 0; i < chunks; ++i) {
            fill(chunk, i);
            if (recipe.tiled) {
                ASSERT_GE(TIFFWriteEncodedTile(tiff.get(), i, chunk.data(), static_cast<tmsize_t>(chunk.size())), 0);
            } else {
                const std::uint32_t perPlane = (kHeight + 31) / 32;
                const tmsize_t size = TIFFVStripSize(tiff.get(), std::min(32U, kHeight - (i % perPlane) * 32));
                ASSERT_GE(TIFFWriteEncodedStrip(tiff.get(), i, chunk.data(), size), 0);
            }
        }
    }

    static void fill(std::vector<std::uint8_t>& chunk, std::uint32_t seed) {
        const bool floats = GetParam().bits == 32 || GetParam().compression == COMPRESSION_SGILOG;
        for (std::size_t i = 0; i < chunk.size(); ++i) {
            chunk[i] = static_cast<std::uint8_t>((i / 8) % 96 + seed + (i * i) % 11);
        }
        for (std::size_t i = 0; floats && i + 4 <= chunk.size(); i += 4) {
            const float value = 0.25F + static_cast<float>((i / 4) % 50) * 0.5F;
            std::memcpy(chunk.data() + i, &value, 4);
        }
    }

    /// All decoded strips or tiles by libtiff, laid out as one page (samples interleaved).
    std::vector<std::byte> readByLibtiff(std::size_t elementBytes) const {
        const Recipe& recipe = GetParam();
        const Handle tiff = openByLibtiff("r");
        setModes(tiff.get());
        const std::size_t inChunk = recipe.separate ? 1 : recipe.samples;
        const std::size_t chunkWidth = recipe.tiled ? 64 : kWidth;
        std::vector<std::byte> page(kHeight * kWidth * recipe.samples * elementBytes);
        std::vector<std::byte> chunk(
            static_cast<std::size_t>(recipe.tiled ? TIFFTileSize(tiff.get()) : TIFFStripSize(tiff.get())));
        for (std::size_t s = 0; s < recipe.samples; s += inChunk) {
            for (std::uint32_t top = 0; top < kHeight; top += 32) {
                for (std::uint32_t left = 0; left < kWidth; left += static_cast<std::uint32_t>(chunkWidth)) {
                    const auto sample = static_cast<std::uint16_t>(s);
                    const auto size = static_cast<tmsize_t>(chunk.size());
                    const tmsize_t got =
                        recipe.tiled
                            ? TIFFReadEncodedTile(tiff.get(), TIFFComputeTile(tiff.get(), left, top, 0, sample),
                                                  chunk.data(), size)
                            : TIFFReadEncodedStrip(tiff.get(), TIFFComputeStrip(tiff.get(), top, sample), chunk.data(),
                                                   size);
                    EXPECT_GE(got, 0);
                    for (std::size_t y = top; y < std::min(top + 32, kHeight); ++y) {
                        for (std::size_t x = left; x < std::min<std::size_t>(left + chunkWidth, kWidth); ++x) {
                            const std::size_t from = ((y - top) * chunkWidth + x - left) * inChunk;
                            std::memcpy(page.data() + ((y * kWidth + x) * recipe.samples + s) * elementBytes,
                                        chunk.data() + from * elementBytes, inChunk * elementBytes);
                        }
                    }
                }
            }
        }
        return page;
    }

    const TemporaryFolder folder_;
    const std::string path_ = folder_.path("a.tif");
};

TEST_P(LibtiffTest, IsReadAsLibtiffReadsIt) {
    write();
    if (HasFatalFailure()) return;
    const auto file = openTiff(path_);
    const Block page = readPage(*file, 0);
    const auto expected = readByLibtiff(bytesPer(page.dtype()));
    ASSERT_EQ(page.bytes(), expected.size());
    EXPECT_EQ(std::memcmp(page.data(), expected.data(), expected.size()), 0);
    const Block part = readBox(*file, 0, Region({{30, 40}, {50, 90}, {0, page.shape()[2]}}));
    EXPECT_EQ(part.valueAt({39, 89, 0}), page.valueAt({39, 89, 0}));
}

INSTANTIATE_TEST_SUITE_P(
    Recipes, LibtiffTest,
    testing::Values(
        Recipe{.name = "pixarlog8", .compression = COMPRESSION_PIXARLOG},
        Recipe{.name = "pixarlog16", .compression = COMPRESSION_PIXARLOG, .bits = 16},
        Recipe{.name = "sgilog",
               .compression = COMPRESSION_SGILOG,
               .bits = 16,
               .photometric = PHOTOMETRIC_LOGL,
               .format = SAMPLEFORMAT_INT},
        Recipe{.name = "lzw_reversed", .compression = COMPRESSION_LZW, .bits = 16, .reversedBits = true},
        Recipe{.name = "deflate_reversed",
               .compression = COMPRESSION_ADOBE_DEFLATE,
               .bits = 16,
               .predictor = 2,
               .reversedBits = true},
        Recipe{.name = "none_reversed", .bits = 16, .reversedBits = true},
        Recipe{.name = "lzw_bigendian", .compression = COMPRESSION_LZW, .bits = 32, .predictor = 2, .mode = "w8b"},
        Recipe{.name = "deflate_64_bigendian",
               .compression = COMPRESSION_ADOBE_DEFLATE,
               .bits = 64,
               .predictor = 2,
               .mode = "w8b"},
        Recipe{.name = "zstd_float_separate",
               .compression = COMPRESSION_ZSTD,
               .bits = 32,
               .samples = 3,
               .format = SAMPLEFORMAT_IEEEFP,
               .predictor = 3,
               .separate = true,
               .tiled = true},
        Recipe{.name = "zstd_float_contiguous",
               .compression = COMPRESSION_ZSTD,
               .bits = 32,
               .samples = 3,
               .format = SAMPLEFORMAT_IEEEFP,
               .predictor = 3,
               .tiled = true},
        Recipe{.name = "jpeg_rgb", .compression = COMPRESSION_JPEG, .samples = 3, .photometric = PHOTOMETRIC_RGB},
        Recipe{.name = "jpeg_ycbcr_tiles",
               .compression = COMPRESSION_JPEG,
               .samples = 3,
               .photometric = PHOTOMETRIC_YCBCR,
               .tiled = true},
        Recipe{.name = "jpeg_separate",
               .compression = COMPRESSION_JPEG,
               .samples = 3,
               .photometric = PHOTOMETRIC_RGB,
               .separate = true},
        Recipe{.name = "lerc_float",
               .compression = COMPRESSION_LERC,
               .bits = 32,
               .format = SAMPLEFORMAT_IEEEFP,
               .tiled = true},
        Recipe{.name = "lzma_separate",
               .compression = COMPRESSION_LZMA,
               .bits = 16,
               .samples = 2,
               .predictor = 2,
               .separate = true},
        Recipe{.name = "packbits_white",
               .compression = COMPRESSION_PACKBITS,
               .photometric = PHOTOMETRIC_MINISWHITE,
               .mode = "wb"}),
    [](const testing::TestParamInfo<Recipe>& info) { return std::string(info.param.name); });

} // namespace
} // namespace lazulite::test
