#include "lazulite/io/tiff_writer.h"

#include <fmt/format.h>
#include <libdeflate.h>
#include <tiff.h>
#include <zstd.h>

#include <algorithm>
#include <cmath>
#include <new>
#include <span>
#include <utility>
#include <vector>

#include "lazulite/core/error.h"
#include "tiff/byte_order.h"
#include "tiff/dense_pieces.h"
#include "tiff/ifd.h"
#include "tiff/lzw_encoder.h"
#include "tiff/output_file.h"
#include "tiff/predictor.h"

namespace lazulite::io {

namespace {

using Compression = TiffWriteOptions::Compression;

constexpr std::size_t kHeaderBytes = 16; ///< of BigTIFF; a classic file leaves the second half unused
constexpr std::int64_t kStripBytes = 256 << 10;
constexpr std::uint64_t kClassicLimit = 0xFFFFFFFFULL;
constexpr std::uint16_t kExtraSamples = 338;

/// The bytes of one directory with the values that do not fit its entries behind it.
class Directory {
public:
    Directory(bool big, std::uint64_t offset) : big_(big), offset_(offset) {}

    /// Tags must come in rising order.
    void add(std::uint16_t tag, std::uint16_t type, const std::vector<std::uint64_t>& values) {
        std::vector<std::byte> bytes;
        for (const std::uint64_t value : values) putSized(bytes, value, bytesPerFieldType(type));
        fields_.push_back({tag, type, values.size(), std::move(bytes)});
    }

    void add(std::uint16_t tag, const std::string& text) {
        std::vector<std::byte> bytes(text.size() + 1);
        std::copy(text.begin(), text.end(), reinterpret_cast<char*>(bytes.data()));
        fields_.push_back({tag, TIFF_ASCII, bytes.size(), std::move(bytes)});
    }

    void addPlaces(std::uint16_t tag, std::span<const std::uint64_t> values) {
        add(tag, big_ ? TIFF_LONG8 : TIFF_LONG, {values.begin(), values.end()});
    }

    /// The fraction of 32-bit numbers that comes closest, by continued fractions: 1 / 0.104 um is kept as 125 / 13.
    void addReal(std::uint16_t tag, double value) {
        constexpr double kMost = 4294967295.0;
        constexpr double kCloseEnough = 1e-12;
        double above = 1; // numerators and denominators of the last two convergents
        double below = 0;
        double aboveBefore = 0;
        double belowBefore = 1;
        for (double rest = std::min(value, kMost);;) {
            const double whole = std::floor(rest);
            const double nextAbove = whole * above + aboveBefore;
            const double nextBelow = whole * below + belowBefore;
            if (nextAbove > kMost || nextBelow > kMost) break;
            aboveBefore = std::exchange(above, nextAbove);
            belowBefore = std::exchange(below, nextBelow);
            if (rest == whole || std::abs(above / below - value) <= kCloseEnough * value) break;
            rest = 1 / (rest - whole);
        }
        std::vector<std::byte> bytes;
        putSized(bytes, static_cast<std::uint64_t>(std::max(above, 1.0)), 4);
        putSized(bytes, static_cast<std::uint64_t>(std::max(below, 1.0)), 4);
        fields_.push_back({static_cast<std::uint16_t>(tag), TIFF_RATIONAL, 1, std::move(bytes)});
    }

    std::uint64_t bytes() const {
        std::uint64_t size = tableBytes();
        for (const Field& field : fields_) size += padded(field);
        return size;
    }

    std::vector<std::byte> build(std::uint64_t next) const {
        std::vector<std::byte> table;
        std::vector<std::byte> behind;
        putSized(table, fields_.size(), big_ ? 8 : 2);
        for (const Field& field : fields_) {
            putSized(table, field.tag, 2);
            putSized(table, field.type, 2);
            putSized(table, field.count, pointerBytes());
            if (padded(field) > 0) {
                putSized(table, offset_ + tableBytes() + behind.size(), pointerBytes());
                behind.insert(behind.end(), field.bytes.begin(), field.bytes.end());
                behind.resize((behind.size() + 7) / 8 * 8);
            } else {
                table.insert(table.end(), field.bytes.begin(), field.bytes.end());
                table.resize(table.size() + pointerBytes() - field.bytes.size());
            }
        }
        putSized(table, next, pointerBytes());
        table.resize(tableBytes());
        table.insert(table.end(), behind.begin(), behind.end());
        return table;
    }

private:
    struct Field {
        std::uint16_t tag;
        std::uint16_t type;
        std::uint64_t count;
        std::vector<std::byte> bytes;
    };

