#include "canvas/readout.h"

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
    for (std::size_t i = 0; i < values.size() && i < state.channels.size(); ++i) {
        if (!state.channels[i].visible || !values[i]) continue;
        text +=
            QStringLiteral("     %1 %2")
                .arg(QString::fromStdString(state.channels[i].name), QString::fromStdString(numberText(*values[i])));
    }
    return text;
}

} // namespace lazulite::gui
