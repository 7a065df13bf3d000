#include "tiff/libtiff_codec.h"

#include <fmt/format.h>
#include <tiffio.h>

#include <algorithm>
#include <array>
#include <cstdarg>
#include <cstdio>
#include <cstring>
#include <list>
#include <memory>
#include <string>
#include <vector>

#include "tiff/byte_order.h"

namespace lazulite::io {

namespace {

constexpr std::size_t kDecodersPerThread = 4;

/// Builds the bytes of a classic TIFF with one directory, in the byte order of the samples to be decoded.
class SmallTiff {
public:
    explicit SmallTiff(bool bigEndian) : bigEndian_(bigEndian) {}

    void add(std::uint16_t tag, std::uint16_t type, const std::vector<std::uint64_t>& values) {
        std::vector<std::byte> bytes;
        for (const std::uint64_t value : values) {
            switch (bytesPerFieldType(type)) {
                case 1:
                    put(bytes, static_cast<std::uint8_t>(value));
                    break;
                case 2:
                    put(bytes, static_cast<std::uint16_t>(value));
                    break;
                default:
                    put(bytes, static_cast<std::uint32_t>(value));
                    break;
            }
        }
        fields_.push_back({tag, type, static_cast<std::uint32_t>(values.size()), std::move(bytes)});
    }

    void addBytes(std::uint16_t tag, const std::string& text) {
        const auto* first = reinterpret_cast<const std::byte*>(text.data());
        fields_.push_back({tag, TIFF_UNDEFINED, static_cast<std::uint32_t>(text.size()), {first, first + text.size()}});
    }

    /// The file; its strip or tile is `chunk`.
    std::vector<std::byte> build(bool tiled, std::span<const std::byte> chunk) {
        add(tiled ? tag::kTileOffsets : tag::kStripOffsets, TIFF_LONG, {0});
        add(tiled ? tag::kTileByteCounts : tag::kStripByteCounts, TIFF_LONG,
            {std::max<std::uint64_t>(chunk.size(), 1)});
        std::sort(fields_.begin(), fields_.end(), [](const Field& a, const Field& b) { return a.tag < b.tag; });
        constexpr std::size_t kHeader = 8;
        std::size_t behind = kHeader + 2 + fields_.size() * 12 + 4;
        std::size_t chunkOffset = behind;
        for (const Field& field : fields_) chunkOffset += field.bytes.size() > 4 ? field.bytes.size() : 0;

        std::vector<std::byte> file;
        put(file, static_cast<std::uint16_t>(0));
        file[0] = file[1] = std::byte{static_cast<unsigned char>(bigEndian_ ? 'M' : 'I')};
        put(file, static_cast<std::uint16_t>(42));
        put(file, static_cast<std::uint32_t>(kHeader));
        put(file, static_cast<std::uint16_t>(fields_.size()));
        std::vector<std::byte> values;
        for (const Field& field : fields_) {
            put(file, field.tag);
            put(file, field.type);
            put(file, field.count);
            if (field.tag == tag::kTileOffsets || field.tag == tag::kStripOffsets) {
                put(file, static_cast<std::uint32_t>(chunkOffset));
            } else if (field.bytes.size() > 4) {
                put(file, static_cast<std::uint32_t>(behind));
                behind += field.bytes.size();
                values.insert(values.end(), field.bytes.begin(), field.bytes.end());
            } else {
                file.insert(file.end(), field.bytes.begin(), field.bytes.end());
                file.resize(file.size() + 4 - field.bytes.size());
            }
        }
        put(file, static_cast<std::uint32_t>(0));
        file.insert(file.end(), values.begin(), values.end());
        file.insert(file.end(), chunk.begin(), chunk.end());
        file.push_back(std::byte{0});
        return file;
    }

private:
    struct Field {
        std::uint16_t tag;
        std::uint16_t type;
        std::uint32_t count;
        std::vector<std::byte> bytes;
    };

    template <typename T>
    void put(std::vector<std::byte>& to, T value) const {
        to.resize(to.size() + sizeof(T));
        storeNumber(to.data() + to.size() - sizeof(T), value, bigEndian_);
    }

    bool bigEndian_;
    std::vector<Field> fields_;
};

/// What a decoder depends on; chunks for which this is equal share one.
struct DecoderKey {
    std::int64_t width = 0;
    std::int64_t rows = 0;
    std::int64_t samples = 0;
    int bits = 0;
    int format = 0;
    int compression = 0;
    int predictor = 0;
    int photometric = 0;
    bool tiled = false;
    bool bigEndian = false;
    bool reversedBits = false;
    std::array<std::uint16_t, 2> subsampling = {};
    std::uint32_t faxOptions = 0;
    std::string jpegTables;
    std::vector<std::uint64_t> lercParameters;

