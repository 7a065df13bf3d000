#pragma once

#include <QColor>

class QApplication;

namespace lazulite::gui::theme {

// One dark look for the whole window; the canvas is the brightest thing on screen.
inline constexpr QRgb kCanvas = 0xFF0E1013;
inline constexpr QRgb kBase = 0xFF16191E;
inline constexpr QRgb kWindow = 0xFF1D2127;
inline constexpr QRgb kRaised = 0xFF272C34;
inline constexpr QRgb kHover = 0xFF323945;
inline constexpr QRgb kBorder = 0xFF343B46;
inline constexpr QRgb kText = 0xFFDDE1E8;
inline constexpr QRgb kDimText = 0xFF8D95A3;
inline constexpr QRgb kAccent = 0xFF4F86F7;
inline constexpr QRgb kAccentDeep = 0xFF2B57B8;
inline constexpr QRgb kWarning = 0xFFE9B44C;
inline constexpr QRgb kError = 0xFFEF6A6A;

inline QColor color(QRgb rgb) {
    return QColor::fromRgb(rgb);
}

/// Fusion with a dark palette and a small style sheet.
void apply(QApplication& application);

} // namespace lazulite::gui::theme
