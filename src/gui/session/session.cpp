#include "session/session.h"

#include <algorithm>
#include <unordered_set>
#include <utility>

namespace lazulite::gui {

namespace {

std::shared_ptr<const view::Picture> outdated(view::Picture picture) {
    picture.stale = true;
    return std::make_shared<const view::Picture>(std::move(picture));
}

} // namespace

Session::Session(const graph::ExecutorOptions& options, view::ViewerPace pace, QObject* parent)
    : QObject(parent),
      executor_(std::make_unique<graph::Executor>(options)),
      viewer_(std::make_unique<view::Viewer>(*executor_, makeListener(), pace)) {}

Session::~Session() = default;

view::Viewer::Listener Session::makeListener() {
    view::Viewer::Listener listener;
    listener.picture = [this](std::shared_ptr<const view::Picture> picture) {
        noteCosts(picture->costs);
        pictureBox_.post(*this, std::move(picture), [this](auto taken) { takePicture(std::move(taken)); });
    };
    listener.volume = [this](std::shared_ptr<const view::VolumePicture> volume) {
        noteCosts(volume->costs);
        volumeBox_.post(*this, std::move(volume), [this](auto taken) { takeVolume(std::move(taken)); });
    };
    listener.volumeProgress = [this](double progress) {
        progressBox_.post(*this, progress, [this](double taken) { takeProgress(taken); });
    };
    listener.limitsRefined = [this](std::vector<view::ChannelSettings> channels) {
        limitsBox_.post(*this, std::move(channels), [this](const auto& taken) { takeLimits(taken); });
    };
    listener.problemsChanged = [this] { problemsBox_.post(*this, true, [this](bool) { takeProblems(); }); };
    return listener;
}

void Session::noteCosts(const graph::Costs& costs) {
    const bool nothing =
        costs.reads.filesOpened == 0 && costs.reads.pagesRead == 0 && costs.cacheHits == 0 && costs.blocksComputed == 0;
    if (nothing) return;
    const std::scoped_lock lock(costsMutex_);
    newCosts_ = costs;
}

void Session::show(Recording recording, view::ViewState state) {
    const view::ViewState before = std::exchange(state_, std::move(state));
    recording_ = std::move(recording);
    array_ = recording_.shown();
    picture_.reset();
    volume_.reset();
    volumeProgress_.reset();
    pictureCosts_ = {};
    problems_.clear();
    noted_.clear();
    viewer_->show(array_, state_, copies());
    emit recordingChanged();
    emit stateChanged(before);
    emit problemsChanged();
    emit pictureChanged();
}

void Session::close() {
    show({}, {});
}

void Session::setState(view::ViewState state) {
    if (!hasData() || state == state_) return;
    const view::ViewState before = std::exchange(state_, std::move(state));
    if (before.ndisplay == 3 && state_.ndisplay == 2) volumeProgress_.reset();
    viewer_->setState(state_);
    emit stateChanged(before);
}

void Session::edit(const std::function<void(view::ViewState&)>& change) {
    view::ViewState state = state_;
    change(state);
    setState(std::move(state));
}

void Session::setPosition(std::size_t axis, std::int64_t position) {
    if (!hasData() || axis >= axes().size()) return;
    edit([&](view::ViewState& state) {
        state.position[axis] = std::clamp<std::int64_t>(position, 0, axes()[axis].size - 1);
    });
}

void Session::editChannel(std::size_t channel, const std::function<void(view::ChannelSettings&)>& change) {
    if (channel >= state_.channels.size()) return;
    edit([&](view::ViewState& state) { change(state.channels[channel]); });
}

void Session::autoContrast(std::size_t channel) {
    if (channel >= state_.channels.size()) return;
    viewer_->autoContrast(channel);
    adoptViewerLimits([channel](std::size_t i) { return i == channel; });
}

bool Session::processed() const {
    return hasData() && array_.fingerprint() != recording_.array.fingerprint();
}

std::vector<graph::LazyArray> Session::copies() const {
    return processed() ? std::vector<graph::LazyArray>{} : recording_.reduced;
}

void Session::look(graph::LazyArray array, view::ViewState state) {
    if (!hasData()) return;
    if (array.fingerprint() == array_.fingerprint() && array.axes() == array_.axes()) return setState(std::move(state));
    const view::ViewState before = std::exchange(state_, std::move(state));
    array_ = std::move(array);
    pictureBox_.clear();
    volumeBox_.clear();
    limitsBox_.clear();
    // What is on screen stays there as long as it can be read as a picture of this array.
    const std::size_t rank = state_.position.size();
    picture_ = picture_ && picture_->state.position.size() == rank ? outdated(*picture_) : nullptr;
    if (volume_ && volume_->state.position.size() != rank) volume_.reset();
    volumeProgress_.reset();
    viewer_->show(array_, state_, copies());
    collectProblems();
    emit arrayChanged();
    emit stateChanged(before);
    emit problemsChanged();
}

void Session::setAxes(const Axes& axes) {
    graph::LazyArray corrected = recording_.array.withAxes(axes);
    const bool shown = !processed();
    const Axes former = recording_.array.axes();
    recording_.array = std::move(corrected);
    if (shown) {
        // What is displayed and what is a channel goes by the names.
        view::ViewState start = view::ViewState::startFor(axes);
        const bool renamed = !std::ranges::equal(axes, former, {}, &Axis::name, &Axis::name);
        if (start.channels.size() == state_.channels.size()) start.channels = state_.channels;
        start.position = state_.position;
        start.interpolation = state_.interpolation;
        start.scaleBar = state_.scaleBar;
        start.ndisplay = view::hasDepth(start, axes) ? state_.ndisplay : 2;
        look(recording_.array, renamed ? std::move(start) : state_);
    }
    emit axesCorrected();
}

void Session::setCanvas(int width, int height) {
    canvasWidth_ = std::max(1, width);
    canvasHeight_ = std::max(1, height);
    viewer_->setCanvas(canvasWidth_, canvasHeight_);
    emit canvasChanged();
}

void Session::setTextureLimit(int side) {
    textureLimit_ = side;
    viewer_->setTextureLimit(side);
}

void Session::cancelVolume() {
    viewer_->cancelVolume();
    volumeProgress_.reset();
    emit volumeProgressed();
}

void Session::retry() {
    noted_.clear();
    viewer_->retry();
    emit retried();
}

void Session::takePicture(std::shared_ptr<const view::Picture> picture) {
    // A picture of the array before may still be under way when another one is opened.
    if (!hasData() || !picture || picture->state.position.size() != state_.position.size()) return;
    picture_ = std::move(picture);
    adoptCosts();
    emit pictureChanged();
}

void Session::takeVolume(std::shared_ptr<const view::VolumePicture> volume) {
    if (!hasData() || !volume || volume->state.position.size() != state_.position.size()) return;
    volume_ = std::move(volume);
    if (!volume_->coarse) volumeProgress_.reset();
    adoptCosts();
    emit volumeChanged();
}

void Session::adoptCosts() {
    const std::scoped_lock lock(costsMutex_);
    if (newCosts_) pictureCosts_ = *std::exchange(newCosts_, std::nullopt);
}

void Session::takeProgress(double progress) {
    if (!hasData() || state_.ndisplay != 3) return;
    volumeProgress_ = progress < 1 ? std::optional(progress) : std::nullopt;
    emit volumeProgressed();
}

void Session::takeLimits(const std::vector<view::ChannelSettings>& channels) {
    if (channels.size() != state_.channels.size()) return;
    adoptViewerLimits([this](std::size_t i) { return state_.channels[i].provisional; });
}

void Session::adoptViewerLimits(const std::function<bool(std::size_t)>& wanted) {
    const view::ViewState theirs = viewer_->state();
    if (theirs.channels.size() != state_.channels.size()) return;
    const view::ViewState before = state_;
    for (std::size_t i = 0; i < state_.channels.size(); ++i) {
        if (!wanted(i)) continue;
        state_.channels[i].limits = theirs.channels[i].limits;
        state_.channels[i].provisional = theirs.channels[i].provisional;
    }
    if (state_ != before) emit stateChanged(before);
}

void Session::takeProblems() {
    collectProblems();
    emit problemsChanged();
}

void Session::note(const std::vector<view::Problem>& found) {
    noted_.insert(noted_.end(), found.begin(), found.end());
    collectProblems();
    emit problemsChanged();
}

void Session::collectProblems() {
    problems_ = viewer_->problems();
    std::unordered_set<std::string> known;
    for (const view::Problem& problem : problems_) known.insert(problem.error.path);
    const Axes& raw = recording_.array.axes();
    for (const view::Problem& noted : noted_) {
        if (known.contains(noted.error.path)) continue;
        view::Problem problem{std::vector<std::int64_t>(axes().size(), 0), noted.error};
        for (std::size_t i = 0; i < axes().size(); ++i) {
            const auto axis = findAxis(raw, axes()[i].name);
            // Along an axis that a pipeline cut, places have other numbers than in the files.
            if (axis && *axis < noted.position.size() && raw[*axis].size == axes()[i].size)
                problem.position[i] = noted.position[*axis];
        }
        problems_.push_back(std::move(problem));
    }
}

} // namespace lazulite::gui
