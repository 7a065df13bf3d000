#include "window/settings.h"

#include <QDir>
#include <QSettings>

namespace lazulite::gui {

namespace {
constexpr const char* kMemory = "preferences/memoryLimit";
constexpr const char* kLinear = "preferences/linear";
constexpr const char* kPrefetch = "preferences/prefetch";
constexpr const char* kCheckHeaders = "preferences/checkHeaders";
constexpr const char* kScaleBar = "preferences/scaleBar";
constexpr const char* kAxisNames = "preferences/axisNames";
constexpr const char* kLight = "preferences/light";
constexpr const char* kBackend = "preferences/backend";
constexpr const char* kRecent = "recent/paths";
constexpr const char* kRecentPipelines = "recent/pipelines";
constexpr const char* kFolder = "recent/folder";
constexpr const char* kGeometry = "window/geometry";
constexpr const char* kState = "window/state";
constexpr int kMostRecent = 10;
} // namespace

Preferences Preferences::load() {
    const QSettings store;
    Preferences preferences;
    preferences.memoryLimit = store.value(kMemory, 0).toULongLong();
    preferences.interpolation =
        store.value(kLinear, false).toBool() ? view::Interpolation::Linear : view::Interpolation::Nearest;
    preferences.prefetch = store.value(kPrefetch, true).toBool();
    preferences.checkHeaders = store.value(kCheckHeaders, true).toBool();
    preferences.scaleBar = store.value(kScaleBar, true).toBool();
    preferences.axisNames = store.value(kAxisNames, true).toBool();
    preferences.look = store.value(kLight, false).toBool() ? theme::Look::Light : theme::Look::Dark;
    const QString backend = store.value(kBackend).toString();
    if (backend == QLatin1String("cpu") || backend == QLatin1String("cuda"))
        preferences.backend = backend.toStdString();
    return preferences;
}

void Preferences::save() const {
    QSettings store;
    store.setValue(kMemory, static_cast<qulonglong>(memoryLimit));
    store.setValue(kLinear, interpolation == view::Interpolation::Linear);
    store.setValue(kPrefetch, prefetch);
    store.setValue(kCheckHeaders, checkHeaders);
    store.setValue(kScaleBar, scaleBar);
    store.setValue(kAxisNames, axisNames);
    store.setValue(kBackend, QString::fromStdString(backend));
    store.setValue(kLight, look == theme::Look::Light);
}

namespace settings {

namespace {

void addRecent(const char* key, const QString& path) {
    QStringList paths = QSettings().value(key).toStringList();
    paths.removeAll(path);
    paths.prepend(path);
    QSettings().setValue(key, QStringList(paths.mid(0, kMostRecent)));
}

} // namespace

QStringList recentPaths() {
    return QSettings().value(kRecent).toStringList();
}

void addRecentPath(const QString& path) {
    addRecent(kRecent, path);
}

void clearRecentPaths() {
    QSettings().remove(kRecent);
}

QStringList recentPipelines() {
    return QSettings().value(kRecentPipelines).toStringList();
}

void addRecentPipeline(const QString& path) {
    addRecent(kRecentPipelines, path);
}

void clearRecentPipelines() {
    QSettings().remove(kRecentPipelines);
}

QString lastFolder() {
    return QSettings().value(kFolder, QDir::homePath()).toString();
}

void setLastFolder(const QString& folder) {
    QSettings().setValue(kFolder, folder);
}

QByteArray geometry() {
    return QSettings().value(kGeometry).toByteArray();
}

QByteArray windowState() {
    return QSettings().value(kState).toByteArray();
}

void setWindow(const QByteArray& geometry, const QByteArray& state) {
    QSettings store;
    store.setValue(kGeometry, geometry);
    store.setValue(kState, state);
}

} // namespace settings

} // namespace lazulite::gui
