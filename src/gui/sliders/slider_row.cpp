#include "sliders/slider_row.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QSignalBlocker>
#include <QSpinBox>
#include <QToolButton>
#include <algorithm>
#include <limits>
#include <utility>

#include "sliders/play_popup.h"
#include "widgets/icons.h"
#include "widgets/text.h"
#include "widgets/theme.h"

namespace lazulite::gui {

namespace {

constexpr int kTextMargin = 14;

QString objectNameFor(const char* part, const Axis& axis) {
    return QStringLiteral("%1_%2").arg(QLatin1String(part), QString::fromStdString(axis.name));
}

} // namespace

SliderRow::SliderRow(std::size_t axis, const Axis& description, QWidget* parent)
    : QWidget(parent), axis_(axis), description_(description) {
    build();
    setDescription(description);
}

void SliderRow::build() {
    name_ = new QLineEdit(this);
    name_->setProperty("flat", true);
    name_->setFocusPolicy(Qt::ClickFocus);
    name_->setToolTip(tr("The axis's name; click to change it"));
    play_ = new QToolButton(this);
    play_->setIcon(pictogram(Pictogram::Play));
    play_->setAutoRaise(true);
    play_->setFocusPolicy(Qt::NoFocus);
    play_->setToolTip(tr("Play (right click: rate, direction, loop, range)"));
    play_->setContextMenuPolicy(Qt::CustomContextMenu);
    slider_ = new TickSlider(this);
    const int last = static_cast<int>(std::min<std::int64_t>(description_.size - 1, std::numeric_limits<int>::max()));
    slider_->setRange(0, last);
    slider_->setPageStep(std::max(1, last / 10));
    index_ = new QSpinBox(this);
    index_->setButtonSymbols(QAbstractSpinBox::NoButtons);
    index_->setRange(0, last);
    index_->setKeyboardTracking(false);
    index_->setAlignment(Qt::AlignRight);
    index_->setFocusPolicy(Qt::ClickFocus);
    total_ = new QLabel(QStringLiteral("/ %1").arg(last), this);
    total_->setProperty("dim", true);
    value_ = new QLabel(this);
    value_->setAlignment(Qt::AlignRight | Qt::AlignVCenter);

    auto* layout = new QHBoxLayout(this);
    layout->setContentsMargins(6, 1, 10, 1);
    layout->setSpacing(5);
    layout->addWidget(name_);
    layout->addWidget(play_);
    layout->addWidget(slider_, 1);
    layout->addWidget(index_);
    layout->addWidget(total_);
    layout->addWidget(value_);

    connect(slider_, &QSlider::valueChanged, this, [this](int value) {
        showValue(value);
        if (!updating_) emit moved(axis_, value);
    });
    connect(index_, &QSpinBox::valueChanged, this, [this](int value) {
        if (!updating_) emit moved(axis_, value);
    });
    connect(index_, &QSpinBox::editingFinished, index_, &QWidget::clearFocus);
    connect(play_, &QToolButton::clicked, this, [this] { emit playToggled(axis_); });
    connect(play_, &QWidget::customContextMenuRequested, this, &SliderRow::showPlayPopup);
    connect(name_, &QLineEdit::editingFinished, this, [this] {
        const QString text = name_->text().trimmed();
        name_->clearFocus();
        if (text == QString::fromStdString(description_.name)) return;
        name_->setText(QString::fromStdString(description_.name)); // the name stands once it has been accepted
        if (!text.isEmpty()) emit renamed(axis_, text);
    });
}

void SliderRow::setDescription(const Axis& description) {
    description_ = description;
    name_->setText(QString::fromStdString(description.name));
    setObjectName(objectNameFor("sliderRow", description));
    name_->setObjectName(objectNameFor("name", description));
    play_->setObjectName(objectNameFor("play", description));
    slider_->setObjectName(objectNameFor("slider", description));
    index_->setObjectName(objectNameFor("index", description));
    total_->setObjectName(objectNameFor("total", description));
    value_->setObjectName(objectNameFor("value", description));
    showValue(slider_->value());
}

void SliderRow::showValue(std::int64_t position) {
    value_->setText(toQString(description_.valueText(position)));
    const QSignalBlocker quiet(index_);
    index_->setValue(static_cast<int>(position));
}

void SliderRow::setPosition(std::int64_t position) {
    if (slider_->value() == position) return showValue(position);
    updating_ = true;
    slider_->setValue(static_cast<int>(position));
    updating_ = false;
}

void SliderRow::setMarks(std::vector<TickMark> marks) {
    slider_->setMarks(std::move(marks));
}

void SliderRow::setPlaying(bool playing) {
    play_->setIcon(pictogram(playing ? Pictogram::Pause : Pictogram::Play));
    play_->setDown(false);
}

void SliderRow::setCurrent(bool current) {
    QPalette palette = name_->palette();
    palette.setColor(QPalette::Text, theme::color(current ? theme::kAccent : theme::kText));
    name_->setPalette(palette);
}

void SliderRow::setPlaySettings(const PlaySettings& settings) {
    playSettings_ = settings;
    const std::int64_t last = settings.last < 0 ? description_.size - 1 : settings.last;
    slider_->setSpan(static_cast<int>(settings.first), static_cast<int>(last));
}

void SliderRow::setColumnWidths(int name, int index, int total, int value) {
    name_->setFixedWidth(name);
    index_->setFixedWidth(index);
    total_->setFixedWidth(total);
    value_->setFixedWidth(value);
    value_->setVisible(value > 0);
}

int SliderRow::wantedNameWidth() const {
    return std::clamp(fontMetrics().horizontalAdvance(QString::fromStdString(description_.name)) + kTextMargin + 6, 34,
                      110);
}

int SliderRow::wantedIndexWidth() const {
    return fontMetrics().horizontalAdvance(QString::number(description_.size - 1)) + kTextMargin + 4;
}

int SliderRow::wantedTotalWidth() const {
    return fontMetrics().horizontalAdvance(total_->text()) + 2;
}

int SliderRow::wantedValueWidth() const {
    int widest = 0;
    const auto measure = [&](std::int64_t position) {
        widest = std::max(widest, fontMetrics().horizontalAdvance(toQString(description_.valueText(position))));
    };
    constexpr std::int64_t kSamples = 32; // enough to see how long the texts get, whatever the axis's length
    for (std::int64_t i = 0; i <= kSamples; ++i) measure((description_.size - 1) * i / kSamples);
    return widest == 0 ? 0 : std::min(widest + kTextMargin, 180);
}

void SliderRow::showPlayPopup(const QPoint& position) {
    auto* popup = new PlayPopup(playSettings_, description_.size, this);
    popup->setAttribute(Qt::WA_DeleteOnClose);
    connect(popup, &PlayPopup::changed, this, [this](const PlaySettings& settings) {
        setPlaySettings(settings);
        emit playSettingsChanged(axis_);
    });
    popup->popup(play_->mapToGlobal(position));
}

} // namespace lazulite::gui
