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

void Viewer::Impl::onFrame(Frame frame) {
    {
        const std::lock_guard lock(mutex_);
        if (!array_ || frame.target.array.fingerprint() != array_.fingerprint() ||
            frame.target.array.axes() != array_.axes())
            return;
        take(frame_, std::move(frame));
        previewCameLast_ = false;
    }
    requestPicture();
}

void Viewer::Impl::onPreview(Frame frame) {
    for (Frame::Slice& slice : frame.slices) slice.preview = true;
    {
        const std::lock_guard lock(mutex_);
        if (!preview_ || frame.target.array.fingerprint() != preview_.fingerprint() ||
            frame.target.array.axes() != preview_.axes())
            return;
        take(previewFrame_, std::move(frame));
        previewCameLast_ = true;
    }
    requestPicture();
}

void Viewer::Impl::take(std::optional<Frame>& place, Frame frame) {
    if (place && place->version > frame.version) return;
    if (!place || place->serial != frame.serial || !costs_) costs_ = graph::Costs{};
    *costs_ += frame.costs;
    place = std::move(frame);
}

std::optional<Frame> Viewer::Impl::shown() const {
    if (!previewFrame_ || !frame_) return frame_ ? frame_ : previewFrame_;
    if (!frame_->target.samePlace(previewFrame_->target)) {
        const PlaneTarget wanted = target();
        if (wanted.samePlace(frame_->target)) return frame_;
        if (wanted.samePlace(previewFrame_->target)) return previewFrame_;
        return previewCameLast_ ? previewFrame_ : frame_;
    }
    Frame frame = *frame_;
    for (std::size_t i = 0; i < frame.slices.size(); ++i) {
        Frame::Slice& slice = frame.slices[i];
        if (!slice.plane && !slice.error) slice = previewFrame_->slices[i];
    }
    return frame;
}

void Viewer::Impl::report(const PlaneTarget& target, const std::vector<std::int64_t>& position,
                          const std::vector<Error>& errors) {
    {
        const std::lock_guard lock(mutex_);
        if (!array_ || target.array.fingerprint() != array_.fingerprint()) return;
    }
    if (problems_.report(position, errors) && listener_.problemsChanged) listener_.problemsChanged();
}

void Viewer::Impl::clearBusy() {
    const std::lock_guard lock(mutex_);
    busySince_.reset();
}

void Viewer::Impl::onVolume(const VolumeTarget& target, std::shared_ptr<VolumePicture> volume) {
    constexpr std::int64_t kSamples = std::int64_t{1} << 17;
    std::vector<std::optional<Statistics>> seen(volume->channels.size());
    const auto step = static_cast<std::int64_t>(bytesPer(volume->dtype));
    const auto voxel = step * static_cast<std::int64_t>(volume->channels.size());
    for (std::size_t i = 0; i < seen.size() && volume->voxels; ++i) {
        const std::shared_ptr<const std::byte> first(volume->voxels,
                                                     volume->voxels.get() + static_cast<std::int64_t>(i) * step);
        const std::int64_t row = voxel * volume->size[0];
        seen[i] =
            statisticsOf(Block(first, volume->dtype, Region::whole({volume->size[2], volume->size[1], volume->size[0]}),
                               {row * volume->size[1], row, voxel}),
                         kSamples);
    }
    volume->histograms.resize(target.plane.visible.size());
    for (std::size_t i = 0; i < seen.size(); ++i) {
        auto& histogram = volume->histograms[static_cast<std::size_t>(volume->channels[i])];
        if (seen[i]) histogram = std::make_shared<const Histogram>(std::move(seen[i]->histogram));
    }
    std::vector<std::size_t> estimated;
    std::vector<ChannelSettings> channels;
    {
        const std::lock_guard lock(mutex_);
        if (!array_ || target.plane.array.fingerprint() != array_.fingerprint() || state_.ndisplay != 3) return;
        for (std::size_t i = 0; i < seen.size(); ++i) {
            const auto channel = static_cast<std::size_t>(volume->channels[i]);
            if (!seen[i]) continue;
            if (!volume->pending.empty()) continue;
            percentiles_[channel] = seen[i]->percentiles;
            if (estimateLimits(channel, seen[i]->percentiles)) estimated.push_back(channel);
        }
        channels = state_.channels;
        volume->state = state_;
        for (std::size_t i = 0; i < seen.size() && !volume->pending.empty(); ++i) {
            ChannelSettings& settings = volume->state.channels[static_cast<std::size_t>(volume->channels[i])];
            if (seen[i] && settings.provisional) settings.limits = seen[i]->percentiles;
        }
        if (!volume->coarse && target.plane.position == state_.position) busySince_.reset();
    }
    volume->state.position = target.plane.position;
    volume->state.order = target.plane.order;
    if (listener_.volume) listener_.volume(std::move(volume));
    if (!estimated.empty() && listener_.limitsRefined) listener_.limitsRefined(channels);
    sample(target.plane, estimated, channels);
}

