#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace lazulite {

/// "1.5 MB": powers of 1000 with three significant digits, whole bytes below 1 kB.
std::string bytesText(std::uint64_t bytes);

/// "4G", "512M", "1.5GiB", "1000000" -> bytes (K, M, G, T are powers of 1024, as in most tools); nothing where it is
/// none.
std::optional<std::uint64_t> parseBytes(std::string_view text);

/// A number with up to `digits` significant digits and no trailing zeros: "0.1", "12.5", "1e-09".
std::string numberText(double value, int digits = 6);

/// "12.5 um", "1.25 mm", "2 h 05 min": a length or time in the form people read. Unknown units are appended as they
/// are.
std::string quantityText(double value, std::string_view unit);

/// The factor that turns a length in `unit` (m, cm, mm, um, µm, micron, nm, pm, inch ...) into um; nothing where it is
/// no length.
std::optional<double> micrometresPer(std::string_view unit);

/// The factor that turns a time in `unit` (s, sec, ms, us, min, h, d ...) into s; nothing where it is no time.
std::optional<double> secondsPer(std::string_view unit);

} // namespace lazulite
