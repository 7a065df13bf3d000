#include "pipeline/comparison.h"

#include <algorithm>
#include <utility>

#include "pipeline/pipeline_editor.h"
#include "pipeline/raw_place.h"
#include "session/carry_over.h"
#include "session/session.h"

namespace lazulite::gui {

namespace {

constexpr double kNarrowest = 0.02; // of the canvas: the divider stays where it can be taken hold of

} // namespace

Comparison::Comparison(Session& session, PipelineEditor& editor, QObject* parent)
    : QObject(parent), session_(session), editor_(editor) {
    connect(&session, &Session::stateChanged, this, &Comparison::follow);
    connect(&session, &Session::arrayChanged, this, &Comparison::follow);
    connect(&session, &Session::recordingChanged, this, &Comparison::follow);
    connect(&session, &Session::canvasChanged, this, &Comparison::follow);
    connect(&editor, &PipelineEditor::builtChanged, this, &Comparison::follow);
    connect(&editor, &PipelineEditor::lookedAtChanged, this, &Comparison::follow);
    connect(&editor, &PipelineEditor::closed, this, &Comparison::follow);
}

Comparison::~Comparison() = default;

void Comparison::setHeld(bool held) {
    if (held == std::exchange(held_, held)) return;
    follow();
    emit changed();
}

void Comparison::setBeside(bool beside) {
    if (beside == std::exchange(beside_, beside)) return;
    follow();
    emit changed();
}

void Comparison::setDivider(double divider) {
    divider_ = std::clamp(divider, kNarrowest, 1 - kNarrowest);
    emit changed();
}

bool Comparison::shown() const {
    if (!session_.hasData() || !session_.processed()) return false;
    return held_ || (beside_ && session_.state().ndisplay == 2);
}

std::optional<Comparison::Target> Comparison::target() const {
    if (!shown() || session_.state().order.size() < 2) return std::nullopt;
    const graph::LazyArray geometry = editor_.geometryOnly();
    if (!geometry || geometry.fingerprint() == session_.array().fingerprint()) return nearestRaw();
    Target target{geometry, carriedOver(session_.state(), session_.axes(), geometry.axes())};
    // Other values need other limits: they are estimated, as for any array that is shown first.
    for (view::ChannelSettings& channel : target.state.channels) channel.provisional = true;
    return target;
}

Comparison::Target Comparison::nearestRaw() const {
    const graph::LazyArray& raw = session_.recording().array;
    const view::ViewState& shown = session_.state();
    return {raw, atSamePlace(carriedOver(shown, session_.axes(), raw.axes()), raw, shown, session_.array(), raw), true};
}

view::Viewer& Comparison::viewer() {
    if (viewer_) return *viewer_;
    view::Viewer::Listener listener;
    listener.picture = [this](std::shared_ptr<const view::Picture> picture) {
        pictureBox_.post(*this, std::move(picture), [this](auto taken) { takePicture(std::move(taken)); });
    };
    listener.volume = [this](std::shared_ptr<const view::VolumePicture> volume) {
        volumeBox_.post(*this, std::move(volume), [this](auto taken) { takeVolume(std::move(taken)); });
    };
    viewer_ = std::make_unique<view::Viewer>(session_.executor(), std::move(listener));
    viewer_->setPrefetch(false);
    return *viewer_;
}

void Comparison::follow() {
    auto wanted = target();
    if (!wanted) {
        if (!viewer_ || !viewer_->array()) return;
        viewer_->show({}, {}); // it holds no memory while nobody looks
        picture_.reset();
        volume_.reset();
        return;
    }
    nearest_ = wanted->nearest;
    view::Viewer& own = viewer();
    own.setCanvas(session_.canvasWidth(), session_.canvasHeight());
    own.setTextureLimit(session_.textureLimit());
    const graph::LazyArray now = own.array();
    const bool same = now && now.fingerprint() == wanted->array.fingerprint() && now.axes() == wanted->array.axes();
    if (same) {
        own.setState(std::move(wanted->state));
    } else {
        pictureBox_.clear();
        volumeBox_.clear();
        picture_.reset();
        volume_.reset();
        own.show(wanted->array, std::move(wanted->state));
    }
    state_ = own.state();
    if (state_.ndisplay == 3) emit changed(); // a volume is drawn anew for each camera
}

void Comparison::takePicture(std::shared_ptr<const view::Picture> picture) {
    if (!picture || !shown()) return;
    picture_ = std::move(picture);
    emit changed();
}

void Comparison::takeVolume(std::shared_ptr<const view::VolumePicture> volume) {
    if (!volume || !shown()) return;
    volume_ = std::move(volume);
    // Limits that were estimated for it are part of how it is drawn.
    state_ = viewer_->state();
    emit changed();
}

} // namespace lazulite::gui
