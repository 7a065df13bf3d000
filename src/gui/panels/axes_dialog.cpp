#include "panels/axes_dialog.h"

#include <fmt/format.h>

#include <QComboBox>
#include <QDialogButtonBox>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QTableWidget>
#include <QVBoxLayout>

#include "lazulite/core/error.h"
#include "lazulite/core/units.h"
#include "widgets/text.h"
#include "widgets/theme.h"

namespace lazulite::gui {

namespace {

enum Column { kName, kSize, kSpacing, kUnit, kColumns };

QComboBox* choice(const QStringList& items, const QString& current, const QString& objectName) {
    auto* box = new QComboBox;
    box->setEditable(true);
    box->addItems(items);
    box->setCurrentText(current);
    box->setObjectName(objectName);
    return box;
}

QString textOf(const QTableWidget* table, int row, Column column) {
    return static_cast<const QComboBox*>(table->cellWidget(row, column))->currentText().trimmed();
}

} // namespace

AxesDialog::AxesDialog(const Axes& axes, const QString& pattern, QWidget* parent)
    : QDialog(parent),
      original_(axes),
      pattern_(pattern),
      table_(new QTableWidget(static_cast<int>(axes.size()), kColumns, this)),
      patternEdit_(new QLineEdit(pattern, this)),
      error_(new QLabel(this)) {
    setObjectName(QStringLiteral("axesDialog"));
    setWindowTitle(tr("Correct axes"));
    resize(520, 380);
    table_->setObjectName(QStringLiteral("axesTable"));
    table_->setHorizontalHeaderLabels({tr("Axis"), tr("Size"), tr("Spacing"), tr("Unit")});
    table_->horizontalHeader()->setSectionResizeMode(QHeaderView::Stretch);
    table_->verticalHeader()->hide();
    table_->setSelectionMode(QAbstractItemView::NoSelection);
    table_->verticalHeader()->setDefaultSectionSize(30);
    fill(axes);
    error_->setObjectName(QStringLiteral("axesError"));
    error_->setWordWrap(true);
    error_->setProperty("error", true);
    error_->hide();

    auto* hint =
        new QLabel(tr("t time, c channel, z y x space, p position, s colour sample; any other name is fine."), this);
    hint->setProperty("dim", true);
    hint->setWordWrap(true);
    auto* swapButton = new QPushButton(tr("Swap t and z"), this);
    swapButton->setObjectName(QStringLiteral("swapTimeDepth"));
    swapButton->setEnabled(findAxis(axes, "t") && findAxis(axes, "z"));
    swapButton->setAutoDefault(false);
    connect(swapButton, &QPushButton::clicked, this, [this] { swap("t", "z"); });
    auto* under = new QHBoxLayout;
    under->addWidget(hint, 1);
    under->addWidget(swapButton);

    auto* layout = new QVBoxLayout(this);
    layout->addWidget(table_, 1);
    layout->addLayout(under);
    patternEdit_->setObjectName(QStringLiteral("patternEdit"));
    if (!pattern.isEmpty()) {
        auto* title =
            new QLabel(tr("File names, as a pattern with {axis} fields (changing it reads the names again)"), this);
        title->setProperty("dim", true);
        title->setWordWrap(true);
        layout->addWidget(title);
        layout->addWidget(patternEdit_);
    } else {
        patternEdit_->hide();
    }
    layout->addWidget(error_);
    auto* buttons =
        new QDialogButtonBox(QDialogButtonBox::Ok | QDialogButtonBox::Apply | QDialogButtonBox::Cancel, this);
    buttons->setObjectName(QStringLiteral("axesButtons"));
    connect(buttons->button(QDialogButtonBox::Apply), &QPushButton::clicked, this, &AxesDialog::apply);
    connect(buttons, &QDialogButtonBox::accepted, this, [this] {
        apply();
        if (!error_->isVisible()) accept();
    });
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    layout->addWidget(buttons);
}

void AxesDialog::fill(const Axes& axes) {
    for (int row = 0; row < table_->rowCount(); ++row) {
        const Axis& axis = axes[static_cast<std::size_t>(row)];
        table_->setCellWidget(row, kName,
                              choice({"t", "c", "z", "y", "x", "p", "s"}, QString::fromStdString(axis.name),
                                     QStringLiteral("axisName_%1").arg(row)));
        auto* size = new QTableWidgetItem(QString::number(axis.size));
        size->setFlags(Qt::ItemIsEnabled);
        size->setTextAlignment(Qt::AlignRight | Qt::AlignVCenter);
        table_->setItem(row, kSize, size);
        auto* spacing = new QLineEdit(QString::fromStdString(numberText(axis.spacing, 9)));
        spacing->setObjectName(QStringLiteral("axisSpacing_%1").arg(row));
        table_->setCellWidget(row, kSpacing, spacing);
        table_->setCellWidget(row, kUnit,
                              choice({"", "um", "nm", "mm", "s", "ms", "min", "h"}, QString::fromStdString(axis.unit),
                                     QStringLiteral("axisUnit_%1").arg(row)));
    }
}

void AxesDialog::swap(const std::string& first, const std::string& second) {
    const QString one = QString::fromStdString(first);
    const QString two = QString::fromStdString(second);
    // The names change places; spacing and unit belong to the name, so they go with it.
    int rowOne = -1;
    int rowTwo = -1;
    for (int row = 0; row < table_->rowCount(); ++row) {
        if (textOf(table_, row, kName) == one)
            rowOne = row;
        else if (textOf(table_, row, kName) == two)
            rowTwo = row;
    }
    if (rowOne < 0 || rowTwo < 0) return;
    for (const Column column : {kName, kUnit}) {
        auto* a = static_cast<QComboBox*>(table_->cellWidget(rowOne, column));
        auto* b = static_cast<QComboBox*>(table_->cellWidget(rowTwo, column));
        const QString text = a->currentText();
        a->setCurrentText(b->currentText());
        b->setCurrentText(text);
    }
    auto* a = static_cast<QLineEdit*>(table_->cellWidget(rowOne, kSpacing));
    auto* b = static_cast<QLineEdit*>(table_->cellWidget(rowTwo, kSpacing));
    const QString text = a->text();
    a->setText(b->text());
    b->setText(text);
}

Axes AxesDialog::axes() const {
    Axes axes = original_;
    for (int row = 0; row < table_->rowCount(); ++row) {
        Axis& axis = axes[static_cast<std::size_t>(row)];
        const std::string name = textOf(table_, row, kName).toStdString();
        if (name.empty()) throw Failure(fmt::format("Axis {} needs a name.", row + 1));
        const QString spacing = static_cast<const QLineEdit*>(table_->cellWidget(row, kSpacing))->text().trimmed();
        bool isNumber = false;
        const double value = spacing.toDouble(&isNumber);
        if (!isNumber || !(value > 0)) {
            throw Failure(fmt::format("The spacing of axis {} should be a number above 0, not \"{}\".", name,
                                      spacing.toStdString()));
        }
        if (axis.name != name) axis.labels.clear();
        axis.name = name;
        axis.spacing = value;
        axis.unit = textOf(table_, row, kUnit).toStdString();
        for (int other = 0; other < row; ++other) {
            if (axes[static_cast<std::size_t>(other)].name == name) {
                throw Failure(fmt::format("Two axes cannot both be called \"{}\": give each its own name.", name));
            }
        }
    }
    return axes;
}

void AxesDialog::showError(const QString& message) {
    error_->setText(message);
    error_->show();
}

void AxesDialog::apply() {
    error_->hide();
    try {
        const Axes corrected = axes();
        if (!pattern_.isEmpty() && patternEdit_->text().trimmed() != pattern_) {
            pattern_ = patternEdit_->text().trimmed();
            emit patternChosen(pattern_);
            return;
        }
        emit axesCorrected(corrected);
    } catch (const Failure& failure) {
        showError(toQString(failure.what()));
    }
}

} // namespace lazulite::gui
