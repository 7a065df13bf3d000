#include <algorithm>
#include <utility>

#include "viewer_impl.h"

// What comes of the loaders' answers: pictures and volumes with limits that suit them.

namespace lazulite::view {

namespace {

/// Not of one that was shown before.
bool isOf(const Frame& frame, const graph::LazyArray& array) {
    return array && frame.target.array.fingerprint() == array.fingerprint() &&
           frame.target.array.axes() == array.axes();
}

} // namespace

void Viewer::Impl::onFrame(Frame frame) {
    {
        const std::lock_guard lock(mutex_);
        if (!isOf(frame, array_)) return;
        take(frame_, std::move(frame));
        previewCameLast_ = false;
    }
    requestPicture();
}

void Viewer::Impl::onPreview(Frame frame) {
    for (Frame::Slice& slice : frame.slices) slice.preview = true;
    {
        const std::lock_guard lock(mutex_);
        if (!isOf(frame, preview_)) return;
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

} // namespace lazulite::view
