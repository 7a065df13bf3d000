#include "widgets/colormap_box.h"

#include <QAbstractItemView>
#include <QColorDialog>
#include <QIcon>
#include <QImage>
#include <QPainter>
#include <QPixmap>
#include <QWheelEvent>

#include "lazulite/view/colormaps.h"

namespace lazulite::gui {

namespace {

constexpr QSize kSwatch(44, 12);
const QLatin1String kOther("other");

QIcon swatch(const std::string& name) {
    const view::Colormap colors = view::colormapOrGray(name);
    QImage strip(256, 1, QImage::Format_RGB32);
    for (int i = 0; i < 256; ++i) {
        const view::Rgb& rgb = colors.at(static_cast<std::size_t>(i));
        strip.setPixel(i, 0, qRgb(rgb[0], rgb[1], rgb[2]));
    }
    QPixmap pixmap(kSwatch * 2);
    pixmap.fill(Qt::transparent);
    QPainter painter(&pixmap);
    painter.setRenderHint(QPainter::SmoothPixmapTransform);
    painter.drawImage(pixmap.rect(), strip);
    painter.setPen(QPen(QColor(255, 255, 255, 60), 2));
    painter.drawRect(pixmap.rect().adjusted(0, 0, -1, -1));
    return QIcon(pixmap);
}

} // namespace

QColor brightColor(const std::string& colormap) {
    constexpr std::size_t kBright = 215;
    const view::Rgb rgb = view::colormapOrGray(colormap).at(kBright);
    return QColor(rgb[0], rgb[1], rgb[2]);
}

ColormapBox::ColormapBox(QWidget* parent) : QComboBox(parent) {
    setIconSize(kSwatch);
    setFocusPolicy(Qt::TabFocus);
    setToolTip(tr("Colour or colormap"));
    for (const std::string& name : view::colormapNames()) {
        addItem(swatch(name), QString::fromStdString(name), QString::fromStdString(name));
    }
    insertSeparator(count());
    addItem(tr("Other colour\u2026"), QString(kOther));
    setMaxVisibleItems(30);
    view()->setMinimumWidth(170);
    setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    setMinimumContentsLength(0);
    connect(this, &QComboBox::activated, this, &ColormapBox::activatedItem);
}

void ColormapBox::setColormap(const std::string& name) {
    current_ = name;
    int index = findData(QString::fromStdString(name));
    if (index < 0) {
        insertItem(0, swatch(name), QString::fromStdString(name), QString::fromStdString(name));
        index = 0;
    }
    setCurrentIndex(index);
}

std::string ColormapBox::colormap() const {
    return current_;
}

void ColormapBox::wheelEvent(QWheelEvent* event) {
    event->ignore();
}

void ColormapBox::activatedItem(int index) {
    const QString name = itemData(index).toString();
    if (name == kOther) {
        setCurrentIndex(findData(QString::fromStdString(current_)));
        return askForColor();
    }
    if (name.isEmpty() || name.toStdString() == current_) return;
    current_ = name.toStdString();
    emit colormapChosen(name);
}

void ColormapBox::askForColor() {
    auto* dialog = new QColorDialog(brightColor(current_), this);
    dialog->setOption(QColorDialog::DontUseNativeDialog);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    connect(dialog, &QColorDialog::colorSelected, this, [this](const QColor& color) {
        setColormap(color.name().toStdString());
        emit colormapChosen(color.name());
    });
    dialog->open();
}

} // namespace lazulite::gui
