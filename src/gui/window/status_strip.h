#pragma once

#include <QStatusBar>
#include <QTimer>
#include <optional>

class QLabel;
class QProgressBar;
class QToolButton;

namespace lazulite::gui {

class Session;

/// The status bar: what lies under the cursor, what is under way, what the last picture cost, memory, problems.
class StatusStrip : public QStatusBar {
    Q_OBJECT

public:
    explicit StatusStrip(Session& session, QWidget* parent = nullptr);

    void setReadout(const QString& text);
    /// Something that takes a while and can be cancelled; `fraction` unknown: nothing.
    void setTask(const QString& text, std::optional<double> fraction);
    void clearTask();

    /// Where pipelines are computed: "CPU", and what that is.
    void setBackend(const QString& name, const QString& runsOn);

signals:
    void cancelWanted();
    void problemsWanted();
    void ledgerWanted();

private:
    void refreshCosts();
    void refreshMemory();
    void refreshProblems();

    Session& session_;
    QLabel* readout_;
    QLabel* task_;
    QProgressBar* progress_;
    QToolButton* cancel_;
    QToolButton* problems_;
    QToolButton* costs_;
    QLabel* backend_;
    QProgressBar* memory_;
    QTimer timer_;
};

} // namespace lazulite::gui
