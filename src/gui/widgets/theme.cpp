#include "widgets/theme.h"

#include <QApplication>
#include <QFont>
#include <QPainter>
#include <QPalette>
#include <QProxyStyle>
#include <QString>
#include <QStyleOption>
#include <algorithm>
#include <array>
#include <functional>
#include <memory>

#include "widgets/icons.h"

namespace lazulite::gui::theme {

namespace {

struct Entry {
    const char* name; ///< in the style sheet, behind an @
    QRgb dark;
    QRgb light;
};

// In the order of Tint.
constexpr std::array<Entry, kTintCount> kTints = {{
    {"canvas", 0xFF0E1013, 0xFFF6F7F9},     {"base", 0xFF16191E, 0xFFFFFFFF},
    {"alternate", 0xFF191D23, 0xFFF7F8FA},  {"window", 0xFF1D2127, 0xFFECEEF2},
    {"card", 0xFF232830, 0xFFFAFBFC},       {"raised", 0xFF2B313A, 0xFFE1E5EB},
    {"hover", 0xFF343C48, 0xFFD5DBE4},      {"line", 0xFF2B313A, 0xFFD9DDE4},
    {"border", 0xFF343B46, 0xFFC5CBD5},     {"strongBorder", 0xFF434C5A, 0xFFA9B2BF},
    {"disabled", 0xFF69717E, 0xFFA0A8B4},   {"dimText", 0xFF8D95A3, 0xFF5F6979},
    {"text", 0xFFDDE1E8, 0xFF1B2027},       {"accent", 0xFF4F86F7, 0xFF3470EE},
    {"accentDeep", 0xFF2B57B8, 0xFF2A62DA}, {"accentFill", 0xFF2C3F66, 0xFFD3E1FD},
    {"accentText", 0xFF8FBBFF, 0xFF1E55C8}, {"warning", 0xFFE9B44C, 0xFFB4760A},
    {"error", 0xFFEF6A6A, 0xFFC63232},      {"errorFill", 0xFF3A2428, 0xFFFBE3E3},
    {"noteFill", 0xFF232C3D, 0xFFE2EBFC},
}};

Look current = Look::Dark;

constexpr const char* kSheet = R"(
QMainWindow::separator { background: @base; width: 5px; height: 5px; }
QMainWindow::separator:hover { background: @accentDeep; }
QToolTip { color: @text; background: @card; border: 1px solid @strongBorder; padding: 4px; }
QMenuBar { background: @window; padding: 1px 4px; }
QMenuBar::item { padding: 4px 9px; border-radius: 4px; background: transparent; }
QMenuBar::item:selected { background: @hover; }
QMenu { background: @card; border: 1px solid @border; padding: 4px; }
QMenu::item { padding: 5px 26px 5px 22px; border-radius: 4px; }
QMenu::item:selected { background: @accentDeep; color: white; }
QMenu::item:disabled { color: @disabled; background: transparent; }
QMenu::separator { height: 1px; background: @border; margin: 4px 8px; }
QMenu::indicator { width: 12px; height: 12px; left: 6px; }
QDockWidget { font-weight: 600; }
QDockWidget::close-button, QDockWidget::float-button { background: transparent; border: none; }
QTableCornerButton::section { background: @window; border: none; border-bottom: 1px solid @border; }
QDockWidget::title { background: @window; padding: 6px 8px; border-bottom: 1px solid @line; }
QTabBar::tab { background: transparent; color: @dimText; padding: 6px 12px; border: none; border-bottom: 2px solid transparent; }
QTabBar::tab:selected { color: @text; border-bottom: 2px solid @accent; }
QTabBar::tab:hover { color: @text; }
QStatusBar { background: @window; border-top: 1px solid @line; }
QStatusBar::item { border: none; }
QStatusBar QToolButton { padding: 1px 6px; }
QToolBar { background: @window; border: none; border-bottom: 1px solid @line; spacing: 2px; padding: 3px 6px; }
QToolButton { background: transparent; border: 1px solid transparent; border-radius: 5px; padding: 3px; }
QToolButton:hover { background: @hover; }
QToolButton:pressed { background: @accentDeep; }
QToolButton:checked { background: @accentFill; border-color: @accent; }
QToolButton::menu-indicator { image: none; }
QToolButton[field="true"] { background: @base; border: 1px solid @border; border-radius: 4px; padding: 2px 5px; }
QToolButton[field="true"]:hover { border-color: @strongBorder; }
QToolButton[field="true"][mistake="true"] { border-color: @error; background: @errorFill; }
QPushButton { background: @raised; border: 1px solid @border; border-radius: 5px; padding: 5px 14px; }
QPushButton:hover { background: @hover; }
QPushButton:pressed, QPushButton:default { background: @accentDeep; border-color: @accent; color: white; }
QPushButton:disabled { color: @disabled; background: @card; border-color: @line; }
QPushButton[link="true"] { color: @accentText; background: transparent; border: none; padding: 3px; }
QPushButton[link="true"]:hover { text-decoration: underline; }
QLineEdit, QAbstractSpinBox, QComboBox, QPlainTextEdit { background: @base; border: 1px solid @border; border-radius: 4px;
  padding: 2px 5px; selection-background-color: @accentDeep; selection-color: white; }
QLineEdit:focus, QAbstractSpinBox:focus, QComboBox:focus { border-color: @accent; }
QLineEdit:disabled, QAbstractSpinBox:disabled, QComboBox:disabled { color: @disabled; background: @window; }
QLineEdit[mistake="true"], QAbstractSpinBox[mistake="true"], QComboBox[mistake="true"] { border-color: @error; background: @errorFill; }
QLineEdit[flat="true"] { background: transparent; border-color: transparent; }
QLineEdit[flat="true"]:hover { border-color: @border; }
QLineEdit[flat="true"]:focus { background: @base; border-color: @accent; }
QComboBox QAbstractItemView { background: @card; border: 1px solid @border; selection-background-color: @accentDeep; outline: none; }
QComboBox[dim="true"] { color: @dimText; }
QHeaderView::section { background: @window; color: @dimText; border: none; border-bottom: 1px solid @border; padding: 4px 6px; }
QTableView, QTreeView, QListView { background: @base; border: none; alternate-background-color: @alternate; outline: none;
  selection-background-color: @accentFill; selection-color: @text; gridline-color: @line; }
QScrollArea { border: none; background: transparent; }
QScrollBar:vertical { background: transparent; width: 9px; margin: 0; }
QScrollBar:horizontal { background: transparent; height: 9px; margin: 0; }
QScrollBar::handle { background: @border; border-radius: 4px; min-height: 24px; min-width: 24px; }
QScrollBar::handle:hover { background: @strongBorder; }
QScrollBar::add-line, QScrollBar::sub-line { width: 0; height: 0; }
QScrollBar::add-page, QScrollBar::sub-page { background: transparent; }
QGroupBox { border: 1px solid @border; border-radius: 6px; margin-top: 9px; padding-top: 8px; }
QGroupBox::title { subcontrol-origin: margin; left: 10px; padding: 0 4px; color: @dimText; }
QProgressBar { background: @base; border: 1px solid @border; border-radius: 4px; font-size: 8pt; color: @text; }
QProgressBar::chunk { background: @accentDeep; border-radius: 3px; }
QFrame#card { background: @card; border: 1px solid @line; border-radius: 7px; }
QFrame#card[selected="true"] { border-color: @accent; }
QFrame#banner, QFrame[strip="true"] { background: @noteFill; border: none; border-left: 3px solid @accent; }
QFrame#banner[error="true"], QFrame[strip="true"][error="true"] { background: @errorFill; border-left: 3px solid @error; }
QFrame#commandPalette { background: @card; border: 1px solid @strongBorder; }
QFrame#commandPalette QListWidget::item { padding: 5px 6px; border-radius: 4px; }
QLabel[dim="true"] { color: @dimText; }
QLabel[error="true"] { color: @error; }
)";

QString sheet() {
    QString text = QString::fromLatin1(kSheet);
    // The longest names first: @accent begins @accentDeep.
    std::array<int, kTintCount> order{};
    for (int i = 0; i < kTintCount; ++i) order.at(static_cast<std::size_t>(i)) = i;
    std::ranges::sort(order, std::greater(),
                      [](int tint) { return qstrlen(kTints.at(static_cast<std::size_t>(tint)).name); });
    for (const int tint : order) {
        const auto name = QLatin1Char('@') + QLatin1String(kTints.at(static_cast<std::size_t>(tint)).name);
        text.replace(name, color(static_cast<Tint>(tint)).name());
    }
    return text;
}

QPalette palette() {
    QPalette palette;
    palette.setColor(QPalette::Window, color(kWindow));
    palette.setColor(QPalette::WindowText, color(kText));
    palette.setColor(QPalette::Base, color(kBase));
    palette.setColor(QPalette::AlternateBase, color(kAlternate));
    palette.setColor(QPalette::ToolTipBase, color(kCard));
    palette.setColor(QPalette::ToolTipText, color(kText));
    palette.setColor(QPalette::PlaceholderText, color(kDimText));
    palette.setColor(QPalette::Text, color(kText));
    palette.setColor(QPalette::Button, color(kRaised));
    palette.setColor(QPalette::ButtonText, color(kText));
    palette.setColor(QPalette::BrightText, Qt::white);
    palette.setColor(QPalette::Light, color(kHover));
    palette.setColor(QPalette::Mid, color(kBorder));
    palette.setColor(QPalette::Dark, color(current == Look::Dark ? kBase : kStrongBorder));
    palette.setColor(QPalette::Shadow, Qt::black);
    palette.setColor(QPalette::Highlight, color(kAccentDeep));
    palette.setColor(QPalette::HighlightedText, Qt::white);
    palette.setColor(QPalette::Link, color(kAccentText));
    for (const QPalette::ColorRole role : {QPalette::WindowText, QPalette::Text, QPalette::ButtonText}) {
        palette.setColor(QPalette::Disabled, role, color(kDisabled));
    }
    return palette;
}

/// Fusion, with the signs of dock titles in our own lines.
class Style : public QProxyStyle {
public:
    Style() : QProxyStyle(QStringLiteral("Fusion")) {}

