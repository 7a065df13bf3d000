#pragma once

#include <QFrame>
#include <QString>

class QLineEdit;
class QListWidget;

namespace lazulite::gui {

/// A list of all steps with a line of help each, filtered while one types; Enter or a click adds one.
class StepChooser : public QFrame {
    Q_OBJECT

public:
    explicit StepChooser(QWidget* parent);

    /// Shows it below `button`, inside its window as far as possible.
    void popup(const QWidget& button);

signals:
    void chosen(const QString& op);

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    void filter(const QString& text);
    void choose();

    QLineEdit* search_;
    QListWidget* list_;
};

} // namespace lazulite::gui
