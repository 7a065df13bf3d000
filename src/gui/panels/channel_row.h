#pragma once

#include <QFrame>
#include <memory>
#include <optional>

#include "lazulite/core/error.h"
#include "lazulite/view/viewer.h"

class QDoubleSpinBox;
class QLabel;
class QLineEdit;
class QToolButton;

namespace lazulite::gui {

class ColormapBox;
class HistogramView;
class RangeSlider;
class Session;
class TickSlider;

/// How one channel is shown: a card of the channel panel.
class ChannelRow : public QFrame {
    Q_OBJECT

public:
    ChannelRow(Session& session, std::size_t channel, QWidget* parent = nullptr);

    /// Takes over the session's settings of this channel.
    void refresh();
    void setSlice(std::shared_ptr<const view::Histogram> histogram, const std::optional<Error>& error);
    void setSelected(bool selected);
    /// Whether gamma and opacity are shown.
    void setExpanded(bool expanded);

signals:
    void chosen(std::size_t channel);
    void soloed(std::size_t channel);

protected:
    void mousePressEvent(QMouseEvent* event) override;
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    QLayout* buildHeader();
    QLayout* buildLimits();
    QWidget* buildDetails();
    void connectWidgets();
    void fitRange();
    void setLimits(double low, double high);
    void showLimitsMenu(const QPoint& position);

    Session& session_;
    std::size_t channel_;
    bool whole_;
    bool refreshing_ = false;
    bool limitsMoving_ = false;
    bool fitted_ = false; ///< the range slider has had its range
    std::shared_ptr<const view::Histogram> histogram_;

    QToolButton* eye_;
    ColormapBox* colormap_;
    QLineEdit* name_;
    QLabel* error_;
    QToolButton* auto_;
    QToolButton* more_;
    HistogramView* view_;
    QToolButton* logarithm_;
    RangeSlider* range_;
    QDoubleSpinBox* low_;
    QLabel* provisional_;
    QDoubleSpinBox* high_;
    QWidget* details_;
    TickSlider* gammaSlider_;
    QDoubleSpinBox* gamma_;
    TickSlider* opacitySlider_;
    QDoubleSpinBox* opacity_;
};

} // namespace lazulite::gui