    QIcon standardIcon(StandardPixmap which, const QStyleOption* option, const QWidget* widget) const override {
        if (which == SP_TitleBarCloseButton) return pictogram(Pictogram::Close, kDimText);
        if (which == SP_TitleBarNormalButton) return pictogram(Pictogram::Detach, kDimText);
        return QProxyStyle::standardIcon(which, option, widget);
    }

    void drawPrimitive(PrimitiveElement element, const QStyleOption* option, QPainter* painter,
                       const QWidget* widget) const override {
        if (element != PE_IndicatorCheckBox) return QProxyStyle::drawPrimitive(element, option, painter, widget);
        // Fusion's own is as dark as the window.
        const bool on = (option->state & State_On) != 0;
        const bool enabled = (option->state & State_Enabled) != 0;
        const double side = std::min(option->rect.width(), option->rect.height()) - 1.0;
        const QRectF box(option->rect.x() + 0.5, option->rect.center().y() - side / 2 + 0.5, side, side);
        painter->save();
        painter->setRenderHint(QPainter::Antialiasing);
        painter->setPen(QPen(color(on && enabled ? kAccent : kStrongBorder), 1));
        painter->setBrush(on && enabled ? color(kAccentDeep) : color(kBase));
        painter->drawRoundedRect(box, 3, 3);
        if (on) {
            painter->setPen(
                QPen(enabled ? QColor(Qt::white) : color(kDisabled), 1.8, Qt::SolidLine, Qt::RoundCap, Qt::RoundJoin));
            painter->drawPolyline(QPolygonF{{box.left() + 0.24 * side, box.top() + 0.52 * side},
                                            {box.left() + 0.43 * side, box.top() + 0.71 * side},
                                            {box.left() + 0.77 * side, box.top() + 0.31 * side}});
        }
        painter->restore();
    }

    int styleHint(StyleHint hint, const QStyleOption* option, const QWidget* widget,
                  QStyleHintReturn* data) const override {
        if (hint == SH_DialogButtonBox_ButtonsHaveIcons) return 0;
        return QProxyStyle::styleHint(hint, option, widget, data);
    }
};

} // namespace

QColor color(Tint tint) {
    const Entry& entry = kTints.at(static_cast<std::size_t>(tint));
    return QColor::fromRgb(current == Look::Dark ? entry.dark : entry.light);
}

QColor onCanvas(Tint tint) {
    return QColor::fromRgb(kTints.at(static_cast<std::size_t>(tint)).dark);
}

Look look() {
    return current;
}

void apply(QApplication& application, Look look) {
    const bool first = application.styleSheet().isEmpty();
    if (!first && look == current) return;
    current = look;
    if (first) {
        QApplication::setStyle(std::make_unique<Style>().release()); // which owns it from now on
        QFont font = QApplication::font();
        font.setPointSizeF(9.5);
        QApplication::setFont(font);
    }
    QApplication::setPalette(palette());
    application.setStyleSheet(sheet());
}

} // namespace lazulite::gui::theme
