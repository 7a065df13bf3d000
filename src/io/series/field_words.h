#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace lazulite::io::series {

/// What a field of a name stands for.
enum class FieldRole : std::uint8_t {
    Unknown,
    Channel,    ///< ch0, C00, channel000, w1
    Camera,     ///< CamA
    Wavelength, ///< 488nm
    Dye,        ///< a channel's name as text: DAPI, Conf561
    Time,       ///< stack0000, T00005, time000000000
    Depth,      ///< z001, slice_0001
    Position,   ///< Pos0, s1, cell1
    Well,       ///< A01
    Other,      ///< a dimension of its own name: angle, view, tile
    TileX,
    TileY,
    TileZ,
    Elapsed,    ///< 0000000msec: time since the start, no axis
    ElapsedAbs, ///< 0016966725msecAbs: time on the microscope's clock, no axis
};

struct FieldWord {
    std::string_view word;
    FieldRole role = FieldRole::Unknown;
    int strength = 0; ///< of two fields with the same role the stronger gives the axis its name
};

/// The meaning of a word in front of a number, or nothing: "ch", "Pos", "imgT" (its last capital).
std::optional<FieldWord> knownField(std::string_view word);

/// The meaning of letters right behind a number that stands for itself: "488nm", "0000000msec".
std::optional<FieldWord> knownSuffix(std::string_view word);

/// Whether a text names a fluorophore or an illumination that people call a channel by: "DAPI", "Cy5", "mCherry", "BF".
bool namesDye(std::string_view text);

/// Whether a text is a camera's name: "CamA", "camera2".
bool namesCamera(std::string_view text);

/// Whether a word is so common in front of running numbers that it makes no axis name: "img", "image", "scan".
bool isGenericWord(std::string_view lowerWord);

} // namespace lazulite::io::series
