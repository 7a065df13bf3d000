#pragma once

#include <QObject>
#include <atomic>
#include <cstdint>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "lazulite/core/error.h"
#include "session/recording.h"

namespace lazulite::gui {

/// Opens folders and files on a thread of its own. One at a time: another call cancels the one before.
class Opener : public QObject {
    Q_OBJECT

public:
    explicit Opener(QObject* parent = nullptr);
    ~Opener() override; ///< cancels, and waits for the listing to notice

    void open(std::vector<std::string> paths, const WindowOptions& options);
    void cancel();
    bool busy() const { return busy_; }

signals:
    void started(const QString& what);
    void listed(quint64 names);
    void opened(const lazulite::gui::Recording& recording, const lazulite::gui::WindowOptions& options);
    void failed(const lazulite::Error& error);
    void cancelled();

private:
    struct Outcome;
    void finish(std::uint64_t run, const Outcome& outcome);

    struct Worker {
        std::shared_ptr<std::atomic<bool>> done; ///< its outcome is posted; joining takes no time
        std::jthread thread;
    };

    std::vector<Worker> workers_;
    std::uint64_t run_ = 0;
    bool busy_ = false;
};

} // namespace lazulite::gui
