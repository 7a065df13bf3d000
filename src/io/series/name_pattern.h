#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "series/name_reader.h"

namespace lazulite::io::series {

/// A pattern as users write it: "*" any text without "/", "?" one character, "{c}" a field. A field takes
/// digits; where all fields cannot, texts without "_"; where that fails too, any text without "/". A name used twice
/// makes one axis of both values. A pattern without "/" is held against the file's name, one with "/" against its path
/// below the folder.
class NamePattern : public NameReader {
public:
    /// Throws Failure: a brace without its partner, a field without a name or called y, x or s.
    static std::unique_ptr<NamePattern> parse(const std::string& pattern);

    virtual bool matches(std::string_view name) = 0;
    /// How many folders the pattern goes down.
    virtual std::size_t depth() const = 0;
};

/// Whether a path has characters that make it a pattern: * ? { }
bool looksLikePattern(std::string_view path);

} // namespace lazulite::io::series
