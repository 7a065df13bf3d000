#include "steps/parameter_row.h"

#include <QGridLayout>
#include <QLabel>
#include <QToolButton>

#include "pipeline/parameter_text.h"
#include "steps/parameter_editor.h"
#include "widgets/icons.h"
#include "widgets/text.h"

namespace lazulite::gui {

ParameterRow::ParameterRow(const pipeline::ParameterSchema& parameter, const StepPlace& place, QGridLayout& grid,
                           QWidget* owner)
    : QObject(owner),
      parameter_(parameter),
      name_(new QLabel(QString::fromStdString(parameter.key), owner)),
      editor_(ParameterEditor::make(parameter, place, owner)),
      reset_(new QToolButton(owner)),
      mistake_(new QLabel(owner)) {
    const QString key = QString::fromStdString(parameter.key);
    name_->setToolTip(tip());
    editor_->setObjectName(QStringLiteral("parameter_") + key);
    editor_->setToolTip(tip());
    reset_->setObjectName(QStringLiteral("reset_") + key);
    reset_->setIcon(pictogram(Pictogram::Close, theme::kDimText));
    reset_->setIconSize(QSize(11, 11));
    reset_->setFocusPolicy(Qt::NoFocus);
    reset_->setToolTip(tr("Back to the default: %1").arg(toQString(fallbackText(parameter))));
    QSizePolicy keepsPlace = reset_->sizePolicy();
    keepsPlace.setRetainSizeWhenHidden(true);
    reset_->setSizePolicy(keepsPlace);
    mistake_->setObjectName(QStringLiteral("mistake_") + key);
    mistake_->setProperty("error", true);
    mistake_->setWordWrap(true);
    mistake_->setTextFormat(Qt::PlainText);
    const int row = grid.rowCount();
    grid.addWidget(name_, row, 0, Qt::AlignLeft | Qt::AlignTop);
    grid.addWidget(editor_, row, 1);
    grid.addWidget(reset_, row, 2, Qt::AlignTop);
    grid.addWidget(mistake_, row + 1, 0, 1, 3);
    name_->setMinimumHeight(24);
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

void ParameterRow::setShown(bool shown) {
    shown_ = shown;
    refresh();
}

void ParameterRow::refresh() {
    const QString wrong = typed_.isEmpty() ? stated_ : typed_;
    name_->setProperty("dim", !set_);
    name_->setVisible(shown_);
    editor_->setVisible(shown_);
    editor_->setMistaken(!wrong.isEmpty());
    reset_->setVisible(shown_ && set_);
    mistake_->setText(wrong);
    mistake_->setVisible(shown_ && !wrong.isEmpty());
}

} // namespace lazulite::gui
