#include "tiff/lzw_encoder.h"

#include <array>
#include <cstdint>

namespace lazulite::io {

namespace {

constexpr unsigned kClear = 256;
constexpr unsigned kEnd = 257;
constexpr unsigned kFirst = 258;
constexpr unsigned kLast = 4094; ///< the table is cleared before this code is given
constexpr unsigned kFewestBits = 9;

class LzwEncoder {
public:
    explicit LzwEncoder(std::vector<std::byte>& to) : to_(to) { clear(); }

    void run(std::span<const std::byte> data) {
        put(kClear);
        if (!data.empty()) {
            unsigned prefix = std::to_integer<unsigned>(data[0]);
            for (const std::byte next : data.subspan(1)) {
                const std::uint32_t key = (prefix << 8U) | std::to_integer<std::uint32_t>(next);
                Entry& entry = find(key);
                if (entry.generation == generation_) {
                    prefix = entry.code;
                    continue;
                }
                put(prefix);
                entry = {key, generation_, static_cast<std::uint16_t>(next_)};
                grow();
                prefix = std::to_integer<unsigned>(next);
            }
            put(prefix);
            grow();
        }
        put(kEnd);
        if (pendingBits_ > 0) to_.push_back(std::byte(static_cast<unsigned char>(pending_ << (8 - pendingBits_))));
    }

private:
    struct Entry {
        std::uint32_t key = 0;
        std::uint32_t generation = 0; ///< of the table since its last clearing
        std::uint16_t code = 0;
    };

    void clear() {
        ++generation_;
        next_ = kFirst;
        bits_ = kFewestBits;
    }

    /// The entry of `key`, or the free one where it belongs.
    Entry& find(std::uint32_t key) {
        constexpr std::uint32_t kMultiplier = 2654435761U;
        std::size_t place = (key * kMultiplier) >> 19U;
        while (table_[place].generation == generation_ && table_[place].key != key) place = (place + 1) % table_.size();
        return table_[place];
    }

    void grow() {
        ++next_;
        if (next_ == kLast) {
            put(kClear);
            clear();
        } else if (next_ >= 1U << bits_) {
            ++bits_;
        }
    }

    void put(unsigned code) {
        pending_ = (pending_ << bits_) | code;
        pendingBits_ += bits_;
        while (pendingBits_ >= 8) {
            pendingBits_ -= 8;
            to_.push_back(std::byte(static_cast<unsigned char>(pending_ >> pendingBits_)));
        }
    }

    std::vector<std::byte>& to_;
    std::array<Entry, 8192> table_{};
    std::uint32_t generation_ = 0;
    unsigned next_ = kFirst;
    unsigned bits_ = kFewestBits;
    std::uint64_t pending_ = 0;
    unsigned pendingBits_ = 0;
};

} // namespace

void encodeLzw(std::span<const std::byte> data, std::vector<std::byte>& to) {
    LzwEncoder(to).run(data);
}

} // namespace lazulite::io
