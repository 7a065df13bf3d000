#include "lazulite/view/viewer.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "pyramid.h"
#include "viewer_impl.h"

namespace lazulite::view {

namespace {

bool isPermutation(const std::vector<std::size_t>& order, std::size_t rank) {
    if (order.size() != rank) return false;
    std::vector<bool> seen(rank, false);
    for (const std::size_t axis : order) {
        if (axis >= rank || seen[axis]) return false;
        seen[axis] = true;
    }
    return true;
}

/// The state made to fit the array: positions inside, a valid order, as many channels as there are.
ViewState fitted(ViewState state, const Axes& axes) {
    const ViewState start = ViewState::startFor(axes);
    state.position.resize(axes.size(), 0);
    for (std::size_t i = 0; i < axes.size(); ++i) {
        state.position[i] = std::clamp<std::int64_t>(state.position[i], 0, std::max<std::int64_t>(0, axes[i].size - 1));
    }
    if (!isPermutation(state.order, axes.size())) state.order = start.order;
    if (state.channels.size() > start.channels.size()) state.channels.resize(start.channels.size());
    for (std::size_t i = state.channels.size(); i < start.channels.size(); ++i)
        state.channels.push_back(start.channels[i]);
    state.ndisplay = state.ndisplay == 3 ? 3 : 2;
    return state;
}

} // namespace

Viewer::Impl::Impl(graph::Executor& executor, Listener listener, ViewerPace pace)
    : executor_(executor),
      listener_(std::move(listener)),
      previewAfter_(pace.preview),
      restAfter_(pace.rest),
      loader_(executor, alarm_, gate_, pace,
              {.frame = [this](Frame frame) { onFrame(std::move(frame)); },
               .answered =
                   [this](const PlaneTarget& target, std::size_t channel, const std::vector<Error>& errors) {
                       report(target, target.problemPosition(channel), errors);
                   }}),
      previewLoader_(executor, alarm_, gate_, pace,
                     {.frame = [this](Frame frame) { onPreview(std::move(frame)); },
                      .answered = [](const PlaneTarget&, std::size_t, const std::vector<Error>&) {}}),
      volumeLoader_(executor, alarm_, gate_, pace,
                    {.loaded = [this](const VolumeTarget& target,
                                      std::shared_ptr<VolumePicture> volume) { onVolume(target, std::move(volume)); },
                     .progress =
                         [this](double fraction) {
                             if (listener_.volumeProgress) listener_.volumeProgress(fraction);
                         },
                     .answered =
                         [this](const VolumeTarget& target, std::size_t channel, const std::vector<Error>& errors) {
                             report(target.plane, target.problemPosition(channel), errors);
                         },
                     .ended =
                         [this] {
                             const std::lock_guard lock(mutex_);
                             if (state_.ndisplay == 3) busySince_.reset();
                         }}),
      sampler_(executor, gate_,
               [this](std::size_t channel, std::array<double, 2> limits) { onSampled(channel, limits); }),
      prefetcher_(executor),
      dearPrefetcher_(executor) {}

Viewer::Impl::~Impl() {
    loader_.stop();
    previewLoader_.stop();
    volumeLoader_.stop();
    sampler_.stop();
    prefetcher_.stop();
    dearPrefetcher_.stop();
    gate_->close();
}

void Viewer::Impl::show(graph::LazyArray array, ViewState state, std::vector<graph::LazyArray> reduced) {
    prefetcher_.stop();
    dearPrefetcher_.stop();
    loader_.stop();
    previewLoader_.stop();
    volumeLoader_.stop();
    sampler_.stop();
    problems_.clear();
    {
        const std::lock_guard lock(mutex_);
        ++epoch_;
        array_ = std::move(array);
        preview_ = graph::previewOf(array_);
        pending_ = fmt::format("{}", fmt::join(graph::dearOperations(array_), ", "));
        reduced_ = std::move(reduced);
        state_ = fitted(std::move(state), array_.axes());
        estimated_.assign(state_.channels.size(), false);
        percentiles_.assign(state_.channels.size(), std::nullopt);
        frame_.reset();
        previewFrame_.reset();
        costs_.reset();
        picture_.reset();
        busySince_.reset();
    }
    load(false);
}

void Viewer::Impl::setState(ViewState state) {
    ViewState before;
    std::vector<std::size_t> moved;
    {
        const std::lock_guard lock(mutex_);
        before = state_;
        state = fitted(std::move(state), array_.axes());
        keepLimitsOf(before.channels, state.channels);
        if (state == before) return;
        state_ = state;
        moved = movedAxes(before);
        movedAxis_ = moved.size() == 1 ? std::optional(moved.front()) : std::nullopt;
    }
    // Before the newest position is loaded: what comes after it is computed once it is there, which may be at once.
    if (moved.size() == 1) dearPrefetcher_.keepOnly(moved.front(), state.position[moved.front()]);
    load(false);
    prefetch(before);
    // Another position alone changes nothing of the picture until its slices come.
    state.position = before.position;
    if (state != before) requestPicture();
}

void Viewer::Impl::keepLimitsOf(const std::vector<ChannelSettings>& known, std::vector<ChannelSettings>& channels) {
    for (std::size_t i = 0; i < channels.size(); ++i) {
        if (!channels[i].provisional) continue;
        if (known[i].provisional) {
            if (estimated_[i]) channels[i].limits = known[i].limits;
        } else {
            estimated_[i] = false;
        }
    }
}

void Viewer::Impl::setCanvas(int width, int height) {
    bool copies = false;
    {
        const std::lock_guard lock(mutex_);
        if (width == width_ && height == height_) return;
        width_ = std::max(0, width);
        height_ = std::max(0, height);
        copies = !reduced_.empty();
    }
    if (copies) load(false);
    requestPicture();
}

void Viewer::Impl::setPrefetch(bool wanted) {
    {
        const std::lock_guard lock(mutex_);
        prefetchWanted_ = wanted;
    }
    if (wanted) return;
    prefetcher_.stop();
    dearPrefetcher_.stop();
}

void Viewer::Impl::setTextureLimit(int side) {
    {
        const std::lock_guard lock(mutex_);
        if (side == textureLimit_) return;
        textureLimit_ = side;
        if (state_.ndisplay != 3) return;
    }
    load(false);
}

void Viewer::Impl::cancelVolume() {
    volumeLoader_.cancel();
}

void Viewer::Impl::retry() {
    problems_.clear();
    load(true);
    if (listener_.problemsChanged) {
        executor_.post([this, gate = gate_] {
            if (const auto pass = gate->enter()) listener_.problemsChanged();
        });
    }
}

bool Viewer::Impl::drawable() const {
    return array_ && array_.rank() >= 2 && elementCount(array_.shape()) > 0;
}

PlaneTarget Viewer::Impl::target() const {
    PlaneTarget target{array_, preview_, state_.position, state_.order, {}, {}};
    for (const ChannelSettings& channel : state_.channels) target.visible.push_back(channel.visible);
    if (reduced_.empty() || state_.ndisplay == 3) return target;
    constexpr std::uint64_t kMemoryShare = 2; // the picture before is still there when this one comes
    const std::uint64_t most = executor_.memory().usage().limit / kMemoryShare;
    const PlaneTarget* shown = frame_ && frame_->complete ? &frame_->target : nullptr;
    target.reduced = chooseCopy(target, reduced_, state_, width_, height_, most, shown);
    return target;
}

void Viewer::Impl::load(bool again) {
    std::optional<PlaneTarget> wanted;
    bool volume = false;
    int textureLimit = 0;
    {
        const std::lock_guard lock(mutex_);
        if (drawable()) wanted = target();
        volume = state_.ndisplay == 3;
        textureLimit = textureLimit_;
    }
    if (!wanted || volume) {
        loader_.stop();
        previewLoader_.stop();
    }
    if (!wanted || !volume) volumeLoader_.stop();
    if (!wanted) {
        clearBusy();
        return;
    }
    // Set before the loaders know: they may be done, and say so, before they return.
    {
        const std::lock_guard lock(mutex_);
        if (!busySince_) busySince_ = Clock::now();
    }
    if (volume) {
        volumeLoader_.setTarget(VolumeTarget::of(std::move(*wanted), textureLimit), again);
    } else {
        const bool dear = static_cast<bool>(wanted->preview);
        loader_.setTarget(std::move(*wanted), again);
        if (dear && !loader_.settled()) {
            alarm_.at(Clock::now() + previewAfter_, [this, gate = gate_] {
                if (const auto pass = gate->enter()) startPreview();
            });
        }
    }
    if (volume ? volumeLoader_.settled() : loader_.settled()) clearBusy();
}

/// Shows the newest position without its dear operations where they are not done yet.
void Viewer::Impl::startPreview() {
    if (loader_.settled()) return;
    std::optional<PlaneTarget> wanted;
    {
        const std::lock_guard lock(mutex_);
        if (drawable() && preview_ && state_.ndisplay == 2) wanted = target().ofPreview();
    }
    if (wanted) previewLoader_.setTarget(std::move(*wanted));
}

/// The sliders that were moved since. Under the lock.
std::vector<std::size_t> Viewer::Impl::movedAxes(const ViewState& before) const {
    std::vector<std::size_t> axes = sliderAxes(state_, array_.axes());
    std::erase_if(axes, [&](std::size_t axis) { return state_.position[axis] == before.position[axis]; });
    return axes;
}

void Viewer::Impl::prefetch(const ViewState& before) {
    std::optional<PlaneTarget> wanted;
    std::vector<std::size_t> moved;
    bool other = false;
    {
        const std::lock_guard lock(mutex_);
        if (!drawable() || !prefetchWanted_) return;
        other = before.order != state_.order || before.ndisplay != state_.ndisplay || state_.ndisplay != 2;
        moved = movedAxes(before);
        wanted = preview_ ? target().ofPreview() : target();
    }
    if (other || moved.size() > 1) {
        prefetcher_.stop();
        dearPrefetcher_.stop();
        return;
    }
    if (moved.empty()) return;
    fetchAhead(prefetcher_, *wanted, moved.front(), graph::Prefetcher::kMostAhead);
}

/// Computes the next position of the slider that moved last, once what is looked at is there and nothing moves any
/// more: before, it would slow that down.
void Viewer::Impl::prefetchDear() {
    if (!loader_.settled()) return;
    std::optional<PlaneTarget> wanted;
    std::size_t axis = 0;
    {
        const std::lock_guard lock(mutex_);
        if (!drawable() || !preview_ || !prefetchWanted_ || !movedAxis_ || state_.ndisplay != 2) return;
        wanted = target();
        axis = *movedAxis_;
    }
    fetchAhead(dearPrefetcher_, *wanted, axis, 1);
}

void Viewer::Impl::fetchAhead(graph::Prefetcher& prefetcher, const PlaneTarget& target, std::size_t axis,
                              std::int64_t most) {
    prefetcher.moved(
        axis, target.position[axis], target.array.axes()[axis].size,
        [target, axis](std::int64_t at) {
            PlaneTarget next = target;
            next.position[axis] = at;
            std::vector<graph::Request> requests;
            for (std::size_t i = 0; i < next.visible.size(); ++i) {
                if (next.visible[i]) requests.push_back(next.request(i, graph::Priority::Prefetch));
            }
            return requests;
        },
        most);
}

void Viewer::Impl::autoContrast(std::size_t channel) {
    {
        const std::lock_guard lock(mutex_);
        if (channel >= percentiles_.size() || !percentiles_[channel]) return;
        state_.channels[channel].limits = *percentiles_[channel];
        state_.channels[channel].provisional = false;
    }
    requestPicture();
}

std::optional<double> Viewer::Impl::busyForMs() const {
    const std::lock_guard lock(mutex_);
    if (!busySince_ || width_ <= 0 || height_ <= 0) return std::nullopt;
    return std::chrono::duration<double, std::milli>(Clock::now() - *busySince_).count();
}

ViewState Viewer::Impl::state() const {
    const std::lock_guard lock(mutex_);
    return state_;
}

graph::LazyArray Viewer::Impl::array() const {
    const std::lock_guard lock(mutex_);
    return array_;
}

std::shared_ptr<const Picture> Viewer::Impl::picture() const {
    const std::lock_guard lock(mutex_);
    return picture_;
}

Viewer::Viewer(graph::Executor& executor, Listener listener, ViewerPace pace)
    : impl_(std::make_unique<Impl>(executor, std::move(listener), pace)) {}
Viewer::~Viewer() = default;

void Viewer::show(graph::LazyArray array, ViewState state, std::vector<graph::LazyArray> reduced) {
    impl_->show(std::move(array), std::move(state), std::move(reduced));
}
void Viewer::setState(ViewState state) {
    impl_->setState(std::move(state));
}
void Viewer::setCanvas(int width, int height) {
    impl_->setCanvas(width, height);
}
void Viewer::setPrefetch(bool wanted) {
    impl_->setPrefetch(wanted);
}

void Viewer::setTextureLimit(int side) {
    impl_->setTextureLimit(side);
}
ViewState Viewer::state() const {
    return impl_->state();
}
graph::LazyArray Viewer::array() const {
    return impl_->array();
}
std::shared_ptr<const Picture> Viewer::picture() const {
    return impl_->picture();
}
std::optional<double> Viewer::busyForMs() const {
    return impl_->busyForMs();
}
double Viewer::progress() const {
    return impl_->progress();
}
std::vector<Problem> Viewer::problems() const {
    return impl_->problems();
}
void Viewer::retry() {
    impl_->retry();
}
void Viewer::cancelVolume() {
    impl_->cancelVolume();
}
void Viewer::autoContrast(std::size_t channel) {
    impl_->autoContrast(channel);
}

} // namespace lazulite::view
