#include "window/about_text.h"

#include <fmt/core.h>
#include <vtkVersion.h>

#include <QAction>
#include <QCoreApplication>
#include <QKeySequence>
#include <QStringList>

#include "widgets/theme.h"

namespace lazulite::gui {

namespace {

QString tr(const char* text) {
    return QCoreApplication::translate("About", text);
}

QString line(const QString& keys, const QString& text) {
    return QStringLiteral("<tr><td style='padding:2px 18px 2px 0; color:%1'>%2</td><td>%3</td></tr>")
        .arg(theme::color(theme::kAccentText).name(), keys.toHtmlEscaped(), text.toHtmlEscaped());
}

} // namespace

QString aboutHtml() {
    const int fmtVersion = FMT_VERSION;
    const QStringList libraries = {
        QStringLiteral("Qt %1").arg(QLatin1String(qVersion())),
        QStringLiteral("VTK %1").arg(QLatin1String(vtkVersion::GetVTKVersion())),
        QStringLiteral("{fmt} %1.%2.%3").arg(fmtVersion / 10000).arg(fmtVersion / 100 % 100).arg(fmtVersion % 100),
        QStringLiteral("libtiff, libdeflate, libzstd, oneTBB, pugixml, JSON for Modern C++"),
    };
    return tr("<h2>Lazulite %1</h2>"
              "<p>Looks at light-sheet recordings that are too large to load: a folder of TIFF stacks is one lazy "
              "array, and only "
              "what the picture needs is read.</p><p>Runs on:</p><ul><li>%2</li></ul>"
              "<p>BSD-3-Clause licence.</p>")
        .arg(QStringLiteral(LAZULITE_VERSION), libraries.join(QStringLiteral("</li><li>")));
}

QString keysHtml(const QList<QAction*>& actions) {
    QString html = tr("<h3>On the picture</h3>") + QStringLiteral("<table>");
    html += line(tr("Wheel"), tr("zoom at the cursor"));
    html += line(tr("Drag"), tr("move the picture; in 3D turn the volume"));
    html += line(tr("Shift+drag"), tr("in 3D move the volume"));
    html += line(tr("Double click"), tr("zoom in; with Alt zoom out"));
    html += line(tr("Ctrl+wheel"), tr("step the last-used slider"));
    html += line(tr("Alt+click on an eye"), tr("show that channel alone"));
    html += line(tr("Hold R"), tr("as it was before the pipeline; Shift+R: side by side"));
    html += line(tr("Right click on play"), tr("rate, direction, loop, range"));
    html += QStringLiteral("</table>") + tr("<h3>Keys</h3>") + QStringLiteral("<table>");
    for (const QAction* action : actions) {
        if (action->shortcut().isEmpty()) continue;
        html += line(action->shortcut().toString(QKeySequence::NativeText),
                     QString(action->text()).remove(QLatin1Char('&')));
    }
    return html + QStringLiteral("</table>");
}

} // namespace lazulite::gui
