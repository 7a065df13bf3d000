#include "sliders/dimension_sliders.h"

#include <QVBoxLayout>
#include <algorithm>
#include <set>

#include "lazulite/core/error.h"
#include "session/session.h"
#include "sliders/player.h"
#include "sliders/slider_row.h"

namespace lazulite::gui {

DimensionSliders::DimensionSliders(Session& session, Player& player, QWidget* parent)
    : QWidget(parent), session_(session), player_(player) {
    setObjectName(QStringLiteral("dimensionSliders"));
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 3, 0, 3);
    layout->setSpacing(0);
    connect(&session, &Session::recordingChanged, this, &DimensionSliders::rebuild);
    connect(&session, &Session::axesChanged, this, &DimensionSliders::rebuild);
    connect(&session, &Session::stateChanged, this, &DimensionSliders::refresh);
    connect(&session, &Session::problemsChanged, this, &DimensionSliders::refreshMarks);
    connect(&player, &Player::playingChanged, this, &DimensionSliders::refreshPlaying);
    rebuild();
}

void DimensionSliders::rebuild() {
    for (SliderRow* row : rows_) {
        playSettings_[row->description().name] = row->playSettings();
        layout()->removeWidget(row);
        row->hide();
        row->deleteLater(); // it may be the sender of what brought us here
    }
    rows_.clear();
    if (session_.hasData()) {
        for (const std::size_t axis : view::sliderAxes(session_.state(), session_.axes())) {
            auto* row = new SliderRow(axis, session_.axes()[axis], this);
            const auto settings = playSettings_.find(row->description().name);
            if (settings != playSettings_.end()) row->setPlaySettings(settings->second);
            row->setPosition(session_.state().position[axis]);
            connect(row, &SliderRow::moved, this, [this](std::size_t moved, qint64 position) {
                makeCurrent(moved);
                session_.setPosition(moved, position);
            });
            connect(row, &SliderRow::playToggled, this, &DimensionSliders::togglePlayOf);
            connect(row, &SliderRow::playSettingsChanged, this, [this, row](std::size_t changed) {
                if (player_.playing() == changed) player_.play(changed, row->playSettings());
            });
            connect(row, &SliderRow::renamed, this, &DimensionSliders::rename);
            layout()->addWidget(row);
            row->show();
            rows_.push_back(row);
        }
    }
    const auto widest = [this](int (SliderRow::*wanted)() const) {
        int width = 0;
        for (const SliderRow* row : rows_) width = std::max(width, (row->*wanted)());
        return width;
    };
    const int name = widest(&SliderRow::wantedNameWidth);
    const int index = widest(&SliderRow::wantedIndexWidth);
    const int total = widest(&SliderRow::wantedTotalWidth);
    const int value = widest(&SliderRow::wantedValueWidth);
    for (SliderRow* row : rows_) row->setColumnWidths(name, index, total, value);
    setVisible(!rows_.empty());
    const bool known = std::ranges::any_of(rows_, [this](const SliderRow* row) { return row->axis() == current_; });
    if (!rows_.empty()) makeCurrent(known ? current_ : rows_.front()->axis());
    refreshMarks();
    refreshPlaying();
}

void DimensionSliders::refresh(const view::ViewState& before) {
    const view::ViewState& state = session_.state();
    if (before.order != state.order || before.ndisplay != state.ndisplay) return rebuild();
    for (SliderRow* row : rows_) row->setPosition(state.position[row->axis()]);
}

void DimensionSliders::refreshMarks() {
    std::map<std::size_t, std::set<TickMark>> marks;
    // What concerns a whole file (a hole, one that cannot be read) says nothing about the axes inside a file.
    std::vector<bool> outer(session_.hasData() ? session_.axes().size() : 0, false);
    const Recording& recording = session_.recording();
    if (recording.array && recording.array.source() != nullptr) {
        const Shape file = recording.array.source()->fileShape();
        for (std::size_t i = 0; i < outer.size() && i < file.size(); ++i) outer[i] = file[i] < session_.axes()[i].size;
    }
    const auto note = [&](const std::vector<std::int64_t>& position, TickMark::Kind kind, bool wholeFile) {
        for (const SliderRow* row : rows_) {
            const std::size_t axis = row->axis();
            if (axis < position.size() && (outer[axis] || !wholeFile)) marks[axis].insert({position[axis], kind});
        }
    };
    for (const auto& hole : recording.holes) note(hole, TickMark::Kind::Hole, true);
    for (const view::Problem& problem : session_.problems()) {
        const bool missing = problem.error.kind == Error::Kind::Missing;
        note(problem.position, missing ? TickMark::Kind::Hole : TickMark::Kind::Bad, !problem.error.page);
    }
    for (SliderRow* row : rows_) {
        const auto& own = marks[row->axis()];
        row->setMarks({own.begin(), own.end()});
    }
}

void DimensionSliders::refreshPlaying() {
    for (SliderRow* row : rows_) row->setPlaying(player_.playing() == row->axis());
}

SliderRow* DimensionSliders::currentRow() const {
    const auto found = std::ranges::find_if(rows_, [this](const SliderRow* row) { return row->axis() == current_; });
    return found == rows_.end() ? nullptr : *found;
}

void DimensionSliders::makeCurrent(std::size_t axis) {
    current_ = axis;
    for (SliderRow* row : rows_) row->setCurrent(row->axis() == axis && rows_.size() > 1);
}

void DimensionSliders::stepCurrent(std::int64_t steps) {
    if (const SliderRow* row = currentRow()) {
        session_.setPosition(row->axis(), session_.state().position[row->axis()] + steps);
    }
}

void DimensionSliders::jumpCurrent(int side) {
    if (const SliderRow* row = currentRow()) {
        session_.setPosition(row->axis(), side < 0 ? 0 : session_.axes()[row->axis()].size - 1);
    }
}

void DimensionSliders::changeCurrent(int direction) {
    const auto found = std::ranges::find(rows_, currentRow());
    if (found == rows_.end()) return;
    const auto count = static_cast<std::ptrdiff_t>(rows_.size());
    const std::ptrdiff_t next = ((found - rows_.begin() + direction) % count + count) % count;
    makeCurrent(rows_[static_cast<std::size_t>(next)]->axis());
}

void DimensionSliders::togglePlay() {
    if (const SliderRow* row = currentRow()) togglePlayOf(row->axis());
}

void DimensionSliders::togglePlayOf(std::size_t axis) {
    makeCurrent(axis);
    if (player_.playing() == axis) return player_.stop();
    if (const SliderRow* row = currentRow()) player_.play(axis, row->playSettings());
}

void DimensionSliders::rename(std::size_t axis, const QString& name) {
    Axes axes = session_.axes();
    if (const auto other = findAxis(axes, name.toStdString()); other && *other != axis) {
        emit renameRefused(tr("There is already an axis named \"%1\".").arg(name));
        return;
    }
    axes[axis].name = name.toStdString();
    try {
        session_.setAxes(axes);
    } catch (const Failure& failure) {
        emit renameRefused(QString::fromUtf8(failure.what()));
    }
}

} // namespace lazulite::gui
