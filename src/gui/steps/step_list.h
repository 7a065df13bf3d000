#pragma once

#include <QScrollArea>
#include <QStringList>
#include <vector>

#include "lazulite/pipeline/pipeline.h"
#include "pipeline/step_state.h"

class QVBoxLayout;

namespace lazulite::gui {

class PipelineEditor;
class Session;
class StepCard;

/// The cards of the steps, from the first to the last. They are dragged into another order.
class StepList : public QScrollArea {
    Q_OBJECT

public:
    StepList(Session& session, PipelineEditor& editor, QWidget* parent);

    /// Takes over the steps as they are now.
    void refreshSteps();
    void refreshMistakes();
    void refreshResults();
    void refreshStates();
    const std::vector<StepCard*>& cards() const { return cards_; }

private:
    void rebuild();
    /// What a card is made for; another one is made where it changes.
    struct Occasion {
        std::string op;
        Axes axes; ///< of the array that comes in, where the step has a parameter for each of them
        QStringList channels;

        bool operator==(const Occasion&) const = default;
    };
    Occasion occasionOf(std::size_t step) const;
    StepCard* makeCard(std::size_t step, const Occasion& occasion);
    /// Between which cards a height lies: 0 before the first.
    std::size_t gapAt(int globalY) const;
    void showGap(std::size_t step, int globalY);
    void drop(std::size_t step, int globalY);
    std::size_t stepOf(const StepCard* card) const;

    Session& session_;
    PipelineEditor& editor_;
    QWidget* content_;
    QVBoxLayout* layout_;
    QWidget* gap_; ///< a line where a step that is dragged would come to stand
    std::vector<StepCard*> cards_;
    std::vector<Occasion> occasions_; ///< one a card
    std::vector<StepState> states_;
};

} // namespace lazulite::gui
