#pragma once

#include <QList>
#include <QString>

class QAction;

namespace lazulite::gui {

/// What this program is, its version and those of the libraries that it runs on.
QString aboutHtml();

/// All keys of the actions, and what the mouse does on the picture.
QString keysHtml(const QList<QAction*>& actions);

} // namespace lazulite::gui
