#include "steps/simple_editors.h"

#include <QCheckBox>
#include <QComboBox>
#include <QFileDialog>
#include <QFileInfo>
#include <QFontDatabase>
#include <QHBoxLayout>
#include <QLineEdit>
#include <QMenu>
#include <QSignalBlocker>
#include <QToolButton>
#include <QWheelEvent>
#include <algorithm>
#include <cmath>
#include <utility>

#include "lazulite/core/dtype.h"
#include "pipeline/parameter_text.h"
#include "steps/number_field.h"
#include "widgets/flag.h"
#include "widgets/icons.h"
#include "widgets/text.h"

namespace lazulite::gui {

namespace {

using pipeline::ParameterKind;
using pipeline::Value;

/// A box that scrolls the panel when the wheel turns over it, and never changes by accident.
class CalmBox : public QComboBox {
public:
    explicit CalmBox(QWidget* parent) : QComboBox(parent) {
        setFocusPolicy(Qt::ClickFocus);
        setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
        setMinimumContentsLength(3);
        setMinimumWidth(56);
    }

protected:
    void wheelEvent(QWheelEvent* event) override { event->ignore(); }
};

QHBoxLayout* lineOf(QWidget* widget) {
    auto* line = new QHBoxLayout(widget);
    line->setContentsMargins(0, 0, 0, 0);
    line->setSpacing(4);
    return line;
}

QString unitText(const pipeline::ParameterSchema& parameter) {
    if (parameter.unit == "degrees") return QStringLiteral("\u00B0");
    return toQString(parameter.unit);
}

void setUp(NumberField& field, const pipeline::ParameterSchema& parameter, bool whole) {
    if (whole) field.setWhole();
    field.setRange(parameter.low.value_or(field.minimum()), parameter.high.value_or(field.maximum()));
    field.setUnit(unitText(parameter));
}

Value numberValue(double number, bool whole) {
    return whole ? Value(static_cast<std::int64_t>(std::llround(number))) : Value(number);
}

/// Whole numbers are written without a point, also where others are allowed.
Value plainNumber(double number) {
    constexpr double kExact = 1e15;
    return numberValue(number, number == std::floor(number) && std::abs(number) < kExact);
}

bool takesWhole(ParameterKind kind) {
    return kind == ParameterKind::Integer || kind == ParameterKind::Timepoint || kind == ParameterKind::Counts;
}

QStringList wordsOf(const pipeline::ParameterSchema& parameter) {
    QStringList words;
    for (const std::string& word : parameter.words) words << QString::fromStdString(word);
    if (parameter.kind == ParameterKind::Dtype) {
        for (int type = 0; type <= static_cast<int>(DType::Float64); ++type)
            words << QString::fromStdString(std::string(toString(static_cast<DType>(type))));
    }
    return words;
}

} // namespace

NumberEditor::NumberEditor(const pipeline::ParameterSchema& parameter, QWidget* parent)
    : ParameterEditor(parent), parameter_(parameter), field_(new NumberField(this)) {
    QHBoxLayout* line = lineOf(this);
    field_->setObjectName(QStringLiteral("number"));
    setUp(*field_, parameter, takesWhole(parameter.kind));
    field_->setFallback(toQString(fallbackText(parameter)), fallbackNumber(parameter));
    line->addWidget(field_, 1);
    if (!parameter.words.empty()) {
        addWords();
        line->addWidget(words_);
    }
    connect(field_, &NumberField::numberEdited, this, [this](std::optional<double> number) {
        emit edited(number ? std::optional(plainNumber(*number)) : std::nullopt);
    });
    setValue(nullptr);
}

void NumberEditor::addWords() {
    words_ = new QToolButton(this);
    words_->setObjectName(QStringLiteral("words"));
    words_->setProperty("field", true);
    words_->setPopupMode(QToolButton::InstantPopup);
    words_->setFocusPolicy(Qt::NoFocus);
    words_->setToolTip(tr("A number, or a word in its place"));
    auto* menu = new QMenu(words_);
    for (const std::string& word : parameter_.words) {
        menu->addAction(QString::fromStdString(word), this, [this, word] { emit edited(Value(word)); });
    }
    menu->addAction(tr("a number"), this, [this] {
        const double start = fallbackNumber(parameter_).value_or(std::max(0.0, parameter_.low.value_or(0.0)));
        emit edited(plainNumber(start));
    });
    words_->setMenu(menu);
}

void NumberEditor::setValue(const Value* value) {
    field_->setNumber(value != nullptr ? value->number() : std::nullopt);
    if (words_ == nullptr) return;
    const auto* set = value != nullptr ? value->get<std::string>() : nullptr;
    const std::string word = set != nullptr ? *set : value == nullptr ? fallbackText(parameter_) : std::string();
    const bool isWord = std::ranges::find(parameter_.words, word) != parameter_.words.end();
    words_->setText((isWord ? toQString(word) + QLatin1Char(' ') : QString()) + QStringLiteral("\u25BE"));
    words_->setSizePolicy(isWord ? QSizePolicy::Expanding : QSizePolicy::Fixed, QSizePolicy::Fixed);
    field_->setVisible(!isWord);
}

void NumberEditor::setMistaken(bool mistaken) {
    setFlag(*field_, "mistake", mistaken);
    if (words_ != nullptr) setFlag(*words_, "mistake", mistaken);
}

VectorEditor::VectorEditor(const pipeline::ParameterSchema& parameter, QWidget* parent)
    : ParameterEditor(parent), whole_(takesWhole(parameter.kind)) {
    constexpr std::array<const char*, 3> kNames = {"z", "y", "x"};
    QHBoxLayout* line = lineOf(this);
    const TypedValue fallback = typedValue(parameter, parameter.fallback);
    const auto* list = fallback.value ? fallback.value->get<Value::List>() : nullptr;
    for (std::size_t i = 0; i < fields_.size(); ++i) {
        auto* field = new NumberField(this);
        field->setObjectName(QLatin1String(kNames.at(i)));
        setUp(*field, parameter, whole_);
        field->setUnit({}); // three of them have no room for it; the row's label says it
        field->hideArrows();
        std::optional<double> number;
        if (fallback.value)
            number = list != nullptr && i < list->size() ? (*list)[i].number() : fallback.value->number();
        const QString text = number ? QString::number(*number) : QString();
        field->setFallback(QStringLiteral("%1 %2").arg(QLatin1String(kNames.at(i)), text).trimmed(), number);
        field->setToolTip(tr("along %1").arg(QLatin1String(kNames.at(i))));
        line->addWidget(field, 1);
        connect(field, &NumberField::numberEdited, this, &VectorEditor::collect);
        fields_.at(i) = field;
    }
}

void VectorEditor::setValue(const Value* value) {
    const auto* list = value != nullptr ? value->get<Value::List>() : nullptr;
    for (std::size_t i = 0; i < fields_.size(); ++i) {
        std::optional<double> number;
        if (list != nullptr && i < list->size()) number = (*list)[i].number();
        if (list == nullptr && value != nullptr) number = value->number();
        fields_.at(i)->setNumber(number);
    }
}

void VectorEditor::collect() {
    const bool none = std::ranges::all_of(fields_, [](const NumberField* field) { return !field->number(); });
    if (none) return emit edited(std::nullopt);
    Value::List list;
    for (NumberField* field : fields_) list.push_back(plainNumber(field->number().value_or(field->value())));
    emit edited(Value(std::move(list)));
}

void VectorEditor::setMistaken(bool mistaken) {
    for (NumberField* field : fields_) setFlag(*field, "mistake", mistaken);
}

BooleanEditor::BooleanEditor(const pipeline::ParameterSchema& parameter, QWidget* parent)
    : ParameterEditor(parent), fallback_(parameter.fallback == "true"), box_(new QCheckBox(this)) {
    box_->setObjectName(QStringLiteral("check"));
    box_->setFocusPolicy(Qt::NoFocus);
    lineOf(this)->addWidget(box_);
    connect(box_, &QCheckBox::clicked, this, [this](bool checked) { emit edited(Value(checked)); });
    setValue(nullptr);
}

void BooleanEditor::setValue(const Value* value) {
    const bool* truth = value != nullptr ? value->get<bool>() : nullptr;
    box_->setChecked(truth != nullptr ? *truth : fallback_);
}

ChoiceEditor::ChoiceEditor(const pipeline::ParameterSchema& parameter, QWidget* parent)
    : ParameterEditor(parent), fallback_(toQString(fallbackText(parameter))), box_(new CalmBox(this)) {
    box_->setObjectName(QStringLiteral("choice"));
    box_->addItems(wordsOf(parameter));
    box_->setPlaceholderText(fallback_);
    lineOf(this)->addWidget(box_);
    connect(box_, &QComboBox::activated, this,
            [this](int index) { emit edited(Value(box_->itemText(index).toStdString())); });
    setValue(nullptr);
}

void ChoiceEditor::setValue(const Value* value) {
    const auto* word = value != nullptr ? value->get<std::string>() : nullptr;
    const QSignalBlocker quiet(box_);
    box_->setCurrentIndex(box_->findText(word != nullptr ? QString::fromStdString(*word) : fallback_));
    setFlag(*box_, "dim", word == nullptr);
}

void ChoiceEditor::setMistaken(bool mistaken) {
    setFlag(*box_, "mistake", mistaken);
}

TextEditor::TextEditor(const pipeline::ParameterSchema& parameter, QWidget* parent)
    : ParameterEditor(parent), parameter_(parameter), field_(new QLineEdit(this)), line_(lineOf(this)) {
    field_->setObjectName(QStringLiteral("text"));
    field_->setFocusPolicy(Qt::ClickFocus);
    field_->setPlaceholderText(toQString(fallbackText(parameter)));
    field_->setMinimumWidth(40);
    if (parameter.kind == ParameterKind::Expression) {
        QFont font = QFontDatabase::systemFont(QFontDatabase::FixedFont);
        font.setPointSizeF(9);
        field_->setFont(font);
    }
    line_->addWidget(field_, 1);
    connect(field_, &QLineEdit::textEdited, this, &TextEditor::onText);
}

void TextEditor::setValue(const Value* value) {
    const auto now = value != nullptr ? std::optional(*value) : std::nullopt;
    if (now == value_) return; // also where something is being typed that makes no sense yet
    value_ = now;
    const QString text = value != nullptr ? QString::fromStdString(textOf(parameter_, *value)) : QString();
    if (text == field_->text()) return;
    field_->setText(text);
    // Of a path, its end is what tells files apart.
    field_->setCursorPosition(parameter_.kind == ParameterKind::Path ? static_cast<int>(text.size()) : 0);
    emit mistyped({});
}

void TextEditor::onText(const QString& text) {
    const TypedValue typed = typedValue(parameter_, text.toStdString());
    emit mistyped(toQString(typed.mistake));
    if (!typed.mistake.empty()) return;
    value_ = typed.value;
    emit edited(typed.value);
}

void TextEditor::setTyped(const QString& text) {
    field_->setText(text);
    onText(text);
}

QString TextEditor::typed() const {
    return field_->text();
}

void TextEditor::setMistaken(bool mistaken) {
    setFlag(*field_, "mistake", mistaken);
}

PathEditor::PathEditor(const pipeline::ParameterSchema& parameter, const StepPlace& place, QWidget* parent)
    : TextEditor(parameter, parent), title_(toQString(parameter.help)), place_(place) {
    auto* button = new QToolButton(this);
    button->setObjectName(QStringLiteral("browse"));
    button->setIcon(pictogram(Pictogram::Folder));
    button->setToolTip(tr("Choose a file"));
    button->setFocusPolicy(Qt::NoFocus);
    line()->addWidget(button);
    connect(button, &QToolButton::clicked, this, &PathEditor::browse);
}

void PathEditor::browse() {
    const QFileInfo now(pathToQString(place_.fileOfName(typed().toStdString())));
    auto* dialog = new QFileDialog(window(), title_, now.absolutePath());
    dialog->setObjectName(QStringLiteral("parameterFileDialog"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setFileMode(QFileDialog::ExistingFile);
    connect(dialog, &QFileDialog::fileSelected, this, [this](const QString& file) {
        setTyped(pathToQString(place_.nameOfFile(QFile::encodeName(file).toStdString())));
    });
    dialog->open();
}

} // namespace lazulite::gui
