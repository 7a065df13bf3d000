#pragma once

#include <QObject>
#include <QString>
#include <memory>
#include <thread>

#include "lazulite/batch/export.h"
#include "session/mailbox.h"

namespace lazulite::gui {

/// What is to be written, of what, and where it is from.
struct ExportOrder {
    graph::LazyArray array;
    batch::Provenance provenance;
    batch::ExportOptions options;
};

/// Writes files in the background, with the memory and the cache of the window's executor, which must outlive it.
class ExportJob : public QObject {
    Q_OBJECT

public:
    explicit ExportJob(graph::Executor& executor, QObject* parent = nullptr);
    ~ExportJob() override; ///< stops what runs, and waits for it; whole files stay

    /// One at a time: not while isRunning().
    void start(ExportOrder order);
    void stop();
    bool isRunning() const { return running_; }
    /// Of what runs.
    const batch::ExportProgress& progress() const { return progress_; }
    const std::string& output() const { return output_; }

signals:
    void progressed();
    void finished(const lazulite::batch::ExportReport& report);
    /// Nothing was written, or a file could not be.
    void failed(const QString& why);

private:
    struct Ending {
        batch::ExportReport report;
        std::string failure;
    };
    void end(const Ending& ending);

    graph::Executor& executor_;
    bool running_ = false;
    std::string output_;
    batch::ExportProgress progress_;
    Mailbox<batch::ExportProgress> progressBox_;
    std::jthread thread_;
};

/// "3 of 12, 85 MB/s, 2 min left"
QString progressText(const batch::ExportProgress& progress);

/// What came of an export, in a sentence or two; more than a few problems are counted.
QString reportText(const batch::ExportReport& report, const std::string& output);

} // namespace lazulite::gui
