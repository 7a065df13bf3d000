#include "tiff/region_reader.h"

#include <fmt/format.h>
#include <tiff.h>

#include <algorithm>

#include "tiff/chunk_decoder.h"
#include "tiff/predictor.h"
#include "tiff/samples.h"
#include "tiff/scratch.h"

namespace lazulite::io {

namespace {

constexpr std::int64_t kBytesAtOnce = 1 << 20;      ///< between two looks at the stop token
constexpr std::int64_t kCheapGap = 4096;            ///< bytes that cost less to read than another system call
constexpr std::uint64_t kStoredAtOnce = 256 << 10U; ///< of compressed strips that lie one behind another
constexpr std::int64_t kMostScratch = std::int64_t{1} << 30U;

struct Scratches {
    Scratch stored;
    Scratch decoded;

    void trim() {
        stored.trim();
        decoded.trim();
    }
};

Scratches& threadScratches() {
    thread_local Scratches scratches;
    return scratches;
}

/// Rows of one chunk column (or of strips that lie one behind another) that meet the box.
struct Part {
    Interval y;
    Interval x;
    std::int64_t left = 0;    ///< the chunk's first column
    Interval samples;         ///< wanted: of a pixel, or the one plane
    std::uint64_t offset = 0; ///< of row y.begin in the file, or in the decoded chunk
};

class RegionReader {
public:
    explicit RegionReader(const RegionRequest& request)
        : request_(request),
          layout_(request.layout),
          page_(request.layout.page),
          to_(request.destination),
          places_(request.file, request.header, request.layout),
          scratch_(threadScratches()) {}

    Result<void> read() {
        const Interval samples = to_.region[2];
        bool done = true;
        if (page_.separateSamples) {
            for (std::int64_t plane = samples.begin; done && plane < samples.end; ++plane) {
                done = readPlane(plane, {plane, plane + 1});
            }
        } else {
            done = readPlane(0, samples);
        }
        scratch_.trim();
        if (!done) return Error::cancelled();
        return {};
    }

private:
    bool stopped() const { return request_.stop.stop_requested(); }

    bool readPlane(std::int64_t plane, Interval samples) {
        return page_.compression == COMPRESSION_NONE ? readPlainPlane(plane, samples) : readCodedPlane(plane, samples);
    }

    Part partOf(std::int64_t down, std::int64_t across, Interval samples) const {
        Part part;
        const std::int64_t top = down * page_.chunkHeight;
        part.left = across * page_.chunkWidth;
        part.y = {std::max(top, to_.region[0].begin), std::min(top + page_.chunkHeight, to_.region[0].end)};
        part.x = {std::max(part.left, to_.region[1].begin), std::min(part.left + page_.chunkWidth, to_.region[1].end)};
        part.samples = samples;
        part.offset = static_cast<std::uint64_t>(part.y.begin - top) * static_cast<std::uint64_t>(layout_.rowBytes());
        return part;
    }

    Destination destinationOf(const Part& part) const { return to_.at(Region({part.y, part.x, part.samples})); }

    RowTarget targetOf(const Part& part) const {
        return {destinationOf(part).data, to_.strides[0], to_.strides[1], to_.strides[2]};
    }

    std::int64_t storedSamples() const { return layout_.chunkSamples(); }

    bool allSamples(const Part& part) const { return part.samples.size() == storedSamples(); }

    /// Whether the part's rows, as stored, are the destination's rows.
    bool direct(const Part& part, const RowTarget& target) const {
        return layout_.kind == SampleKind::Native && allSamples(part) &&
               target.denseRows(part.x.size(), storedSamples(), bytesPer(page_.dtype));
    }

    StoredRows rowsOf(const Part& part, std::int64_t rows) const {
        StoredRows stored;
        stored.rows = rows;
        stored.firstSample = (part.x.begin - part.left) * storedSamples();
        stored.pixels = part.x.size();
        stored.samples = storedSamples();
        stored.wantedSamples = part.samples.size();
        stored.skipSamples = page_.separateSamples ? 0 : part.samples.begin;
        return stored;
    }

