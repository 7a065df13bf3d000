#include "window/welcome.h"

#include <QFileInfo>
#include <QLabel>
#include <QPainter>
#include <QPushButton>
#include <QVBoxLayout>
#include <memory>

#include "widgets/icons.h"
#include "widgets/theme.h"

namespace lazulite::gui {

namespace {
constexpr int kMostRecent = 6;

QLabel* line(const QString& text, double points, bool dim, QWidget* parent) {
    auto* label = new QLabel(text, parent);
    QFont font = label->font();
    font.setPointSizeF(points);
    label->setFont(font);
    label->setAlignment(Qt::AlignCenter);
    label->setWordWrap(true);
    label->setProperty("dim", dim);
    return label;
}
} // namespace

Welcome::Welcome(QWidget* parent)
    : QWidget(parent), recent_(new QWidget(this)), recentLines_(new QVBoxLayout(recent_)) {
    setObjectName(QStringLiteral("welcome"));
    auto* mark = new QLabel(this);
    mark->setPixmap(pictogram(Pictogram::Lazulite).pixmap(64, 64));
    mark->setAlignment(Qt::AlignCenter);
    auto* folder = new QPushButton(pictogram(Pictogram::Folder), tr("Open folder\u2026"), this);
    folder->setObjectName(QStringLiteral("welcomeOpenFolder"));
    folder->setDefault(true);
    folder->setMinimumWidth(150);
    auto* files = new QPushButton(pictogram(Pictogram::Files), tr("Open files\u2026"), this);
    files->setObjectName(QStringLiteral("welcomeOpenFiles"));
    files->setMinimumWidth(150);
    auto* buttons = new QHBoxLayout;
    buttons->addStretch();
    buttons->addWidget(folder);
    buttons->addSpacing(8);
    buttons->addWidget(files);
    buttons->addStretch();
    recentLines_->setContentsMargins(0, 0, 0, 0);
    recentLines_->setSpacing(2);
    auto* layout = new QVBoxLayout(this);
    layout->addStretch(3);
    layout->addWidget(mark);
    layout->addSpacing(14);
    layout->addWidget(line(tr("Drop a folder of TIFF stacks here"), 19, false, this));
    layout->addSpacing(6);
    layout->addWidget(line(tr("However large it is: only what the picture needs is read.\n"
                              "A folder, single files, or names with a pattern such as *_ch{c}_stack{t}_*.tif"),
                           10, true, this));
    layout->addSpacing(20);
    layout->addLayout(buttons);
    layout->addSpacing(18);
    layout->addWidget(recent_, 0, Qt::AlignHCenter);
    layout->addStretch(4);
    connect(folder, &QPushButton::clicked, this, &Welcome::openFolderWanted);
    connect(files, &QPushButton::clicked, this, &Welcome::openFilesWanted);
}

void Welcome::setRecent(const QStringList& paths) {
    while (recentLines_->count() > 0) {
        const std::unique_ptr<QLayoutItem> item(recentLines_->takeAt(0));
        if (item->widget() != nullptr) item->widget()->deleteLater();
    }
    recent_->setVisible(!paths.isEmpty());
    if (paths.isEmpty()) return;
    recentLines_->addWidget(line(tr("Recent"), 9, true, recent_));
    for (const QString& path : paths.mid(0, kMostRecent)) {
        auto* button = new QPushButton(recent_);
        button->setText(button->fontMetrics().elidedText(path, Qt::ElideMiddle, 460));
        button->setFlat(true);
        button->setToolTip(path);
        button->setCursor(Qt::PointingHandCursor);
        button->setProperty("link", true);
        connect(button, &QPushButton::clicked, this, [this, path] { emit recentWanted(path); });
        recentLines_->addWidget(button, 0, Qt::AlignHCenter);
    }
}

void Welcome::setDropWanted(bool wanted) {
    dropWanted_ = wanted;
    update();
}

void Welcome::paintEvent(QPaintEvent*) {
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.fillRect(rect(), theme::color(theme::kCanvas));
    QPen pen(theme::color(dropWanted_ ? theme::kAccent : theme::kBorder), dropWanted_ ? 2.5 : 1.5, Qt::DashLine);
    painter.setPen(pen);
    painter.setBrush(dropWanted_ ? QColor(79, 134, 247, 25) : QColor(Qt::transparent));
    painter.drawRoundedRect(QRectF(rect()).adjusted(18, 18, -18, -18), 12, 12);
}

} // namespace lazulite::gui
