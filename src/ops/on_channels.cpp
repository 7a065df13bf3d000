#include <fmt/format.h>

#include <algorithm>

#include "lazulite/core/error.h"
#include "lazulite/ops/arrays.h"
#include "lazulite/ops/channels.h"
#include "lazulite/ops/intensity.h"

namespace lazulite::ops {

namespace {

/// Bits of an integer type that hold a magnitude.
std::size_t valueBits(DType type) {
    return bytesPer(type) * 8 - (isSigned(type) ? 1 : 0);
}

DType floatOfBytes(std::size_t bytes) {
    if (bytes <= 2) return DType::Float16;
    return bytes <= 4 ? DType::Float32 : DType::Float64;
}

DType signedOver(std::size_t bits) {
    if (bits < 8) return DType::Int8;
    if (bits < 16) return DType::Int16;
    if (bits < 32) return DType::Int32;
    return bits < 64 ? DType::Int64 : DType::Float64;
}

void checkChannels(const std::vector<std::int64_t>& channels, std::int64_t count) {
    for (const std::int64_t channel : channels) {
        if (channel >= 0 && channel < count) continue;
        throw Failure(count == 1 ? fmt::format("there is no channel {}; the data have one, 0", channel)
                                 : fmt::format("there is no channel {}; the data have 0 to {}", channel, count - 1));
    }
}

/// Throws unless two parts lie on the same grid, but for their number of channels.
void checkGrid(const LazyArray& part, const LazyArray& other, std::size_t channelAxis) {
    const auto differs = [&](std::size_t axis) {
        const Axis& a = part.axes()[axis];
        const Axis& b = other.axes()[axis];
        return axis != channelAxis && (a.name != b.name || a.size != b.size || a.spacing != b.spacing);
    };
    for (std::size_t axis = 0; axis < part.rank(); ++axis) {
        if (part.rank() == other.rank() && !differs(axis)) continue;
        throw Failure(
            "a step that changes the size or the spacing of an axis must be applied to all channels alike: "
            "leave out `channels`");
    }
}

} // namespace

DType commonType(DType a, DType b) {
    if (isFloat(a) != isFloat(b)) {
        const DType integer = isFloat(a) ? b : a;
        return commonType(isFloat(a) ? a : b, floatOfBytes(2 * bytesPer(integer)));
    }
    if (isFloat(a) || isSigned(a) == isSigned(b)) return bytesPer(a) >= bytesPer(b) ? a : b;
    return signedOver(std::max(valueBits(a), valueBits(b)));
}

LazyArray onChannels(const LazyArray& array, const std::vector<std::int64_t>& channels, const ChannelStep& step) {
    const auto axis = channelAxis(array.axes());
    const std::int64_t count = axis ? array.axes()[*axis].size : 1;
    checkChannels(channels, count);
    if (channels.empty()) return array;
    if (!axis) return step(array, 0);
    const std::string name = array.axes()[*axis].name;
    const auto isChosen = [&](std::int64_t channel) {
        return std::find(channels.begin(), channels.end(), channel) != channels.end();
    };
    std::vector<LazyArray> parts;
    for (std::int64_t begin = 0, end = 0; begin < count; begin = end) {
        end = begin + 1;
        if (isChosen(begin)) {
            parts.push_back(step(crop(array, name, begin, end), begin));
            const auto made = findAxis(parts.back().axes(), name);
            if (made == axis && parts.back().axes()[*axis].size == 1) continue;
            throw Failure(
                "a step that changes the number of channels cannot be applied to some of them: leave out "
                "`channels`");
        }
        while (end < count && !isChosen(end)) ++end;
        parts.push_back(crop(array, name, begin, end));
    }
    DType type = parts.front().dtype();
    for (const LazyArray& part : parts) {
        checkGrid(part, parts.front(), *axis);
        type = commonType(type, part.dtype());
    }
    for (LazyArray& part : parts) part = cast(part, type);
    return parts.size() == 1 ? parts.front() : concatenate(parts, name);
}

} // namespace lazulite::ops