    static void putSized(std::vector<std::byte>& to, std::uint64_t value, std::size_t size) {
        to.resize(to.size() + size);
        std::memcpy(to.data() + to.size() - size, &value, size);
    }

    std::size_t pointerBytes() const { return big_ ? 8 : 4; }
    /// Bytes behind the table that the field takes, 0 where its entry holds it.
    std::size_t padded(const Field& field) const {
        return field.bytes.size() > pointerBytes() ? (field.bytes.size() + 7) / 8 * 8 : 0;
    }
    std::size_t tableBytes() const {
        const std::size_t exact = (big_ ? 8 : 2) + fields_.size() * (4 + 2 * pointerBytes()) + pointerBytes();
        return (exact + 7) / 8 * 8;
    }

    bool big_;
    std::uint64_t offset_;
    std::vector<Field> fields_;
};

std::uint64_t compressionCode(Compression compression) {
    switch (compression) {
        case Compression::Deflate:
            return COMPRESSION_ADOBE_DEFLATE;
        case Compression::Zstd:
            return COMPRESSION_ZSTD;
        case Compression::Lzw:
            return COMPRESSION_LZW;
        case Compression::None:
            break;
    }
    return COMPRESSION_NONE;
}

std::uint64_t sampleFormat(DType dtype) {
    if (isFloat(dtype)) return SAMPLEFORMAT_IEEEFP;
    return isSigned(dtype) ? SAMPLEFORMAT_INT : SAMPLEFORMAT_UINT;
}

class StripEncoder {
public:
    explicit StripEncoder(Compression compression) : compression_(compression) {}

    std::span<const std::byte> encode(std::span<const std::byte> strip) {
        switch (compression_) {
            case Compression::Deflate:
                encodeDeflate(strip);
                break;
            case Compression::Zstd:
                encodeZstd(strip);
                break;
            case Compression::Lzw:
                encoded_.clear();
                encodeLzw(strip, encoded_);
                break;
            case Compression::None:
                return strip;
        }
        return encoded_;
    }

private:
    void encodeDeflate(std::span<const std::byte> strip) {
        constexpr int kLevel = 6;
        if (deflate_ == nullptr) deflate_.reset(libdeflate_alloc_compressor(kLevel));
        if (deflate_ == nullptr) throw std::bad_alloc();
        encoded_.resize(libdeflate_zlib_compress_bound(deflate_.get(), strip.size()));
        encoded_.resize(
            libdeflate_zlib_compress(deflate_.get(), strip.data(), strip.size(), encoded_.data(), encoded_.size()));
    }

    void encodeZstd(std::span<const std::byte> strip) {
        constexpr int kLevel = 3;
        if (zstd_ == nullptr) zstd_.reset(ZSTD_createCCtx());
        if (zstd_ == nullptr) throw std::bad_alloc();
        encoded_.resize(ZSTD_compressBound(strip.size()));
        const std::size_t size =
            ZSTD_compressCCtx(zstd_.get(), encoded_.data(), encoded_.size(), strip.data(), strip.size(), kLevel);
        if (ZSTD_isError(size) != 0) throw Failure(fmt::format("ZSTD cannot compress: {}", ZSTD_getErrorName(size)));
        encoded_.resize(size);
    }

    Compression compression_;
    std::vector<std::byte> encoded_;
    std::unique_ptr<libdeflate_compressor, decltype(&libdeflate_free_compressor)> deflate_{nullptr,
                                                                                           &libdeflate_free_compressor};
    std::unique_ptr<ZSTD_CCtx, decltype(&ZSTD_freeCCtx)> zstd_{nullptr, &ZSTD_freeCCtx};
};

} // namespace

struct TiffWriter::State {
    State(const std::string& path, TiffWriteOptions wanted)
        : options(std::move(wanted)), file(path), encoder(options.compression) {
        const auto rows = options.compression == Compression::None ? options.height : kStripBytes / rowBytes();
        rowsPerStrip = std::clamp<std::int64_t>(rows, 1, options.height);
        const std::vector<std::byte> room(kHeaderBytes);
        file.append(room.data(), room.size());
    }

    std::int64_t rowBytes() const {
        return options.width * options.samples * static_cast<std::int64_t>(bytesPer(options.dtype));
    }
    std::int64_t pageBytes() const { return rowBytes() * options.height; }
    std::size_t stripsPerPage() const { return static_cast<std::size_t>((options.height - 1) / rowsPerStrip + 1); }
    bool differences() const {
        return options.compression != Compression::None && !isFloat(options.dtype) && bytesPer(options.dtype) <= 2;
    }

