#include "sliders/dimension_sliders.h"

#include <QVBoxLayout>
#include <algorithm>
#include <set>

#include "lazulite/core/error.h"
#include "session/session.h"
#include "sliders/player.h"
#include "sliders/slider_row.h"
#include "widgets/text.h"

namespace lazulite::gui {

DimensionSliders::DimensionSliders(Session& session, Player& player, QWidget* parent)
    : QWidget(parent), session_(session), player_(player) {
    setObjectName(QStringLiteral("dimensionSliders"));
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 3, 0, 3);
    layout->setSpacing(0);
    connect(&session, &Session::recordingChanged, this, &DimensionSliders::rebuild);
    connect(&session, &Session::arrayChanged, this, &DimensionSliders::adoptAxes);
    connect(&session, &Session::stateChanged, this, &DimensionSliders::refresh);
    connect(&session, &Session::problemsChanged, this, &DimensionSliders::refreshMarks);
    connect(&player, &Player::playingChanged, this, &DimensionSliders::refreshPlaying);
    rebuild();
}

void DimensionSliders::adoptAxes() {
    if (session_.axes() == axes_) return refreshMarks(); // a slider that is being dragged stays in the hand
    rebuild();
}

void DimensionSliders::rebuild() {
    const SliderRow* last = currentRow();
    const std::string current = last != nullptr ? last->description().name : std::string();
    for (SliderRow* row : rows_) {
        playSettings_[row->description().name] = row->playSettings();
        layout()->removeWidget(row);
        row->hide();
        row->deleteLater(); // it may be the sender of what brought us here
    }
    rows_.clear();
    axes_ = session_.axes();
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
    // The same axis by its name, or the one in its place where it was renamed.
    auto known = std::ranges::find_if(rows_, [&](const SliderRow* row) { return row->description().name == current; });
    if (known == rows_.end()) known = std::ranges::find(rows_, current_, &SliderRow::axis);
    if (!rows_.empty()) makeCurrent((known != rows_.end() ? *known : rows_.front())->axis());
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
    const Recording& recording = session_.recording();
    std::set<std::string> outer;
    if (recording.array && recording.array.source() != nullptr) {
        const Axes& raw = recording.array.axes();
        const Shape file = recording.array.source()->fileShape();
        for (std::size_t i = 0; i < raw.size() && i < file.size(); ++i) {
            if (file[i] < raw[i].size) outer.insert(raw[i].name);
        }
    }
    for (const SliderRow* row : rows_) {
        const std::string& name = row->description().name;
        const auto rawAxis = recording.array ? findAxis(recording.array.axes(), name) : std::nullopt;
        // Along an axis that a pipeline cut, places have other numbers than in the files.
        if (!rawAxis || recording.array.axes()[*rawAxis].size != row->description().size || !outer.contains(name))
            continue;
        for (const auto& hole : recording.holes) {
            if (*rawAxis < hole.size()) marks[row->axis()].insert({hole[*rawAxis], TickMark::Kind::Hole});
        }
    }
    for (const view::Problem& problem : session_.problems()) {
        const auto kind = problem.error.kind == Error::Kind::Missing ? TickMark::Kind::Hole : TickMark::Kind::Bad;
        for (const SliderRow* row : rows_) {
            const std::size_t axis = row->axis();
            if (axis >= problem.position.size()) continue;
            if (problem.error.page || outer.contains(row->description().name))
                marks[axis].insert({problem.position[axis], kind});
        }
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
    const std::string former = session_.axes()[axis].name;
    Axes axes = session_.recording().array.axes();
    const auto own = findAxis(axes, former);
    if (!own) {
        emit renameRefused(tr("The axis \"%1\" is made by the pipeline: name it there.").arg(toQString(former)));
        return;
    }
    if (const auto other = findAxis(axes, name.toStdString()); other && *other != *own) {
        emit renameRefused(tr("There is already an axis named \"%1\".").arg(name));
        return;
    }
    axes[*own].name = name.toStdString();
    try {
        session_.setAxes(axes);
    } catch (const Failure& failure) {
        emit renameRefused(QString::fromUtf8(failure.what()));
    }
}

} // namespace lazulite::gui
