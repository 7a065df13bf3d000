#include "tiff/samples.h"

#include <array>
#include <bit>
#include <cstring>
#include <vector>

#include "tiff/byte_order.h"

namespace lazulite::io {

namespace {

constexpr std::array<std::uint8_t, 256> mirroredBytes() {
    std::array<std::uint8_t, 256> table{};
    for (unsigned value = 0; value < 256; ++value) {
        unsigned mirrored = 0;
        for (unsigned bit = 0; bit < 8; ++bit) mirrored |= ((value >> bit) & 1U) << (7U - bit);
        table[value] = static_cast<std::uint8_t>(mirrored);
    }
    return table;
}

constexpr auto kMirrored = mirroredBytes();

template <typename T>
void unpackTo(const std::byte* row, std::int64_t first, std::int64_t count, int bits, std::byte* to) {
    const unsigned mask = (1U << static_cast<unsigned>(bits)) - 1U;
    std::int64_t bit = first * bits;
    for (std::int64_t i = 0; i < count; ++i, bit += bits) {
        const std::byte* at = row + bit / 8;
        const int end = static_cast<int>(bit % 8) + bits;
        unsigned value = std::to_integer<unsigned>(at[0]);
        int have = 8;
        for (; have < end; have += 8) value = (value << 8U) | std::to_integer<unsigned>(at[have / 8]);
        const auto sample = static_cast<T>((value >> static_cast<unsigned>(have - end)) & mask);
        std::memcpy(to + static_cast<std::size_t>(i) * sizeof(T), &sample, sizeof(T));
    }
}

void unpackTwelve(const std::byte* from, std::int64_t pairs, std::byte* to) {
    for (std::int64_t i = 0; i < pairs; ++i, from += 3, to += 4) {
        const unsigned a = std::to_integer<unsigned>(from[0]);
        const unsigned b = std::to_integer<unsigned>(from[1]);
        const unsigned c = std::to_integer<unsigned>(from[2]);
        const std::array<std::uint16_t, 2> both = {static_cast<std::uint16_t>((a << 4U) | (b >> 4U)),
                                                   static_cast<std::uint16_t>(((b & 15U) << 8U) | c)};
        std::memcpy(to, both.data(), sizeof(both));
    }
}

float float24(std::uint32_t bits) {
    constexpr std::uint32_t kExponentMask = 0x7FU;
    const std::uint32_t sign = (bits & 0x800000U) << 8U;
    const std::uint32_t exponent = (bits >> 16U) & kExponentMask;
    const std::uint32_t mantissa = bits & 0xFFFFU;
    if (exponent == 0) {
        constexpr float kSubnormalUnit = 1.0F / 302231454903657293676544.0F; // 2^-78
        const float magnitude = static_cast<float>(mantissa) * kSubnormalUnit;
        return sign != 0 ? -magnitude : magnitude;
    }
    const std::uint32_t rebased = exponent == kExponentMask ? 0x7F800000U : (exponent + 64U) << 23U;
    return std::bit_cast<float>(sign | rebased | (mantissa << 7U));
}

/// Elements of one row, dense, from the stored samples `first` on.
void convertRow(const StoredRows& rows, const PageLayout& layout, const std::byte* row, std::int64_t first,
                std::int64_t count, std::byte* to) {
    const std::size_t size = bytesPer(layout.page.dtype);
    switch (layout.kind) {
        case SampleKind::Native:
            std::memcpy(to, row + first * static_cast<std::int64_t>(size), static_cast<std::size_t>(count) * size);
            break;
        case SampleKind::Packed:
            unpackBits(row, first, count, layout.page.bitsPerSample, to, size);
            break;
        case SampleKind::Float24:
            expandFloat24(row + 3 * first, count, rows.bigEndian, to);
            break;
    }
}

template <std::size_t Size>
void scatterRow(const std::byte* from, const StoredRows& rows, const RowTarget& target, std::byte* to) {
    constexpr auto kSize = static_cast<std::int64_t>(Size);
    for (std::int64_t pixel = 0; pixel < rows.pixels; ++pixel) {
        const std::byte* first = from + (pixel * rows.samples + rows.skipSamples) * kSize;
        for (std::int64_t sample = 0; sample < rows.wantedSamples; ++sample) {
            std::memcpy(to + pixel * target.pixelStride + sample * target.sampleStride, first + sample * kSize, Size);
        }
    }
}

} // namespace

void reverseBits(std::byte* data, std::size_t size) {
    for (std::size_t i = 0; i < size; ++i) data[i] = std::byte{kMirrored[std::to_integer<std::size_t>(data[i])]};
}

void unpackBits(const std::byte* row, std::int64_t first, std::int64_t count, int bits, std::byte* to,
                std::size_t elementBytes) {
    if (bits == 12 && first % 2 == 0) {
        unpackTwelve(row + first / 2 * 3, count / 2, to);
        if (count % 2 != 0) unpackTo<std::uint16_t>(row, first + count - 1, 1, bits, to + (count - 1) * 2);
    } else if (elementBytes == 1) {
        unpackTo<std::uint8_t>(row, first, count, bits, to);
    } else {
        unpackTo<std::uint16_t>(row, first, count, bits, to);
    }
}

void expandFloat24(const std::byte* from, std::int64_t count, bool bigEndian, std::byte* to) {
    for (std::int64_t i = 0; i < count; ++i, from += 3, to += 4) {
        const auto low = std::to_integer<std::uint32_t>(from[bigEndian ? 2 : 0]);
        const auto high = std::to_integer<std::uint32_t>(from[bigEndian ? 0 : 2]);
        const float value = float24(low | (std::to_integer<std::uint32_t>(from[1]) << 8U) | (high << 16U));
        std::memcpy(to, &value, sizeof(value));
    }
}

bool RowTarget::denseRows(std::int64_t pixels, std::int64_t samples, std::size_t elementBytes) const {
    const auto size = static_cast<std::int64_t>(elementBytes);
    return (samples == 1 || sampleStride == size) && (pixels == 1 || pixelStride == samples * size);
}

void deliverRows(const StoredRows& rows, const PageLayout& layout, const RowTarget& target) {
    const std::size_t size = bytesPer(layout.page.dtype);
    const std::int64_t stored = rows.pixels * rows.samples;
    const bool dense = rows.wantedSamples == rows.samples && target.denseRows(rows.pixels, rows.samples, size);
    std::vector<std::byte> converted;
    if (!dense && layout.kind != SampleKind::Native) converted.resize(static_cast<std::size_t>(stored) * size);
    for (std::int64_t i = 0; i < rows.rows; ++i) {
        const std::byte* row = rows.data + i * rows.rowBytes;
        std::byte* to = target.data + i * target.rowStride;
        if (dense) {
            convertRow(rows, layout, row, rows.firstSample, stored, to);
            continue;
        }
        const std::byte* from = row + rows.firstSample * static_cast<std::int64_t>(size);
        if (layout.kind != SampleKind::Native) {
            convertRow(rows, layout, row, rows.firstSample, stored, converted.data());
            from = converted.data();
        }
        switch (size) {
            case 1:
                scatterRow<1>(from, rows, target, to);
                break;
            case 2:
                scatterRow<2>(from, rows, target, to);
                break;
            case 4:
                scatterRow<4>(from, rows, target, to);
                break;
            default:
                scatterRow<8>(from, rows, target, to);
                break;
        }
    }
}

} // namespace lazulite::io
