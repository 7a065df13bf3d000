#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "lazulite/pipeline/config.h"

/// The outline of a TOML text: where its statements and comments stand. It is understood before the text is parsed, so
/// that a mistake in one statement does not hide those in others, and it is what values are changed in without touching
/// the rest.
namespace lazulite::pipeline {

struct Statement {
    enum class Kind { Table, TableList, KeyValue }; ///< [key], [[key]], key = value

    Kind kind = Kind::KeyValue;
    std::vector<std::string> key{}; ///< parts between dots
    std::size_t begin = 0;          ///< bytes: from the start of its first line
    std::size_t end = 0;            ///< to behind the end of its last line
    int line = 1;                   ///< its first and its last line
    int lastLine = 1;
    std::size_t valueBegin = 0; ///< of key = value
    std::size_t valueEnd = 0;
    std::size_t comment = std::string::npos;  ///< where a comment behind it begins
    std::vector<std::string> innerComments{}; ///< comments inside of its value
};

/// A mistake that the outline alone shows.
struct ScanMistake {
    Place place;
    std::string text;
    std::size_t statement; ///< that it makes unusable
};

struct Scan {
    std::vector<Statement> statements;
    std::vector<ScanMistake> mistakes;
};

Scan scanToml(std::string_view text);

/// Line and column (in characters) of a byte.
Place placeOf(std::string_view text, std::size_t offset);

/// Where byte `offset` of a string's value stands, whose quotes begin at `string`.
Place placeInString(std::string_view text, Place string, std::size_t offset);

} // namespace lazulite::pipeline
