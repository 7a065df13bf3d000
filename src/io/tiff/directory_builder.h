#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace lazulite::io {

/// The bytes of one directory (IFD), little-endian, with the values that do not fit its entries behind it.
class DirectoryBuilder {
public:
    /// `big`: of a BigTIFF; `offset`: where the directory will lie in the file.
    DirectoryBuilder(bool big, std::uint64_t offset) : big_(big), offset_(offset) {}

    /// Tags must come in rising order.
    void add(std::uint16_t tag, std::uint16_t type, const std::vector<std::uint64_t>& values);
    void add(std::uint16_t tag, const std::string& text);
    void addBytes(std::uint16_t tag, std::span<const std::byte> bytes);
    /// Offsets or byte counts.
    void addPlaces(std::uint16_t tag, std::span<const std::uint64_t> values);
    /// The fraction of 32-bit numbers that comes closest, by continued fractions: 1 / 0.104 um is kept as 125 / 13.
    void addReal(std::uint16_t tag, double value);

    std::uint64_t bytes() const;
    /// `next`: where the next directory lies, 0 behind the last.
    std::vector<std::byte> build(std::uint64_t next) const;

private:
    struct Field {
        std::uint16_t tag;
        std::uint16_t type;
        std::uint64_t count;
        std::vector<std::byte> bytes;
    };

    std::size_t pointerBytes() const { return big_ ? 8 : 4; }
    /// Bytes behind the table that the field takes, 0 where its entry holds it.
    std::size_t padded(const Field& field) const;
    std::size_t tableBytes() const;

    bool big_;
    std::uint64_t offset_;
    std::vector<Field> fields_;
};

} // namespace lazulite::io
