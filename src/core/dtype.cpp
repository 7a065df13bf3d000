#include "lazulite/core/dtype.h"

#include <array>

namespace lazulite {

namespace {

struct TypeFacts {
    DType type;
    std::string_view name;
    std::string_view descriptor;
    std::size_t bytes;
};

constexpr std::array kTypes = {
    TypeFacts{DType::UInt8, "uint8", "|u1", 1},     TypeFacts{DType::UInt16, "uint16", "<u2", 2},
    TypeFacts{DType::UInt32, "uint32", "<u4", 4},   TypeFacts{DType::UInt64, "uint64", "<u8", 8},
    TypeFacts{DType::Int8, "int8", "|i1", 1},       TypeFacts{DType::Int16, "int16", "<i2", 2},
    TypeFacts{DType::Int32, "int32", "<i4", 4},     TypeFacts{DType::Int64, "int64", "<i8", 8},
    TypeFacts{DType::Float16, "float16", "<f2", 2}, TypeFacts{DType::Float32, "float32", "<f4", 4},
    TypeFacts{DType::Float64, "float64", "<f8", 8},
};

const TypeFacts& facts(DType type) {
    return kTypes.at(static_cast<std::size_t>(type));
}

} // namespace

std::size_t bytesPer(DType type) {
    return facts(type).bytes;
}

bool isFloat(DType type) {
    return type >= DType::Float16;
}

bool isSigned(DType type) {
    return type >= DType::Int8;
}

std::string_view toString(DType type) {
    return facts(type).name;
}

std::string_view numpyDescriptor(DType type) {
    return facts(type).descriptor;
}

std::optional<DType> dtypeFromName(std::string_view name) {
    for (const TypeFacts& known : kTypes) {
        if (known.name == name) return known.type;
    }
    return std::nullopt;
}

} // namespace lazulite
