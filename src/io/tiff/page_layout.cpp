#include "tiff/page_layout.h"

#include <fmt/format.h>
#include <tiffio.h>

#include <algorithm>
#include <optional>

namespace lazulite::io {

namespace {

constexpr std::int64_t kFewChunks = 4096; ///< places of so many chunks are kept with the layout
constexpr std::int64_t kMostSubIfds = 64;
constexpr double kMostPageBytes = 1e17; ///< more than any file system holds

Failure corrupt(const std::string& message) {
    return Failure(Error{Error::Kind::Corrupt, message, {}, {}});
}

Failure unsupported(const std::string& message) {
    return Failure(
        Error{Error::Kind::Unsupported, message + "; convert the file, for example with Fiji or tiffcp", {}, {}});
}

class Fields {
public:
    Fields(IfdReader& reader, const Ifd& ifd) : reader_(reader), ifd_(ifd) {}

    std::int64_t number(std::uint16_t tag, std::int64_t otherwise) const {
        const IfdEntry* entry = ifd_.find(tag);
        if (entry == nullptr) return otherwise;
        const std::uint64_t value = reader_.number(*entry);
        if (value > static_cast<std::uint64_t>(INT64_MAX))
            throw corrupt(fmt::format("tag {} is damaged: {}", tag, value));
        return static_cast<std::int64_t>(value);
    }

    /// The value that all samples share.
    std::int64_t shared(std::uint16_t tag, std::int64_t samples, std::int64_t otherwise) const {
        const IfdEntry* entry = ifd_.find(tag);
        if (entry == nullptr) return otherwise;
        const auto values =
            reader_.numbers(*entry, 0, std::min<std::uint64_t>(entry->count, static_cast<std::uint64_t>(samples)));
        if (std::any_of(values.begin(), values.end(), [&](std::uint64_t v) { return v != values.front(); })) {
            throw unsupported("the samples of a pixel differ in their type");
        }
        return static_cast<std::int64_t>(std::min<std::uint64_t>(values.front(), UINT16_MAX));
    }

