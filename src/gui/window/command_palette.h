#pragma once

#include <QFrame>
#include <QList>
#include <QPointer>

class QAction;
class QLineEdit;
class QListWidget;

namespace lazulite::gui {

/// All actions of the window in one list that is filtered while one types; Enter runs the chosen one.
class CommandPalette : public QFrame {
    Q_OBJECT

public:
    CommandPalette(const QList<QAction*>& actions, QWidget* window);

    /// Shows it over the upper middle of its window.
    void popup();

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    void filter(const QString& text);
    void run();

    QList<QPointer<QAction>> actions_;
    QLineEdit* search_;
    QListWidget* list_;
};

} // namespace lazulite::gui
