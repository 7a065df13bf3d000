#pragma once

#include <QMetaObject>
#include <QObject>
#include <QThreadPool>
#include <memory>
#include <utility>

namespace lazulite::gui {

/// Runs work on a thread of its own, one piece after the other, and hands what comes of it to the GUI thread. When it
/// is destroyed it waits for the piece that runs, and drops the others and all results.
class Background : public QObject {
public:
    explicit Background(QObject* parent = nullptr) : QObject(parent) { pool_.setMaxThreadCount(1); }
    ~Background() override {
        pool_.clear();
        pool_.waitForDone();
    }

    /// `done(work())`, the one there and the other here.
    template <typename Work, typename Done>
    void run(Work work, Done done) {
        pool_.start([this, work = std::move(work), done = std::move(done)]() mutable {
            auto result = std::make_shared<decltype(work())>(work());
            QMetaObject::invokeMethod(
                this, [done = std::move(done), result]() mutable { done(std::move(*result)); }, Qt::QueuedConnection);
        });
    }

private:
    QThreadPool pool_;
};

} // namespace lazulite::gui
