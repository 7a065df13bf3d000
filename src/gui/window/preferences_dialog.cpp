#include "window/preferences_dialog.h"

#include <QCheckBox>
#include <QComboBox>
#include <QDialogButtonBox>
#include <QFormLayout>
#include <QLabel>
#include <QLineEdit>
#include <QVBoxLayout>
#include <algorithm>

#include "lazulite/core/units.h"
#include "lazulite/graph/memory_budget.h"
#include "widgets/text.h"
#include "widgets/theme.h"

namespace lazulite::gui {

namespace {

constexpr std::uint64_t kLeastMemory = 64ULL << 20U;

QString memoryText(std::uint64_t limit) {
    if (limit == 0) return {};
    constexpr double kGibi = 1024.0 * 1024.0 * 1024.0;
    return QStringLiteral("%1G").arg(QString::fromStdString(numberText(static_cast<double>(limit) / kGibi, 4)));
}

} // namespace

PreferencesDialog::PreferencesDialog(const Preferences& preferences, const std::optional<BackendReport>& backend,
                                     QWidget* parent)
    : QDialog(parent),
      memory_(new QLineEdit(memoryText(preferences.memoryLimit), this)),
      memoryError_(new QLabel(this)),
      backend_(new QComboBox(this)),
      look_(new QComboBox(this)),
      interpolation_(new QComboBox(this)),
      prefetch_(new QCheckBox(tr("Read ahead of the slider that moves"), this)),
      checkHeaders_(new QCheckBox(tr("Look at the headers of all files in the background"), this)),
      scaleBar_(new QCheckBox(tr("Scale bar"), this)),
      axisNames_(new QCheckBox(tr("Names of the displayed axes"), this)) {
    setObjectName(QStringLiteral("preferencesDialog"));
    setWindowTitle(tr("Preferences"));
    memory_->setObjectName(QStringLiteral("memoryEdit"));
    memory_->setPlaceholderText(tr("automatic"));
    memory_->setToolTip(tr("What all pictures and blocks together may take, such as 4G or 800M"));
    backend_->setObjectName(QStringLiteral("backendBox"));
    backend_->addItem(tr("Automatic: a graphics card where there is one"), QStringLiteral("auto"));
    backend_->addItem(backend ? tr("Processor (%1)").arg(toQString(backend->cpu)) : tr("Processor"),
                      QStringLiteral("cpu"));
    const bool cards = backend && !backend->cuda.empty();
    backend_->addItem(cards ? tr("Graphics card: %1").arg(toQString(backend->cuda)) : tr("Graphics card"),
                      QStringLiteral("cuda"));
    backend_->setCurrentIndex(std::max(0, backend_->findData(QString::fromStdString(preferences.backend))));
    auto* backendHint = new QLabel(this);
    backendHint->setObjectName(QStringLiteral("backendHint"));
    backendHint->setProperty("dim", true);
    backendHint->setWordWrap(true);
    backendHint->setText(!backend ? tr("Graphics cards are being looked for.")
                         : cards  ? tr("Now computed on %1.").arg(toQString(backend->runsOn))
                                  : tr("No graphics card can be used here: %1").arg(toQString(backend->whyNot)));
    look_->setObjectName(QStringLiteral("lookBox"));
    look_->addItems({tr("Dark"), tr("Light")});
    look_->setCurrentIndex(preferences.look == theme::Look::Light ? 1 : 0);
    interpolation_->setObjectName(QStringLiteral("interpolationBox"));
    interpolation_->addItems({tr("Nearest: pixels as they are"), tr("Linear: smooth")});
    interpolation_->setCurrentIndex(preferences.interpolation == view::Interpolation::Linear ? 1 : 0);
    prefetch_->setObjectName(QStringLiteral("prefetchBox"));
    prefetch_->setChecked(preferences.prefetch);
    checkHeaders_->setObjectName(QStringLiteral("checkHeadersBox"));
    checkHeaders_->setChecked(preferences.checkHeaders);
    checkHeaders_->setToolTip(tr("Files that are cut short or of another shape are told before they are reached"));
    scaleBar_->setObjectName(QStringLiteral("scaleBarBox"));
    scaleBar_->setChecked(preferences.scaleBar);
    axisNames_->setObjectName(QStringLiteral("axisNamesBox"));
    axisNames_->setChecked(preferences.axisNames);
    memoryError_->setObjectName(QStringLiteral("memoryError"));
    memoryError_->setProperty("error", true);
    memoryError_->setWordWrap(true);
    memoryError_->hide();
    auto* hint = new QLabel(
        tr("Of %1 that this machine has; automatic takes 40 %.").arg(bytesToQString(graph::availableMemory())), this);
    hint->setProperty("dim", true);

    auto* form = new QFormLayout;
    form->setVerticalSpacing(10);
    form->addRow(tr("Memory"), memory_);
    form->addRow(QString(), hint);
    form->addRow(QString(), memoryError_);
    form->addRow(tr("Pipelines on"), backend_);
    form->addRow(QString(), backendHint);
    form->addRow(tr("Look"), look_);
    form->addRow(tr("Pixels"), interpolation_);
    form->addRow(tr("Reading"), prefetch_);
    form->addRow(QString(), checkHeaders_);
    form->addRow(tr("Show"), scaleBar_);
    form->addRow(QString(), axisNames_);
    auto* buttons = new QDialogButtonBox(QDialogButtonBox::Ok | QDialogButtonBox::Cancel, this);
    connect(buttons, &QDialogButtonBox::accepted, this, &PreferencesDialog::confirm);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    auto* layout = new QVBoxLayout(this);
    layout->addLayout(form);
    layout->addStretch();
    layout->addWidget(buttons);
    resize(460, sizeHint().height());
}

void PreferencesDialog::confirm() {
    Preferences preferences;
    const QString text = memory_->text().trimmed();
    if (!text.isEmpty()) {
        const auto bytes = parseBytes(text.toStdString());
        if (!bytes || *bytes < kLeastMemory) {
            memoryError_->setText(tr("Write a size of at least 64M, such as 4G or 800M, or leave it empty."));
            memoryError_->show();
            return;
        }
        preferences.memoryLimit = *bytes;
    }
    preferences.interpolation =
        interpolation_->currentIndex() == 1 ? view::Interpolation::Linear : view::Interpolation::Nearest;
    preferences.backend = backend_->currentData().toString().toStdString();
    preferences.look = look_->currentIndex() == 1 ? theme::Look::Light : theme::Look::Dark;
    preferences.prefetch = prefetch_->isChecked();
    preferences.checkHeaders = checkHeaders_->isChecked();
    preferences.scaleBar = scaleBar_->isChecked();
    preferences.axisNames = axisNames_->isChecked();
    preferences.save();
    emit changed(preferences);
    accept();
}

} // namespace lazulite::gui
