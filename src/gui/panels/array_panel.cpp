#include "panels/array_panel.h"

#include <QFormLayout>
#include <QHeaderView>
#include <QLabel>
#include <QPushButton>
#include <QTableWidget>
#include <QVBoxLayout>
#include <algorithm>

#include "lazulite/core/units.h"
#include "panels/array_drawing.h"
#include "session/session.h"
#include "widgets/text.h"
#include "widgets/theme.h"

namespace lazulite::gui {

namespace {

QString shapeText(const Shape& shape) {
    QStringList sizes;
    for (const std::int64_t size : shape) sizes << QString::number(size);
    return sizes.join(QStringLiteral("\u00D7"));
}

std::int64_t blockCount(const Shape& shape, const Shape& block) {
    std::int64_t count = 1;
    for (std::size_t i = 0; i < shape.size(); ++i)
        count *= (shape[i] + block[i] - 1) / std::max<std::int64_t>(1, block[i]);
    return count;
}

QString spacingText(const Axis& axis) {
    return axis.unit.empty() ? QStringLiteral("?") : toQString(quantityText(axis.spacing, axis.unit));
}

QString voxelText(const Axes& axes) {
    QStringList sizes;
    QStringList names;
    bool known = false;
    for (const char* name : {"z", "y", "x"}) {
        const auto axis = findAxis(axes, name);
        if (!axis) continue;
        sizes << spacingText(axes[*axis]);
        names << QLatin1String(name);
        known = known || !axes[*axis].unit.empty();
    }
    if (!known) return QObject::tr("not known");
    return QStringLiteral("%1 (%2)").arg(sizes.join(QStringLiteral(" \u00D7 ")), names.join(QStringLiteral(", ")));
}

} // namespace

ArrayPanel::ArrayPanel(Session& session, QWidget* parent)
    : QScrollArea(parent),
      session_(session),
      content_(new QWidget(this)),
      drawing_(new ArrayDrawing(content_)),
      table_(new QTableWidget(4, 2, content_)),
      facts_(new QWidget(content_)),
      correct_(new QPushButton(tr("Correct axes\u2026"), content_)) {
    setObjectName(QStringLiteral("arrayPanel"));
    setWidgetResizable(true);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setFocusPolicy(Qt::NoFocus);
    table_->setObjectName(QStringLiteral("arrayTable"));
    QFont small = table_->font();
    small.setPointSizeF(8.5);
    table_->setFont(small);
    table_->setShowGrid(false);
    table_->setHorizontalHeaderLabels({tr("Array"), tr("Block")});
    table_->setVerticalHeaderLabels({tr("Bytes"), tr("Shape"), tr("Count"), tr("Type")});
    table_->horizontalHeader()->setSectionResizeMode(QHeaderView::Stretch);
    table_->horizontalHeader()->setHighlightSections(false);
    table_->verticalHeader()->setDefaultSectionSize(22);
    table_->verticalHeader()->setHighlightSections(false);
    table_->setEditTriggers(QAbstractItemView::NoEditTriggers);
    table_->setSelectionMode(QAbstractItemView::NoSelection);
    table_->setFocusPolicy(Qt::NoFocus);
    table_->setVerticalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    table_->setFixedHeight(4 * 22 + table_->horizontalHeader()->sizeHint().height() + 2);
    correct_->setObjectName(QStringLiteral("correctAxes"));
    connect(correct_, &QPushButton::clicked, this, &ArrayPanel::correctionWanted);
    auto* layout = new QVBoxLayout(content_);
    layout->setContentsMargins(6, 6, 6, 6);
    layout->addWidget(drawing_);
    layout->addWidget(table_);
    layout->addWidget(facts_);
    layout->addWidget(correct_, 0, Qt::AlignLeft);
    layout->addStretch();
    setWidget(content_);
    connect(&session, &Session::recordingChanged, this, &ArrayPanel::refresh);
    connect(&session, &Session::arrayChanged, this, &ArrayPanel::refresh);
    connect(&session, &Session::stateChanged, this, [this] { drawing_->setPosition(session_.state().position); });
    refresh();
}

void ArrayPanel::refresh() {
    content_->setVisible(session_.hasData());
    if (!session_.hasData()) return;
    drawing_->setArray(session_.axes(), session_.array().blockShape());
    drawing_->setPosition(session_.state().position);
    fillTable();
    fillFacts();
}

void ArrayPanel::fillTable() {
    const graph::LazyArray& array = session_.array();
    const lazulite::Shape& block = array.blockShape();
    const auto blockBytes = static_cast<std::uint64_t>(elementCount(block)) * bytesPer(array.dtype());
    const auto& series = session_.recording().series;
    const QString files = series ? tr("%1 files").arg(series->fileCount()) : QString();
    const QString type = QString::fromStdString(std::string(toString(array.dtype())));
    const QString blocks = tr("%1 blocks").arg(blockCount(array.shape(), block));
    const std::array<std::array<QString, 2>, 4> cells = {{
        {bytesToQString(static_cast<std::uint64_t>(array.bytes())), bytesToQString(blockBytes)},
        {shapeText(array.shape()), shapeText(block)},
        {files.isEmpty() ? blocks : files, blocks},
        {type, type},
    }};
    for (int row = 0; row < 4; ++row) {
        for (int column = 0; column < 2; ++column) {
            const QString& text = cells.at(static_cast<std::size_t>(row)).at(static_cast<std::size_t>(column));
            auto* item = new QTableWidgetItem(text);
            item->setToolTip(text);
            table_->setItem(row, column, item);
        }
    }
}

void ArrayPanel::addFact(const QString& title, const QString& text, const char* objectName) {
    auto* name = new QLabel(title, facts_);
    name->setProperty("dim", true);
    auto* value = new QLabel(facts_);
    value->setObjectName(QLatin1String(objectName));
    value->setTextFormat(Qt::PlainText);
    value->setWordWrap(true);
    value->setTextInteractionFlags(Qt::TextSelectableByMouse);
    // Paths have no spaces to break at: let them break after each separator.
    QString breakable = text;
    value->setText(breakable.replace(QLatin1Char('/'), QStringLiteral("/\u200B"))
                       .replace(QLatin1Char('_'), QStringLiteral("_\u200B")));
    value->setMinimumWidth(40);
    factLines_->addRow(name, value);
}

void ArrayPanel::fillFacts() {
    auto* fresh = new QWidget(content_);
    content_->layout()->replaceWidget(facts_, fresh);
    facts_->hide();
    facts_->deleteLater();
    facts_ = fresh;
    factLines_ = new QFormLayout(facts_);
    factLines_->setContentsMargins(2, 6, 2, 6);
    factLines_->setVerticalSpacing(4);
    factLines_->setLabelAlignment(Qt::AlignLeft);
    const Axes& axes = session_.axes();
    addFact(tr("Voxel"), voxelText(axes), "voxelFact");
    if (const auto time = findAxis(axes, "t"); time && !axes[*time].unit.empty()) {
        addFact(tr("Interval"), spacingText(axes[*time]), "intervalFact");
    }
    const graph::LazyArray& raw = session_.recording().array;
    if (session_.processed()) {
        addFact(tr("Made of"),
                tr("%1 of %2").arg(shapeText(raw.shape()), QString::fromStdString(std::string(toString(raw.dtype())))),
                "rawFact");
    }
    const auto& series = session_.recording().series;
    if (!series) return;
    addFact(tr("Sizes from"), toQString(series->spacingOrigin()), "spacingFact");
    addFact(tr("Files in"), pathToQString(series->location()), "locationFact");
    addFact(tr("Read as"), toQString(series->convention()), "conventionFact");
    addFact(tr("Pattern"), pathToQString(series->pattern()), "patternFact");
    addFact(tr("Holes"),
            series->holeCount() == 0 ? tr("none") : tr("%1 places without a file").arg(series->holeCount()),
            "holesFact");
    QStringList copies;
    for (const graph::LazyArray& copy : session_.recording().reduced) copies << shapeText(copy.shape());
    if (!copies.isEmpty()) addFact(tr("Reduced"), copies.join(QStringLiteral(", ")), "reducedFact");
    QStringList warnings;
    for (const std::string& warning : series->warnings()) warnings << toQString(warning);
    if (!warnings.isEmpty()) addFact(tr("Notes"), warnings.join(QLatin1Char('\n')), "warningsFact");
}

} // namespace lazulite::gui
