#include "steps/step_card.h"

#include <QApplication>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QMenu>
#include <QMouseEvent>
#include <QProgressBar>
#include <QPushButton>
#include <QToolButton>
#include <QVBoxLayout>
#include <algorithm>
#include <cmath>
#include <utility>

#include "lazulite/pipeline/schema.h"
#include "steps/parameter_row.h"
#include "widgets/flag.h"
#include "widgets/icons.h"
#include "widgets/text.h"

namespace lazulite::gui {

namespace {

constexpr std::size_t kFewParameters = 3; // a step of so few shows all of them
constexpr int kFull = 1000;
constexpr int kWidestName = 104; // pixels

QString stateText(const StepState& state) {
    switch (state.kind) {
        case StepState::Kind::Off:
            return StepCard::tr("off");
        case StepState::Kind::NotShown:
            return StepCard::tr("not shown");
        case StepState::Kind::Unknown:
            return {};
        case StepState::Kind::Free:
            return StepCard::tr("no work");
        case StepState::Kind::Idle:
            return StepCard::tr("not needed");
        case StepState::Kind::Running:
            return StepCard::tr("%1 %").arg(static_cast<int>(std::floor(state.fraction * 100)));
        case StepState::Kind::Done:
            return state.milliseconds < 10      ? StepCard::tr("%1 ms").arg(state.milliseconds, 0, 'f', 1)
                   : state.milliseconds < 10000 ? StepCard::tr("%1 ms").arg(state.milliseconds, 0, 'f', 0)
                                                : StepCard::tr("%1 s").arg(state.milliseconds / 1000, 0, 'f', 1);
        case StepState::Kind::Failed:
            return StepCard::tr("failed");
        case StepState::Kind::Mistaken:
            return StepCard::tr("to be mended");
    }
    return {};
}

QString stateTip(const StepState& state) {
    switch (state.kind) {
        case StepState::Kind::Free:
            return StepCard::tr("It only says where values are found and computes nothing");
        case StepState::Kind::Idle:
            return StepCard::tr("What is shown did not need it, or its results were in memory");
        case StepState::Kind::Done:
            return StepCard::tr("What its last block took");
        case StepState::Kind::NotShown:
            return StepCard::tr("The result of a step before it is shown");
        default:
            return {};
    }
}

bool isSpatial(const std::string& axis) {
    return axis == "z" || axis == "y" || axis == "x";
}

} // namespace

StepCard::StepCard(const pipeline::Step& step, const Axes& axes, StepPlace place, QWidget* parent)
    : QFrame(parent),
      op_(step.op),
      place_(std::move(place)),
      eye_(new QToolButton(this)),
      number_(new QLabel(this)),
      title_(new QLineEdit(this)),
      state_(new QLabel(this)),
      menu_(new QToolButton(this)),
      progress_(new QProgressBar(this)),
      text_(new QLabel(this)),
      lines_(new QVBoxLayout),
      more_(new QPushButton(this)) {
    setObjectName(QStringLiteral("card"));
    setCursor(Qt::PointingHandCursor);
    progress_->setObjectName(QStringLiteral("stepProgress"));
    progress_->setRange(0, kFull);
    progress_->setTextVisible(false);
    progress_->setFixedHeight(5);
    text_->setObjectName(QStringLiteral("stepText"));
    text_->setWordWrap(true);
    text_->setTextFormat(Qt::PlainText);
    text_->setTextInteractionFlags(Qt::TextSelectableByMouse);
    lines_->setContentsMargins(2, 2, 0, 0);
    lines_->setSpacing(3);
    more_->setObjectName(QStringLiteral("moreParameters"));
    more_->setProperty("link", true);
    more_->setCursor(Qt::PointingHandCursor);
    more_->setFocusPolicy(Qt::NoFocus);
    connect(more_, &QPushButton::clicked, this, [this] { setAllShown(!allShown_); });
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(6, 5, 6, 6);
    layout->setSpacing(3);
    layout->addLayout(buildHead());
    layout->addWidget(progress_);
    layout->addWidget(text_);
    layout->addLayout(lines_);
    layout->addWidget(more_, 0, Qt::AlignLeft);
    listParameters(axes);
    setResult({});
    setStep(step);
    setState({});
}

QLayout* StepCard::buildHead() {
    auto* grip = new QLabel(this);
    grip->setObjectName(QStringLiteral("stepGrip"));
    grip->setPixmap(pictogram(Pictogram::Grip, theme::kDimText).pixmap(14, 14));
    grip->setToolTip(tr("Drag to move the step"));
    grip->setAttribute(Qt::WA_TransparentForMouseEvents);
    eye_->setObjectName(QStringLiteral("stepEye"));
    eye_->setAutoRaise(true);
    eye_->setFocusPolicy(Qt::NoFocus);
    eye_->setToolTip(tr("Switch the step on or off"));
    number_->setProperty("dim", true);
    number_->setAttribute(Qt::WA_TransparentForMouseEvents);
    title_->setObjectName(QStringLiteral("stepTitle"));
    title_->setProperty("flat", true);
    title_->setReadOnly(true);
    title_->setFocusPolicy(Qt::NoFocus);
    title_->setAttribute(Qt::WA_TransparentForMouseEvents);
    title_->setMinimumWidth(40);
    QFont bold = title_->font();
    bold.setWeight(QFont::DemiBold);
    title_->setFont(bold);
    state_->setObjectName(QStringLiteral("stepState"));
    state_->setAlignment(Qt::AlignRight | Qt::AlignVCenter);
    menu_->setObjectName(QStringLiteral("stepMenuButton"));
    menu_->setIcon(pictogram(Pictogram::More));
    menu_->setAutoRaise(true);
    menu_->setFocusPolicy(Qt::NoFocus);
    menu_->setToolTip(tr("Channels, name, move, remove"));
    connect(eye_, &QToolButton::clicked, this, [this] { emit enabledToggled(!step_.enabled); });
    connect(menu_, &QToolButton::clicked, this, &StepCard::showMenu);
    connect(title_, &QLineEdit::editingFinished, this, [this] {
        if (title_->isReadOnly()) return;
        title_->setReadOnly(true);
        title_->setAttribute(Qt::WA_TransparentForMouseEvents);
        title_->setFocusPolicy(Qt::NoFocus);
        title_->clearFocus();
        emit renamed(title_->text().trimmed() == QString::fromStdString(op_) ? QString() : title_->text().trimmed());
    });
    auto* head = new QHBoxLayout;
    head->setSpacing(3);
    head->addWidget(grip);
    head->addWidget(eye_);
    head->addWidget(number_);
    head->addWidget(title_, 1);
    head->addWidget(state_);
    head->addWidget(menu_);
    return head;
}

void StepCard::listParameters(const Axes& axes) {
    const pipeline::StepSchema* schema = pipeline::findStep(op_);
    if (schema == nullptr) return;
    if (!schema->keysAreAxes) {
        const bool few = schema->parameters.size() <= kFewParameters;
        for (const pipeline::ParameterSchema& parameter : schema->parameters)
            parameters_.push_back({parameter, few || parameter.fallback.empty()});
        return;
    }
    // A line for each axis that can be cut; nothing set means all of it.
    for (const Axis& axis : axes) {
        pipeline::ParameterSchema parameter = schema->parameters.front();
        parameter.key = axis.name;
        parameter.fallback = tr("all %1").arg(axis.size).toStdString();
        parameters_.push_back({std::move(parameter), isSpatial(axis.name)});
    }
}

ParameterRow* StepCard::makeRow(std::size_t line) {
    auto* row = new ParameterRow(parameters_[line].parameter, place_, this);
    connect(row, &ParameterRow::edited, this, &StepCard::parameterEdited);
    const auto before = std::count_if(parameters_.begin(), parameters_.begin() + static_cast<std::ptrdiff_t>(line),
                                      [](const Line& other) { return other.row != nullptr; });
    lines_->insertWidget(static_cast<int>(before), row);
    return row;
}

const pipeline::Message* StepCard::mistakeOf(const std::string& key) const {
    const auto found = std::ranges::find(mistakes_, key, &pipeline::Message::key);
    return found == mistakes_.end() ? nullptr : &*found;
}

void StepCard::setStep(const pipeline::Step& step) {
    step_ = step;
    // Keys of axes that are not there are shown too: they are what has to be mended.
    const pipeline::StepSchema* schema = pipeline::findStep(op_);
    for (const pipeline::Setting& setting : step.settings) {
        const bool known =
            std::ranges::any_of(parameters_, [&](const Line& line) { return line.parameter.key == setting.key; });
        if (known || schema == nullptr || !schema->keysAreAxes) continue;
        pipeline::ParameterSchema parameter = schema->parameters.front();
        parameter.key = setting.key;
        parameter.fallback = "all";
        parameters_.push_back({std::move(parameter)});
    }
    eye_->setIcon(step.enabled ? pictogram(Pictogram::Eye) : pictogram(Pictogram::EyeOff, theme::kDimText));
    if (title_->isReadOnly()) title_->setText(QString::fromStdString(step.label.empty() ? step.op : step.label));
    title_->setCursorPosition(0);
    refreshRows();
}

void StepCard::setNumber(std::size_t number) {
    number_->setText(QString::number(number));
}

void StepCard::refreshRows() {
    std::size_t hidden = 0;
    int name = 0;
    for (std::size_t i = 0; i < parameters_.size(); ++i) {
        Line& line = parameters_[i];
        const std::string& key = line.parameter.key;
        const pipeline::Value* value = step_.find(key);
        const pipeline::Message* mistake = mistakeOf(key);
        const bool wanted = line.always || value != nullptr || mistake != nullptr;
        if (!wanted) ++hidden;
        const bool shown = wanted || allShown_;
        if (shown && line.row == nullptr) line.row = makeRow(i);
        if (line.row == nullptr) continue;
        line.row->setValue(value);
        line.row->setMistake(mistake != nullptr ? toQString(mistake->text) : QString());
        line.row->setVisible(shown);
        if (shown) name = std::max(name, line.row->wantedNameWidth());
    }
    for (const Line& line : parameters_) {
        if (line.row != nullptr) line.row->setNameWidth(std::min(name, kWidestName));
    }
    more_->setVisible(hidden > 0);
    more_->setText(allShown_ ? tr("Fewer parameters") : tr("%1 more parameters").arg(hidden));
}

void StepCard::setAllShown(bool shown) {
    allShown_ = shown;
    refreshRows();
}

void StepCard::setState(const StepState& state) {
    known_ = state;
    const bool bad = state.kind == StepState::Kind::Failed || state.kind == StepState::Kind::Mistaken;
    state_->setText(stateText(state));
    state_->setToolTip(stateTip(state));
    setFlag(*state_, "dim", !bad);
    setFlag(*state_, "error", bad);
    progress_->setVisible(state.kind == StepState::Kind::Running);
    progress_->setValue(static_cast<int>(state.fraction * kFull));
    const QString mistake = wholeMistake();
    const bool atItsParameter = state.kind == StepState::Kind::Mistaken && mistake.isEmpty();
    const QString text = !mistake.isEmpty() ? mistake : atItsParameter ? QString() : toQString(state.text);
    const bool wrong = bad || !mistake.isEmpty();
    text_->setText(text);
    text_->setVisible(!text.isEmpty());
    setFlag(*text_, "error", wrong);
    setFlag(*text_, "dim", !wrong);
}

void StepCard::setMistakes(const std::vector<pipeline::Message>& messages) {
    const auto same = [](const pipeline::Message& one, const pipeline::Message& other) {
        return one.key == other.key && one.text == other.text;
    };
    if (std::ranges::equal(messages, mistakes_, same)) return;
    mistakes_ = messages;
    refreshRows();
    setState(known_);
}

/// What is wrong with the step as a whole, or with something that has no line.
QString StepCard::wholeMistake() const {
    QStringList whole;
    for (const pipeline::Message& message : mistakes_) {
        const bool placed =
            std::ranges::any_of(parameters_, [&](const Line& line) { return line.parameter.key == message.key; });
        if (!placed) whole << toQString(message.text);
    }
    return whole.join(QLatin1Char('\n'));
}

void StepCard::setResult(const QString& text) {
    const pipeline::StepSchema* schema = pipeline::findStep(op_);
    const QString help = schema != nullptr ? toQString(schema->help) : QString();
    setToolTip(text.isEmpty() ? help : help + QStringLiteral("\n\n") + text);
}

void StepCard::setSelected(bool selected) {
    setFlag(*this, "selected", selected);
}

void StepCard::showMenu() {
    auto* menu = new QMenu(this);
    menu->setObjectName(QStringLiteral("stepMenu"));
    menu->setAttribute(Qt::WA_DeleteOnClose);
    menu->addAction(tr("Show the result up to here"), this, &StepCard::chosen);
    menu->addAction(tr("Rename\u2026"), this, &StepCard::beginRename)->setObjectName(QStringLiteral("renameStep"));
    if (place_.channels.size() > 1) fillChannelMenu(*menu->addMenu(tr("Channels")));
    menu->addSeparator();
    menu->addAction(tr("Move up"), this, [this] { emit movedBy(-1); });
    menu->addAction(tr("Move down"), this, [this] { emit movedBy(1); });
    menu->addSeparator();
    menu->addAction(tr("Remove"), this, &StepCard::removeWanted)->setObjectName(QStringLiteral("removeStep"));
    menu->popup(menu_->mapToGlobal(QPoint(0, menu_->height())));
}

void StepCard::fillChannelMenu(QMenu& menu) {
    const auto applies = [this](int channel) {
        if (step_.channels.empty()) return true;
        return std::ranges::any_of(step_.channels, [&](const pipeline::Value& value) {
            const auto* label = value.get<std::string>();
            return value.number() == channel || (label != nullptr && place_.channels[channel].toStdString() == *label);
        });
    };
    for (int i = 0; i < place_.channels.size(); ++i) {
        QAction* action = menu.addAction(place_.channels[i]);
        action->setCheckable(true);
        action->setChecked(applies(i));
        connect(action, &QAction::triggered, this, [this, applies, i](bool checked) {
            std::vector<pipeline::Value> channels;
            for (int k = 0; k < place_.channels.size(); ++k) {
                if (k == i ? checked : applies(k)) channels.emplace_back(k);
            }
            if (channels.empty()) return; // a step for no channel is one that is off
            if (channels.size() == static_cast<std::size_t>(place_.channels.size())) channels.clear();
            emit channelsEdited(channels);
        });
    }
}

void StepCard::beginRename() {
    title_->setReadOnly(false);
    title_->setAttribute(Qt::WA_TransparentForMouseEvents, false);
    title_->setFocusPolicy(Qt::ClickFocus);
    title_->setFocus();
    title_->selectAll();
}

void StepCard::mousePressEvent(QMouseEvent* event) {
    if (event->button() != Qt::LeftButton) return QFrame::mousePressEvent(event);
    pressed_ = event->pos();
    dragging_ = false;
}

void StepCard::mouseMoveEvent(QMouseEvent* event) {
    if (!pressed_) return;
    if (!dragging_ && (event->pos() - *pressed_).manhattanLength() < QApplication::startDragDistance()) return;
    dragging_ = true;
    setCursor(Qt::ClosedHandCursor);
    emit dragged(event->globalPosition().toPoint().y());
}

void StepCard::mouseReleaseEvent(QMouseEvent* event) {
    if (!std::exchange(pressed_, std::nullopt)) return;
    setCursor(Qt::PointingHandCursor);
    if (std::exchange(dragging_, false))
        emit dropped(event->globalPosition().toPoint().y());
    else if (event->button() == Qt::LeftButton)
        emit chosen();
}

} // namespace lazulite::gui
