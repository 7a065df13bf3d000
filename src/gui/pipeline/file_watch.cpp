#include "pipeline/file_watch.h"

#include <QFile>
#include <QFileInfo>
#include <QFileSystemWatcher>
#include <QTimer>
#include <utility>

#include "widgets/text.h"

namespace lazulite::gui {

namespace {
constexpr int kCalmMs = 80; // editors write in several goes
} // namespace

class FileWatch::Watcher : public QObject {
    Q_OBJECT

public:
    Watcher() : files_(this), calm_(this) {
        calm_.setSingleShot(true);
        calm_.setInterval(kCalmMs);
        connect(&files_, &QFileSystemWatcher::fileChanged, &calm_, qOverload<>(&QTimer::start));
        connect(&files_, &QFileSystemWatcher::directoryChanged, &calm_, qOverload<>(&QTimer::start));
        connect(&calm_, &QTimer::timeout, this, &Watcher::look);
    }

    void watch(const std::string& path, std::string known) {
        path_ = pathToQString(path);
        known_ = std::move(known);
        const QStringList old = files_.files() + files_.directories();
        if (!old.isEmpty()) files_.removePaths(old);
        if (path.empty()) return calm_.stop();
        files_.addPath(QFileInfo(path_).absolutePath()); // a file that is replaced is another one for the system
        files_.addPath(path_);
        calm_.start();
    }

signals:
    void differs();

private:
    void look() {
        if (!files_.files().contains(path_)) files_.addPath(path_);
        QFile file(path_);
        if (!file.open(QIODevice::ReadOnly)) return; // gone: the last one stays; when it is back the folder tells
        std::string text = file.readAll().toStdString();
        if (text == known_) return;
        known_ = std::move(text);
        emit differs();
    }

    QFileSystemWatcher files_;
    QTimer calm_;
    QString path_;
    std::string known_;
};

FileWatch::FileWatch(QObject* parent) : QObject(parent), watcher_(std::make_unique<Watcher>()) {
    watcher_->moveToThread(&thread_);
    connect(watcher_.get(), &Watcher::differs, this, &FileWatch::changed);
    thread_.start();
}

FileWatch::~FileWatch() {
    // The watcher's own notifiers and timer may only be taken down where they live.
    QMetaObject::invokeMethod(
        watcher_.get(), [this] { watcher_.reset(); }, Qt::BlockingQueuedConnection);
    thread_.quit();
    thread_.wait();
}

void FileWatch::watch(const std::string& path, std::string known) {
    QMetaObject::invokeMethod(
        watcher_.get(), [watcher = watcher_.get(), path, known = std::move(known)] { watcher->watch(path, known); },
        Qt::QueuedConnection);
}

void FileWatch::stop() {
    watch({}, {});
}

} // namespace lazulite::gui

#include "file_watch.moc"