    template <typename Visit>
    bool forEachChunk(Visit&& visit) const {
        const std::int64_t lastDown = (to_.region[0].end - 1) / page_.chunkHeight;
        const std::int64_t lastAcross = (to_.region[1].end - 1) / page_.chunkWidth;
        for (std::int64_t down = to_.region[0].begin / page_.chunkHeight; down <= lastDown; ++down) {
            for (std::int64_t across = to_.region[1].begin / page_.chunkWidth; across <= lastAcross; ++across) {
                if (stopped() || !visit(down, across)) return false;
            }
        }
        return true;
    }

    // Uncompressed ------------------------------------------------------------------------------------------------

    bool readPlainPlane(std::int64_t plane, Interval samples) {
        const auto rowBytes = static_cast<std::uint64_t>(layout_.rowBytes());
        Part pending;
        const bool whole = forEachChunk([&](std::int64_t down, std::int64_t across) {
            Part part = partOf(down, across, samples);
            const ChunkPlace place = places_.at(down, across, plane);
            if (place.sparse()) {
                destinationOf(part).fillZero();
                return true;
            }
            part.offset += place.offset + request_.dataShift;
            const auto pendingRows = static_cast<std::uint64_t>(pending.y.size());
            if (!page_.tiled && pendingRows > 0 && part.y.begin == pending.y.end &&
                part.offset == pending.offset + pendingRows * rowBytes) {
                pending.y.end = part.y.end;
                return true;
            }
            const bool done = readPlainRows(pending);
            pending = part;
            return done;
        });
        return whole && readPlainRows(pending);
    }

    bool readPlainRows(Part part) {
        const std::int64_t rowBytes = layout_.rowBytes();
        const std::int64_t rowsAtOnce = std::max<std::int64_t>(1, kBytesAtOnce / rowBytes);
        while (part.y.size() > 0) {
            if (stopped()) return false;
            Part now = part;
            now.y.end = std::min(now.y.begin + rowsAtOnce, part.y.end);
            readPiece(now);
            part.offset += static_cast<std::uint64_t>(now.y.size() * rowBytes);
            part.y.begin = now.y.end;
        }
        return true;
    }

    void readPiece(const Part& part) {
        const std::int64_t rowBytes = layout_.rowBytes();
        const std::int64_t rows = part.y.size();
        const std::int64_t bits = storedSamples() * page_.bitsPerSample;
        StoredRows stored = rowsOf(part, rows);
        // Eight samples of any number of bits end on a byte.
        const std::int64_t skipped =
            layout_.kind == SampleKind::Packed ? stored.firstSample / 8 * 8 : stored.firstSample;
        const std::int64_t begin = skipped * page_.bitsPerSample / 8;
        const std::int64_t wanted = ((part.x.end - part.left) * bits + 7) / 8 - begin;
        const RowTarget target = targetOf(part);
        const auto bytes = static_cast<std::size_t>(wanted);
        const std::uint64_t from = part.offset + static_cast<std::uint64_t>(begin);
        if (direct(part, target) && (wanted == rowBytes || rowBytes - wanted > kCheapGap || rows == 1)) {
            if (wanted != rowBytes) {
                readApart(from, target.data, target.rowStride, bytes, rows);
            } else if (target.rowStride == rowBytes || rows == 1) {
                request_.file.readAt(from, target.data, bytes * static_cast<std::size_t>(rows));
            } else {
                request_.file.readRowsAt(from, target.data, bytes, target.rowStride, rows);
            }
            for (std::int64_t row = 0; row < rows; ++row) toMachineOrder(target.data + row * target.rowStride, bytes);
            return;
        }
        const bool apart = rowBytes - wanted > kCheapGap;
        stored.rowBytes = apart ? wanted : rowBytes;
        stored.bigEndian = layout_.bigEndian;
        stored.firstSample -= skipped;
        const auto memory = scratch_.decoded.take(static_cast<std::size_t>((rows - 1) * stored.rowBytes + wanted));
        if (apart) {
            readApart(from, memory.data(), wanted, bytes, rows);
        } else {
            request_.file.readAt(from, memory.data(), memory.size());
        }
        for (std::int64_t row = 0; row < rows; ++row) toMachineOrder(memory.data() + row * stored.rowBytes, bytes);
        stored.data = memory.data();
        deliverRows(stored, layout_, target);
    }

