#pragma once

#include <QFrame>
#include <cstdint>

#include "sliders/play_settings.h"

class QCheckBox;
class QComboBox;
class QDoubleSpinBox;
class QSpinBox;

namespace lazulite::gui {

/// The small form behind a right click on a play button. Every change is told at once.
class PlayPopup : public QFrame {
    Q_OBJECT

public:
    PlayPopup(const PlaySettings& settings, std::int64_t size, QWidget* parent);

    /// Shows it above or below the point, wherever the screen has room.
    void popup(const QPoint& globalPosition);

signals:
    void changed(const PlaySettings& settings);

private:
    void tell();

    QDoubleSpinBox* rate_;
    QComboBox* loop_;
    QComboBox* mode_;
    QCheckBox* reverse_;
    QSpinBox* first_;
    QSpinBox* last_;
};

} // namespace lazulite::gui
