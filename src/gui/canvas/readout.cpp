#include "canvas/readout.h"

#include <algorithm>
#include <cmath>

#include "lazulite/core/units.h"
#include "session/session.h"
#include "widgets/text.h"

namespace lazulite::gui {

QString readoutText(const Session& session, const view::Picture& picture, view::PlanePoint point) {
    const view::ViewState& state = session.state();
    const Axes& axes = session.axes();
    const Axis& row = axes[state.rowAxis()];
    const Axis& column = axes[state.columnAxis()];
    const auto rowIndex = static_cast<std::int64_t>(std::floor(point.row + 0.5));
    const auto columnIndex = static_cast<std::int64_t>(std::floor(point.column + 0.5));
    if (rowIndex < 0 || columnIndex < 0 || rowIndex >= row.size || columnIndex >= column.size) return {};
    QString text = QStringLiteral("%1 %2   %3 %4")
                       .arg(QString::fromStdString(row.name))
                       .arg(rowIndex)
                       .arg(QString::fromStdString(column.name))
                       .arg(columnIndex);
    const QString rowValue = toQString(row.valueText(rowIndex));
    const QString columnValue = toQString(column.valueText(columnIndex));
    if (!rowValue.isEmpty() || !columnValue.isEmpty()) text += QStringLiteral("   (%1, %2)").arg(rowValue, columnValue);
    if (picture.state.order != state.order) return text; // of another plane: its values lie elsewhere
    const auto values = view::valuesAt(picture, point);
    // A copy's pixel stands for several: its value is not that of the one under the cursor.
    const double step = std::max(picture.step[0], picture.step[1]);
    const QString about = step > 1 ? QStringLiteral("\u2248") : QString();
    for (std::size_t i = 0; i < values.size() && i < state.channels.size(); ++i) {
        if (!state.channels[i].visible || !values[i]) continue;
        text += QStringLiteral("     %1 %2%3")
                    .arg(QString::fromStdString(state.channels[i].name), about,
                         QString::fromStdString(numberText(*values[i])));
    }
    if (step > 1) text += QObject::tr("     (of a copy 1:%1; zoom in for the values)").arg(std::lround(step));
    return text;
}

} // namespace lazulite::gui
