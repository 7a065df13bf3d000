#include "lazulite/io/tiff_writer.h"

#include <fmt/format.h>
#include <tiff.h>

#include <algorithm>
#include <mutex>
#include <span>
#include <utility>
#include <vector>

#include "lazulite/core/error.h"
#include "tiff/byte_order.h"
#include "tiff/dense_pieces.h"
#include "tiff/directory_builder.h"
#include "tiff/ifd.h"
#include "tiff/imagej_blocks.h"
#include "tiff/output_file.h"
#include "tiff/strip_encoder.h"

namespace lazulite::io {

namespace {

using Compression = TiffWriteOptions::Compression;

constexpr std::size_t kHeaderBytes = 16; ///< of BigTIFF; a classic file leaves the second half unused
constexpr std::int64_t kStripBytes = 256 << 10;
constexpr std::uint64_t kClassicLimit = 0xFFFFFFFFULL;
constexpr std::uint16_t kExtraSamples = 338;

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

/// Strips that are compressed together, on all threads that there are.
class StripBatch {
public:
    explicit StripBatch(const TiffWriteOptions& options) : options_(options) {}

    bool full() const { return strips_.size() >= kMost; }
    void add(std::span<const std::byte> strip) { strips_.push_back(strip); }

    /// Calls `write` for each compressed strip in order and forgets them.
    template <typename Write>
    void flush(Write&& write) {
        if (encoded_.size() < strips_.size()) encoded_.resize(strips_.size());
        const auto encode = [&](std::size_t i) {
            std::unique_ptr<StripEncoder> encoder = take();
            encoder->encode(strips_[i], encoded_[i]);
            const std::lock_guard lock(mutex_);
            idle_.push_back(std::move(encoder));
        };
        if (options_.forEach && strips_.size() > 1) {
            options_.forEach(strips_.size(), encode);
        } else {
            for (std::size_t i = 0; i < strips_.size(); ++i) encode(i);
        }
        for (std::size_t i = 0; i < strips_.size(); ++i) write(std::span<const std::byte>(encoded_[i]));
        strips_.clear();
    }

private:
    static constexpr std::size_t kMost = 64;

    std::unique_ptr<StripEncoder> take() {
        const std::lock_guard lock(mutex_);
        if (idle_.empty()) return std::make_unique<StripEncoder>(options_);
        std::unique_ptr<StripEncoder> encoder = std::move(idle_.back());
        idle_.pop_back();
        return encoder;
    }

    const TiffWriteOptions& options_;
    std::vector<std::span<const std::byte>> strips_;
    std::vector<std::vector<std::byte>> encoded_;
    std::mutex mutex_;
    std::vector<std::unique_ptr<StripEncoder>> idle_;
};

} // namespace

struct TiffWriter::State {
    State(const std::string& path, TiffWriteOptions wanted) : options(std::move(wanted)), file(path), batch(options) {
        const auto rows = options.compression == Compression::None ? options.height : kStripBytes / rowBytes();
        rowsPerStrip = std::clamp<std::int64_t>(rows, 1, options.height);
        const std::vector<std::byte> room(kHeaderBytes);
        file.append(room.data(), room.size());
    }

    std::int64_t rowBytes() const {
        return options.width * options.samples * static_cast<std::int64_t>(bytesPer(options.dtype));
    }
    std::size_t stripsPerPage() const { return static_cast<std::size_t>((options.height - 1) / rowsPerStrip + 1); }
    /// Of the strip that begins at the next row.
    std::size_t stripBytes() const {
        return static_cast<std::size_t>(std::min(rowsPerStrip, options.height - nextRow) * rowBytes());
    }

    void take(const std::byte* data, std::size_t bytes) {
        options.compression == Compression::None ? takePlain(data, bytes) : takeStrips(data, bytes);
    }

    /// Plain pages are one strip, written as it comes.
    void takePlain(const std::byte* data, std::size_t bytes) {
        const std::size_t strip = stripBytes();
        while (bytes > 0) {
            if (filled == 0) offsets.push_back(file.bytes());
            const std::size_t now = std::min(bytes, strip - filled);
            file.append(data, now);
            data += now;
            bytes -= now;
            filled += now;
            if (filled < strip) continue;
            counts.push_back(strip);
            filled = 0;
            ++pages;
        }
    }