    void readApart(std::uint64_t from, std::byte* to, std::int64_t stride, std::size_t bytes, std::int64_t rows) const {
        for (std::int64_t row = 0; row < rows; ++row) {
            request_.file.readAt(from + static_cast<std::uint64_t>(row * layout_.rowBytes()), to + row * stride, bytes);
        }
    }

    void toMachineOrder(std::byte* row, std::size_t bytes) const {
        if (layout_.reversedBits) reverseBits(row, bytes);
        if (layout_.bigEndian && layout_.kind == SampleKind::Native) {
            const std::size_t size = bytesPer(page_.dtype);
            swapElements(row, bytes / size, size);
        }
    }

    // Compressed --------------------------------------------------------------------------------------------------

    bool readCodedPlane(std::int64_t plane, Interval samples) {
        storedBegin_ = storedEnd_ = 0;
        return forEachChunk([&](std::int64_t down, std::int64_t across) {
            const Part part = partOf(down, across, samples);
            const ChunkPlace place = places_.at(down, across, plane);
            if (place.sparse()) {
                destinationOf(part).fillZero();
            } else {
                readCodedChunk(part, place, down, across, plane);
            }
            return true;
        });
    }

    void readCodedChunk(const Part& part, const ChunkPlace& place, std::int64_t down, std::int64_t across,
                        std::int64_t plane) {
        const std::int64_t rowBytes = layout_.rowBytes();
        const std::int64_t chunkBytes = layout_.chunkBytes(down);
        checkPlausible(layout_, place.bytes, chunkBytes);
        const std::span<std::byte> stored = fetch(place, down, across, plane);
        const RowTarget target = targetOf(part);
        const std::int64_t rows = part.y.size();
        const bool whole = part.x.size() == page_.chunkWidth && rows * rowBytes == chunkBytes;
        if (whole && direct(part, target) && (target.rowStride == rowBytes || rows == 1)) {
            decodeChunk(layout_, down, stored, {target.data, static_cast<std::size_t>(chunkBytes)}, 0, rows);
            return;
        }
        if (chunkBytes > kMostScratch) {
            throw Failure(
                Error{Error::Kind::TooLarge,
                      fmt::format("its strips or tiles decode to {} bytes each, too many to read a part of one; "
                                  "write the file with smaller strips or tiles",
                                  chunkBytes),
                      {},
                      {}});
        }
        const auto decoded = scratch_.decoded.take(static_cast<std::size_t>(chunkBytes));
        const auto firstRow = static_cast<std::int64_t>(part.offset) / rowBytes;
        decodeChunk(layout_, down, stored, decoded, firstRow, firstRow + rows);
        StoredRows storedRows = rowsOf(part, rows);
        storedRows.rowBytes = rowBytes;
        storedRows.data = decoded.data() + part.offset;
        deliverRows(storedRows, layout_, target);
    }

    /// The stored bytes of a chunk; small strips that lie one behind another are read together.
    std::span<std::byte> fetch(const ChunkPlace& place, std::int64_t down, std::int64_t across, std::int64_t plane) {
        const std::uint64_t end = place.offset + place.bytes;
        if (place.offset < storedBegin_ || end > storedEnd_) {
            storedBegin_ = place.offset;
            storedEnd_ = end;
            if (!page_.tiled) {
                const std::int64_t lastDown = (to_.region[0].end - 1) / page_.chunkHeight;
                for (std::int64_t next = down + 1; next <= lastDown; ++next) {
                    const ChunkPlace after = places_.at(next, across, plane);
                    if (after.offset != storedEnd_ || storedEnd_ + after.bytes - storedBegin_ > kStoredAtOnce) break;
                    storedEnd_ += after.bytes;
                }
            }
            stored_ = scratch_.stored.take(storedEnd_ - storedBegin_);
            request_.file.readAt(storedBegin_, stored_.data(), stored_.size());
        }
        return stored_.subspan(place.offset - storedBegin_, place.bytes);
    }

    const RegionRequest& request_;
    const PageLayout& layout_;
    const TiffPage& page_;
    const Destination& to_;
    ChunkPlaces places_;
    Scratches& scratch_;
    std::uint64_t storedBegin_ = 0;
    std::uint64_t storedEnd_ = 0;
    std::span<std::byte> stored_;
};

} // namespace

Result<void> readRegion(const RegionRequest& request) {
    return RegionReader(request).read();
}

} // namespace lazulite::io
