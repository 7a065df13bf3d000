#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <stop_token>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "series/name_arena.h"
#include "series/name_tokens.h"

namespace lazulite::io::series {

/// Names that differ in nothing but their numbers.
struct NameShape {
    std::string example; ///< the first name of this shape, without its extension
    Tokens tokens;       ///< of the example
    std::size_t count = 0;
    bool plain = false; ///< words, separators and numbers only, and too few dashes for a GUID

    std::string_view text(std::size_t token) const { return tokens[token].in(example); }
};

/// The shapes of a folder's names; bounded, so a million names that have nothing in common stay cheap.
class ShapeTable {
public:
    static constexpr std::uint32_t kNone = 0xFFFFFFFF;

    void count(std::string_view stem);
    /// The shape of a name, kNone where it is not in the table; `tokens` are the name's.
    std::uint32_t find(std::string_view stem, Tokens& tokens);

    const std::vector<NameShape>& shapes() const { return shapes_; }
    std::size_t uncounted() const { return uncounted_; }

private:
    static constexpr std::size_t kMostShapes = 4096;
    static constexpr std::size_t kRecentShapes = 4;

    bool follows(std::string_view stem, const NameShape& shape, Tokens& tokens) const;
    void remember(std::uint32_t shape);

    std::unordered_map<std::string, std::uint32_t> index_;
    std::vector<NameShape> shapes_;
    std::size_t uncounted_ = 0;
    std::string key_;
    std::array<std::uint32_t, kRecentShapes> recent_ = {kNone, kNone, kNone, kNone};
    std::size_t oldest_ = 0;
    Tokens scratch_;
};

/// A run of tokens [first, second).
using TokenSpan = std::pair<std::uint8_t, std::uint8_t>;

/// How several shapes are one pattern: the same fields, each at its own place in each shape.
struct Alignment {
    std::size_t reference = 0;                 ///< the shape that most names have
    std::vector<std::size_t> members;          ///< shapes, the reference first
    std::vector<bool> textField;               ///< one a field: the span differs in more than numbers
    std::vector<std::vector<TokenSpan>> spans; ///< [member][field]
    bool wholeNames = false;                   ///< no pattern: every name stands for itself
};

/// Decides which shapes belong together. Shapes that do not fit the majority are no members.
Alignment alignShapes(const std::vector<NameShape>& shapes, std::size_t uncounted);

} // namespace lazulite::io::series
