#pragma once

#include <QScrollArea>
#include <QTimer>
#include <vector>

#include "lazulite/core/dtype.h"

namespace lazulite::view {
struct ViewState;
}

namespace lazulite::gui {

class ChannelRow;
class Session;

/// One card a channel. One of them is selected: the keys V and C act on it.
class ChannelPanel : public QScrollArea {
    Q_OBJECT

public:
    explicit ChannelPanel(Session& session, QWidget* parent = nullptr);

    std::size_t selected() const { return selected_; }
    void select(std::size_t channel);
    void selectNeighbour(int direction);
    void toggleVisible();
    void autoContrast();

private:
    void rebuild();
    void adoptArray();
    void refresh(const view::ViewState& before);
    void refreshSlices();
    void solo(std::size_t channel);

    Session& session_;
    QWidget* content_;
    std::vector<ChannelRow*> rows_;
    std::size_t selected_ = 0;
    DType type_ = DType::UInt8; ///< that the rows were made for
    QTimer slices_;             ///< histograms follow a burst of pictures a few times a second
};

} // namespace lazulite::gui