    bool operator==(const DecoderKey&) const = default;
};

bool isLog(int compression) {
    return compression == COMPRESSION_SGILOG || compression == COMPRESSION_SGILOG24;
}

DecoderKey keyOf(const PageLayout& layout, std::int64_t rows) {
    const TiffPage& page = layout.page;
    DecoderKey key{page.chunkWidth,
                   rows,
                   layout.chunkSamples(),
                   page.bitsPerSample,
                   SAMPLEFORMAT_UINT,
                   page.compression,
                   page.predictor,
                   layout.photometricStored,
                   page.tiled,
                   layout.bigEndian,
                   layout.reversedBits,
                   layout.subsampling,
                   layout.faxOptions,
                   layout.jpegTables,
                   layout.lercParameters};
    if (isFloat(page.dtype)) {
        key.format = SAMPLEFORMAT_IEEEFP;
    } else if (isSigned(page.dtype)) {
        key.format = SAMPLEFORMAT_INT;
    }
    if (isLog(page.compression)) {
        key.bits = 16;
        key.format = SAMPLEFORMAT_INT;
    }
    const bool colour = key.photometric == PHOTOMETRIC_YCBCR || key.photometric == PHOTOMETRIC_RGB;
    if (colour && key.samples < 3) key.photometric = PHOTOMETRIC_MINISBLACK;
    return key;
}

std::vector<std::byte> tiffFor(const DecoderKey& key, std::span<const std::byte> chunk) {
    SmallTiff tiff(key.bigEndian);
    const auto number = [](std::int64_t value) {
        return std::vector<std::uint64_t>{static_cast<std::uint64_t>(value)};
    };
    const auto samples = static_cast<std::size_t>(key.samples);
    tiff.add(tag::kImageWidth, TIFF_LONG, number(key.width));
    tiff.add(tag::kImageLength, TIFF_LONG, number(key.rows));
    tiff.add(tag::kBitsPerSample, TIFF_SHORT,
             std::vector<std::uint64_t>(samples, static_cast<std::uint64_t>(key.bits)));
    tiff.add(tag::kSampleFormat, TIFF_SHORT,
             std::vector<std::uint64_t>(samples, static_cast<std::uint64_t>(key.format)));
    tiff.add(tag::kCompression, TIFF_SHORT, number(key.compression));
    tiff.add(tag::kPhotometric, TIFF_SHORT, number(key.photometric));
    tiff.add(tag::kSamplesPerPixel, TIFF_SHORT, number(key.samples));
    tiff.add(tag::kPlanarConfiguration, TIFF_SHORT, number(PLANARCONFIG_CONTIG));
    if (key.tiled) {
        tiff.add(tag::kTileWidth, TIFF_LONG, number(key.width));
        tiff.add(tag::kTileLength, TIFF_LONG, number(key.rows));
    } else {
        tiff.add(tag::kRowsPerStrip, TIFF_LONG, number(key.rows));
    }
    if (key.predictor != PREDICTOR_NONE) tiff.add(tag::kPredictor, TIFF_SHORT, number(key.predictor));
    if (key.reversedBits) tiff.add(tag::kFillOrder, TIFF_SHORT, number(FILLORDER_LSB2MSB));
    if (key.photometric == PHOTOMETRIC_YCBCR && key.subsampling[0] != 0) {
        tiff.add(tag::kYCbCrSubsampling, TIFF_SHORT, {key.subsampling[0], key.subsampling[1]});
    }
    if (key.compression == COMPRESSION_CCITTFAX3) tiff.add(tag::kT4Options, TIFF_LONG, {key.faxOptions});
    if (key.compression == COMPRESSION_CCITTFAX4) tiff.add(tag::kT6Options, TIFF_LONG, {key.faxOptions});
    if (!key.jpegTables.empty()) tiff.addBytes(tag::kJpegTables, key.jpegTables);
    if (!key.lercParameters.empty()) tiff.add(tag::kLercParameters, TIFF_LONG, key.lercParameters);
    // Of a JPEG, libtiff wants to look at the first chunk to learn how its colours are subsampled.
    const bool jpeg = key.compression == COMPRESSION_JPEG;
    return tiff.build(key.tiled, jpeg ? chunk : std::span<const std::byte>{});
}

/// The file that libtiff reads from, in memory.
struct MemoryFile {
    std::vector<std::byte> bytes;
    std::uint64_t place = 0;
    std::string complaint;

