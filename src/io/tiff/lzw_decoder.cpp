#include "tiff/lzw_decoder.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>

#include "tiff/byte_order.h"

namespace lazulite::io {

namespace {

constexpr unsigned kClear = 256;
constexpr unsigned kEnd = 257;
constexpr unsigned kFirst = 258;
constexpr unsigned kCodes = 4096;
constexpr std::size_t kAtOnce = 16; ///< bytes of a string that are copied without a loop

/// The strings of the codes below kClear, so that all strings are copied alike; behind each lies what a copy of kAtOnce
/// bytes touches.
constexpr auto kSingleBytes = [] {
    std::array<std::byte, kClear + kAtOnce> bytes = {};
    for (unsigned i = 0; i < kClear; ++i) bytes[i] = std::byte{static_cast<unsigned char>(i)};
    return bytes;
}();

/// The string of a code is the string that was written before the code was made and one byte more, the first of the
/// next string. In the output that byte lies right behind, so the table need not hold strings: it holds where each
/// written string begins, and a code's string goes from its own beginning to the next one, that byte included.
class LzwDecoder {
public:
    LzwDecoder(std::span<const std::byte> stored, std::span<std::byte> decoded) : stored_(stored), decoded_(decoded) {}

    std::size_t run() {
        while (runTable() == After::Clear) {
        }
        return done_;
    }

private:
    enum class After { Wider, Clear, End };

    /// Decodes from an empty table to the code that clears it, or to the end.
    After runTable() {
        table_ = decoded_.data() + done_;
        place_ = kFirst;
        // A code gets wider one place before it has to: the early change of TIFF's LZW.
        After after = decode<9, 1>((1U << 9U) - 1);
        if (after == After::Wider) after = decode<10, 1>((1U << 10U) - 1);
        if (after == After::Wider) after = decode<11, 1>((1U << 11U) - 1);
        if (after == After::Wider) after = decode<12, 1>(kCodes);
        // A full table stays as it is; the place behind it takes what is not kept.
        if (after == After::Wider) after = decode<12, 0>(kCodes + 1);
        return after;
    }

    /// Decodes codes of Width bits until `place_`, which each moves by Step, has passed `last`.
    template <unsigned Width, unsigned Step>
    After decode(unsigned last) {
        After after = After::Wider;
        std::byte* const out = decoded_.data();
        const std::size_t size = decoded_.size();
        const std::size_t bits = stored_.size() * 8;
        std::size_t done = done_;
        std::size_t bit = bit_;
        unsigned place = place_;
        for (; place <= last; place += Step) {
            if (done == size || bits - bit < Width) {
                after = After::End;
                break;
            }
            const auto code = static_cast<unsigned>((wordAt(bit / 8) << (bit % 8)) >> (64 - Width));
            bit += Width;
            if (code == kClear || code == kEnd || code >= place) {
                after = code == kClear ? After::Clear : After::End;
                break;
            }
            begins_[place] = static_cast<std::uint32_t>(out + done - table_);
            const std::size_t length = begins_[code + 1] - begins_[code] + 1;
            const std::byte* from = code < kClear ? kSingleBytes.data() + code : table_ + begins_[code];
            if (length <= kAtOnce && size - done >= kAtOnce) {
                std::array<std::byte, kAtOnce> bytes;
                std::memcpy(bytes.data(), from, kAtOnce);
                std::memcpy(out + done, bytes.data(), kAtOnce);
                // The code that is being made: its last byte was not there yet.
                if (code + 1 == place) out[done + length - 1] = *from;
                done += length;
            } else {
                done += copyString(from, out + done, length, size - done);
            }
        }
        place_ = place;
        done_ = done;
        bit_ = bit;
        return after;
    }

    std::uint64_t wordAt(std::size_t byte) const {
        const std::size_t left = stored_.size() - byte;
        if (left >= sizeof(std::uint64_t)) return loadNumber<std::uint64_t>(stored_.data() + byte, true);
        std::array<std::byte, sizeof(std::uint64_t)> padded = {};
        std::memcpy(padded.data(), stored_.data() + byte, left);
        return loadNumber<std::uint64_t>(padded.data(), true);
    }

    /// Copies as much of a string as there is room for. Its last byte may be the first that is copied here.
    static std::size_t copyString(const std::byte* from, std::byte* to, std::size_t length, std::size_t room) {
        std::memcpy(to, from, std::min(length - 1, room));
        if (length > room) return room;
        to[length - 1] = from[length - 1];
        return length;
    }

    std::span<const std::byte> stored_;
    std::span<std::byte> decoded_;
    std::size_t bit_ = 0;              ///< of stored_
    std::size_t done_ = 0;             ///< bytes of decoded_
    const std::byte* table_ = nullptr; ///< where begins_ counts from
    unsigned place_ = kFirst;          ///< of the code that the next string completes
    /// Where the string begins that was written at a place; those of single bytes are all 0, which makes their
    /// length 1.
    std::array<std::uint32_t, kCodes + 2> begins_ = {};
};

} // namespace

bool isOldLzw(std::span<const std::byte> stored) {
    return stored.size() >= 2 && stored[0] == std::byte{0} && (stored[1] & std::byte{1}) != std::byte{0};
}

std::size_t decodeLzw(std::span<const std::byte> stored, std::span<std::byte> decoded) {
    return LzwDecoder(stored, decoded).run();
}

} // namespace lazulite::io
