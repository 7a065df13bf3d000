#include "tiff/ifd.h"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <cmath>

#include "tiff/byte_order.h"

namespace lazulite::io {

namespace {

constexpr std::size_t kFieldReadAhead = 256;
constexpr std::uint64_t kMostEntries = 65535;

Failure corrupt(const std::string& message) {
    return Failure(Error{Error::Kind::Corrupt, message, {}, {}});
}

enum FieldType : std::uint16_t {
    kByte = 1,
    kAscii = 2,
    kShort = 3,
    kLong = 4,
    kRational = 5,
    kSByte = 6,
    kUndefined = 7,
    kSShort = 8,
    kSLong = 9,
    kSRational = 10,
    kFloat = 11,
    kDouble = 12,
    kIfd = 13,
    kLong8 = 16,
    kSLong8 = 17,
    kIfd8 = 18
};

} // namespace

std::size_t bytesPerFieldType(std::uint16_t type) {
    switch (type) {
        case kByte:
        case kAscii:
        case kSByte:
        case kUndefined:
            return 1;
        case kShort:
        case kSShort:
            return 2;
        case kLong:
        case kSLong:
        case kFloat:
        case kIfd:
            return 4;
        case kRational:
        case kSRational:
        case kDouble:
        case kLong8:
        case kSLong8:
        case kIfd8:
            return 8;
        default:
            return 0;
    }
}

const IfdEntry* Ifd::find(std::uint16_t tag) const {
    for (const IfdEntry& entry : entries) {
        if (entry.tag == tag) return &entry;
    }
    return nullptr;
}

template <typename T>
T IfdReader::load(const std::byte* from) const {
    return loadNumber<T>(from, header_.bigEndian);
}

/// Bytes [offset, offset + size) of the file; valid until the next call.
const std::byte* IfdReader::view(std::uint64_t offset, std::size_t size, std::size_t readAhead) {
    if (offset >= windowOffset_ && offset - windowOffset_ <= window_.size() &&
        size <= window_.size() - (offset - windowOffset_)) {
        return window_.data() + (offset - windowOffset_);
    }
    const std::uint64_t fileBytes = file_.bytes();
    if (offset > fileBytes || size > fileBytes - offset) {
        throw corrupt(
            fmt::format("the file is cut short or damaged: a directory points to {} bytes at {}, the file ends at {}",
                        size, offset, fileBytes));
    }
    const std::size_t now = std::max<std::size_t>(size, std::min<std::uint64_t>(readAhead, fileBytes - offset));
    window_.resize(now);
    windowOffset_ = offset;
    file_.readAt(offset, window_.data(), now);
    return window_.data();
}

const TiffHeader& IfdReader::readHeader(std::size_t readAhead) {
    constexpr std::size_t kClassicHeader = 8;
    constexpr std::size_t kBigHeader = 16;
    constexpr std::uint16_t kClassic = 42;
    constexpr std::uint16_t kBig = 43;
    if (file_.bytes() < kClassicHeader) {
        throw corrupt(file_.bytes() == 0 ? "the file is empty"
                                         : "this is not a TIFF file: it is shorter than a header");
    }
    const std::byte* start = view(0, kClassicHeader, readAhead);
    const bool little = start[0] == std::byte{'I'} && start[1] == std::byte{'I'};
    const bool big = start[0] == std::byte{'M'} && start[1] == std::byte{'M'};
    header_.bigEndian = big;
    const auto version = load<std::uint16_t>(start + 2);
    if ((!little && !big) || (version != kClassic && version != kBig)) {
        throw corrupt("this is not a TIFF file: it does not begin with a TIFF header");
    }
    header_.bigTiff = version == kBig;
    if (header_.bigTiff) {
        start = view(0, kBigHeader, readAhead);
        if (load<std::uint16_t>(start + 4) != 8)
            throw corrupt("the BigTIFF header is damaged: its offsets are not 8 bytes");
        header_.firstIfd = load<std::uint64_t>(start + 8);
    } else {
        header_.firstIfd = load<std::uint32_t>(start + 4);
    }
    if (header_.firstIfd == 0) throw corrupt("the TIFF holds no page");
    return header_;
}

/// Reads the count of entries and the pointer behind them.
Ifd IfdReader::table(std::uint64_t offset, std::size_t guess, std::uint64_t& count) {
    const std::size_t countBytes = header_.bigTiff ? 8 : 2;
    const std::size_t entryBytes = header_.bigTiff ? 20 : 12;
    const std::size_t pointerBytes = header_.bigTiff ? 8 : 4;
    const std::byte* start = view(offset, countBytes, guess);
    count = header_.bigTiff ? load<std::uint64_t>(start) : load<std::uint16_t>(start);
    if (count == 0 || count > kMostEntries) {
        throw corrupt(fmt::format("the directory at byte {} is damaged: it claims {} entries", offset, count));
    }
    Ifd ifd;
    ifd.offset = offset;
    ifd.bytes = countBytes + count * entryBytes + pointerBytes;
    const std::byte* table = view(offset, ifd.bytes, guess);
    const std::byte* pointer = table + countBytes + count * entryBytes;
    ifd.next = header_.bigTiff ? load<std::uint64_t>(pointer) : load<std::uint32_t>(pointer);
    return ifd;
}

Ifd IfdReader::skip(std::uint64_t offset, std::size_t guess) {
    std::uint64_t count = 0;
    return table(offset, guess, count);
}

Ifd IfdReader::read(std::uint64_t offset, std::size_t guess) {
    std::uint64_t count = 0;
    Ifd ifd = table(offset, guess, count);
    const std::size_t countBytes = header_.bigTiff ? 8 : 2;
    const std::size_t inlineBytes = header_.bigTiff ? 8 : 4;
    const std::size_t entryBytes = 4 + 2 * inlineBytes;
    const std::byte* at = view(offset, ifd.bytes, guess) + countBytes;
    ifd.entries.reserve(count);
    for (std::uint64_t i = 0; i < count; ++i, at += entryBytes) {
        IfdEntry entry;
        entry.tag = load<std::uint16_t>(at);
        entry.type = load<std::uint16_t>(at + 2);
        entry.count = header_.bigTiff ? load<std::uint64_t>(at + 4) : load<std::uint32_t>(at + 4);
        const std::size_t size = bytesPerFieldType(entry.type);
        if (size == 0 || entry.count == 0) continue;
        const std::byte* value = at + 4 + inlineBytes;
        if (entry.count <= inlineBytes / size) {
            entry.offset = offset + countBytes + i * entryBytes + 4 + inlineBytes;
        } else {
            entry.offset = header_.bigTiff ? load<std::uint64_t>(value) : load<std::uint32_t>(value);
        }
        ifd.entries.push_back(entry);
    }
    return ifd;
}

std::uint64_t IfdReader::number(const IfdEntry& entry, std::uint64_t index) {
    return numbers(entry, index, 1).front();
}

std::vector<std::uint64_t> IfdReader::numbers(const IfdEntry& entry, std::uint64_t first, std::uint64_t count) {
    const std::size_t size = bytesPerFieldType(entry.type);
    if (first > entry.count || count > entry.count - first || entry.count > file_.bytes() / size ||
        entry.offset > file_.bytes() - entry.count * size) {
        throw corrupt(fmt::format("tag {} is damaged: {} values at byte {} do not fit the file", entry.tag, entry.count,
                                  entry.offset));
    }
    const std::byte* at = view(entry.offset + first * size, count * size, kFieldReadAhead);
    std::vector<std::uint64_t> values(count);
    for (std::uint64_t& value : values) {
        switch (entry.type) {
            case kByte:
            case kUndefined:
                value = load<std::uint8_t>(at);
                break;
            case kShort:
                value = load<std::uint16_t>(at);
                break;
            case kLong:
            case kIfd:
                value = load<std::uint32_t>(at);
                break;
            case kLong8:
            case kIfd8:
                value = load<std::uint64_t>(at);
                break;
            default:
                throw corrupt(
                    fmt::format("tag {} is damaged: field type {} is no whole number", entry.tag, entry.type));
        }
        at += size;
    }
    return values;
}

double IfdReader::real(const IfdEntry& entry) {
    const std::byte* at = view(entry.offset, bytesPerFieldType(entry.type), kFieldReadAhead);
    double value = 0;
    switch (entry.type) {
        case kRational: {
            const auto divisor = load<std::uint32_t>(at + 4);
            if (divisor != 0) value = static_cast<double>(load<std::uint32_t>(at)) / divisor;
            break;
        }
        case kFloat:
            value = std::bit_cast<float>(load<std::uint32_t>(at));
            break;
        case kDouble:
            value = std::bit_cast<double>(load<std::uint64_t>(at));
            break;
        case kShort:
            value = load<std::uint16_t>(at);
            break;
        case kLong:
            value = load<std::uint32_t>(at);
            break;
        default:
            break;
    }
    return std::isfinite(value) && value > 0 ? value : 0;
}

std::string IfdReader::bytesOf(const IfdEntry& entry, std::uint64_t most) {
    const std::size_t size = bytesPerFieldType(entry.type);
    if (entry.count > file_.bytes() / size) {
        throw corrupt(fmt::format("tag {} is damaged: {} values do not fit the file", entry.tag, entry.count));
    }
    const std::uint64_t wanted = std::min(entry.count * size, most);
    const std::byte* at = view(entry.offset, wanted, 0);
    return {reinterpret_cast<const char*>(at), wanted};
}

std::string IfdReader::text(const IfdEntry& entry, std::uint64_t most) {
    std::string all = bytesOf(entry, most);
    const std::size_t end = all.find('\0');
    if (end != std::string::npos) all.resize(end);
    return all;
}

} // namespace lazulite::io
