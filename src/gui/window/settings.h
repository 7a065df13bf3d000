#pragma once

#include <QByteArray>
#include <QString>
#include <QStringList>
#include <cstdint>
#include <string>

#include "lazulite/view/view_state.h"
#include "widgets/theme.h"

namespace lazulite::gui {

/// What is remembered from one start to the next (QSettings of the application's name).
struct Preferences {
    std::uint64_t memoryLimit = 0; ///< bytes; 0: 40 % of the machine's memory
    view::Interpolation interpolation = view::Interpolation::Nearest;
    bool prefetch = true;
    bool checkHeaders = true; ///< of all files of a recording, in the background
    bool scaleBar = true;
    bool axisNames = true;
    theme::Look look = theme::Look::Dark;
    std::string backend = "auto"; ///< or "cpu", "cuda"

    static Preferences load();
    void save() const;
    bool operator==(const Preferences&) const = default;
};

namespace settings {

QStringList recentPaths();
/// Puts it first; keeps ten.
void addRecentPath(const QString& path);
void clearRecentPaths();

/// The same for the files of pipelines.
QStringList recentPipelines();
void addRecentPipeline(const QString& path);
void clearRecentPipelines();

QString lastFolder();
void setLastFolder(const QString& folder);

QByteArray geometry();
QByteArray windowState();
void setWindow(const QByteArray& geometry, const QByteArray& state);

} // namespace settings

} // namespace lazulite::gui
