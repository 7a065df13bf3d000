#pragma once

#include <QString>
#include <cstdint>
#include <string>

namespace lazulite::gui {

/// Text for people: "um" is written with its micro sign.
QString toQString(const std::string& text);

/// A path or name as it is on disk; bytes that are no UTF-8 are shown replaced.
inline QString pathToQString(const std::string& path) {
    return QString::fromUtf8(path.data(), static_cast<qsizetype>(path.size()));
}

QString bytesToQString(std::uint64_t bytes);

} // namespace lazulite::gui
