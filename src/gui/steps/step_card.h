#pragma once

#include <QFrame>
#include <QPoint>
#include <memory>
#include <optional>
#include <vector>

#include "lazulite/pipeline/pipeline.h"
#include "pipeline/step_state.h"
#include "steps/parameter_editor.h"

class QLabel;
class QLineEdit;
class QProgressBar;
class QPushButton;
class QToolButton;
class QVBoxLayout;

namespace lazulite::gui {

class ParameterRow;

/// One step of the pipeline: on or off, its parameters, and what it is doing. A click on its head looks at its result,
/// dragging it moves the step.
class StepCard : public QFrame {
    Q_OBJECT

public:
    /// `axes`: of the array that comes in.
    StepCard(const pipeline::Step& step, const Axes& axes, StepPlace place, QWidget* parent);

    const std::string& op() const { return op_; }
    void setStep(const pipeline::Step& step);
    void setNumber(std::size_t number);
    void setState(const StepState& state);
    void setMistakes(const std::vector<pipeline::Message>& messages);
    /// What its result looks like; empty: not known.
    void setResult(const QString& text);
    void setSelected(bool selected);
    /// Whether all parameters are shown, or those that are set and needed.
    void setAllShown(bool shown);
    bool allShown() const { return allShown_; }

signals:
    void parameterEdited(const std::string& key, const std::optional<lazulite::pipeline::Value>& value);
    void enabledToggled(bool enabled);
    void channelsEdited(const std::vector<lazulite::pipeline::Value>& channels);
    void renamed(const QString& label);
    void chosen();
    void removeWanted();
    void movedBy(int places);
    /// The head is being dragged; `y` in global coordinates.
    void dragged(int y);
    void dropped(int y);

protected:
    void mousePressEvent(QMouseEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;

private:
    QLayout* buildHead();
    void listParameters(const Axes& axes);
    void refreshRows();
    ParameterRow* makeRow(std::size_t line);
    const pipeline::Message* mistakeOf(const std::string& key) const;
    QString wholeMistake() const;
    void showMenu();
    void fillChannelMenu(QMenu& menu);
    void beginRename();

    std::string op_;
    StepPlace place_;
    pipeline::Step step_;
    QToolButton* eye_;
    QLabel* number_;
    QLineEdit* title_;
    QLabel* state_;
    QToolButton* menu_;
    QProgressBar* progress_;
    QLabel* text_;
    QVBoxLayout* lines_;
    QPushButton* more_;
    struct Line {
        pipeline::ParameterSchema parameter;
        bool always = false;         ///< shown also while it is not set
        ParameterRow* row = nullptr; ///< made when it is first shown: most never are
    };
    std::vector<Line> parameters_;
    std::vector<pipeline::Message> mistakes_;
    StepState known_;
    bool allShown_ = false;
    std::optional<QPoint> pressed_;
    bool dragging_ = false;
};

} // namespace lazulite::gui
