#include "lazulite/core/units.h"

#include <fmt/format.h>

#include <array>
#include <charconv>
#include <cmath>
#include <cstdlib>

namespace lazulite {

namespace {

struct UnitFactor {
    std::string_view name;
    double factor;
};

constexpr std::array kLengths = {
    UnitFactor{"m", 1e6},          UnitFactor{"meter", 1e6},    UnitFactor{"metre", 1e6},
    UnitFactor{"dm", 1e5},         UnitFactor{"cm", 1e4},       UnitFactor{"mm", 1e3},
    UnitFactor{"um", 1.0},         UnitFactor{"µm", 1.0},       UnitFactor{"\u03BCm", 1.0},
    UnitFactor{"micron", 1.0},     UnitFactor{"microns", 1.0},  UnitFactor{"micrometer", 1.0},
    UnitFactor{"micrometre", 1.0}, UnitFactor{"\\u00B5m", 1.0}, UnitFactor{"nm", 1e-3},
    UnitFactor{"nanometer", 1e-3}, UnitFactor{"pm", 1e-6},      UnitFactor{"\u00C5", 1e-4},
    UnitFactor{"angstrom", 1e-4},  UnitFactor{"inch", 25400.0}, UnitFactor{"in", 25400.0},
};

constexpr std::array kTimes = {
    UnitFactor{"s", 1.0},       UnitFactor{"sec", 1.0},   UnitFactor{"second", 1.0},  UnitFactor{"seconds", 1.0},
    UnitFactor{"ms", 1e-3},     UnitFactor{"msec", 1e-3}, UnitFactor{"us", 1e-6},     UnitFactor{"µs", 1e-6},
    UnitFactor{"ns", 1e-9},     UnitFactor{"min", 60.0},  UnitFactor{"minute", 60.0}, UnitFactor{"h", 3600.0},
    UnitFactor{"hour", 3600.0}, UnitFactor{"d", 86400.0}, UnitFactor{"day", 86400.0},
};

template <std::size_t N>
std::optional<double> lookUp(const std::array<UnitFactor, N>& table, std::string_view unit) {
    for (const UnitFactor& known : table) {
        if (known.name == unit) return known.factor;
    }
    return std::nullopt;
}

std::string timeText(double seconds) {
    constexpr double kMinute = 60.0;
    constexpr double kHour = 3600.0;
    const double size = std::abs(seconds);
    if (size == 0.0) return "0 s";
    if (size < 1e-3) return fmt::format("{} us", numberText(seconds * 1e6, 4));
    if (size < 1.0) return fmt::format("{} ms", numberText(seconds * 1e3, 4));
    if (size < 2 * kMinute) return fmt::format("{} s", numberText(seconds, 5));
    if (size < 2 * kHour)
        return fmt::format("{} min {:02.0f} s", std::trunc(seconds / kMinute), std::fmod(size, kMinute));
    return fmt::format("{} h {:02.0f} min", std::trunc(seconds / kHour), std::floor(std::fmod(size, kHour) / kMinute));
}

std::string lengthText(double micrometres) {
    const double size = std::abs(micrometres);
    if (size == 0.0) return "0 um";
    if (size < 0.1) return fmt::format("{} nm", numberText(micrometres * 1e3, 4));
    if (size < 1e3) return fmt::format("{} um", numberText(micrometres, 5));
    if (size < 1e6) return fmt::format("{} mm", numberText(micrometres * 1e-3, 5));
    return fmt::format("{} m", numberText(micrometres * 1e-6, 5));
}

} // namespace

std::string bytesText(std::uint64_t bytes) {
    constexpr std::array<std::string_view, 6> kUnits = {"B", "kB", "MB", "GB", "TB", "PB"};
    auto value = static_cast<double>(bytes);
    std::size_t unit = 0;
    while (value >= 999.5 && unit + 1 < kUnits.size()) {
        value /= 1000.0;
        ++unit;
    }
    return fmt::format("{} {}", numberText(value, 3), kUnits.at(unit));
}

std::optional<std::uint64_t> parseBytes(std::string_view text) {
    const std::string copy(text);
    char* rest = nullptr;
    const double number = std::strtod(copy.c_str(), &rest);
    if (rest == copy.c_str() || !std::isfinite(number) || number < 0) return std::nullopt;
    std::string_view unit(rest);
    while (!unit.empty() && unit.front() == ' ') unit.remove_prefix(1);
    double factor = 1.0;
    if (!unit.empty() && unit != "B") {
        constexpr std::string_view kPrefixes = "KMGT";
        const char upper = unit.front() == 'k' || unit.front() == 'm' || unit.front() == 'g' || unit.front() == 't'
                               ? static_cast<char>(unit.front() - 'a' + 'A')
                               : unit.front();
        const std::size_t power = kPrefixes.find(upper);
        const std::string_view tail = unit.substr(1);
        if (power == std::string_view::npos || (!tail.empty() && tail != "B" && tail != "iB")) return std::nullopt;
        factor = std::pow(1024.0, static_cast<double>(power + 1));
    }
    const double bytes = number * factor;
    constexpr double kMost = 9.0e18;
    if (bytes > kMost) return std::nullopt;
    return static_cast<std::uint64_t>(bytes);
}

std::string numberText(double value, int digits) {
    return fmt::format("{:.{}g}", value, digits);
}

std::string quantityText(double value, std::string_view unit) {
    if (const auto seconds = secondsPer(unit)) return timeText(value * *seconds);
    if (const auto micrometres = micrometresPer(unit)) return lengthText(value * *micrometres);
    return fmt::format("{} {}", numberText(value), unit);
}

std::optional<double> micrometresPer(std::string_view unit) {
    return lookUp(kLengths, unit);
}

std::optional<double> secondsPer(std::string_view unit) {
    return lookUp(kTimes, unit);
}

} // namespace lazulite