    const IfdEntry* find(std::uint16_t tag) const { return ifd_.find(tag); }
    IfdReader& reader() const { return reader_; }

private:
    IfdReader& reader_;
    const Ifd& ifd_;
};

std::optional<DType> integerType(std::int64_t bits, bool isSignedType) {
    switch (bits) {
        case 8:
            return isSignedType ? DType::Int8 : DType::UInt8;
        case 16:
            return isSignedType ? DType::Int16 : DType::UInt16;
        case 32:
            return isSignedType ? DType::Int32 : DType::UInt32;
        case 64:
            return isSignedType ? DType::Int64 : DType::UInt64;
        default:
            return std::nullopt;
    }
}

std::optional<DType> floatType(std::int64_t bits) {
    switch (bits) {
        case 16:
            return DType::Float16;
        case 24:
        case 32:
            return DType::Float32;
        case 64:
            return DType::Float64;
        default:
            return std::nullopt;
    }
}

void readSampleType(PageLayout& layout, std::int64_t bits, std::int64_t format) {
    TiffPage& page = layout.page;
    page.bitsPerSample = static_cast<int>(bits);
    if (page.compression == COMPRESSION_SGILOG || page.compression == COMPRESSION_SGILOG24) {
        page.bitsPerSample = 32;
        page.dtype = DType::Float32;
        return;
    }
    std::optional<DType> type;
    if (format == SAMPLEFORMAT_IEEEFP) {
        type = floatType(bits);
        if (bits == 24) layout.kind = SampleKind::Float24;
    } else if (format == SAMPLEFORMAT_UINT || format == SAMPLEFORMAT_VOID || format == SAMPLEFORMAT_INT) {
        type = integerType(bits, format == SAMPLEFORMAT_INT);
        if (!type && bits > 0 && bits < 16 && format != SAMPLEFORMAT_INT) {
            type = bits <= 8 ? DType::UInt8 : DType::UInt16;
            layout.kind = SampleKind::Packed;
        }
    }
    if (!type) throw unsupported(fmt::format("samples of {} bits in format {} cannot be read", bits, format));
    page.dtype = *type;
}

void readChunkGrid(PageLayout& layout, const Fields& fields) {
    TiffPage& page = layout.page;
    page.tiled = fields.find(tag::kTileWidth) != nullptr || fields.find(tag::kTileOffsets) != nullptr;
    if (page.tiled) {
        page.chunkWidth = fields.number(tag::kTileWidth, 0);
        page.chunkHeight = fields.number(tag::kTileLength, 0);
    } else {
        page.chunkWidth = page.width;
        page.chunkHeight = std::min(fields.number(tag::kRowsPerStrip, page.height), page.height);
    }
    if (page.chunkWidth <= 0 || page.chunkHeight <= 0) {
        throw corrupt(fmt::format("the page's {} are {} x {}", page.tiled ? "tiles" : "strips", page.chunkHeight,
                                  page.chunkWidth));
    }
    const double chunkBytes = static_cast<double>(page.chunkWidth) * static_cast<double>(page.chunkHeight) *
                              static_cast<double>(page.samples) * page.bitsPerSample / 8;
    if (chunkBytes > kMostPageBytes) throw corrupt("the page's strips or tiles are impossibly large");
    layout.chunksAcross = (page.width - 1) / page.chunkWidth + 1;
    layout.chunksDown = (page.height - 1) / page.chunkHeight + 1;
}

/// Offsets and byte counts, also where old writers left the counts out.
void readPlaces(PageLayout& layout, const Fields& fields, std::uint64_t fileBytes) {
    const TiffPage& page = layout.page;
    const char* what = page.tiled ? "tiles" : "strips";
    const IfdEntry* offsets = fields.find(page.tiled ? tag::kTileOffsets : tag::kStripOffsets);
    const IfdEntry* counts = fields.find(page.tiled ? tag::kTileByteCounts : tag::kStripByteCounts);
    if (offsets == nullptr && page.tiled) offsets = fields.find(tag::kStripOffsets);
    if (counts == nullptr && page.tiled) counts = fields.find(tag::kStripByteCounts);
    if (offsets == nullptr) throw corrupt(fmt::format("the page says nowhere where its {} lie", what));
    const auto expected = static_cast<std::uint64_t>(layout.chunkCount());
    if (offsets->count < expected || (counts != nullptr && counts->count < expected)) {
        throw corrupt(fmt::format("the page needs {} {} but lists {}", expected, what,
                                  counts == nullptr ? offsets->count : std::min(offsets->count, counts->count)));
    }
    if (counts == nullptr && page.compression != COMPRESSION_NONE && expected > 1) {
        throw corrupt(fmt::format("the page says nowhere how long its {} are", what));
    }
    for (const IfdEntry* entry : {offsets, counts}) {
        if (entry != nullptr && entry->count > fileBytes / bytesPerFieldType(entry->type)) {
            throw corrupt(fmt::format("the page lists {} {}, more than the file can hold", entry->count, what));
        }
    }
    layout.offsets = *offsets;
    if (counts != nullptr) layout.byteCounts = *counts;
}

void checkCodec(const PageLayout& layout) {
    const TiffPage& page = layout.page;
    const auto code = static_cast<std::uint16_t>(page.compression);
    if (page.compression != code || TIFFIsCODECConfigured(code) == 0 || code == COMPRESSION_OJPEG) {
        const TIFFCodec* codec = page.compression == code ? TIFFFindCODEC(code) : nullptr;
        throw unsupported(fmt::format(
            "its compression ({}{}) cannot be decoded here", codec != nullptr ? codec->name : "code ",
            codec != nullptr ? fmt::format(", code {}", page.compression) : fmt::format("{}", page.compression)));
    }
    if (page.predictor < PREDICTOR_NONE || page.predictor > PREDICTOR_FLOATINGPOINT) {
        throw unsupported(fmt::format("predictor {} is not known", page.predictor));
    }
    const int bits = page.bitsPerSample;
    const bool wholeBytes = bits == 8 || bits == 16 || bits == 32 || bits == 64;
    if ((page.predictor == PREDICTOR_HORIZONTAL && !wholeBytes) ||
        (page.predictor == PREDICTOR_FLOATINGPOINT && !isFloat(page.dtype))) {
        throw unsupported(fmt::format("predictor {} does not go with samples of {} bits", page.predictor, bits));
    }
}

void readColor(PageLayout& layout, const Fields& fields) {
    TiffPage& page = layout.page;
    layout.photometricStored =
        static_cast<int>(std::min<std::int64_t>(fields.number(tag::kPhotometric, 1), UINT16_MAX));
    page.photometric = layout.photometricStored;
    if (layout.photometricStored != PHOTOMETRIC_YCBCR) return;
    if (const IfdEntry* entry = fields.find(tag::kYCbCrSubsampling); entry != nullptr && entry->count >= 2) {
        const auto values = fields.reader().numbers(*entry, 0, 2);
        layout.subsampling = {static_cast<std::uint16_t>(values[0]), static_cast<std::uint16_t>(values[1])};
    }
    const bool contiguousJpeg = page.compression == COMPRESSION_JPEG && !page.separateSamples;
    const bool whole = layout.subsampling[0] == 1 && layout.subsampling[1] == 1;
    if (contiguousJpeg) {
        page.photometric = PHOTOMETRIC_RGB;
    } else if (!whole && page.compression != COMPRESSION_WEBP) {
        throw unsupported("its colours are stored as subsampled YCbCr without JPEG");
    }
}

std::vector<ChunkPlace> readChunkPlaces(IfdReader& reader, const PageLayout& layout, std::int64_t first,
                                        std::int64_t count) {
    const auto from = static_cast<std::uint64_t>(first);
    const auto size = static_cast<std::uint64_t>(count);
    std::vector<ChunkPlace> places(size);
    const auto offsets = reader.numbers(layout.offsets, from, size);
    for (std::size_t i = 0; i < size; ++i) places[i].offset = offsets[i];
    if (layout.byteCounts.type != 0) {
        const auto counts = reader.numbers(layout.byteCounts, from, size);
        for (std::size_t i = 0; i < size; ++i) places[i].bytes = counts[i];
    } else if (layout.page.compression != COMPRESSION_NONE && places[0].offset < reader.fileBytes()) {
        places[0].bytes = reader.fileBytes() - places[0].offset;
    }
    return places;
}

} // namespace

std::int64_t PageLayout::rowsOfChunk(std::int64_t down) const {
    return std::min(page.chunkHeight, page.height - down * page.chunkHeight);
}

std::int64_t PageLayout::chunkBytes(std::int64_t down) const {
    return rowBytes() * (page.tiled ? page.chunkHeight : rowsOfChunk(down));
}

PageLayout readPageLayout(IfdReader& reader, const Ifd& ifd, std::uint64_t fileBytes) {
    const Fields fields(reader, ifd);
    PageLayout layout;
    TiffPage& page = layout.page;
    page.width = fields.number(tag::kImageWidth, 0);
    page.height = fields.number(tag::kImageLength, 0);
    page.samples = fields.number(tag::kSamplesPerPixel, 1);
    if (page.width <= 0 || page.height <= 0) throw corrupt("the page has no width or no height");
    if (page.samples <= 0 || page.samples > UINT16_MAX)
        throw corrupt(fmt::format("the page has {} samples a pixel", page.samples));
    page.separateSamples = fields.number(tag::kPlanarConfiguration, 1) == PLANARCONFIG_SEPARATE && page.samples > 1;
    page.compression = static_cast<int>(std::min<std::int64_t>(fields.number(tag::kCompression, 1), INT32_MAX));
    page.predictor = static_cast<int>(std::min<std::int64_t>(fields.number(tag::kPredictor, 1), INT32_MAX));
    if (page.compression == COMPRESSION_NONE) page.predictor = PREDICTOR_NONE;
    layout.bigEndian = reader.header().bigEndian;
    layout.reversedBits = fields.number(tag::kFillOrder, 1) == FILLORDER_LSB2MSB;
    readSampleType(layout, fields.shared(tag::kBitsPerSample, page.samples, 1),
                   fields.shared(tag::kSampleFormat, page.samples, SAMPLEFORMAT_UINT));
    const double pageBytes = static_cast<double>(page.width) * static_cast<double>(page.height) *
                             static_cast<double>(page.samples) * static_cast<double>(bytesPer(page.dtype));
    if (pageBytes > kMostPageBytes) {
        throw corrupt(fmt::format("the page claims an impossible size of {} x {} pixels", page.height, page.width));
    }
    readColor(layout, fields);
    checkCodec(layout);
    readChunkGrid(layout, fields);
    readPlaces(layout, fields, fileBytes);

    page.subfileType = fields.number(tag::kNewSubfileType, 0);
    if (fields.number(tag::kSubfileType, 0) == OFILETYPE_REDUCEDIMAGE) page.subfileType = FILETYPE_REDUCEDIMAGE;
    if (const IfdEntry* entry = fields.find(tag::kSubIfds)) {
        layout.subIfds = reader.numbers(*entry, 0, std::min<std::uint64_t>(entry->count, kMostSubIfds));
        page.subIfds = static_cast<int>(layout.subIfds.size());
    }
    constexpr std::uint64_t kMostTableBytes = 1U << 20U;
    if (const IfdEntry* entry = fields.find(tag::kJpegTables))
        layout.jpegTables = reader.bytesOf(*entry, kMostTableBytes);
    if (const IfdEntry* entry = fields.find(tag::kLercParameters)) {
        layout.lercParameters = reader.numbers(*entry, 0, std::min<std::uint64_t>(entry->count, 2));
    }
    const std::uint16_t faxTag = page.compression == COMPRESSION_CCITTFAX4 ? tag::kT6Options : tag::kT4Options;
    layout.faxOptions = static_cast<std::uint32_t>(fields.number(faxTag, 0));
    return layout;
}

void PageLayout::learnPlaces(IfdReader& reader) {
    if (chunkCount() <= kFewChunks) places = readChunkPlaces(reader, *this, 0, chunkCount());
}

ChunkPlace ChunkPlaces::at(std::int64_t down, std::int64_t across, std::int64_t plane) {
    const std::int64_t index = (plane * layout_.chunksDown + down) * layout_.chunksAcross + across;
    const std::vector<ChunkPlace>* known = &layout_.places;
    std::int64_t first = 0;
    if (known->empty()) {
        if (index < first_ || index >= first_ + static_cast<std::int64_t>(some_.size())) {
            first_ = index;
            some_ = readChunkPlaces(reader_, layout_, index, std::min(kFewChunks, layout_.chunkCount() - index));
        }
        known = &some_;
        first = first_;
    }
    ChunkPlace place = (*known)[static_cast<std::size_t>(index - first)];
    if (place.sparse()) return place;
    const auto expected = static_cast<std::uint64_t>(layout_.chunkBytes(down));
    if (layout_.page.compression == COMPRESSION_NONE) {
        // Writers are known to get the count of a page's only strip wrong; the size of the page is what counts.
        if (place.bytes == 0 || layout_.chunkCount() == 1) place.bytes = expected;
        if (place.bytes < expected) {
            throw corrupt(fmt::format("a strip or tile holds {} bytes, it should hold {}", place.bytes, expected));
        }
        place.bytes = expected;
    } else if (place.bytes == 0) {
        throw corrupt("a strip or tile has a place but no bytes");
    }
    if (place.offset > fileBytes_ ||
        (layout_.page.compression != COMPRESSION_NONE && place.bytes > fileBytes_ - place.offset)) {
        throw corrupt(fmt::format("the file is cut short: a strip or tile of {} bytes lies at {}, the file ends at {}",
                                  place.bytes, place.offset, fileBytes_));
    }
    return place;
}

} // namespace lazulite::io
