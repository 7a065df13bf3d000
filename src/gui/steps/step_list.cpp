#include "steps/step_list.h"

#include <QVBoxLayout>
#include <algorithm>
#include <functional>
#include <utility>

#include "lazulite/pipeline/schema.h"
#include "pipeline/config_edits.h"
#include "pipeline/config_paths.h"
#include "pipeline/pipeline_editor.h"
#include "session/session.h"
#include "steps/step_card.h"
#include "widgets/text.h"
#include "widgets/theme.h"

namespace lazulite::gui {

namespace {

constexpr int kSpace = 6;
constexpr int kGapHeight = 3;
constexpr int kEdge = 40; // so near to an edge, dragging scrolls

QStringList channelNames(const Axes& axes, const view::ViewState& state) {
    const auto axis = channelAxis(axes);
    if (!axis) return {};
    QStringList names;
    for (std::size_t i = 0; i < static_cast<std::size_t>(axes[*axis].size); ++i) {
        const auto& labels = axes[*axis].labels;
        const bool named = i < labels.size() && !labels[i].empty();
        const bool shown = state.channels.size() == static_cast<std::size_t>(axes[*axis].size);
        names << (named   ? QString::fromStdString(labels[i])
                  : shown ? QString::fromStdString(state.channels[i].name)
                          : StepList::tr("channel %1").arg(i));
    }
    return names;
}

/// Shape, type, and what a slice takes where nothing is in memory.
QString resultText(const pipeline::StageReport& report) {
    QStringList axes;
    for (const Axis& axis : report.array.axes())
        axes << QStringLiteral("%1 %2").arg(QString::fromStdString(axis.name)).arg(axis.size);
    return StepList::tr("Result: %1 of %2\nA slice reads %3 pages of %4 files and takes up to %5 of memory")
        .arg(axes.join(QStringLiteral(", ")), QString::fromStdString(std::string(toString(report.array.dtype()))))
        .arg(report.slice.pages)
        .arg(report.slice.files)
        .arg(bytesToQString(report.slice.peak));
}

} // namespace

StepList::StepList(Session& session, PipelineEditor& editor, QWidget* parent)
    : QScrollArea(parent),
      session_(session),
      editor_(editor),
      content_(new QWidget(this)),
      layout_(new QVBoxLayout(content_)),
      gap_(new QWidget(content_)) {
    setObjectName(QStringLiteral("stepList"));
    setWidgetResizable(true);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setFocusPolicy(Qt::NoFocus);
    layout_->setContentsMargins(6, 4, 6, 6);
    layout_->setSpacing(kSpace);
    layout_->addStretch();
    gap_->setObjectName(QStringLiteral("stepGap"));
    gap_->setAttribute(Qt::WA_TransparentForMouseEvents);
    gap_->setAutoFillBackground(true);
    gap_->hide();
    setWidget(content_);
}

StepList::Occasion StepList::occasionOf(std::size_t step) const {
    Occasion occasion{editor_.config().steps[step].op, {}, {}};
    Axes axes;
    const auto& built = editor_.built();
    if (step > 0 && built && built->pipeline && step <= built->pipeline->stages.size())
        axes = built->pipeline->stages[step - 1].array.axes();
    else if (session_.hasData())
        axes = session_.recording().array.axes();
    occasion.channels = channelNames(axes, session_.state());
    const pipeline::StepSchema* schema = pipeline::findStep(occasion.op);
    if (schema != nullptr && schema->keysAreAxes) occasion.axes = std::move(axes);
    return occasion;
}

std::size_t StepList::stepOf(const StepCard* card) const {
    return static_cast<std::size_t>(std::ranges::find(cards_, card) - cards_.begin());
}

StepCard* StepList::makeCard(std::size_t step, const Occasion& occasion) {
    StepPlace place;
    place.channels = occasion.channels;
    place.nameOfFile = [this](const std::string& file) { return pathInConfig(editor_.config(), file); };
    place.fileOfName = [this](const std::string& name) { return fileOf(editor_.config(), name); };
    auto* card = new StepCard(editor_.config().steps[step], occasion.axes, std::move(place), content_);
    // Cards change places: which step it is is looked up when something is done to it.
    const auto change = [this, card](const std::function<void(pipeline::Step&)>& edit, const std::string& subject) {
        pipeline::Config config = editor_.config();
        edit(config.steps.at(stepOf(card)));
        editor_.edit(std::move(config), subject);
    };
    connect(card, &StepCard::parameterEdited, this,
            [this, card](const std::string& key, const std::optional<pipeline::Value>& value) {
                const std::size_t at = stepOf(card);
                editor_.edit(withParameter(editor_.config(), at, key, value), std::to_string(at) + " " + key);
            });
    connect(card, &StepCard::enabledToggled, this,
            [change](bool enabled) { change([enabled](pipeline::Step& edited) { edited.enabled = enabled; }, {}); });
    connect(card, &StepCard::channelsEdited, this, [change](const std::vector<pipeline::Value>& channels) {
        change([&](pipeline::Step& edited) { edited.channels = channels; }, {});
    });
    connect(card, &StepCard::renamed, this, [change](const QString& label) {
        change([&](pipeline::Step& edited) { edited.label = label.toStdString(); }, {});
    });
    connect(card, &StepCard::chosen, this, [this, card] {
        const std::size_t at = stepOf(card);
        editor_.lookAt(editor_.lookedAt() == at ? std::nullopt : std::optional(at));
    });
    connect(card, &StepCard::removeWanted, this, [this, card] { editor_.removeStep(stepOf(card)); });
    connect(card, &StepCard::movedBy, this, [this, card](int places) {
        const auto to = static_cast<std::ptrdiff_t>(stepOf(card)) + places;
        if (to >= 0 && to < static_cast<std::ptrdiff_t>(cards_.size()))
            editor_.moveStep(stepOf(card), static_cast<std::size_t>(to));
    });
    connect(card, &StepCard::dragged, this, [this, card](int y) { showGap(stepOf(card), y); });
    connect(card, &StepCard::dropped, this, [this, card](int y) { drop(stepOf(card), y); });
    return card;
}

void StepList::refreshSteps() {
    const std::size_t count = editor_.isOpen() ? editor_.config().steps.size() : 0;
    bool same = count == cards_.size();
    for (std::size_t i = 0; same && i < count; ++i) same = occasionOf(i) == occasions_[i];
    if (!same) return rebuild();
    for (std::size_t i = 0; i < count; ++i) cards_[i]->setStep(editor_.config().steps[i]);
}

void StepList::rebuild() {
    // Cards whose step and surroundings stayed the same are kept: somebody may be typing in one of them.
    const std::vector<StepCard*> former = std::exchange(cards_, {});
    const std::vector<Occasion> formerOccasions = std::exchange(occasions_, {});
    std::vector<bool> used(former.size(), false);
    const std::size_t count = editor_.isOpen() ? editor_.config().steps.size() : 0;
    states_.assign(count, {});
    for (std::size_t i = 0; i < count; ++i) {
        const pipeline::Step& step = editor_.config().steps[i];
        const Occasion occasion = occasionOf(i);
        StepCard* card = nullptr;
        for (std::size_t k = 0; k < former.size() && card == nullptr; ++k) {
            if (used[k] || formerOccasions[k] != occasion) continue;
            used[k] = true;
            card = former[k];
            layout_->removeWidget(card);
        }
        if (card == nullptr) card = makeCard(i, occasion);
        card->setNumber(i + 1);
        card->setStep(step);
        card->setState({});
        layout_->insertWidget(static_cast<int>(i), card);
        card->show();
        cards_.push_back(card);
        occasions_.push_back(occasion);
    }
    for (std::size_t k = 0; k < former.size(); ++k) {
        if (used[k]) continue;
        former[k]->hide();
        former[k]->deleteLater();
    }
    refreshMistakes();
    refreshResults();
    refreshStates();
}

void StepList::refreshMistakes() {
    for (std::size_t i = 0; i < cards_.size(); ++i) {
        std::vector<pipeline::Message> own;
        std::ranges::copy_if(editor_.messages(), std::back_inserter(own),
                             [i](const pipeline::Message& message) { return message.step == i; });
        cards_[i]->setMistakes(own);
        cards_[i]->setSelected(editor_.lookedAt() == i);
    }
}

void StepList::refreshResults() {
    const auto& built = editor_.built();
    for (std::size_t i = 0; i < cards_.size(); ++i) {
        const bool known = built && i + 1 < built->reports.size() && built->config.steps[i].op == cards_[i]->op();
        cards_[i]->setResult(known ? resultText(built->reports[i + 1]) : QString());
    }
}

void StepList::refreshStates() {
    const std::vector<StepState> states = editor_.states();
    for (std::size_t i = 0; i < cards_.size() && i < states.size(); ++i) {
        if (states_[i] == states[i]) continue;
        states_[i] = states[i];
        cards_[i]->setState(states[i]);
    }
}

std::size_t StepList::gapAt(int globalY) const {
    const int y = content_->mapFromGlobal(QPoint(0, globalY)).y();
    std::size_t gap = 0;
    for (const StepCard* card : cards_) {
        if (y < card->geometry().center().y()) break;
        ++gap;
    }
    return gap;
}

void StepList::showGap(std::size_t step, int globalY) {
    const std::size_t gap = gapAt(globalY);
    const int y = gap < cards_.size() ? cards_[gap]->y() - (kSpace + kGapHeight) / 2
                                      : cards_.back()->geometry().bottom() + kSpace / 2;
    QPalette palette = gap_->palette();
    palette.setColor(QPalette::Window, theme::color(theme::kAccent));
    gap_->setPalette(palette);
    gap_->setGeometry(8, std::max(0, y), content_->width() - 16, kGapHeight);
    gap_->setVisible(gap != step && gap != step + 1);
    gap_->raise();
    ensureVisible(0, content_->mapFromGlobal(QPoint(0, globalY)).y(), 0, kEdge);
}

void StepList::drop(std::size_t step, int globalY) {
    gap_->hide();
    const std::size_t gap = gapAt(globalY);
    editor_.moveStep(step, gap > step ? gap - 1 : gap); // taken out, what comes after it moves up
}

} // namespace lazulite::gui
