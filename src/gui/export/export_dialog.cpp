#include "export/export_dialog.h"

#include <QCheckBox>
#include <QComboBox>
#include <QDialogButtonBox>
#include <QFile>
#include <QFileDialog>
#include <QFormLayout>
#include <QGridLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QToolButton>
#include <QVBoxLayout>
#include <algorithm>
#include <utility>

#include "steps/number_field.h"
#include "widgets/flag.h"
#include "widgets/icons.h"
#include "widgets/text.h"

namespace lazulite::gui {

namespace {

using Compression = io::TiffWriteOptions::Compression;

constexpr int kPauseMs = 150;

struct Codec {
    Compression compression;
    const char* name;
};
constexpr std::array<Codec, 4> kCodecs = {{{Compression::None, QT_TRANSLATE_NOOP("ExportDialog", "None")},
                                           {Compression::Deflate, "Deflate (ZIP)"},
                                           {Compression::Zstd, "Zstandard"},
                                           {Compression::Lzw, "LZW"}}};

QString typeText(DType type) {
    return QString::fromStdString(std::string(toString(type)));
}

NumberField* indexField(std::int64_t size, std::int64_t at, QWidget* parent) {
    auto* field = new NumberField(parent);
    field->setWhole();
    field->setRange(0, static_cast<double>(size - 1));
    field->setFallback({}, static_cast<double>(at));
    field->setNumber(static_cast<double>(at));
    return field;
}

std::int64_t indexOf(const NumberField& field) {
    return static_cast<std::int64_t>(field.value());
}

} // namespace

ExportDialog::ExportDialog(std::vector<ExportChoice> choices, std::vector<std::int64_t> position, const QString& folder,
                           QWidget* parent)
    : QDialog(parent),
      choices_(std::move(choices)),
      position_(std::move(position)),
      what_(new QComboBox(this)),
      axes_(new QWidget(this)),
      axisGrid_(nullptr),
      type_(new QComboBox(this)),
      scale_(new QCheckBox(tr("Spread these values over the type's range"), this)),
      low_(new NumberField(this)),
      high_(new NumberField(this)),
      codec_(new QComboBox(this)),
      folder_(new QLineEdit(folder, this)),
      existing_(new QComboBox(this)),
      fillHoles_(new QCheckBox(tr("Zeros where a file is missing or bad"), this)),
      forecast_(new QLabel(this)),
      go_(nullptr) {
    setObjectName(QStringLiteral("exportDialog"));
    setWindowTitle(tr("Export"));
    buildForm();
    fillAxes();
    pause_.setSingleShot(true);
    pause_.setInterval(kPauseMs);
    connect(&pause_, &QTimer::timeout, this, &ExportDialog::check);
    checkSoon();
}

void ExportDialog::buildForm() {
    what_->setObjectName(QStringLiteral("exportWhat"));
    for (const ExportChoice& choice : choices_) what_->addItem(choice.name);
    type_->setObjectName(QStringLiteral("exportType"));
    codec_->setObjectName(QStringLiteral("exportCodec"));
    for (const Codec& codec : kCodecs) codec_->addItem(tr(codec.name));
    scale_->setObjectName(QStringLiteral("exportScale"));
    low_->setObjectName(QStringLiteral("exportLow"));
    high_->setObjectName(QStringLiteral("exportHigh"));
    low_->setNumber(0);
    high_->setNumber(1000);
    folder_->setObjectName(QStringLiteral("exportFolder"));
    existing_->setObjectName(QStringLiteral("exportExisting"));
    existing_->addItems({tr("Refuse"), tr("Keep what is whole, add the rest"), tr("Replace")});
    fillHoles_->setObjectName(QStringLiteral("exportFillHoles"));
    forecast_->setObjectName(QStringLiteral("exportForecast"));
    forecast_->setWordWrap(true);
    forecast_->setTextFormat(Qt::PlainText);
    forecast_->setMinimumHeight(forecast_->fontMetrics().lineSpacing() * 3);
    forecast_->setAlignment(Qt::AlignLeft | Qt::AlignTop);
    auto* browse = new QToolButton(this);
    browse->setObjectName(QStringLiteral("exportBrowse"));
    browse->setIcon(pictogram(Pictogram::Folder));
    auto* where = new QHBoxLayout;
    where->addWidget(folder_, 1);
    where->addWidget(browse);
    auto* range = new QHBoxLayout;
    range->addWidget(low_, 1);
    range->addWidget(new QLabel(QStringLiteral("\u2026"), this));
    range->addWidget(high_, 1);
    auto* form = new QFormLayout;
    form->setVerticalSpacing(9);
    form->setFieldGrowthPolicy(QFormLayout::AllNonFixedFieldsGrow);
    form->addRow(tr("What"), what_);
    form->addRow(tr("Part"), axes_);
    form->addRow(tr("Type"), type_);
    form->addRow(QString(), scale_);
    form->addRow(QString(), range);
    form->addRow(tr("Compression"), codec_);
    form->addRow(tr("Folder"), where);
    form->addRow(tr("Files that exist"), existing_);
    form->addRow(QString(), fillHoles_);
    auto* buttons = new QDialogButtonBox(QDialogButtonBox::Cancel, this);
    go_ = buttons->addButton(tr("Export"), QDialogButtonBox::AcceptRole);
    go_->setObjectName(QStringLiteral("exportGo"));
    go_->setEnabled(false);
    auto* layout = new QVBoxLayout(this);
    layout->addLayout(form);
    layout->addWidget(forecast_);
    layout->addWidget(buttons);
    resize(500, sizeHint().height());

    const auto enableScale = [this] {
        const bool whole = type_->currentIndex() > 0 ? !isFloat(static_cast<DType>(type_->currentData().toInt()))
                                                     : !isFloat(choice().array.dtype());
        scale_->setEnabled(whole);
        for (NumberField* field : {low_, high_}) field->setEnabled(whole && scale_->isChecked());
    };
    connect(what_, &QComboBox::activated, this, [this, enableScale] {
        fillAxes();
        enableScale();
    });
    for (QComboBox* box : {what_, type_, codec_, existing_})
        connect(box, &QComboBox::activated, this, &ExportDialog::checkSoon);
    connect(type_, &QComboBox::activated, this, enableScale);
    connect(scale_, &QCheckBox::toggled, this, enableScale);
    connect(scale_, &QCheckBox::toggled, this, &ExportDialog::checkSoon);
    connect(low_, &NumberField::numberEdited, this, &ExportDialog::checkSoon);
    connect(high_, &NumberField::numberEdited, this, &ExportDialog::checkSoon);
    connect(folder_, &QLineEdit::textChanged, this, &ExportDialog::checkSoon);
    connect(browse, &QToolButton::clicked, this, &ExportDialog::browse);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    connect(buttons, &QDialogButtonBox::accepted, this, [this] {
        emit orderGiven(order());
        accept();
    });
    enableScale();
}

const ExportChoice& ExportDialog::choice() const {
    return choices_[static_cast<std::size_t>(std::max(0, what_->currentIndex()))];
}

void ExportDialog::fillAxes() {
    lines_.clear();
    qDeleteAll(axes_->findChildren<QWidget*>(Qt::FindDirectChildrenOnly));
    delete axes_->layout();
    axisGrid_ = new QGridLayout(axes_);
    axisGrid_->setContentsMargins(0, 0, 0, 0);
    axisGrid_->setHorizontalSpacing(8);
    axisGrid_->setVerticalSpacing(4);
    const Axes& axes = choice().array.axes();
    for (std::size_t axis = 0; axis < axes.size(); ++axis) {
        if (axes[axis].size < 2 || axes[axis].name == "s") continue;
        const int row = axisGrid_->rowCount();
        AxisLine line{axis, indexField(axes[axis].size, 0, axes_),
                      indexField(axes[axis].size, axes[axis].size - 1, axes_)};
        const QString name = QString::fromStdString(axes[axis].name);
        line.first->setObjectName(QStringLiteral("first_") + name);
        line.last->setObjectName(QStringLiteral("last_") + name);
        auto* label = new QLabel(name, axes_);
        label->setProperty("dim", true);
        axisGrid_->addWidget(label, row, 0);
        axisGrid_->addWidget(line.first, row, 1);
        axisGrid_->addWidget(new QLabel(tr("to"), axes_), row, 2);
        axisGrid_->addWidget(line.last, row, 3);
        auto* of = new QLabel(tr("of %1").arg(axes[axis].size), axes_);
        of->setProperty("dim", true);
        axisGrid_->addWidget(of, row, 4);
        // The two never cross.
        connect(line.first, &NumberField::numberEdited, this, [this, line] {
            line.last->setNumber(std::max(line.first->value(), line.last->value()));
            checkSoon();
        });
        connect(line.last, &NumberField::numberEdited, this, [this, line] {
            line.first->setNumber(std::min(line.first->value(), line.last->value()));
            checkSoon();
        });
        lines_.push_back(line);
    }
    auto* current = new QPushButton(tr("Only the volume that is shown"), axes_);
    current->setObjectName(QStringLiteral("exportCurrent"));
    current->setProperty("link", true);
    current->setCursor(Qt::PointingHandCursor);
    axisGrid_->addWidget(current, axisGrid_->rowCount(), 0, 1, 5, Qt::AlignLeft);
    axisGrid_->setColumnStretch(1, 1);
    axisGrid_->setColumnStretch(3, 1);
    connect(current, &QPushButton::clicked, this, &ExportDialog::takeCurrent);
    const int chosen = type_->currentIndex();
    type_->clear();
    type_->addItem(tr("As it is: %1").arg(typeText(choice().array.dtype())));
    for (int type = 0; type <= static_cast<int>(DType::Float64); ++type)
        type_->addItem(typeText(static_cast<DType>(type)), type);
    type_->setCurrentIndex(std::max(0, chosen));
}

void ExportDialog::takeCurrent() {
    const Axes& shown = choices_.front().array.axes();
    const Axes& axes = choice().array.axes();
    for (const AxisLine& line : lines_) {
        const std::string& name = axes[line.axis].name;
        const auto known = findAxis(shown, name);
        const bool inside = name == "z" || name == "y" || name == "x" || channelAxis(axes) == line.axis;
        if (inside || !known || *known >= position_.size()) continue;
        const auto at = static_cast<double>(position_[*known]);
        line.first->setNumber(at);
        line.last->setNumber(at);
    }
    checkSoon();
}

void ExportDialog::browse() {
    auto* dialog = new QFileDialog(this, tr("Where to export to"), folder_->text());
    dialog->setObjectName(QStringLiteral("exportFolderDialog"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setFileMode(QFileDialog::Directory);
    connect(dialog, &QFileDialog::fileSelected, folder_, &QLineEdit::setText);
    dialog->open();
}

ExportOrder ExportDialog::order() const {
    const ExportChoice& chosen = choice();
    ExportOrder order{chosen.array, chosen.provenance, {}};
    order.options.output = QFile::encodeName(folder_->text().trimmed()).toStdString();
    order.options.region = Region::whole(chosen.array.shape());
    for (const AxisLine& line : lines_)
        order.options.region[line.axis] = {indexOf(*line.first), indexOf(*line.last) + 1};
    if (type_->currentIndex() > 0) order.options.dtype = static_cast<DType>(type_->currentData().toInt());
    if (scale_->isEnabled() && scale_->isChecked())
        order.options.scale = {low_->number().value_or(0), high_->number().value_or(0)};
    order.options.compression = kCodecs.at(static_cast<std::size_t>(codec_->currentIndex())).compression;
    order.options.existing = static_cast<batch::Existing>(existing_->currentIndex());
    order.options.fillHoles = fillHoles_->isChecked();
    return order;
}

void ExportDialog::checkSoon() {
    ++serial_;
    go_->setEnabled(false);
    pause_.start();
}

void ExportDialog::check() {
    // Names, and which of them exist, are looked up on the disk.
    const auto work = [order = order()]() -> Forecast {
        try {
            if (order.options.output.empty()) return {tr("Name a folder to write to."), false};
            const batch::Export planned(order.array, order.provenance, order.options);
            const std::size_t existing = planned.existing().size();
            QString text = tr("%1 files, %2 before compression, such as %3")
                               .arg(planned.volumes().size())
                               .arg(bytesToQString(planned.bytes()), pathToQString(planned.volumes().front().file));
            if (existing == 0) return {text, true};
            text += QLatin1Char('\n') + tr("%1 of them exist.").arg(existing);
            if (order.options.existing == batch::Existing::Refuse)
                return {text + QLatin1Char(' ') + tr("Choose what to do with them, or another folder."), false};
            return {text, true};
        } catch (const std::exception& failure) {
            return {toQString(failure.what()), false};
        }
    };
    background_.run(work, [this, serial = serial_](const Forecast& forecast) {
        if (serial == serial_) show(forecast);
    });
}

void ExportDialog::show(const Forecast& forecast) {
    forecast_->setText(forecast.text);
    setFlag(*forecast_, "error", !forecast.good);
    go_->setEnabled(forecast.good);
}

} // namespace lazulite::gui
