#pragma once

#include <QObject>
#include <QThread>
#include <memory>
#include <string>

namespace lazulite::gui {

/// Tells when a text file says something else than what is known of it: written over, replaced by another one under its
/// name (as editors do), gone and back. Looks from a thread of its own.
class FileWatch : public QObject {
    Q_OBJECT

public:
    explicit FileWatch(QObject* parent = nullptr);
    ~FileWatch() override;

    /// From now on this file, and no other; `known` is what was read from it or written to it last.
    void watch(const std::string& path, std::string known);
    void stop();

signals:
    void changed();

private:
    class Watcher;
    QThread thread_;
    std::unique_ptr<Watcher> watcher_; ///< lives on the thread
};

} // namespace lazulite::gui
