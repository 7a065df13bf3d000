#pragma once

#include <memory>
#include <mutex>
#include <optional>
#include <vector>

#include "alarm.h"
#include "contrast_sampler.h"
#include "gate.h"
#include "lazulite/graph/prefetcher.h"
#include "lazulite/view/viewer.h"
#include "picture_maker.h"
#include "problem_list.h"
#include "slice_loader.h"
#include "volume_loader.h"

namespace lazulite::view {

/// Ties the parts together: it keeps what is to be shown, hands targets to the loaders, and makes one picture after the
/// other of the newest frame that came. Its lock is never held while a part or a listener is called.
class Viewer::Impl {
public:
    Impl(graph::Executor& executor, Listener listener, ViewerPace pace);
    ~Impl();

    void show(graph::LazyArray array, ViewState state, std::vector<graph::LazyArray> reduced);
    void setState(ViewState state);
    void setCanvas(int width, int height);
    void setTextureLimit(int side);
    void setPrefetch(bool wanted);
    void cancelVolume();
    void retry();
    void autoContrast(std::size_t channel);
    std::optional<double> busyForMs() const;
    double progress() const { return loader_.progress(); }

    ViewState state() const;
    graph::LazyArray array() const;
    std::shared_ptr<const Picture> picture() const;
    std::vector<Problem> problems() const { return problems_.all(); }

private:
    using Clock = Alarm::Clock;

    /// Whether the array can be displayed at all: two axes at least, and elements.
    bool drawable() const;
    PlaneTarget target() const;
    void load(bool again);
    void prefetch(const ViewState& before);
    void prefetchDear();
    static void fetchAhead(graph::Prefetcher& prefetcher, const PlaneTarget& target, std::size_t axis,
                           std::int64_t most);
    std::vector<std::size_t> movedAxes(const ViewState& before) const;
    void startPreview();
    void onFrame(Frame frame);
    void onPreview(Frame frame);
    void take(std::optional<Frame>& place, Frame frame);
    /// The newest frame that there is for what is asked for: slices that are still being computed are previews.
    std::optional<Frame> shown() const;
    void onVolume(const VolumeTarget& target, std::shared_ptr<VolumePicture> volume);
    void report(const PlaneTarget& target, const std::vector<std::int64_t>& position, const std::vector<Error>& errors);
    void clearBusy();
    void onSampled(std::size_t channel, std::array<double, 2> limits);
    void requestPicture();
    void makePictures();
    bool makeOnePicture();
    /// Sets provisional limits of a channel that has none yet from what is seen of it; whether it did. Under the lock.
    bool estimateLimits(std::size_t channel, std::array<double, 2> limits);
    void sample(const PlaneTarget& target, const std::vector<std::size_t>& estimated,
                const std::vector<ChannelSettings>& channels);
    void keepLimitsOf(const std::vector<ChannelSettings>& known, std::vector<ChannelSettings>& channels);

    graph::Executor& executor_;
    Listener listener_;
    std::chrono::milliseconds previewAfter_;
    std::chrono::milliseconds restAfter_;
    std::shared_ptr<Gate> gate_ = std::make_shared<Gate>();
    ProblemList problems_;

    mutable std::mutex mutex_;
    graph::LazyArray array_;
    std::vector<graph::LazyArray> reduced_; ///< copies of it, the largest first
    ViewState state_;
    std::vector<bool> estimated_; ///< by channel: the provisional limits were estimated
    int width_ = 0;
    int height_ = 0;
    int textureLimit_ = 0;
    bool prefetchWanted_ = true;
    std::optional<std::size_t> movedAxis_; ///< of the slider that alone moved last
    std::uint64_t restedSerial_ = 0;       ///< of the frame after which the next position was last thought of
    std::uint64_t epoch_ = 0;              ///< counts arrays shown
    graph::LazyArray preview_;             ///< of array_; empty where nothing is dear
    std::string pending_;                  ///< what it leaves out
    std::optional<Frame> frame_;           ///< the newest that came
    std::optional<Frame> previewFrame_;    ///< the newest preview
    bool previewCameLast_ = false;
    std::optional<graph::Costs> costs_;                             ///< of the frame, until a picture tells them
    std::vector<std::optional<std::array<double, 2>>> percentiles_; ///< by channel, of the picture last shown
    std::shared_ptr<const Picture> picture_;
    std::optional<Clock::time_point> busySince_;
    bool making_ = false; ///< a thread makes pictures
    bool wanted_ = false; ///< something changed since it began

    PictureMaker maker_; ///< used by the thread that makes pictures
    Alarm alarm_;
    SliceLoader loader_;
    SliceLoader previewLoader_;
    VolumeLoader volumeLoader_;
    ContrastSampler sampler_;
    graph::Prefetcher prefetcher_;
    graph::Prefetcher dearPrefetcher_; ///< of what is computed dearly; prefetcher_ has its previews then
};

} // namespace lazulite::view
