#include "tiff/directory_builder.h"

#include <tiff.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <utility>

#include "tiff/ifd.h"

namespace lazulite::io {

namespace {

void putSized(std::vector<std::byte>& to, std::uint64_t value, std::size_t size) {
    to.resize(to.size() + size);
    std::memcpy(to.data() + to.size() - size, &value, size);
}

std::size_t roundedUp(std::size_t bytes) {
    return (bytes + 7) / 8 * 8;
}

} // namespace

void DirectoryBuilder::add(std::uint16_t tag, std::uint16_t type, const std::vector<std::uint64_t>& values) {
    std::vector<std::byte> bytes;
    for (const std::uint64_t value : values) putSized(bytes, value, bytesPerFieldType(type));
    fields_.push_back({tag, type, values.size(), std::move(bytes)});
}

void DirectoryBuilder::add(std::uint16_t tag, const std::string& text) {
    std::vector<std::byte> bytes(text.size() + 1);
    std::copy(text.begin(), text.end(), reinterpret_cast<char*>(bytes.data()));
    fields_.push_back({tag, TIFF_ASCII, bytes.size(), std::move(bytes)});
}

void DirectoryBuilder::addBytes(std::uint16_t tag, std::span<const std::byte> bytes) {
    fields_.push_back({tag, TIFF_BYTE, bytes.size(), {bytes.begin(), bytes.end()}});
}

void DirectoryBuilder::addPlaces(std::uint16_t tag, std::span<const std::uint64_t> values) {
    add(tag, big_ ? TIFF_LONG8 : TIFF_LONG, {values.begin(), values.end()});
}

void DirectoryBuilder::addReal(std::uint16_t tag, double value) {
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
    fields_.push_back({tag, TIFF_RATIONAL, 1, std::move(bytes)});
}

std::uint64_t DirectoryBuilder::bytes() const {
    std::uint64_t size = tableBytes();
    for (const Field& field : fields_) size += padded(field);
    return size;
}

std::vector<std::byte> DirectoryBuilder::build(std::uint64_t next) const {
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
            behind.resize(roundedUp(behind.size()));
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

std::size_t DirectoryBuilder::padded(const Field& field) const {
    return field.bytes.size() > pointerBytes() ? roundedUp(field.bytes.size()) : 0;
}

std::size_t DirectoryBuilder::tableBytes() const {
    return roundedUp((big_ ? 8 : 2) + fields_.size() * (4 + 2 * pointerBytes()) + pointerBytes());
}

} // namespace lazulite::io