/// Refines estimated limits by a few planes, unless those would have to be computed dearly.
void Viewer::Impl::sample(const PlaneTarget& target, const std::vector<std::size_t>& estimated,
                          const std::vector<ChannelSettings>& channels) {
    if (target.preview) return;
    for (const std::size_t channel : estimated) sampler_.start(target, channel, channels[channel].limits);
}

void Viewer::Impl::onSampled(std::size_t channel, std::array<double, 2> limits) {
    std::vector<ChannelSettings> channels;
    {
        const std::lock_guard lock(mutex_);
        if (channel >= state_.channels.size() || !estimated_[channel]) return;
        ChannelSettings& settings = state_.channels[channel];
        if (!settings.provisional || settings.limits == limits) return;
        settings.limits = limits;
        channels = state_.channels;
    }
    if (listener_.limitsRefined) listener_.limitsRefined(std::move(channels));
    requestPicture();
}

void Viewer::Impl::requestPicture() {
    {
        const std::lock_guard lock(mutex_);
        wanted_ = true;
        if (making_ || (!frame_ && !previewFrame_) || width_ <= 0 || height_ <= 0) return;
        making_ = true;
    }
    executor_.post([this, gate = gate_] {
        if (const auto pass = gate->enter()) makePictures();
    });
}

void Viewer::Impl::makePictures() {
    while (makeOnePicture()) {
    }
}

bool Viewer::Impl::makeOnePicture() {
    std::optional<Frame> frame;
    int width = 0;
    int height = 0;
    std::uint64_t epoch = 0;
    std::string pending;
    bool previewOnly = false;
    bool restSoon = false;
    {
        const std::lock_guard lock(mutex_);
        // Another plane of the same array under this camera would show nonsense: the old picture stays until its slices
        // come.
        frame = shown();
        const bool fits = frame && frame->target.order == state_.order && state_.ndisplay == 2;
        if (!wanted_ || !fits || width_ <= 0 || height_ <= 0) {
            making_ = false;
            return false;
        }
        wanted_ = false;
        width = width_;
        height = height_;
        epoch = epoch_;
        pending = pending_;
        previewOnly = preview_ && frame->target.array.fingerprint() == preview_.fingerprint();
    }
    maker_.examine(*frame);
    std::vector<std::size_t> estimated;
    ViewState state;
    std::optional<graph::Costs> costs;
    bool current = false;
    {
        const std::lock_guard lock(mutex_);
        if (epoch != epoch_) return true;
        state = state_;
        for (std::size_t i = 0; i < frame->slices.size(); ++i) {
            const auto known = maker_.statistics(i);
            if (!known) continue;
            const auto limits = startLimits(*known, frame->slices[i].plane);
            if (frame->slices[i].preview) {
                // Its values may lie elsewhere than the result's, for which the estimate is kept.
                if (state.channels[i].provisional) state.channels[i].limits = limits;
            } else if (estimateLimits(i, limits)) {
                state.channels[i].limits = limits;
                estimated.push_back(i);
            }
        }
        current = target().samePlace(frame->target);
        costs = std::exchange(costs_, std::nullopt);
    }
    state.position = frame->target.position;
    state.order = frame->target.order;
    current = current && (previewOnly ? previewLoader_ : loader_).isCurrent(frame->serial);
    auto picture = maker_.make(*frame, std::move(state), width, height);
    picture->stale = !current;
    const bool previews = std::any_of(picture->slices.begin(), picture->slices.end(),
                                      [](const ChannelSlice& slice) { return slice.preview; });
    if (previews) picture->pending = pending;
    if (costs) picture->costs = *costs;
    std::vector<ChannelSettings> channels;
    {
        const std::lock_guard lock(mutex_);
        if (epoch != epoch_) return true;
        picture_ = picture;
        const bool complete = current && frame->complete && !previewOnly;
        if (complete && loader_.isCurrent(frame->serial)) {
            restSoon = preview_ && std::exchange(restedSerial_, frame->serial) != frame->serial;
            busySince_.reset();
        }
        for (std::size_t i = 0; i < percentiles_.size(); ++i) {
            const auto known = maker_.statistics(i);
            if (picture->slices[i].preview) continue;
            percentiles_[i] = known ? std::optional(known->percentiles) : std::nullopt;
        }
        channels = state_.channels;
    }
    if (listener_.picture) listener_.picture(picture);
    if (!estimated.empty() && listener_.limitsRefined) listener_.limitsRefined(channels);
    sample(frame->target, estimated, channels);
    if (restSoon) {
        alarm_.at(Clock::now() + restAfter_, [this, gate = gate_] {
            if (const auto pass = gate->enter()) prefetchDear();
        });
    }
    return true;
}

bool Viewer::Impl::estimateLimits(std::size_t channel, std::array<double, 2> limits) {
    ChannelSettings& settings = state_.channels[channel];
    if (!settings.provisional || estimated_[channel]) return false;
    settings.limits = limits;
    estimated_[channel] = true;
    return true;
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