    void takeStrips(const std::byte* data, std::size_t bytes) {
        while (bytes > 0) {
            const std::size_t strip = stripBytes();
            if (partial.empty() && bytes >= strip) {
                batch.add({data, strip});
                data += strip;
                bytes -= strip;
                stripAdded();
                continue;
            }
            const std::size_t now = std::min(bytes, strip - partial.size());
            partial.insert(partial.end(), data, data + now);
            data += now;
            bytes -= now;
            if (partial.size() < strip) continue;
            batch.add(partial);
            stripAdded();
            flush();
            partial.clear();
        }
        flush(); // the caller's memory is not held
    }

    void stripAdded() {
        nextRow += std::min(rowsPerStrip, options.height - nextRow);
        if (nextRow == options.height) {
            nextRow = 0;
            ++pages;
        }
        if (batch.full()) flush();
    }

    void flush() {
        batch.flush([this](std::span<const std::byte> stored) {
            offsets.push_back(file.bytes());
            counts.push_back(stored.size());
            file.append(stored.data(), stored.size());
        });
    }

    DirectoryBuilder directory(std::int64_t page, bool big, std::uint64_t offset) const {
        const auto samples = static_cast<std::size_t>(options.samples);
        const bool colour =
            (samples == 3 || samples == 4) && (options.dtype == DType::UInt8 || options.dtype == DType::UInt16);
        const std::size_t extra = samples - (colour ? 3 : 1);
        const auto first = static_cast<std::size_t>(page) * stripsPerPage();
        DirectoryBuilder ifd(big, offset);
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
        if (StripEncoder::differences(options)) ifd.add(tag::kPredictor, TIFF_SHORT, {PREDICTOR_HORIZONTAL});
        if (extra > 0)
            ifd.add(kExtraSamples, TIFF_SHORT,
                    std::vector<std::uint64_t>(extra, colour ? EXTRASAMPLE_UNASSALPHA : EXTRASAMPLE_UNSPECIFIED));
        ifd.add(tag::kSampleFormat, TIFF_SHORT, std::vector<std::uint64_t>(samples, sampleFormat(options.dtype)));
        if (page == 0 && (!options.info.empty() || !options.labels.empty())) {
            const ImageJBlockBytes blocks = imageJBlocks(options.info, options.labels);
            ifd.add(tag::kImageJCounts, TIFF_LONG, blocks.counts);
            ifd.addBytes(tag::kImageJMetadata, blocks.data);
        }
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
            const DirectoryBuilder ifd = directory(page, big, offset);
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
    StripBatch batch;
    std::int64_t rowsPerStrip = 1;
    std::int64_t pages = 0;
    std::int64_t nextRow = 0;           ///< of the page that is under way
    std::size_t filled = 0;             ///< bytes of a plain page that is under way
    std::vector<std::byte> partial;     ///< a strip that has come in part
    std::vector<std::uint64_t> offsets; ///< of the strips, page after page
    std::vector<std::uint64_t> counts;
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

void TiffWriter::append(const Block& rows) {
    State& state = *state_;
    if (rows.dtype() != state.options.dtype || rows.bytes() == 0 ||
        rows.bytes() % static_cast<std::size_t>(state.rowBytes()) != 0) {
        throw Failure(fmt::format("a block of {} elements of {} does not fit rows of {} x {} of {}",
                                  rows.region().elementCount(), toString(rows.dtype()), state.options.width,
                                  state.options.samples, toString(state.options.dtype)));
    }
    forEachDensePiece(rows, [&](const std::byte* data, std::size_t bytes) { state.take(data, bytes); });
}

std::uint64_t TiffWriter::finish() {
    if (state_->pages == 0) throw Failure("a TIFF file needs at least one page");
    if (state_->filled > 0 || state_->nextRow > 0 || !state_->partial.empty())
        throw Failure("the last page of a TIFF file is not whole");
    state_->writeDirectories();
    const std::uint64_t bytes = state_->file.bytes();
    state_->file.finish();
    return bytes;
}

} // namespace lazulite::io
