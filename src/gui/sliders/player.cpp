#include "sliders/player.h"

#include <algorithm>
#include <cmath>

#include "session/session.h"

namespace lazulite::gui {

Player::Player(Session& session, QObject* parent) : QObject(parent), session_(session) {
    timer_.setTimerType(Qt::PreciseTimer);
    connect(&timer_, &QTimer::timeout, this, &Player::tick);
    connect(&session, &Session::pictureChanged, this, &Player::pictureArrived);
    connect(&session, &Session::volumeChanged, this, &Player::pictureArrived);
    connect(&session, &Session::recordingChanged, this, &Player::stop);
    connect(&session, &Session::arrayChanged, this, [this] {
        const bool still = axis_ && *axis_ < session_.axes().size() && session_.axes()[*axis_].name == name_;
        if (!still) stop();
    });
}

void Player::play(std::size_t axis, const PlaySettings& settings) {
    settings_ = settings;
    axis_ = axis;
    name_ = session_.axes()[axis].name;
    direction_ = settings.reverse ? -1 : 1;
    due_ = false;
    framesDone_ = 0;
    // Played once and standing at the end: start over.
    const std::int64_t size = session_.axes()[axis].size;
    const std::int64_t last = settings.last < 0 ? size - 1 : std::min(settings.last, size - 1);
    const std::int64_t end = direction_ > 0 ? last : settings.first;
    if (settings.loop == LoopMode::Once && session_.state().position[axis] == end) {
        session_.setPosition(axis, direction_ > 0 ? settings.first : last);
    }
    clock_.start();
    timer_.start(std::max(1, static_cast<int>(std::lround(1000.0 / settings.framesPerSecond))));
    emit playingChanged();
}

void Player::stop() {
    if (!axis_) return;
    timer_.stop();
    axis_.reset();
    emit playingChanged();
}

bool Player::shown() const {
    const auto at = session_.state().position[*axis_];
    if (session_.state().ndisplay == 3) {
        const auto& volume = session_.volume();
        return volume && volume->state.position[*axis_] == at;
    }
    const auto& picture = session_.picture();
    return picture && !picture->stale && picture->state.position[*axis_] == at;
}

void Player::tick() {
    if (!axis_) return;
    if (session_.state().isDisplayed(*axis_)) return stop();
    if (settings_.everyFrame) {
        due_ = !shown();
        if (!due_) step(1);
        return;
    }
    const auto frames = static_cast<std::int64_t>(clock_.elapsed() * settings_.framesPerSecond / 1000.0);
    if (frames > framesDone_) step(frames - framesDone_);
    framesDone_ = frames;
}

void Player::pictureArrived() {
    if (!axis_ || !due_ || !shown()) return;
    due_ = false;
    timer_.start(); // the rate counts from here
    step(1);
}

void Player::step(std::int64_t frames) {
    const std::size_t axis = *axis_;
    const PlayStep now{session_.state().position[axis], direction_, false};
    const PlayStep next = advance(settings_, session_.axes()[axis].size, now, frames);
    direction_ = next.direction;
    session_.setPosition(axis, next.position);
    if (next.ended) stop();
}

} // namespace lazulite::gui
