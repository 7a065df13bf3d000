#include "pipeline/pipeline_editor.h"

#include <QStringList>
#include <algorithm>
#include <utility>

#include "lazulite/core/error.h"
#include "pipeline/config_edits.h"
#include "pipeline/config_paths.h"
#include "pipeline/raw_place.h"
#include "session/carry_over.h"
#include "session/session.h"
#include "widgets/text.h"

namespace lazulite::gui {

namespace {
constexpr int kPauseMs = 300; // after the last change, before it is built
} // namespace

struct PipelineEditor::SaveOutcome {
    std::string path;
    std::optional<pipeline::Config> written;
    std::vector<std::string> lost;
    std::string failure;
};

PipelineEditor::PipelineEditor(Session& session, QObject* parent) : QObject(parent), session_(session) {
    pause_.setSingleShot(true);
    pause_.setInterval(kPauseMs);
    connect(&pause_, &QTimer::timeout, this, &PipelineEditor::rebuild);
    connect(&watch_, &FileWatch::changed, this, &PipelineEditor::reload);
    connect(&session, &Session::recordingChanged, this, &PipelineEditor::adoptRecording);
    connect(&session, &Session::axesCorrected, this, &PipelineEditor::rebuild);
}

PipelineEditor::~PipelineEditor() = default;

PipelineInput PipelineEditor::input() const {
    PipelineInput input;
    if (!session_.hasData()) return input;
    input.raw = session_.recording().array;
    input.memoryLimit = session_.executor().memory().usage().limit;
    if (session_.recording().series) input.scan = session_.recording().series->scanSettings();
    return input;
}

std::vector<StepState> PipelineEditor::states() const {
    if (!isOpen()) return {};
    const pipeline::Pipeline* known = built_ && built_->pipeline ? &*built_->pipeline : nullptr;
    std::vector<StepState> states = stepStates(config(), messages_, known, session_.executor().activity(), lookedAt_);
    if (const auto refused = refusal()) {
        const auto step = stepThatIsTooLarge(built_->reports, session_.executor().memory().usage().limit);
        if (step && *step < states.size()) states[*step] = {.kind = StepState::Kind::Failed, .text = *refused};
    }
    return states;
}

std::optional<std::string> PipelineEditor::refusal() const {
    const auto& picture = session_.picture();
    if (!picture || picture->stale || !built_ || session_.state().ndisplay == 3) return std::nullopt;
    for (const view::ChannelSlice& slice : picture->slices) {
        if (!slice.block && slice.error && slice.error->kind == Error::Kind::TooLarge) return slice.error->message;
    }
    return std::nullopt;
}

void PipelineEditor::open(const std::string& path) {
    const std::uint64_t load = ++load_;
    background_.run([path, input = input()] { return loadPipeline(path, input); },
                    [this, load](LoadedPipeline loaded) {
                        if (load == load_) finishOpen(std::move(loaded));
                    });
}

void PipelineEditor::finishOpen(LoadedPipeline loaded) {
    const QString path = pathToQString(loaded.config.path);
    if (!loaded.ok()) return emit openFailed(path, loaded.messages);
    begin(loaded);
    viewWanted_ = true;
    take(std::move(loaded));
    emit configChanged();
    emit opened(path);
}

void PipelineEditor::create() {
    begin({});
    take({});
    emit configChanged();
    emit opened({});
}

void PipelineEditor::begin(const LoadedPipeline& loaded) {
    ++load_;
    ++build_;
    pause_.stop();
    history_.emplace(loaded.config);
    built_.reset();
    fileMessages_.clear();
    viewWanted_ = false;
    if (std::exchange(lookedAt_, std::nullopt)) emit lookedAtChanged();
    watchFile();
}

void PipelineEditor::close() {
    if (!isOpen()) return;
    ++load_;
    ++build_;
    pause_.stop();
    watch_.stop();
    history_.reset();
    built_.reset();
    messages_.clear();
    fileMessages_.clear();
    if (std::exchange(lookedAt_, std::nullopt)) emit lookedAtChanged();
    const graph::LazyArray& raw = session_.recording().array;
    if (session_.hasData()) session_.look(raw, stateFor(raw));
    emit configChanged();
    emit builtChanged();
    emit closed();
}

void PipelineEditor::adoptRecording() {
    built_.reset();
    const std::optional<LoadedPipeline>& asked = session_.recording().pipeline;
    if (asked && asked->ok()) {
        // The session looks at its result already, in the state that the recording starts with.
        begin(*asked);
        take(*asked);
        emit configChanged();
        return emit opened(pathToQString(asked->config.path));
    }
    if (isOpen()) {
        viewWanted_ = true;
        rebuild();
    }
    if (asked) emit openFailed(pathToQString(asked->config.path), asked->messages);
}

void PipelineEditor::edit(pipeline::Config config, const std::string& subject) {
    if (!isOpen() || config == this->config()) return;
    history_->push(std::move(config), subject);
    onHistory();
    rebuildSoon();
}

void PipelineEditor::addStep(const std::string& op) {
    if (!isOpen()) create();
    // Behind the step that is looked at, where there is one.
    const std::size_t at = lookedAt_ ? *lookedAt_ + 1 : config().steps.size();
    edit(withStepAdded(config(), op, at));
    if (lookedAt_) lookAt(at);
}

void PipelineEditor::removeStep(std::size_t step) {
    if (!isOpen() || step >= config().steps.size()) return;
    if (lookedAt_ && *lookedAt_ >= step) {
        lookedAt_ = *lookedAt_ == step ? std::nullopt : std::optional(*lookedAt_ - 1);
        emit lookedAtChanged();
    }
    edit(withStepRemoved(config(), step));
}

void PipelineEditor::moveStep(std::size_t step, std::size_t to) {
    if (!isOpen() || step >= config().steps.size() || step == to) return;
    if (lookedAt_) lookedAt_ = placeAfterMove(*lookedAt_, step, to);
    edit(withStepMoved(config(), step, to));
}

void PipelineEditor::undo() {
    if (!canUndo()) return;
    history_->undo();
    onHistory();
    rebuild();
}

void PipelineEditor::redo() {
    if (!canRedo()) return;
    history_->redo();
    onHistory();
    rebuild();
}

void PipelineEditor::onHistory() {
    const bool gone = lookedAt_ && *lookedAt_ >= config().steps.size();
    if (gone) lookedAt_.reset();
    emit configChanged();
    if (gone) emit lookedAtChanged();
}

void PipelineEditor::rebuildSoon() {
    ++build_;
    pause_.start();
}

void PipelineEditor::rebuild() {
    pause_.stop();
    if (!isOpen()) return;
    history_->seal();
    const std::uint64_t build = ++build_;
    background_.run([config = config(), input = input()] { return makePipeline(config, input); },
                    [this, build](LoadedPipeline loaded) {
                        if (build == build_) take(std::move(loaded));
                    });
}

bool PipelineEditor::fitsData(const LoadedPipeline& loaded) const {
    if (!session_.hasData()) return true;
    const graph::LazyArray& raw = session_.recording().array;
    return loaded.pipeline && loaded.pipeline->raw.fingerprint() == raw.fingerprint() &&
           loaded.pipeline->raw.axes() == raw.axes();
}

void PipelineEditor::take(LoadedPipeline loaded) {
    // Other data may have been opened while it was made.
    if (loaded.ok() && !fitsData(loaded)) return rebuild();
    messages_ = loaded.messages;
    if (loaded.pipeline) {
        built_ = std::make_shared<const LoadedPipeline>(std::move(loaded));
        showResult();
    }
    emit builtChanged();
}

void PipelineEditor::lookAt(std::optional<std::size_t> step) {
    if (!isOpen()) return;
    if (step && *step >= config().steps.size()) step.reset();
    if (step == lookedAt_) return;
    lookedAt_ = step;
    emit lookedAtChanged();
    // Where the steps were changed since, what is built next shows it.
    if (!pause_.isActive()) showResult();
}

void PipelineEditor::showResult() {
    if (!session_.hasData() || !built_ || !built_->pipeline) return;
    const graph::LazyArray shown = arrayOf(*built_->pipeline, lookedAt_);
    view::ViewState state = stateFor(shown);
    if (!std::exchange(viewWanted_, false)) return session_.look(shown, std::move(state));
    try {
        applyViewSettings(state, shown.axes(), built_->config.view);
    } catch (const Failure& failure) {
        messages_.push_back({built_->config.path, {}, failure.error().message});
    }
    session_.look(shown, std::move(state));
}

view::ViewState PipelineEditor::stateFor(const graph::LazyArray& array) const {
    return atSamePlace(carriedOver(session_.state(), session_.axes(), array.axes()), array, session_.state(),
                       session_.array(), session_.recording().array);
}

graph::LazyArray PipelineEditor::geometryOnly() const {
    if (!built_ || !built_->geometry) return {};
    return arrayOf(*built_->geometry, lookedAt_);
}

void PipelineEditor::save(const std::string& path, bool evenWithLoss) {
    if (!isOpen()) return;
    const auto work = [config = movedTo(config(), path), path, evenWithLoss] {
        SaveOutcome outcome{path, {}, {}, {}};
        try {
            outcome.lost = pipeline::writeConfig(config).lost;
            if (outcome.lost.empty() || evenWithLoss) outcome.written = pipeline::saveConfig(config, path);
        } catch (const std::exception& failure) {
            outcome.failure = failure.what();
        }
        return outcome;
    };
    background_.run(work, [this](SaveOutcome outcome) { finishSave(std::move(outcome)); });
}

void PipelineEditor::finishSave(SaveOutcome outcome) {
    if (!isOpen()) return;
    const QString path = pathToQString(outcome.path);
    if (!outcome.failure.empty()) return emit saveFailed(toQString(outcome.failure));
    if (!outcome.written) {
        QStringList comments;
        for (const std::string& comment : outcome.lost) comments << toQString(comment);
        return emit lossFound(path, comments);
    }
    // It may have been changed again while it was written.
    history_->setSaved(*outcome.written);
    fileMessages_.clear();
    watchFile();
    emit configChanged();
    emit builtChanged();
    emit saved(path);
}

void PipelineEditor::watchFile() {
    const pipeline::Config& config = history_->saved();
    if (config.path.empty()) return watch_.stop();
    watch_.watch(config.path, config.text ? *config.text : std::string());
}

void PipelineEditor::reload() {
    if (!isOpen() || config().path.empty()) return;
    const std::uint64_t load = ++load_;
    background_.run([path = config().path, input = input()] { return loadPipeline(path, input); },
                    [this, load](LoadedPipeline loaded) {
                        if (load == load_) finishReload(std::move(loaded));
                    });
}

void PipelineEditor::finishReload(LoadedPipeline loaded) {
    if (!loaded.ok()) {
        fileMessages_ = loaded.messages;
        emit builtChanged();
        return emit fileBroken(fileMessages_);
    }
    fileMessages_.clear();
    const bool overChanges = modified() && !(loaded.config == config());
    const bool news = !(loaded.config == config());
    history_->seal();
    history_->push(loaded.config);
    history_->setSaved(loaded.config);
    ++build_;
    pause_.stop();
    take(std::move(loaded));
    onHistory();
    if (news) emit reloaded(overChanges);
}

} // namespace lazulite::gui
