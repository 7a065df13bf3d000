#pragma once

#include <QWidget>
#include <map>
#include <string>
#include <vector>

#include "lazulite/core/axis.h"
#include "sliders/play_settings.h"

namespace lazulite::view {
struct ViewState;
}

namespace lazulite::gui {

class Player;
class Session;
class SliderRow;

/// A row for each axis that is not displayed, kept in step with the session.
class DimensionSliders : public QWidget {
    Q_OBJECT

public:
    DimensionSliders(Session& session, Player& player, QWidget* parent = nullptr);

    /// The row that the arrow keys act on, or null where there is none.
    SliderRow* currentRow() const;
    /// Moves the last-used slider by so many positions.
    void stepCurrent(std::int64_t steps);
    /// Goes to the end of the last-used slider: -1 first, +1 last.
    void jumpCurrent(int side);
    /// Makes the next (+1) or former (-1) row the last-used one.
    void changeCurrent(int direction);
    void togglePlay();
    std::vector<SliderRow*> rows() const { return rows_; }

signals:
    void renameRefused(const QString& why);

private:
    void rebuild();
    void adoptAxes();
    void refresh(const view::ViewState& before);
    void refreshMarks();
    void refreshPlaying();
    void makeCurrent(std::size_t axis);
    void togglePlayOf(std::size_t axis);
    void rename(std::size_t axis, const QString& name);

    Session& session_;
    Player& player_;
    std::vector<SliderRow*> rows_;
    Axes axes_; ///< that the rows were made for
    std::size_t current_ = 0;
    std::map<std::string, PlaySettings> playSettings_; ///< by axis name; outlives the rows
};

} // namespace lazulite::gui
