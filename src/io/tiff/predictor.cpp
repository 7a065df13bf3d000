#include "tiff/predictor.h"

#include <algorithm>
#include <cstring>

#include "tiff/byte_order.h"

namespace lazulite::io {

namespace {

template <typename T>
void swapTyped(std::byte* data, std::size_t count) {
    for (std::size_t i = 0; i < count; ++i) {
        T value;
        std::memcpy(&value, data + i * sizeof(T), sizeof(T));
        value = swapped(value);
        std::memcpy(data + i * sizeof(T), &value, sizeof(T));
    }
}

void swap24(std::byte* data, std::size_t count) {
    for (std::size_t i = 0; i < count; ++i) std::swap(data[3 * i], data[3 * i + 2]);
}

/// Running sums of one to four interleaved samples, kept in registers.
template <typename T, int Samples>
void sumFixed(std::byte* row, std::int64_t pixels) {
    T sums[Samples] = {};
    for (std::int64_t pixel = 0; pixel < pixels; ++pixel) {
        T values[Samples];
        std::memcpy(values, row, sizeof(values));
        for (int sample = 0; sample < Samples; ++sample) {
            sums[sample] = static_cast<T>(sums[sample] + values[sample]);
        }
        std::memcpy(row, sums, sizeof(sums));
        row += sizeof(sums);
    }
}

template <typename T>
void sumAny(std::byte* row, std::int64_t count, std::int64_t distance) {
    for (std::int64_t i = distance; i < count; ++i) {
        T left;
        T value;
        std::memcpy(&left, row + (i - distance) * static_cast<std::int64_t>(sizeof(T)), sizeof(T));
        std::memcpy(&value, row + i * static_cast<std::int64_t>(sizeof(T)), sizeof(T));
        value = static_cast<T>(value + left);
        std::memcpy(row + i * static_cast<std::int64_t>(sizeof(T)), &value, sizeof(T));
    }
}

/// Running sum of 16-bit elements, four a step inside one 64-bit register: two shifted adds make the sums within the
/// four, and the last of them is carried on, so the chain of dependent additions is a quarter as long.
void sumShorts(std::byte* row, std::int64_t pixels) {
    constexpr std::uint64_t kHigh = 0x8000800080008000ULL;
    constexpr std::uint64_t kSpread = 0x0001000100010001ULL;
    const auto addLanes = [](std::uint64_t a, std::uint64_t b) {
        return ((a & ~kHigh) + (b & ~kHigh)) ^ ((a ^ b) & kHigh);
    };
    std::uint64_t carry = 0;
    std::int64_t i = 0;
    for (; i + 4 <= pixels; i += 4) {
        std::uint64_t four;
        std::memcpy(&four, row + 2 * i, sizeof(four));
        four = addLanes(four, four << 16U);
        four = addLanes(four, four << 32U);
        four = addLanes(four, carry * kSpread);
        std::memcpy(row + 2 * i, &four, sizeof(four));
        carry = four >> 48U;
    }
    auto sum = static_cast<std::uint16_t>(carry);
    for (; i < pixels; ++i) {
        std::uint16_t value;
        std::memcpy(&value, row + 2 * i, sizeof(value));
        sum = static_cast<std::uint16_t>(sum + value);
        std::memcpy(row + 2 * i, &sum, sizeof(sum));
    }
}

template <typename T>
void undoTyped(std::byte* row, std::int64_t pixels, std::int64_t samples) {
    switch (samples) {
        case 1:
            if constexpr (sizeof(T) == 2) {
                sumShorts(row, pixels);
            } else {
                sumFixed<T, 1>(row, pixels);
            }
            break;
        case 2:
            sumFixed<T, 2>(row, pixels);
            break;
        case 3:
            sumFixed<T, 3>(row, pixels);
            break;
        case 4:
            sumFixed<T, 4>(row, pixels);
            break;
        default:
            sumAny<T>(row, pixels * samples, samples);
            break;
    }
}

template <typename T>
void applyTyped(std::byte* row, std::int64_t count, std::int64_t distance) {
    constexpr auto kSize = static_cast<std::int64_t>(sizeof(T));
    for (std::int64_t i = count - 1; i >= distance; --i) {
        T left;
        T value;
        std::memcpy(&left, row + (i - distance) * kSize, sizeof(T));
        std::memcpy(&value, row + i * kSize, sizeof(T));
        value = static_cast<T>(value - left);
        std::memcpy(row + i * kSize, &value, sizeof(T));
    }
}

template <std::size_t Size>
void weave(const std::byte* planes, std::byte* row, std::size_t count) {
    for (std::size_t i = 0; i < count; ++i) {
        for (std::size_t byte = 0; byte < Size; ++byte) row[i * Size + byte] = planes[(Size - 1 - byte) * count + i];
    }
}

} // namespace

void swapElements(std::byte* data, std::size_t count, std::size_t size) {
    switch (size) {
        case 2:
            swapTyped<std::uint16_t>(data, count);
            break;
        case 3:
            swap24(data, count);
            break;
        case 4:
            swapTyped<std::uint32_t>(data, count);
            break;
        case 8:
            swapTyped<std::uint64_t>(data, count);
            break;
        default:
            break;
    }
}

void undoHorizontal(std::byte* row, std::int64_t pixels, std::int64_t samples, std::size_t size) {
    switch (size) {
        case 1:
            undoTyped<std::uint8_t>(row, pixels, samples);
            break;
        case 2:
            undoTyped<std::uint16_t>(row, pixels, samples);
            break;
        case 4:
            undoTyped<std::uint32_t>(row, pixels, samples);
            break;
        default:
            undoTyped<std::uint64_t>(row, pixels, samples);
            break;
    }
}

void applyHorizontal(std::byte* row, std::int64_t pixels, std::int64_t samples, std::size_t size) {
    switch (size) {
        case 1:
            applyTyped<std::uint8_t>(row, pixels * samples, samples);
            break;
        case 2:
            applyTyped<std::uint16_t>(row, pixels * samples, samples);
            break;
        case 4:
            applyTyped<std::uint32_t>(row, pixels * samples, samples);
            break;
        default:
            applyTyped<std::uint64_t>(row, pixels * samples, samples);
            break;
    }
}

void undoFloatingPoint(std::byte* row, std::int64_t pixels, std::int64_t samples, std::size_t size,
                       std::byte* scratch) {
    const std::int64_t elements = pixels * samples;
    const std::int64_t bytes = elements * static_cast<std::int64_t>(size);
    std::memcpy(scratch, row, static_cast<std::size_t>(bytes));
    undoTyped<std::uint8_t>(scratch, bytes / samples, samples);
    const auto count = static_cast<std::size_t>(elements);
    switch (size) {
        case 2:
            weave<2>(scratch, row, count);
            break;
        case 3:
            weave<3>(scratch, row, count);
            break;
        case 4:
            weave<4>(scratch, row, count);
            break;
        default:
            weave<8>(scratch, row, count);
            break;
    }
}

} // namespace lazulite::io
