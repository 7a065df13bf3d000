// Our LZW decoder beside a plain one that keeps its strings, on streams that no encoder of today writes either.
#include <gtest/gtest.h>

#include <random>
#include <string>
#include <vector>

#include "tiff/lzw_decoder.h"
#include "tiff/lzw_encoder.h"

namespace lazulite::test {
namespace {

constexpr unsigned kClear = 256;
constexpr unsigned kEnd = 257;
constexpr unsigned kFirst = 258;
constexpr unsigned kCodes = 4096;

using Bytes = std::vector<std::byte>;

/// Strings and code widths after the book; writes codes and knows what they mean.
class Stream {
public:
    void put(unsigned code) {
        const unsigned width = next_ < 511 ? 9 : next_ < 1023 ? 10 : next_ < 2047 ? 11 : 12;
        for (unsigned i = width; i-- > 0;) {
            if (bits_ % 8 == 0) stored.push_back(std::byte{0});
            stored.back() |= std::byte(static_cast<unsigned char>(((code >> i) & 1U) << (7 - bits_ % 8)));
            ++bits_;
        }
        if (code == kClear) {
            strings_.clear();
            next_ = kFirst;
            previous_.clear();
        } else if (code != kEnd) {
            const std::string now = meaning(code);
            if (!previous_.empty() && strings_.size() < kCodes - kFirst) {
                strings_.push_back(previous_ + now[0]);
                ++next_;
            }
            for (const char c : now) decoded.push_back(std::byte(static_cast<unsigned char>(c)));
            previous_ = now;
        }
    }

    /// One more than the greatest code that may come next.
    unsigned codes() const {
        const auto known = static_cast<unsigned>(kFirst + strings_.size());
        return previous_.empty() || known == kCodes ? known : known + 1;
    }

    Bytes stored;
    Bytes decoded;

private:
    std::string meaning(unsigned code) const {
        if (code < kClear) return {static_cast<char>(code)};
        if (code - kFirst < strings_.size()) return strings_[code - kFirst];
        return previous_ + previous_[0];
    }

    std::vector<std::string> strings_;
    std::string previous_;
    unsigned next_ = kFirst;
    std::size_t bits_ = 0;
};

/// A stream of valid codes: `newest` of ten name the youngest string, so that strings grow long.
Stream randomStream(unsigned seed, int codes, int newest, bool clears) {
    std::mt19937 random(seed);
    Stream stream;
    stream.put(kClear);
    for (int i = 0; i < codes; ++i) {
        unsigned code = random() % stream.codes();
        if (static_cast<int>(random() % 10) < newest) code = stream.codes() - 1;
        if (code == kEnd || (code == kClear && !clears)) code = 7;
        stream.put(code);
    }
    return stream;
}

/// Decodes into memory of exactly that size, so that a sanitizer sees a step outside it.
Bytes decode(const Bytes& stored, std::size_t size) {
    Bytes decoded(size);
    decoded.resize(io::decodeLzw(stored, decoded));
    return decoded;
}

TEST(Lzw, ReadsWhatTheEncoderWrote) {
    std::mt19937 random(3);
    for (const std::size_t size : {0UL, 1UL, 2UL, 15UL, 16UL, 17UL, 5000UL, 200'000UL}) {
        for (const unsigned values : {1U, 2U, 20U, 256U}) {
            Bytes data(size);
            for (std::byte& byte : data) byte = std::byte(static_cast<unsigned char>(random() % values));
            Bytes stored;
            io::encodeLzw(data, stored);
            EXPECT_EQ(decode(stored, size), data) << size << " bytes of " << values << " values";
        }
    }
}

TEST(Lzw, ReadsEveryOrderOfCodesAlsoWhenTheTableIsFullOrIsCleared) {
    for (unsigned seed = 0; seed < 40; ++seed) {
        const Stream stream = randomStream(seed, 6000, static_cast<int>(seed % 4), seed % 3 == 0);
        EXPECT_EQ(decode(stream.stored, stream.decoded.size()), stream.decoded) << seed;
    }
}

TEST(Lzw, StopsWhereTheDestinationIsFull) {
    const Stream stream = randomStream(5, 300, 4, true);
    for (std::size_t size = 0; size < stream.decoded.size(); ++size) {
        const Bytes want(stream.decoded.begin(), stream.decoded.begin() + static_cast<std::ptrdiff_t>(size));
        ASSERT_EQ(decode(stream.stored, size), want) << size;
    }
}

TEST(Lzw, YieldsWhatComesBeforeTheDataEnd) {
    const Stream stream = randomStream(6, 300, 2, true);
    for (std::size_t size = 0; size < stream.stored.size(); ++size) {
        const Bytes cut(stream.stored.begin(), stream.stored.begin() + static_cast<std::ptrdiff_t>(size));
        const Bytes got = decode(cut, stream.decoded.size());
        ASSERT_TRUE(std::equal(got.begin(), got.end(), stream.decoded.begin())) << size;
        ASSERT_LT(got.size(), stream.decoded.size());
    }
}

TEST(Lzw, StopsAtItsEndAndAtACodeThatIsNotMadeYet) {
    Stream ended = randomStream(7, 100, 2, false);
    ended.put(kEnd);
    EXPECT_EQ(decode(ended.stored, ended.decoded.size() + 1000), ended.decoded);

    Stream wrong = randomStream(8, 100, 2, false);
    const Bytes before = wrong.decoded;
    wrong.put(wrong.codes() + 1);
    wrong.put('x');
    EXPECT_EQ(decode(wrong.stored, before.size() + 1000), before);

    Stream early;
    early.put(kClear);
    early.put(kFirst);
    EXPECT_TRUE(decode(early.stored, 100).empty()) << "the first code after a clear names a byte";
}

TEST(Lzw, KnowsTheOldKindFromTheNew) {
    Bytes stored;
    io::encodeLzw(Bytes(10), stored);
    EXPECT_FALSE(io::isOldLzw(stored));
    EXPECT_TRUE(io::isOldLzw(Bytes{std::byte{0}, std::byte{1}})) << "its clear code, least significant bit first";
    EXPECT_FALSE(io::isOldLzw(Bytes{std::byte{0}}));
}

} // namespace
} // namespace lazulite::test
