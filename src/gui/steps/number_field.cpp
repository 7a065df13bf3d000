#include "steps/number_field.h"

#include <QLineEdit>
#include <QPainter>
#include <QTimer>
#include <QWheelEvent>
#include <algorithm>
#include <cmath>

#include "lazulite/core/units.h"
#include "widgets/theme.h"

namespace lazulite::gui {

namespace {
constexpr int kDecimals = 6; // more than any parameter is known to
constexpr int kDigits = 10;  // shown
constexpr double kWidest = 1e12;
constexpr double kStepShare = 0.1; // a step is about a tenth of the number, rounded to one digit
} // namespace

/// Up and down, one above the other, in the colours of the look that is on. They go on while the mouse is held.
class NumberField::Arrows : public QWidget {
public:
    explicit Arrows(NumberField& field) : QWidget(&field), field_(field) {
        setFixedWidth(kWidth);
        setCursor(Qt::ArrowCursor);
        connect(&repeat_, &QTimer::timeout, this, [this] {
            repeat_.setInterval(kRepeatMs);
            field_.stepBy(direction_);
        });
    }

    static constexpr int kWidth = 16;

protected:
    void paintEvent(QPaintEvent*) override {
        QPainter painter(this);
        painter.setRenderHint(QPainter::Antialiasing);
        painter.setPen(QPen(theme::color(isEnabled() ? theme::kDimText : theme::kDisabled), 1.3, Qt::SolidLine,
                            Qt::RoundCap, Qt::RoundJoin));
        const double x = width() / 2.0 - 1;
        const double y = height() / 2.0;
        painter.drawPolyline(QPolygonF{{x - 3, y - 2.5}, {x, y - 5.5}, {x + 3, y - 2.5}});
        painter.drawPolyline(QPolygonF{{x - 3, y + 2.5}, {x, y + 5.5}, {x + 3, y + 2.5}});
    }
    void mousePressEvent(QMouseEvent* event) override {
        if (event->button() != Qt::LeftButton) return;
        direction_ = event->position().y() < height() / 2.0 ? 1 : -1;
        field_.stepBy(direction_);
        repeat_.start(kFirstRepeatMs);
    }
    void mouseReleaseEvent(QMouseEvent*) override { repeat_.stop(); }

private:
    static constexpr int kFirstRepeatMs = 400;
    static constexpr int kRepeatMs = 80;

    NumberField& field_;
    QTimer repeat_;
    int direction_ = 1;
};

NumberField::NumberField(QWidget* parent) : QDoubleSpinBox(parent), arrows_(new Arrows(*this)) {
    setButtonSymbols(QAbstractSpinBox::NoButtons);
    lineEdit()->setTextMargins(0, 0, Arrows::kWidth - 3, 0);
    setDecimals(kDecimals);
    setRange(-kWidest, kWidest);
    setFocusPolicy(Qt::ClickFocus);
    setMinimumWidth(40);
    connect(lineEdit(), &QLineEdit::textEdited, this, &NumberField::onText);
    setNumber(std::nullopt);
}

void NumberField::hideArrows() {
    arrows_->hide();
    lineEdit()->setTextMargins(0, 0, 0, 0);
}

void NumberField::resizeEvent(QResizeEvent* event) {
    QDoubleSpinBox::resizeEvent(event);
    arrows_->setGeometry(width() - Arrows::kWidth - 1, 1, Arrows::kWidth, height() - 2);
}

void NumberField::setWhole() {
    setDecimals(0);
}

void NumberField::setFallback(const QString& text, std::optional<double> number) {
    lineEdit()->setPlaceholderText(text);
    fallback_ = number;
}

void NumberField::setUnit(const QString& unit) {
    unit_ = unit.isEmpty() ? QString() : QLatin1Char(' ') + unit;
    setNumber(number());
}

void NumberField::setNumber(std::optional<double> number) {
    if (number == this->number() && hasFocus()) return; // what is being typed stays as it is
    const QSignalBlocker quiet(this);
    empty_ = !number;
    setSuffix(empty_ ? QString() : unit_); // an empty field shows its placeholder alone
    setValue(number.value_or(start()));
    lineEdit()->setText(number ? prefix() + textFromValue(value()) + suffix() : QString());
}

std::optional<double> NumberField::number() const {
    return empty_ ? std::nullopt : std::optional(value());
}

double NumberField::start() const {
    return fallback_.value_or(std::clamp(0.0, minimum(), maximum()));
}

QString NumberField::plain(const QString& text) const {
    QString inner = text;
    if (!prefix().isEmpty() && inner.startsWith(prefix())) inner.remove(0, prefix().size());
    if (!unit_.isEmpty() && inner.endsWith(unit_)) inner.chop(unit_.size());
    return inner.trimmed();
}

QString NumberField::textFromValue(double value) const {
    return empty_ ? QString() : QString::fromStdString(numberText(value, kDigits));
}

double NumberField::valueFromText(const QString& text) const {
    bool understood = false;
    const double read = plain(text).toDouble(&understood);
    return understood ? read : value();
}

QValidator::State NumberField::validate(QString& text, int&) const {
    const QString typed = plain(text);
    if (typed.isEmpty()) return QValidator::Acceptable;
    bool understood = false;
    const double read = typed.toDouble(&understood);
    if (!understood) {
        const auto begun = [](QChar c) { return c.isDigit() || QStringLiteral("+-.eE").contains(c); };
        return std::ranges::all_of(typed, begun) ? QValidator::Intermediate : QValidator::Invalid;
    }
    const bool fits = read >= minimum() && read <= maximum() && (decimals() > 0 || read == std::floor(read));
    return fits ? QValidator::Acceptable : QValidator::Intermediate;
}

void NumberField::fixup(QString& text) const {
    const double nearest = std::clamp(valueFromText(text), minimum(), maximum());
    text = prefix() + QString::fromStdString(numberText(decimals() > 0 ? nearest : std::round(nearest), kDigits)) +
           suffix();
}

void NumberField::onText(const QString& text) {
    QString typed = text;
    int position = 0;
    if (validate(typed, position) != QValidator::Acceptable) return;
    {
        // The value follows what is typed; the text and the cursor in it stay as they are.
        const QSignalBlocker quiet(this);
        const int cursor = lineEdit()->cursorPosition();
        const double read = valueFromText(typed);
        empty_ = plain(typed).isEmpty();
        setSuffix(empty_ ? QString() : unit_);
        setValue(empty_ ? start() : read);
        lineEdit()->setText(typed);
        lineEdit()->setCursorPosition(cursor);
    }
    emit numberEdited(number());
}

void NumberField::stepBy(int steps) {
    const double from = empty_ ? start() : value();
    const double size = std::abs(from) * kStepShare;
    double step = size > 0 ? std::pow(10.0, std::floor(std::log10(size))) : 1;
    if (decimals() == 0) step = std::max(1.0, step);
    const double to = std::clamp(from + steps * step, minimum(), maximum());
    if (number() == to) return;
    empty_ = false;
    {
        const QSignalBlocker quiet(this);
        setSuffix(unit_);
        setValue(to);
    }
    emit numberEdited(number());
}

QAbstractSpinBox::StepEnabled NumberField::stepEnabled() const {
    StepEnabled enabled = StepNone;
    if (empty_ || value() < maximum()) enabled |= StepUpEnabled;
    if (empty_ || value() > minimum()) enabled |= StepDownEnabled;
    return enabled;
}

void NumberField::wheelEvent(QWheelEvent* event) {
    event->ignore();
}

} // namespace lazulite::gui
