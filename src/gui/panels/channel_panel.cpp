#include "panels/channel_panel.h"

#include <QVBoxLayout>
#include <algorithm>

#include "panels/channel_row.h"
#include "session/session.h"

namespace lazulite::gui {

namespace {
constexpr int kHistogramEveryMs = 120;
constexpr std::size_t kExpandedUpTo = 2; // so many channels have room for their gamma and opacity from the start
} // namespace

ChannelPanel::ChannelPanel(Session& session, QWidget* parent)
    : QScrollArea(parent), session_(session), content_(new QWidget(this)) {
    setObjectName(QStringLiteral("channelPanel"));
    setWidgetResizable(true);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setFocusPolicy(Qt::NoFocus);
    auto* layout = new QVBoxLayout(content_);
    layout->setContentsMargins(6, 6, 6, 6);
    layout->setSpacing(6);
    layout->addStretch();
    setWidget(content_);
    slices_.setSingleShot(true);
    slices_.setInterval(kHistogramEveryMs);
    connect(&slices_, &QTimer::timeout, this, &ChannelPanel::refreshSlices);
    connect(&session, &Session::recordingChanged, this, &ChannelPanel::rebuild);
    connect(&session, &Session::arrayChanged, this, &ChannelPanel::adoptArray);
    connect(&session, &Session::stateChanged, this, &ChannelPanel::refresh);
    connect(&session, &Session::pictureChanged, this, [this] {
        if (!slices_.isActive()) slices_.start();
    });
    connect(&session, &Session::volumeChanged, this, [this] {
        if (!slices_.isActive()) slices_.start();
    });
    rebuild();
}

void ChannelPanel::adoptArray() {
    if (session_.state().channels.size() != rows_.size() || session_.array().dtype() != type_) return rebuild();
    for (ChannelRow* row : rows_) row->refresh();
    slices_.start();
}

void ChannelPanel::rebuild() {
    for (ChannelRow* row : rows_) {
        row->hide();
        row->deleteLater();
    }
    rows_.clear();
    auto* layout = static_cast<QVBoxLayout*>(content_->layout());
    const std::size_t count = session_.hasData() ? session_.state().channels.size() : 0;
    if (session_.hasData()) type_ = session_.array().dtype();
    for (std::size_t i = 0; i < count; ++i) {
        auto* row = new ChannelRow(session_, i, content_);
        row->setExpanded(count <= kExpandedUpTo);
        connect(row, &ChannelRow::chosen, this, &ChannelPanel::select);
        connect(row, &ChannelRow::soloed, this, &ChannelPanel::solo);
        layout->insertWidget(static_cast<int>(i), row);
        rows_.push_back(row);
    }
    select(std::min(selected_, count == 0 ? 0 : count - 1));
    slices_.start();
}

void ChannelPanel::refresh(const view::ViewState& before) {
    const auto& channels = session_.state().channels;
    if (channels.size() != rows_.size()) return rebuild();
    for (std::size_t i = 0; i < rows_.size(); ++i) {
        if (i >= before.channels.size() || before.channels[i] != channels[i]) rows_[i]->refresh();
    }
}

void ChannelPanel::refreshSlices() {
    const auto& volume = session_.volume();
    const auto& picture = session_.picture();
    for (std::size_t i = 0; i < rows_.size(); ++i) {
        std::shared_ptr<const view::Histogram> histogram;
        std::optional<Error> error;
        if (session_.state().ndisplay == 3) {
            if (volume && i < volume->histograms.size()) histogram = volume->histograms[i];
            if (volume && i < volume->errors.size()) error = volume->errors[i];
        } else if (picture && i < picture->slices.size()) {
            histogram = picture->slices[i].histogram;
            error = picture->slices[i].error;
        }
        rows_[i]->setSlice(std::move(histogram), error);
    }
}

void ChannelPanel::select(std::size_t channel) {
    selected_ = channel;
    for (std::size_t i = 0; i < rows_.size(); ++i) rows_[i]->setSelected(i == channel && rows_.size() > 1);
    if (channel < rows_.size()) ensureWidgetVisible(rows_[channel], 0, 8);
}

void ChannelPanel::selectNeighbour(int direction) {
    if (rows_.empty()) return;
    const auto count = static_cast<std::ptrdiff_t>(rows_.size());
    select(static_cast<std::size_t>((static_cast<std::ptrdiff_t>(selected_) + direction + count) % count));
}

void ChannelPanel::toggleVisible() {
    session_.editChannel(selected_, [](view::ChannelSettings& settings) { settings.visible = !settings.visible; });
}

void ChannelPanel::autoContrast() {
    session_.autoContrast(selected_);
}

void ChannelPanel::solo(std::size_t channel) {
    session_.edit([channel](view::ViewState& state) {
        // A second time brings the others back.
        const auto others = [&](bool visible) {
            for (std::size_t i = 0; i < state.channels.size(); ++i) {
                if (i != channel) state.channels[i].visible = visible;
            }
        };
        bool alone = state.channels[channel].visible;
        for (std::size_t i = 0; i < state.channels.size(); ++i)
            alone = alone && (i == channel || !state.channels[i].visible);
        others(alone);
        state.channels[channel].visible = true;
    });
}

} // namespace lazulite::gui
