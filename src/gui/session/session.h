#pragma once

#include <QObject>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <vector>

#include "lazulite/graph/executor.h"
#include "lazulite/view/viewer.h"
#include "session/mailbox.h"
#include "session/recording.h"

namespace lazulite::gui {

/// The hinge between the widgets and the rooms below: owns the Executor and the Viewer, holds what is open and what is
/// looked at, and brings the answers of worker threads to the GUI thread. Widgets read it and change it; none of its
/// functions waits for data.
class Session : public QObject {
    Q_OBJECT

public:
    explicit Session(const graph::ExecutorOptions& options = {}, view::ViewerPace pace = {}, QObject* parent = nullptr);
    ~Session() override;

    /// Looks at another recording from `state` on.
    void show(Recording recording, view::ViewState state);
    void close();
    bool hasData() const { return static_cast<bool>(recording_.array); }
    const Recording& recording() const { return recording_; }

    /// What is looked at: the recording's array, or one that was made of it.
    const graph::LazyArray& array() const { return array_; }
    const Axes& axes() const { return array_.axes(); }
    /// Whether array() was made of the recording's array.
    bool processed() const;
    /// Looks at another array of the same recording; the last picture stays until there is a new one.
    void look(graph::LazyArray array, view::ViewState state);

    const view::ViewState& state() const { return state_; }
    void setState(view::ViewState state);
    /// Changes a copy of the state and sets it.
    void edit(const std::function<void(view::ViewState&)>& change);
    void setPosition(std::size_t axis, std::int64_t position);
    void editChannel(std::size_t channel, const std::function<void(view::ChannelSettings&)>& change);
    void autoContrast(std::size_t channel);
    /// Corrected names, spacings, units of the recording's array: the same blocks under another description. What was
    /// made of it stays as it was until somebody makes it again. Throws Failure where sizes differ.
    void setAxes(const Axes& axes);

    void setCanvas(int width, int height);
    int canvasWidth() const { return canvasWidth_; }
    int canvasHeight() const { return canvasHeight_; }
    void setPrefetch(bool wanted) { viewer_->setPrefetch(wanted); }
    void setTextureLimit(int side);
    int textureLimit() const { return textureLimit_; }

    const std::shared_ptr<const view::Picture>& picture() const { return picture_; }
    /// What loading the slices or the volume shown last cost; composing them anew changes nothing of it.
    const graph::Costs& pictureCosts() const { return pictureCosts_; }
    const std::shared_ptr<const view::VolumePicture>& volume() const { return volume_; }
    /// Of the volume that is being loaded, 0..1; nothing when none is.
    std::optional<double> volumeProgress() const { return volumeProgress_; }
    void cancelVolume();
    const std::vector<view::Problem>& problems() const { return problems_; }
    /// Adds to the problems what was found out about files of the recording that were not looked at; positions are
    /// those of its own array. retry() forgets it.
    void note(const std::vector<view::Problem>& found);
    std::optional<double> busyForMs() const { return viewer_->busyForMs(); }
    /// Of the slice that was asked for, 0..1.
    double sliceProgress() const { return viewer_->progress(); }
    void retry();

    graph::Executor& executor() { return *executor_; }

signals:
    void recordingChanged(); ///< another array, or none
    void arrayChanged();     ///< of the same recording: another array is looked at, or the same with other axes
    void canvasChanged();    ///< its size
    void axesCorrected();    ///< the recording's array has another description
    void stateChanged(const lazulite::view::ViewState& before);
    void pictureChanged();
    void volumeChanged();
    void volumeProgressed();
    void problemsChanged();
    void retried();

private:
    view::Viewer::Listener makeListener();
    std::vector<graph::LazyArray> copies() const; ///< reduced ones, of what is looked at
    void noteCosts(const graph::Costs& costs);
    void adoptCosts();
    void takePicture(std::shared_ptr<const view::Picture> picture);
    void takeVolume(std::shared_ptr<const view::VolumePicture> volume);
    void takeProgress(double progress);
    void takeLimits(const std::vector<view::ChannelSettings>& channels);
    void takeProblems();
    void collectProblems();
    void adoptViewerLimits(const std::function<bool(std::size_t)>& wanted);

    Mailbox<std::shared_ptr<const view::Picture>> pictureBox_;
    Mailbox<std::shared_ptr<const view::VolumePicture>> volumeBox_;
    Mailbox<double> progressBox_;
    Mailbox<std::vector<view::ChannelSettings>> limitsBox_;
    Mailbox<bool> problemsBox_;
    std::mutex costsMutex_;
    std::optional<graph::Costs> newCosts_; ///< of a picture that another one may have overtaken in its box

    Recording recording_;
    graph::LazyArray array_;
    view::ViewState state_;
    int canvasWidth_ = 1;
    int canvasHeight_ = 1;
    int textureLimit_ = 0;
    std::shared_ptr<const view::Picture> picture_;
    std::shared_ptr<const view::VolumePicture> volume_;
    graph::Costs pictureCosts_;
    std::optional<double> volumeProgress_;
    std::vector<view::Problem> problems_;
    std::vector<view::Problem> noted_; ///< of the recording's array, besides what the viewer came upon

    std::unique_ptr<graph::Executor> executor_;
    std::unique_ptr<view::Viewer> viewer_; ///< last: it goes first, and waits for its callbacks
};

} // namespace lazulite::gui
