#include "series/field_words.h"

#include <algorithm>
#include <array>

#include "series/name_text.h"

namespace lazulite::io::series {

namespace {

using enum FieldRole;

constexpr std::array kFieldWords = {
    FieldWord{"ch", Channel, 4},
    FieldWord{"c", Channel, 3},
    FieldWord{"channel", Channel, 4},
    FieldWord{"chan", Channel, 4},
    FieldWord{"chn", Channel, 4},
    FieldWord{"channels", Channel, 3},
    FieldWord{"w", Channel, 3},
    FieldWord{"wave", Channel, 3},
    FieldWord{"wavelength", Wavelength, 3},
    FieldWord{"lambda", Wavelength, 3},
    FieldWord{"laser", Wavelength, 3},
    FieldWord{"color", Channel, 2},
    FieldWord{"colour", Channel, 2},
    FieldWord{"filter", Channel, 2},
    FieldWord{"cam", Camera, 2},
    FieldWord{"camera", Camera, 2},
    FieldWord{"t", Time, 5},
    FieldWord{"time", Time, 5},
    FieldWord{"tp", Time, 5},
    FieldWord{"timepoint", Time, 5},
    FieldWord{"timepoints", Time, 5},
    FieldWord{"timelapse", Time, 4},
    FieldWord{"stack", Time, 4},
    FieldWord{"frame", Time, 3},
    FieldWord{"frames", Time, 3},
    FieldWord{"fr", Time, 3},
    FieldWord{"iter", Time, 2},
    FieldWord{"iteration", Time, 2},
    FieldWord{"cycle", Time, 2},
    FieldWord{"z", Depth, 4},
    FieldWord{"slice", Depth, 3},
    FieldWord{"zslice", Depth, 4},
    FieldWord{"sl", Depth, 3},
    FieldWord{"plane", Depth, 3},
    FieldWord{"zplane", Depth, 4},
    FieldWord{"zpos", Depth, 4},
    FieldWord{"section", Depth, 3},
    FieldWord{"depth", Depth, 3},
    FieldWord{"focus", Depth, 2},
    FieldWord{"layer", Depth, 2},
    FieldWord{"p", Position, 5},
    FieldWord{"pos", Position, 5},
    FieldWord{"position", Position, 5},
    FieldWord{"xy", Position, 5},
    FieldWord{"s", Position, 4},
    FieldWord{"site", Position, 4},
    FieldWord{"field", Position, 4},
    FieldWord{"f", Position, 4},
    FieldWord{"fov", Position, 4},
    FieldWord{"scene", Position, 3},
    FieldWord{"series", Position, 3},
    FieldWord{"stage", Position, 3},
    FieldWord{"roi", Position, 2},
    FieldWord{"region", Position, 2},
    FieldWord{"cell", Position, 1},
    FieldWord{"embryo", Position, 1},
    FieldWord{"sample", Position, 1},
    FieldWord{"fish", Position, 1},
    FieldWord{"larva", Position, 1},
    FieldWord{"mouse", Position, 1},
    FieldWord{"animal", Position, 1},
    FieldWord{"organoid", Position, 1},
    FieldWord{"colony", Position, 1},
    FieldWord{"well", Well, 3},
    FieldWord{"angle", Other, 3},
    FieldWord{"view", Other, 3},
    FieldWord{"tile", Other, 3},
    FieldWord{"m", Other, 2},
    FieldWord{"mosaic", Other, 2},
    FieldWord{"illumination", Other, 3},
    FieldWord{"illum", Other, 3},
    FieldWord{"run", Other, 1},
    FieldWord{"rep", Other, 1},
    FieldWord{"repeat", Other, 1},
    FieldWord{"plate", Other, 1},
};

constexpr std::array kSuffixes = {
    FieldWord{"nm", Wavelength, 3}, FieldWord{"msec", Elapsed, 3},
    FieldWord{"ms", Elapsed, 2},    FieldWord{"msecabs", ElapsedAbs, 3},
    FieldWord{"x", TileX, 1},       FieldWord{"y", TileY, 1},
    FieldWord{"z", TileZ, 1},       FieldWord{"t", Time, 6},
};

constexpr std::array<std::string_view, 44> kDyes = {
    "dapi",    "hoechst",    "fitc",      "gfp",         "egfp",      "rfp",      "yfp",        "cfp",
    "bfp",     "mcherry",    "cherry",    "tomato",      "tdtomato",  "mscarlet", "mneongreen", "venus",
    "citrine", "cerulean",   "turquoise", "halo",        "snap",      "jf",       "cy",         "alexa",
    "af",      "tritc",      "txred",     "texasred",    "rhodamine", "draq",     "bf",         "brightfield",
    "dic",     "phase",      "trans",     "transmitted", "laser",     "conf",     "wf",         "autofluorescence",
    "sytox",   "phalloidin", "atto",      "calcein",
};

constexpr std::array<std::string_view, 14> kGeneric = {
    "img", "image", "im", "file", "data", "scan", "test", "exp", "experiment", "acq", "raw", "default", "tif", "number",
};

const FieldWord* find(std::string_view lower) {
    const auto at =
        std::find_if(kFieldWords.begin(), kFieldWords.end(), [&](const FieldWord& w) { return w.word == lower; });
    return at == kFieldWords.end() ? nullptr : &*at;
}

/// "imgT" -> "T", "expPos" -> "Pos": what a capital starts behind a lower-case letter.
std::string_view lastCamelWord(std::string_view word) {
    for (std::size_t i = word.size(); i-- > 1;) {
        if (isUpper(word[i]) && isLower(word[i - 1])) return word.substr(i);
    }
    return {};
}

} // namespace

std::optional<FieldWord> knownField(std::string_view word) {
    constexpr std::size_t kLongestWord = 64;
    if (word.empty() || word.size() > kLongestWord) return std::nullopt;
    if (const FieldWord* whole = find(lowered(word))) return *whole;
    const std::string_view tail = lastCamelWord(word);
    if (const FieldWord* part = tail.empty() ? nullptr : find(lowered(tail))) return *part;
    return std::nullopt;
}

std::optional<FieldWord> knownSuffix(std::string_view word) {
    constexpr std::size_t kLongestSuffix = 8;
    if (word.size() > kLongestSuffix) return std::nullopt;
    const std::string lower = lowered(word);
    for (const FieldWord& suffix : kSuffixes) {
        if (suffix.word == lower) return suffix;
    }
    return std::nullopt;
}

bool namesDye(std::string_view text) {
    const std::string lower = lowered(text);
    std::size_t letters = 0;
    while (letters < lower.size() && isLetter(lower[letters])) ++letters;
    const std::string_view start = std::string_view(lower).substr(0, letters);
    if (std::find(kDyes.begin(), kDyes.end(), start) != kDyes.end()) return true;
    constexpr std::size_t kWavelengthDigits = 3; // "488", "561 nm"
    const bool wavelength = lower.size() >= kWavelengthDigits && allDigits(lower.substr(0, kWavelengthDigits)) &&
                            lower[0] >= '3' && lower[0] <= '9' && lower.find("nm") != std::string::npos;
    return wavelength;
}

bool namesCamera(std::string_view text) {
    const std::string lower = lowered(text);
    for (const std::string_view start : {"camera", "cam"}) {
        if (startsWith(lower, start) && lower.size() <= start.size() + 1) return true;
    }
    return false;
}

bool isGenericWord(std::string_view lowerWord) {
    return std::find(kGeneric.begin(), kGeneric.end(), lowerWord) != kGeneric.end();
}

} // namespace lazulite::io::series
