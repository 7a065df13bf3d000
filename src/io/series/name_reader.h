#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "series/field_words.h"

namespace lazulite::io::series {

/// One place of a pattern where names differ, or could.
struct NameField {
    bool text = false;   ///< its values are texts, else numbers
    bool opaque = false; ///< an identifier that never makes an axis
    FieldRole role = FieldRole::Unknown;
    int strength = 0;
    std::string word; ///< the word that stands in front of it: "ch", "stack"; the axis's name in a user's pattern
};

/// Takes names apart into the values of their fields.
class NameReader {
public:
    virtual ~NameReader() = default;

    virtual const std::vector<NameField>& fields() const = 0;

    /// The value of each field, as views into `name`; false where the name is none of the pattern's.
    virtual bool read(std::string_view name, std::vector<std::string_view>& values) = 0;

    /// The pattern with `inserts` in place of the fields: "*", "{c}" or a text that all names share.
    virtual std::string pattern(const std::vector<std::string>& inserts) const = 0;
};

} // namespace lazulite::io::series
