#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <type_traits>
#include <utility>

namespace lazulite {

/// The element types of arrays; names are NumPy's ("uint16", "float32").
enum class DType : std::uint8_t { UInt8, UInt16, UInt32, UInt64, Int8, Int16, Int32, Int64, Float16, Float32, Float64 };

/// An IEEE 754 half: stored as its bits, converted to float to be looked at.
struct Half {
    std::uint16_t bits = 0;

    constexpr explicit operator float() const;
    constexpr explicit operator double() const { return static_cast<float>(*this); }
    bool operator==(const Half&) const = default;
};

/// Bytes of one element.
std::size_t bytesPer(DType type);

bool isFloat(DType type);
bool isSigned(DType type);

/// NumPy's name, such as "uint16".
std::string_view toString(DType type);

/// NumPy's type string for a little-endian file, such as "<u2".
std::string_view numpyDescriptor(DType type);

/// The type of that name, or nothing.
std::optional<DType> dtypeFromName(std::string_view name);

/// Calls `f(std::type_identity<T>{})` with the C++ type of `type` (Half for Float16) and returns its result.
template <typename F>
decltype(auto) visitType(DType type, F&& f) {
    switch (type) {
        case DType::UInt8:
            return f(std::type_identity<std::uint8_t>{});
        case DType::UInt16:
            return f(std::type_identity<std::uint16_t>{});
        case DType::UInt32:
            return f(std::type_identity<std::uint32_t>{});
        case DType::UInt64:
            return f(std::type_identity<std::uint64_t>{});
        case DType::Int8:
            return f(std::type_identity<std::int8_t>{});
        case DType::Int16:
            return f(std::type_identity<std::int16_t>{});
        case DType::Int32:
            return f(std::type_identity<std::int32_t>{});
        case DType::Int64:
            return f(std::type_identity<std::int64_t>{});
        case DType::Float16:
            return f(std::type_identity<Half>{});
        case DType::Float32:
            return f(std::type_identity<float>{});
        case DType::Float64:
            break;
    }
    return f(std::type_identity<double>{});
}

constexpr Half::operator float() const {
    const std::uint32_t sign = static_cast<std::uint32_t>(bits & 0x8000U) << 16U;
    const std::uint32_t exponent = (bits >> 10U) & 0x1FU;
    const std::uint32_t mantissa = bits & 0x3FFU;
    if (exponent == 0) {
        constexpr float kSubnormalUnit = 1.0F / 16777216.0F; // 2^-24
        const float magnitude = static_cast<float>(mantissa) * kSubnormalUnit;
        return sign != 0 ? -magnitude : magnitude;
    }
    constexpr std::uint32_t kInfinity = 0x7F800000U;
    const std::uint32_t rebased = exponent == 0x1FU ? kInfinity : (exponent + 112U) << 23U;
    return std::bit_cast<float>(sign | rebased | (mantissa << 13U));
}

} // namespace lazulite
