#include "steps/parameter_row.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QToolButton>
#include <QVBoxLayout>

#include "pipeline/parameter_text.h"
#include "steps/parameter_editor.h"
#include "widgets/flag.h"
#include "widgets/icons.h"
#include "widgets/text.h"

namespace lazulite::gui {

namespace {
constexpr int kLineHeight = 24; // of a field
} // namespace

ParameterRow::ParameterRow(const pipeline::ParameterSchema& parameter, const StepPlace& place, QWidget* parent)
    : QWidget(parent),
      parameter_(parameter),
      name_(new QLabel(QString::fromStdString(parameter.key), this)),
      editor_(ParameterEditor::make(parameter, place, this)),
      reset_(new QToolButton(this)),
      mistake_(new QLabel(this)),
      line_(new QHBoxLayout),
      lines_(new QVBoxLayout(this)) {
    const QString key = QString::fromStdString(parameter.key);
    setToolTip(tip());
    editor_->setObjectName(QStringLiteral("parameter_") + key);
    reset_->setObjectName(QStringLiteral("reset_") + key);
    reset_->setIcon(pictogram(Pictogram::Close, theme::kDimText));
    reset_->setIconSize(QSize(9, 9));
    reset_->setFixedWidth(17);
    reset_->setFocusPolicy(Qt::NoFocus);
    reset_->setToolTip(tr("Back to the default: %1").arg(toQString(fallbackText(parameter))));
    QSizePolicy keepsPlace = reset_->sizePolicy();
    keepsPlace.setRetainSizeWhenHidden(true);
    reset_->setSizePolicy(keepsPlace);
    mistake_->setObjectName(QStringLiteral("mistake_") + key);
    mistake_->setProperty("error", true);
    mistake_->setWordWrap(true);
    mistake_->setTextFormat(Qt::PlainText);
    name_->setMinimumHeight(kLineHeight);
    line_->setSpacing(4);
    line_->addWidget(name_, 0, Qt::AlignTop);
    line_->addWidget(editor_, 1);
    line_->addWidget(reset_, 0, Qt::AlignTop);
    lines_->setContentsMargins(0, 0, 0, 0);
    lines_->setSpacing(2);
    lines_->addLayout(line_);
    lines_->addWidget(mistake_);
    connect(editor_, &ParameterEditor::tallChanged, this, &ParameterRow::place);
    connect(editor_, &ParameterEditor::edited, this,
            [this](const std::optional<pipeline::Value>& value) { emit edited(parameter_.key, value); });
    connect(editor_, &ParameterEditor::mistyped, this, [this](const QString& why) {
        typed_ = why;
        refresh();
    });
    connect(reset_, &QToolButton::clicked, this, [this] { emit edited(parameter_.key, std::nullopt); });
    setValue(nullptr);
}

QString ParameterRow::tip() const {
    QStringList lines = {toQString(parameter_.help)};
    if (!parameter_.unit.empty()) lines << tr("in %1").arg(toQString(parameter_.unit));
    lines << (required() ? tr("It has to be given.") : tr("Default: %1").arg(toQString(fallbackText(parameter_))));
    if (!parameter_.origin.empty()) lines << tr("From: %1").arg(toQString(parameter_.origin));
    return lines.join(QLatin1Char('\n'));
}

void ParameterRow::setValue(const pipeline::Value* value) {
    set_ = value != nullptr;
    editor_->setValue(value);
    refresh();
}

void ParameterRow::setMistake(const QString& text) {
    stated_ = text;
    refresh();
}

void ParameterRow::place() {
    if (editor_->isTall() == tall_) return;
    tall_ = !tall_;
    if (tall_) {
        line_->insertStretch(1, 1);
        lines_->insertWidget(1, editor_);
    } else {
        delete line_->takeAt(1);
        line_->insertWidget(1, editor_, 1);
    }
}

int ParameterRow::wantedNameWidth() const {
    return name_->fontMetrics().horizontalAdvance(QString::fromStdString(parameter_.key)) + 2;
}

void ParameterRow::setNameWidth(int width) {
    name_->setFixedWidth(width);
    name_->setText(name_->fontMetrics().elidedText(QString::fromStdString(parameter_.key), Qt::ElideRight, width));
}

void ParameterRow::refresh() {
    const QString wrong = typed_.isEmpty() ? stated_ : typed_;
    setFlag(*name_, "dim", !set_);
    editor_->setMistaken(!wrong.isEmpty());
    reset_->setVisible(set_ && !required());
    mistake_->setText(wrong);
    mistake_->setVisible(!wrong.isEmpty());
}

} // namespace lazulite::gui
