#include "panels/channel_row.h"

#include <QDoubleSpinBox>
#include <QGridLayout>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QMenu>
#include <QMouseEvent>
#include <QSignalBlocker>
#include <QStyle>
#include <QToolButton>
#include <QVBoxLayout>
#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "lazulite/core/units.h"
#include "session/session.h"
#include "sliders/tick_slider.h"
#include "widgets/colormap_box.h"
#include "widgets/histogram_view.h"
#include "widgets/icons.h"
#include "widgets/range_slider.h"
#include "widgets/text.h"
#include "widgets/theme.h"

namespace lazulite::gui {

namespace {

constexpr int kSliderSteps = 200;
constexpr int kDecimals = 12; // kept of limits of floats
constexpr double kLeastGamma = 0.2;
constexpr double kMostGamma = 2.0;

// The slider's middle stands near gamma 0.63; equal ways change the picture about equally.
double gammaOf(int slider) {
    return kLeastGamma * std::pow(kMostGamma / kLeastGamma, double(slider) / kSliderSteps);
}
int sliderOf(double gamma) {
    return static_cast<int>(
        std::lround(kSliderSteps * std::log(gamma / kLeastGamma) / std::log(kMostGamma / kLeastGamma)));
}

QToolButton* smallButton(QWidget* parent, Pictogram icon, const QString& tip) {
    auto* button = new QToolButton(parent);
    button->setIcon(pictogram(icon));
    button->setAutoRaise(true);
    button->setFocusPolicy(Qt::NoFocus);
    button->setToolTip(tip);
    return button;
}

/// A field for a number of any size, shown to so many digits.
class PlainSpin final : public QDoubleSpinBox {
public:
    explicit PlainSpin(QWidget* parent) : QDoubleSpinBox(parent) {
        setButtonSymbols(QAbstractSpinBox::NoButtons);
        setKeyboardTracking(false);
        setFocusPolicy(Qt::ClickFocus);
    }

protected:
    QString textFromValue(double value) const override {
        return QString::fromStdString(numberText(value, decimals() == 0 ? kWholeDigits : kDigits));
    }
    double valueFromText(const QString& text) const override {
        bool understood = false;
        const double read = text.toDouble(&understood);
        return understood ? read : value();
    }
    QValidator::State validate(QString& text, int&) const override {
        bool understood = false;
        text.toDouble(&understood);
        if (understood) return QValidator::Acceptable;
        const auto begun = [](QChar c) { return c.isDigit() || QStringLiteral("+-.eE").contains(c); };
        return std::ranges::all_of(text, begun) ? QValidator::Intermediate : QValidator::Invalid;
    }

private:
    static constexpr int kDigits = 4;
    static constexpr int kWholeDigits = 17;
};

/// The full range of an integer type, or nothing for floats.
std::optional<std::array<double, 2>> fullRange(DType type) {
    return visitType(type, []<typename T>(std::type_identity<T>) -> std::optional<std::array<double, 2>> {
        if constexpr (std::is_integral_v<T>) {
            return std::array{static_cast<double>(std::numeric_limits<T>::min()),
                              static_cast<double>(std::numeric_limits<T>::max())};
        } else {
            return std::nullopt;
        }
    });
}

} // namespace

ChannelRow::ChannelRow(Session& session, std::size_t channel, QWidget* parent)
    : QFrame(parent),
      session_(session),
      channel_(channel),
      whole_(!isFloat(session.array().dtype())),
      eye_(smallButton(this, Pictogram::Eye, tr("Show or hide (V); Alt+click shows this one alone"))),
      colormap_(new ColormapBox(this)),
      name_(new QLineEdit(this)),
      error_(new QLabel(this)),
      auto_(smallButton(this, Pictogram::Contrast, tr("Contrast from what is shown (C)"))),
      more_(smallButton(this, Pictogram::More, tr("Gamma and opacity"))),
      view_(new HistogramView(this)),
      logarithm_(smallButton(view_, Pictogram::Logarithm, tr("Logarithmic counts"))),
      range_(new RangeSlider(this)),
      low_(new PlainSpin(this)),
      provisional_(new QLabel(this)),
      high_(new PlainSpin(this)),
      details_(nullptr),
      gammaSlider_(new TickSlider(this)),
      gamma_(new PlainSpin(this)),
      opacitySlider_(new TickSlider(this)),
      opacity_(new PlainSpin(this)) {
    setObjectName(QStringLiteral("card"));
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(7, 6, 7, 7);
    layout->setSpacing(3);
    layout->addLayout(buildHeader());
    layout->addWidget(view_);
    layout->addWidget(range_);
    layout->addLayout(buildLimits());
    details_ = buildDetails();
    layout->addWidget(details_);
    details_->hide();
    const auto nameWidget = [channel](QWidget* widget, const char* what) {
        widget->setObjectName(QStringLiteral("%1_%2").arg(QLatin1String(what)).arg(channel));
    };
    nameWidget(eye_, "eye");
    nameWidget(colormap_, "colormap");
    nameWidget(name_, "channelName");
    nameWidget(error_, "channelError");
    nameWidget(auto_, "auto");
    nameWidget(more_, "more");
    nameWidget(view_, "histogram");
    nameWidget(logarithm_, "logarithm");
    nameWidget(range_, "range");
    nameWidget(low_, "low");
    nameWidget(high_, "high");
    nameWidget(provisional_, "provisional");
    nameWidget(gamma_, "gamma");
    nameWidget(gammaSlider_, "gammaSlider");
    nameWidget(opacity_, "opacity");
    nameWidget(opacitySlider_, "opacitySlider");
    connectWidgets();
    refresh();
}

QLayout* ChannelRow::buildHeader() {
    eye_->installEventFilter(this);
    colormap_->setFixedWidth(76);
    name_->setProperty("flat", true);
    name_->setFocusPolicy(Qt::ClickFocus);
    error_->setPixmap(pictogram(Pictogram::Warning, theme::kError).pixmap(16, 16));
    error_->hide();
    more_->setCheckable(true);
    auto* header = new QHBoxLayout;
    header->setSpacing(3);
    header->addWidget(eye_);
    header->addWidget(colormap_);
    header->addWidget(name_, 1);
    header->addWidget(error_);
    header->addWidget(auto_);
    header->addWidget(more_);
    return header;
}

QLayout* ChannelRow::buildLimits() {
    auto* inHistogram = new QHBoxLayout(view_);
    inHistogram->setContentsMargins(2, 2, 2, 2);
    inHistogram->addStretch();
    inHistogram->addWidget(logarithm_, 0, Qt::AlignTop);
    logarithm_->setCheckable(true);
    logarithm_->setChecked(true);
    logarithm_->setIconSize(QSize(12, 12));
    range_->setWhole(whole_);
    view_->setWhole(whole_);
    range_->setContextMenuPolicy(Qt::CustomContextMenu);
    for (QDoubleSpinBox* spin : {low_, high_}) {
        spin->setDecimals(whole_ ? 0 : kDecimals);
        spin->setRange(-1e300, 1e300);
        spin->setFixedWidth(74);
    }
    low_->setToolTip(tr("The value shown darkest"));
    high_->setToolTip(tr("The value shown brightest"));
    high_->setAlignment(Qt::AlignRight);
    provisional_->setText(tr("provisional"));
    provisional_->setToolTip(tr("Estimated from what has been seen so far; any change of yours makes them final"));
    provisional_->setProperty("dim", true);
    provisional_->setAlignment(Qt::AlignCenter);
    QFont small = provisional_->font();
    small.setItalic(true);
    small.setPointSizeF(8);
    provisional_->setFont(small);
    auto* limits = new QHBoxLayout;
    limits->addWidget(low_);
    limits->addWidget(provisional_, 1);
    limits->addWidget(high_);
    return limits;
}

QWidget* ChannelRow::buildDetails() {
    auto* details = new QWidget(this);
    auto* grid = new QGridLayout(details);
    grid->setContentsMargins(0, 2, 0, 0);
    grid->setVerticalSpacing(2);
    gammaSlider_->setRange(0, kSliderSteps);
    gamma_->setRange(kLeastGamma, kMostGamma);
    gamma_->setDecimals(2);
    opacitySlider_->setRange(0, kSliderSteps);
    opacity_->setRange(0, 1);
    opacity_->setDecimals(2);
    const auto addLine = [&](int row, const QString& title, TickSlider* slider, QDoubleSpinBox* spin) {
        auto* label = new QLabel(title, details);
        label->setProperty("dim", true);
        spin->setFixedWidth(48);
        grid->addWidget(label, row, 0);
        grid->addWidget(slider, row, 1);
        grid->addWidget(spin, row, 2);
    };
    addLine(0, tr("gamma"), gammaSlider_, gamma_);
    addLine(1, tr("opacity"), opacitySlider_, opacity_);
    return details;
}

void ChannelRow::connectWidgets() {
    const auto edit = [this](const std::function<void(view::ChannelSettings&)>& change) {
        if (!refreshing_) session_.editChannel(channel_, change);
    };
    connect(eye_, &QToolButton::clicked, this,
            [edit] { edit([](view::ChannelSettings& settings) { settings.visible = !settings.visible; }); });
    connect(colormap_, &ColormapBox::colormapChosen, this, [edit](const QString& name) {
        edit([&](view::ChannelSettings& settings) { settings.colormap = name.toStdString(); });
    });
    connect(name_, &QLineEdit::editingFinished, this, [this, edit] {
        name_->clearFocus();
        const std::string text = name_->text().trimmed().toStdString();
        if (!text.empty()) edit([&](view::ChannelSettings& settings) { settings.name = text; });
        refresh();
    });
    connect(auto_, &QToolButton::clicked, this, [this] { session_.autoContrast(channel_); });
    connect(more_, &QToolButton::toggled, this, &ChannelRow::setExpanded);
    connect(logarithm_, &QToolButton::toggled, view_, &HistogramView::setLogarithmic);
    connect(range_, &RangeSlider::limitsEdited, this, [this](double low, double high) {
        limitsMoving_ = true;
        setLimits(low, high);
        limitsMoving_ = false;
    });
    connect(range_, &QWidget::customContextMenuRequested, this, &ChannelRow::showLimitsMenu);
    connect(low_, &QDoubleSpinBox::valueChanged, this,
            [this](double low) { setLimits(low, std::max(low, high_->value())); });
    connect(high_, &QDoubleSpinBox::valueChanged, this,
            [this](double high) { setLimits(std::min(low_->value(), high), high); });
    for (QDoubleSpinBox* spin : {low_, high_, gamma_, opacity_}) {
        connect(spin, &QDoubleSpinBox::editingFinished, spin, &QWidget::clearFocus);
    }
    connect(gammaSlider_, &TickSlider::valueChanged, this,
            [edit](int value) { edit([&](view::ChannelSettings& settings) { settings.gamma = gammaOf(value); }); });
    connect(gamma_, &QDoubleSpinBox::valueChanged, this,
            [edit](double value) { edit([&](view::ChannelSettings& settings) { settings.gamma = value; }); });
    connect(opacitySlider_, &TickSlider::valueChanged, this, [edit](int value) {
        edit([&](view::ChannelSettings& settings) { settings.opacity = static_cast<double>(value) / kSliderSteps; });
    });
    connect(opacity_, &QDoubleSpinBox::valueChanged, this,
            [edit](double value) { edit([&](view::ChannelSettings& settings) { settings.opacity = value; }); });
}

void ChannelRow::setLimits(double low, double high) {
    if (refreshing_) return;
    if (!(high > low)) high = low + (whole_ ? 1.0 : std::max(std::abs(low) * 1e-6, 1e-9));
    session_.editChannel(channel_, [&](view::ChannelSettings& settings) {
        settings.limits = {low, high};
        settings.provisional = false;
    });
}

void ChannelRow::refresh() {
    if (channel_ >= session_.state().channels.size()) return;
    const view::ChannelSettings& settings = session_.state().channels[channel_];
    refreshing_ = true;
    const QColor color = brightColor(settings.colormap);
    eye_->setIcon(settings.visible ? pictogram(Pictogram::Eye) : pictogram(Pictogram::EyeOff, theme::kDimText));
    if (colormap_->colormap() != settings.colormap) colormap_->setColormap(settings.colormap);
    if (!name_->hasFocus()) name_->setText(QString::fromStdString(settings.name));
    name_->setEnabled(settings.visible);
    view_->setColor(color);
    view_->setLimits(settings.limits[0], settings.limits[1], settings.gamma);
    range_->setColor(color);
    range_->setLimits(settings.limits[0], settings.limits[1]);
    low_->setValue(settings.limits[0]);
    high_->setValue(settings.limits[1]);
    provisional_->setText(settings.provisional ? tr("provisional") : QString());
    gammaSlider_->setValue(sliderOf(settings.gamma));
    gamma_->setValue(settings.gamma);
    opacitySlider_->setValue(static_cast<int>(std::lround(settings.opacity * kSliderSteps)));
    opacity_->setValue(settings.opacity);
    refreshing_ = false;
    if (!limitsMoving_) fitRange();
}

void ChannelRow::fitRange() {
    const auto limits = session_.state().channels[channel_].limits;
    // A frame that cannot be read leaves the line as it is.
    if (!histogram_ && range_->range()[0] <= limits[0] && range_->range()[1] >= limits[1] && fitted_) return;
    fitted_ = true;
    std::array<double, 2> wanted = limits;
    if (histogram_) wanted = {std::min(histogram_->low, limits[0]), std::max(histogram_->high, limits[1])};
    if (!(wanted[1] > wanted[0])) wanted[1] = wanted[0] + 1;
    // The line grows at once and shrinks only by a lot, so that handles do not wander while slices pass.
    const auto now = range_->range();
    const bool holds = now[0] <= wanted[0] && now[1] >= wanted[1];
    constexpr double kMuch = 2.5;
    if (holds && now[1] - now[0] < kMuch * (wanted[1] - wanted[0])) return;
    range_->setRange(wanted[0], wanted[1]);
    view_->setRange(wanted[0], wanted[1]);
}

void ChannelRow::setSlice(std::shared_ptr<const view::Histogram> histogram, const std::optional<Error>& error) {
    error_->setVisible(error.has_value());
    if (error) error_->setToolTip(toQString(error->text()));
    histogram_ = histogram;
    view_->setHistogram(std::move(histogram));
    fitRange();
}

void ChannelRow::setSelected(bool selected) {
    setProperty("selected", selected);
    style()->unpolish(this);
    style()->polish(this);
}

void ChannelRow::setExpanded(bool expanded) {
    more_->setChecked(expanded);
    details_->setVisible(expanded);
}

void ChannelRow::showLimitsMenu(const QPoint& position) {
    auto* menu = new QMenu(this);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    menu->addAction(tr("Auto: from what is shown"), this, [this] { session_.autoContrast(channel_); });
    if (histogram_) {
        menu->addAction(tr("From the darkest to the brightest value shown"), this,
                        [this] { setLimits(histogram_->low, histogram_->high); });
    }
    if (const auto full = fullRange(session_.array().dtype())) {
        menu->addAction(tr("The whole range of the type"), this, [this, full] { setLimits((*full)[0], (*full)[1]); });
    }
    const auto& series = session_.recording().series;
    const auto ranges = series ? series->channelRanges() : std::vector<std::array<double, 2>>{};
    if (channel_ < ranges.size()) {
        menu->addAction(tr("As the file's metadata say"), this,
                        [this, range = ranges[channel_]] { setLimits(range[0], range[1]); });
    }
    menu->popup(range_->mapToGlobal(position));
}

void ChannelRow::mousePressEvent(QMouseEvent*) {
    emit chosen(channel_);
}

bool ChannelRow::eventFilter(QObject* watched, QEvent* event) {
    if (watched == eye_ && event->type() == QEvent::MouseButtonRelease) {
        const auto* mouse = static_cast<QMouseEvent*>(event);
        if ((mouse->modifiers() & Qt::AltModifier) != 0) {
            eye_->setDown(false);
            emit soloed(channel_);
            return true;
        }
    }
    return QFrame::eventFilter(watched, event);
}

} // namespace lazulite::gui
