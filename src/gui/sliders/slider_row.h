#pragma once

#include <QWidget>
#include <cstdint>
#include <vector>

#include "lazulite/core/axis.h"
#include "sliders/play_settings.h"
#include "sliders/tick_slider.h"

class QLabel;
class QLineEdit;
class QSpinBox;
class QToolButton;

namespace lazulite::gui {

/// One axis that is not displayed: name, play button, slider, index, total and the position's own value.
class SliderRow : public QWidget {
    Q_OBJECT

public:
    SliderRow(std::size_t axis, const Axis& description, QWidget* parent = nullptr);

    std::size_t axis() const { return axis_; }
    const Axis& description() const { return description_; }
    /// Another name, spacing or labels; the size stays.
    void setDescription(const Axis& description);
    void setPosition(std::int64_t position);
    void setMarks(std::vector<TickMark> marks);
    void setPlaying(bool playing);
    /// Whether the arrow keys act on this row.
    void setCurrent(bool current);
    void setPlaySettings(const PlaySettings& settings);
    const PlaySettings& playSettings() const { return playSettings_; }
    /// Widths that all rows share, so that their sliders align.
    void setColumnWidths(int name, int index, int total, int value);
    int wantedNameWidth() const;
    int wantedIndexWidth() const;
    int wantedTotalWidth() const;
    int wantedValueWidth() const;

signals:
    void moved(std::size_t axis, qint64 position);
    void playToggled(std::size_t axis);
    void playSettingsChanged(std::size_t axis);
    void renamed(std::size_t axis, const QString& name);

private:
    void build();
    void showPlayPopup(const QPoint& position);
    void showValue(std::int64_t position);

    std::size_t axis_;
    Axis description_;
    PlaySettings playSettings_;
    QLineEdit* name_ = nullptr;
    QToolButton* play_ = nullptr;
    TickSlider* slider_ = nullptr;
    QSpinBox* index_ = nullptr;
    QLabel* total_ = nullptr;
    QLabel* value_ = nullptr;
    bool updating_ = false;
};

} // namespace lazulite::gui
