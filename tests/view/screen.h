#pragma once

#include <chrono>
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <vector>

#include "lazulite/view/viewer.h"

namespace lazulite::testing {

/// A listener that keeps what it is told, for tests that wait for it.
class Screen {
public:
    view::Viewer::Listener listener() {
        view::Viewer::Listener listener;
        listener.picture = [this](std::shared_ptr<const view::Picture> picture) {
            note([&] { pictures_.push_back(std::move(picture)); });
        };
        listener.volume = [this](std::shared_ptr<const view::VolumePicture> volume) {
            note([&] { volumes_.push_back(std::move(volume)); });
        };
        listener.volumeProgress = [this](double fraction) { note([&] { progress_.push_back(fraction); }); };
        listener.limitsRefined = [this](std::vector<view::ChannelSettings> channels) {
            note([&] { refined_.push_back(std::move(channels)); });
        };
        listener.problemsChanged = [this] { note([&] { ++problemChanges_; }); };
        return listener;
    }

    using Pictures = std::vector<std::shared_ptr<const view::Picture>>;
    using Volumes = std::vector<std::shared_ptr<const view::VolumePicture>>;

    /// Waits until a picture satisfies the predicate and returns it; null after half a minute.
    std::shared_ptr<const view::Picture> await(const std::function<bool(const view::Picture&)>& wanted) {
        return awaitAmong<view::Picture>(pictures_, wanted);
    }
    std::shared_ptr<const view::VolumePicture> awaitVolume(
        const std::function<bool(const view::VolumePicture&)>& wanted) {
        return awaitAmong<view::VolumePicture>(volumes_, wanted);
    }
    bool awaitPictures(std::size_t count) {
        std::unique_lock lock(mutex_);
        return changed_.wait_for(lock, kPatience, [&] { return pictures_.size() >= count; });
    }
    bool awaitRefined(std::size_t count) {
        std::unique_lock lock(mutex_);
        return changed_.wait_for(lock, kPatience, [&] { return refined_.size() >= count; });
    }

    Pictures pictures() const {
        const std::lock_guard lock(mutex_);
        return pictures_;
    }
    Volumes volumes() const {
        const std::lock_guard lock(mutex_);
        return volumes_;
    }
    std::vector<std::vector<view::ChannelSettings>> refined() const {
        const std::lock_guard lock(mutex_);
        return refined_;
    }
    std::vector<double> progress() const {
        const std::lock_guard lock(mutex_);
        return progress_;
    }
    int problemChanges() const {
        const std::lock_guard lock(mutex_);
        return problemChanges_;
    }

private:
    static constexpr std::chrono::seconds kPatience{30};

    void note(const std::function<void()>& keep) {
        {
            const std::lock_guard lock(mutex_);
            keep();
        }
        changed_.notify_all();
    }

    template <typename T>
    std::shared_ptr<const T> awaitAmong(const std::vector<std::shared_ptr<const T>>& seen,
                                        const std::function<bool(const T&)>& wanted) {
        std::unique_lock lock(mutex_);
        std::shared_ptr<const T> found;
        changed_.wait_for(lock, kPatience, [&] {
            for (const auto& picture : seen) {
                if (wanted(*picture)) found = picture;
            }
            return found != nullptr;
        });
        return found;
    }

    mutable std::mutex mutex_;
    std::condition_variable changed_;
    Pictures pictures_;
    Volumes volumes_;
    std::vector<std::vector<view::ChannelSettings>> refined_;
    std::vector<double> progress_;
    int problemChanges_ = 0;
};

} // namespace lazulite::testing