    static tmsize_t read(thandle_t handle, void* to, tmsize_t size) {
        auto& file = *static_cast<MemoryFile*>(handle);
        const std::uint64_t left = file.place < file.bytes.size() ? file.bytes.size() - file.place : 0;
        const auto now = static_cast<std::size_t>(std::min<std::uint64_t>(left, static_cast<std::uint64_t>(size)));
        std::memcpy(to, file.bytes.data() + (left == 0 ? 0 : file.place), now);
        file.place += now;
        return static_cast<tmsize_t>(now);
    }
    static tmsize_t write(thandle_t, void*, tmsize_t) { return 0; }
    static toff_t seek(thandle_t handle, toff_t offset, int whence) {
        auto& file = *static_cast<MemoryFile*>(handle);
        if (whence == SEEK_SET) file.place = offset;
        if (whence == SEEK_CUR) file.place += offset;
        if (whence == SEEK_END) file.place = file.bytes.size() + offset;
        return file.place;
    }
    static int close(thandle_t) { return 0; }
    static toff_t size(thandle_t handle) { return static_cast<MemoryFile*>(handle)->bytes.size(); }
};

int onError(TIFF*, void* file, const char*, const char* format, va_list arguments) {
    std::array<char, 512> text{};
    std::vsnprintf(text.data(), text.size(), format, arguments);
    static_cast<MemoryFile*>(file)->complaint = text.data();
    return 1;
}

int onWarning(TIFF*, void*, const char*, const char*, va_list) {
    return 1;
}

struct Closer {
    void operator()(TIFF* tiff) const { TIFFClose(tiff); }
};

struct Decoder {
    DecoderKey key;
    MemoryFile file;
    std::unique_ptr<TIFF, Closer> tiff;

    Decoder(DecoderKey wanted, std::span<const std::byte> chunk) : key(std::move(wanted)) {
        file.bytes = tiffFor(key, chunk);
        const std::unique_ptr<TIFFOpenOptions, decltype(&TIFFOpenOptionsFree)> options(TIFFOpenOptionsAlloc(),
                                                                                       &TIFFOpenOptionsFree);
        TIFFOpenOptionsSetErrorHandlerExtR(options.get(), &onError, &file);
        TIFFOpenOptionsSetWarningHandlerExtR(options.get(), &onWarning, nullptr);
        // "m": the memory is not to be mapped, it is read through the functions.
        tiff.reset(TIFFClientOpenExt("strip or tile", "rm", &file, &MemoryFile::read, &MemoryFile::write,
                                     &MemoryFile::seek, &MemoryFile::close, &MemoryFile::size, nullptr, nullptr,
                                     options.get()));
        if (tiff == nullptr) throw failure("its directory is refused");
        if (key.compression == COMPRESSION_JPEG && key.photometric == PHOTOMETRIC_YCBCR) {
            TIFFSetField(tiff.get(), TIFFTAG_JPEGCOLORMODE, JPEGCOLORMODE_RGB);
        }
        if (isLog(key.compression)) TIFFSetField(tiff.get(), TIFFTAG_SGILOGDATAFMT, SGILOGDATAFMT_FLOAT);
    }

    Failure failure(const char* otherwise) const {
        return Failure(Error{Error::Kind::Corrupt,
                             fmt::format("a strip or tile cannot be decoded: {}",
                                         file.complaint.empty() ? otherwise : file.complaint.c_str()),
                             {},
                             {}});
    }
};

/// This thread's decoder for such chunks; the least recently used one makes room.
Decoder& decoderFor(DecoderKey key, std::span<const std::byte> chunk) {
    thread_local std::list<Decoder> decoders;
    for (auto place = decoders.begin(); place != decoders.end(); ++place) {
        if (place->key == key) {
            decoders.splice(decoders.begin(), decoders, place);
            return decoders.front();
        }
    }
    if (decoders.size() >= kDecodersPerThread) decoders.pop_back();
    decoders.emplace_front(std::move(key), chunk);
    return decoders.front();
}

} // namespace

void decodeWithLibtiff(const PageLayout& layout, std::int64_t rows, std::span<std::byte> stored,
                       std::span<std::byte> decoded) {
    Decoder& decoder = decoderFor(keyOf(layout, rows), stored);
    decoder.file.complaint.clear();
    TIFF* tiff = decoder.tiff.get();
    const tmsize_t expected = layout.page.tiled ? TIFFTileSize(tiff) : TIFFStripSize(tiff);
    if (expected < 0 || static_cast<std::size_t>(expected) != decoded.size()) {
        throw decoder.failure("its size is not what the page says");
    }
    if (TIFFReadFromUserBuffer(tiff, 0, stored.data(), static_cast<tmsize_t>(stored.size()), decoded.data(),
                               expected) == 0) {
        throw decoder.failure("its data are damaged");
    }
}

} // namespace lazulite::io
