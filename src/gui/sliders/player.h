#pragma once

#include <QElapsedTimer>
#include <QObject>
#include <QTimer>
#include <optional>
#include <string>

#include "sliders/play_settings.h"

namespace lazulite::gui {

class Session;

/// Plays one axis: moves its slider at a rate, waiting for each picture or keeping to the clock.
class Player : public QObject {
    Q_OBJECT

public:
    explicit Player(Session& session, QObject* parent = nullptr);

    void play(std::size_t axis, const PlaySettings& settings);
    void stop();
    std::optional<std::size_t> playing() const { return axis_; }

signals:
    void playingChanged();

private:
    void tick();
    void pictureArrived();
    bool shown() const;
    void step(std::int64_t frames);

    Session& session_;
    PlaySettings settings_;
    QTimer timer_;
    QElapsedTimer clock_;
    std::int64_t framesDone_ = 0; ///< by the clock, in real time
    std::optional<std::size_t> axis_;
    std::string name_; ///< of the axis
    int direction_ = 1;
    bool due_ = false; ///< the next frame's time has come but the last one's picture has not
};

} // namespace lazulite::gui
