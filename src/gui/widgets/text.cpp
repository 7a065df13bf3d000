#include "widgets/text.h"

#include <QRegularExpression>

#include "lazulite/core/units.h"

namespace lazulite::gui {

QString toQString(const std::string& text) {
    QString shown = QString::fromStdString(text);
    if (!shown.contains(QLatin1String("um")) && !shown.contains(QLatin1String(" us"))) return shown;
    static const QRegularExpression micro(QStringLiteral("(?<=^|[ \\d/])u(?=[ms]\\b)"));
    return shown.replace(micro, QStringLiteral("\u00B5"));
}

QString bytesToQString(std::uint64_t bytes) {
    return QString::fromStdString(bytesText(bytes));
}

} // namespace lazulite::gui
