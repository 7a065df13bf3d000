#include "widgets/theme.h"

#include <QApplication>
#include <QFont>
#include <QPalette>
#include <QProxyStyle>
#include <QString>
#include <memory>

#include "widgets/icons.h"

namespace lazulite::gui::theme {

namespace {

constexpr const char* kSheet = R"(
QMainWindow::separator { background: #16191e; width: 5px; height: 5px; }
QMainWindow::separator:hover { background: #2b57b8; }
QToolTip { color: #dde1e8; background: #272c34; border: 1px solid #434c5a; padding: 4px; }
QMenuBar { background: #1d2127; padding: 1px 4px; }
QMenuBar::item { padding: 4px 9px; border-radius: 4px; background: transparent; }
QMenuBar::item:selected { background: #323945; }
QMenu { background: #232830; border: 1px solid #3a424f; padding: 4px; }
QMenu::item { padding: 5px 26px 5px 22px; border-radius: 4px; }
QMenu::item:selected { background: #2b57b8; color: white; }
QMenu::item:disabled { color: #69717e; }
QMenu::separator { height: 1px; background: #343b46; margin: 4px 8px; }
QMenu::indicator { width: 12px; height: 12px; left: 6px; }
QDockWidget { font-weight: 600; }
QDockWidget::close-button, QDockWidget::float-button { background: transparent; border: none; }
QTableCornerButton::section { background: #1d2127; border: none; border-bottom: 1px solid #343b46; }
QDockWidget::title { background: #1d2127; padding: 6px 8px; border-bottom: 1px solid #2b313a; }
QTabBar::tab { background: transparent; color: #8d95a3; padding: 6px 12px; border: none; border-bottom: 2px solid transparent; }
QTabBar::tab:selected { color: #dde1e8; border-bottom: 2px solid #4f86f7; }
QTabBar::tab:hover { color: #dde1e8; }
QStatusBar { background: #1d2127; border-top: 1px solid #2b313a; }
QStatusBar::item { border: none; }
QToolBar { background: #1d2127; border: none; border-bottom: 1px solid #2b313a; spacing: 2px; padding: 3px 6px; }
QToolButton { background: transparent; border: 1px solid transparent; border-radius: 5px; padding: 3px; }
QToolButton:hover { background: #323945; }
QToolButton:pressed { background: #2b57b8; }
QToolButton:checked { background: #2c3f66; border-color: #3d62ad; }
QPushButton { background: #2b313a; border: 1px solid #3d4552; border-radius: 5px; padding: 5px 14px; }
QPushButton:hover { background: #353d49; }
QPushButton:pressed, QPushButton:default { background: #2b57b8; border-color: #4f86f7; color: white; }
QPushButton:disabled { color: #69717e; background: #232830; border-color: #2e343d; }
QLineEdit, QAbstractSpinBox, QComboBox, QPlainTextEdit { background: #16191e; border: 1px solid #343b46; border-radius: 4px;
  padding: 2px 5px; selection-background-color: #2b57b8; }
QLineEdit:focus, QAbstractSpinBox:focus, QComboBox:focus { border-color: #4f86f7; }
QLineEdit[flat="true"] { background: transparent; border-color: transparent; }
QLineEdit[flat="true"]:hover { border-color: #343b46; }
QLineEdit[flat="true"]:focus { background: #16191e; border-color: #4f86f7; }
QComboBox QAbstractItemView { background: #232830; border: 1px solid #3a424f; selection-background-color: #2b57b8; outline: none; }
QHeaderView::section { background: #1d2127; color: #8d95a3; border: none; border-bottom: 1px solid #343b46; padding: 4px 6px; }
QTableView, QTreeView, QListView { background: #16191e; border: none; alternate-background-color: #191d23; outline: none;
  selection-background-color: #2b4a8a; selection-color: white; gridline-color: #262b33; }
QScrollArea { border: none; background: transparent; }
QScrollBar:vertical { background: transparent; width: 9px; margin: 0; }
QScrollBar:horizontal { background: transparent; height: 9px; margin: 0; }
QScrollBar::handle { background: #3a424f; border-radius: 4px; min-height: 24px; min-width: 24px; }
QScrollBar::handle:hover { background: #4a5464; }
QScrollBar::add-line, QScrollBar::sub-line { width: 0; height: 0; }
QScrollBar::add-page, QScrollBar::sub-page { background: transparent; }
QGroupBox { border: 1px solid #343b46; border-radius: 6px; margin-top: 9px; padding-top: 8px; }
QGroupBox::title { subcontrol-origin: margin; left: 10px; padding: 0 4px; color: #8d95a3; }
QFrame#card { background: #232830; border: 1px solid #2e353f; border-radius: 7px; }
QFrame#card[selected="true"] { border-color: #3d62ad; }
QLabel[dim="true"] { color: #8d95a3; }
)";

/// Fusion, with the signs of dock titles in our own lines.
class Style : public QProxyStyle {
public:
    Style() : QProxyStyle(QStringLiteral("Fusion")) {}

    QIcon standardIcon(StandardPixmap which, const QStyleOption* option, const QWidget* widget) const override {
        if (which == SP_TitleBarCloseButton) return pictogram(Pictogram::Close, color(kDimText));
        if (which == SP_TitleBarNormalButton) return pictogram(Pictogram::Detach, color(kDimText));
        return QProxyStyle::standardIcon(which, option, widget);
    }

    int styleHint(StyleHint hint, const QStyleOption* option, const QWidget* widget,
                  QStyleHintReturn* data) const override {
        if (hint == SH_DialogButtonBox_ButtonsHaveIcons) return 0;
        return QProxyStyle::styleHint(hint, option, widget, data);
    }
};

} // namespace

void apply(QApplication& application) {
    QApplication::setStyle(std::make_unique<Style>().release()); // which owns it from now on
    QPalette palette;
    palette.setColor(QPalette::Window, color(kWindow));
    palette.setColor(QPalette::WindowText, color(kText));
    palette.setColor(QPalette::Base, color(kBase));
    palette.setColor(QPalette::AlternateBase, color(kWindow));
    palette.setColor(QPalette::ToolTipBase, color(kRaised));
    palette.setColor(QPalette::ToolTipText, color(kText));
    palette.setColor(QPalette::PlaceholderText, color(kDimText));
    palette.setColor(QPalette::Text, color(kText));
    palette.setColor(QPalette::Button, color(kRaised));
    palette.setColor(QPalette::ButtonText, color(kText));
    palette.setColor(QPalette::BrightText, Qt::white);
    palette.setColor(QPalette::Light, color(kHover));
    palette.setColor(QPalette::Mid, color(kBorder));
    palette.setColor(QPalette::Dark, color(kBase));
    palette.setColor(QPalette::Shadow, Qt::black);
    palette.setColor(QPalette::Highlight, color(kAccentDeep));
    palette.setColor(QPalette::HighlightedText, Qt::white);
    palette.setColor(QPalette::Link, color(kAccent));
    for (const QPalette::ColorRole role : {QPalette::WindowText, QPalette::Text, QPalette::ButtonText}) {
        palette.setColor(QPalette::Disabled, role, QColor(0x69, 0x71, 0x7E));
    }
    QApplication::setPalette(palette);
    QFont font = QApplication::font();
    font.setPointSizeF(9.5);
    QApplication::setFont(font);
    application.setStyleSheet(QString::fromLatin1(kSheet));
}

} // namespace lazulite::gui::theme