    void writePage(const std::byte* page) {
        for (std::int64_t row = 0; row < options.height; row += rowsPerStrip) {
            const std::int64_t rows = std::min(rowsPerStrip, options.height - row);
            std::span<const std::byte> strip(page + row * rowBytes(), static_cast<std::size_t>(rows * rowBytes()));
            if (differences()) {
                differenced.assign(strip.begin(), strip.end());
                for (std::int64_t i = 0; i < rows; ++i) {
                    applyHorizontal(differenced.data() + i * rowBytes(), options.width, options.samples,
                                    bytesPer(options.dtype));
                }
                strip = differenced;
            }
            const auto stored = encoder.encode(strip);
            offsets.push_back(file.bytes());
            counts.push_back(stored.size());
            file.append(stored.data(), stored.size());
        }
        ++pages;
    }

    Directory directory(std::int64_t page, bool big, std::uint64_t offset) const {
        const auto samples = static_cast<std::size_t>(options.samples);
        const bool colour =
            (samples == 3 || samples == 4) && (options.dtype == DType::UInt8 || options.dtype == DType::UInt16);
        const std::size_t extra = samples - (colour ? 3 : 1);
        const auto first = static_cast<std::size_t>(page) * stripsPerPage();
        Directory ifd(big, offset);
        ifd.add(tag::kImageWidth, TIFF_LONG, {static_cast<std::uint64_t>(options.width)});
        ifd.add(tag::kImageLength, TIFF_LONG, {static_cast<std::uint64_t>(options.height)});
        ifd.add(tag::kBitsPerSample, TIFF_SHORT, std::vector<std::uint64_t>(samples, 8 * bytesPer(options.dtype)));
        ifd.add(tag::kCompression, TIFF_SHORT, {compressionCode(options.compression)});
        ifd.add(tag::kPhotometric, TIFF_SHORT,
                {static_cast<std::uint64_t>(colour ? PHOTOMETRIC_RGB : PHOTOMETRIC_MINISBLACK)});
        if (page == 0 && !options.description.empty()) ifd.add(tag::kImageDescription, options.description);
        ifd.addPlaces(tag::kStripOffsets, std::span(offsets).subspan(first, stripsPerPage()));
        ifd.add(tag::kSamplesPerPixel, TIFF_SHORT, {samples});
        ifd.add(tag::kRowsPerStrip, TIFF_LONG, {static_cast<std::uint64_t>(rowsPerStrip)});
        ifd.addPlaces(tag::kStripByteCounts, std::span(counts).subspan(first, stripsPerPage()));
        if (options.xResolution > 0 && options.yResolution > 0) {
            ifd.addReal(tag::kXResolution, options.xResolution);
            ifd.addReal(tag::kYResolution, options.yResolution);
            ifd.add(tag::kResolutionUnit, TIFF_SHORT, {static_cast<std::uint64_t>(options.resolutionUnit)});
        }
        if (page == 0) ifd.add(tag::kSoftware, std::string("Lazulite"));
        if (differences()) ifd.add(tag::kPredictor, TIFF_SHORT, {PREDICTOR_HORIZONTAL});
        if (extra > 0)
            ifd.add(kExtraSamples, TIFF_SHORT,
                    std::vector<std::uint64_t>(extra, colour ? EXTRASAMPLE_UNASSALPHA : EXTRASAMPLE_UNSPECIFIED));
        ifd.add(tag::kSampleFormat, TIFF_SHORT, std::vector<std::uint64_t>(samples, sampleFormat(options.dtype)));
        return ifd;
    }

