#pragma once

#include <QTimer>
#include <QWidget>
#include <cstdint>

class QFrame;
class QLabel;
class QLineEdit;
class QPushButton;
class QToolButton;

namespace lazulite::gui {

class PipelineEditor;
class Session;
class StepList;

/// The pipeline that is open: its name and file, its steps, what is wrong with it, and what its steps are doing.
class PipelinePanel : public QWidget {
    Q_OBJECT

public:
    PipelinePanel(Session& session, PipelineEditor& editor, QWidget* parent = nullptr);

    /// Asks which step to add.
    void chooseStep();

signals:
    void openWanted();

private:
    QWidget* buildHead();
    QWidget* buildLookedAt();
    QWidget* buildEmpty();
    void refresh();
    void refreshMessages();
    void refreshLookedAt();
    void watchWork();

    Session& session_;
    PipelineEditor& editor_;
    QLineEdit* name_;
    QLabel* file_;
    QToolButton* undo_;
    QToolButton* redo_;
    QPushButton* add_;
    QFrame* messages_; ///< what concerns no single step, and what is wrong with the file
    QLabel* messageText_;
    QWidget* lookedAt_;
    QLabel* lookedAtText_;
    StepList* steps_;
    QWidget* empty_;
    QTimer work_;            ///< looks what the steps are doing
    std::uint64_t seen_ = 0; ///< version of the executor's activity
};

} // namespace lazulite::gui