    void writeDirectories() {
        const std::vector<std::byte> padding((8 - file.bytes() % 8) % 8);
        file.append(padding.data(), padding.size());
        const std::uint64_t begin = file.bytes();
        std::uint64_t classicEnd = begin + directory(0, false, 0).bytes();
        if (pages > 1) classicEnd += directory(1, false, 0).bytes() * static_cast<std::uint64_t>(pages - 1);
        const bool big = options.bigTiff || classicEnd > kClassicLimit;
        std::vector<std::byte> buffer;
        for (std::int64_t page = 0; page < pages; ++page) {
            const std::uint64_t offset = file.bytes() + buffer.size();
            const Directory ifd = directory(page, big, offset);
            const auto bytes = ifd.build(page + 1 < pages ? offset + ifd.bytes() : 0);
            buffer.insert(buffer.end(), bytes.begin(), bytes.end());
            if (buffer.size() >= static_cast<std::size_t>(kStripBytes) || page + 1 == pages) {
                file.append(buffer.data(), buffer.size());
                buffer.clear();
            }
        }
        std::vector<std::byte> header(big ? 16 : 8);
        header[0] = header[1] = std::byte{'I'};
        storeNumber<std::uint16_t>(header.data() + 2, big ? 43 : 42, false);
        if (big) {
            storeNumber<std::uint16_t>(header.data() + 4, 8, false);
            storeNumber<std::uint64_t>(header.data() + 8, begin, false);
        } else {
            storeNumber<std::uint32_t>(header.data() + 4, static_cast<std::uint32_t>(begin), false);
        }
        file.overwrite(0, header.data(), header.size());
    }

    TiffWriteOptions options;
    OutputFile file;
    StripEncoder encoder;
    std::int64_t rowsPerStrip = 1;
    std::int64_t pages = 0;
    std::vector<std::uint64_t> offsets; ///< of the strips, page after page
    std::vector<std::uint64_t> counts;
    std::vector<std::byte> differenced;
    std::vector<std::byte> partial; ///< a page that has come in part
};

TiffWriter::TiffWriter(const std::string& path, TiffWriteOptions options) {
    if (options.width <= 0 || options.height <= 0 || options.samples <= 0 || options.width > UINT32_MAX ||
        options.height > UINT32_MAX || options.samples > UINT16_MAX) {
        throw Failure(Error{Error::Kind::BadArgument,
                            fmt::format("a page of {} x {} pixels with {} samples cannot be written", options.height,
                                        options.width, options.samples),
                            path,
                            {}});
    }
    state_ = std::make_unique<State>(path, std::move(options));
}

TiffWriter::~TiffWriter() = default;

std::int64_t TiffWriter::pages() const {
    return state_->pages;
}

void TiffWriter::append(const Block& pages) {
    State& state = *state_;
    const auto pageBytes = static_cast<std::size_t>(state.pageBytes());
    if (pages.dtype() != state.options.dtype || pages.bytes() == 0 || pages.bytes() % pageBytes != 0) {
        throw Failure(fmt::format("a block of {} elements of {} does not fit pages of {} x {} x {} of {}",
                                  pages.region().elementCount(), toString(pages.dtype()), state.options.height,
                                  state.options.width, state.options.samples, toString(state.options.dtype)));
    }
    forEachDensePiece(pages, [&](const std::byte* data, std::size_t bytes) {
        while (bytes > 0) {
            if (state.partial.empty() && bytes >= pageBytes) {
                state.writePage(data);
                data += pageBytes;
                bytes -= pageBytes;
                continue;
            }
            const std::size_t now = std::min(bytes, pageBytes - state.partial.size());
            state.partial.insert(state.partial.end(), data, data + now);
            data += now;
            bytes -= now;
            if (state.partial.size() == pageBytes) {
                state.writePage(state.partial.data());
                state.partial.clear();
            }
        }
    });
}

void TiffWriter::finish() {
    if (state_->pages == 0) throw Failure("a TIFF file needs at least one page");
    state_->writeDirectories();
    state_->file.finish();
}

std::string imageJDescription(const ImageJStack& stack) {
    std::string text = fmt::format("ImageJ=1.54f\nimages={}\n", stack.channels * stack.slices * stack.frames);
    if (stack.channels > 1) text += fmt::format("channels={}\n", stack.channels);
    if (stack.slices > 1) text += fmt::format("slices={}\n", stack.slices);
    if (stack.frames > 1) text += fmt::format("frames={}\n", stack.frames);
    text += "hyperstack=true\n";
    text += stack.channels > 1 ? "mode=composite\n" : "mode=grayscale\n";
    if (!stack.unit.empty()) text += fmt::format("unit={}\n", stack.unit == "um" ? "micron" : stack.unit);
    if (stack.spacing > 0) text += fmt::format("spacing={}\n", stack.spacing);
    if (stack.interval > 0) text += fmt::format("finterval={}\n", stack.interval);
    text += "loop=false\n";
    if (stack.displayMin != 0 || stack.displayMax != 0) {
        text += fmt::format("min={}\nmax={}\n", stack.displayMin, stack.displayMax);
    }
    return text;
}

} // namespace lazulite::io
